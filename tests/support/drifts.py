"""Drifts to plant among variants: small changes of one line of one file, wherever it stands."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

Change = Callable[[random.Random, list[str], int, str], list[str] | None]
"""Gives the lines that stand in the place of a line, from the lines of the file and those of another; None if none."""


class Drift(NamedTuple):
    """What was changed: the file, the first line that is affected (from 1), and how."""

    path: str
    line: int
    kind: str
    before: str
    after: str


def _number(rng: random.Random, lines: list[str], at: int, other: str) -> list[str] | None:
    del other
    numbers = list(re.finditer(r"(?<![\w.$])\d+(?![\w.])", lines[at]))
    if not numbers:
        return None
    match = rng.choice(numbers)
    return [f"{lines[at][: match.start()]}{int(match[0]) + rng.randint(1, 9)}{lines[at][match.end() :]}"]


def _word(rng: random.Random, lines: list[str], at: int, other: str) -> list[str] | None:
    del other
    words = list(re.finditer(r"(?<![\w$.=\-{/])[A-Za-z]{4,}(?![\w=.}(/:\-])", lines[at]))
    if not words:
        return None
    match = rng.choice(words)
    return [f"{lines[at][: match.start()]}{rng.choice(['various', 'other', 'most'])}{lines[at][match.end() :]}"]


def _literal(rng: random.Random, lines: list[str], at: int, other: str) -> list[str] | None:
    del rng, other
    return [re.sub(r'"[^"]*"', '"other"', lines[at])]


def _gone(rng: random.Random, lines: list[str], at: int, other: str) -> list[str] | None:
    del rng, lines, at, other
    return []


def _of_another(rng: random.Random, lines: list[str], at: int, other: str) -> list[str] | None:
    del rng
    return [other] if other != lines[at] and other.strip() else None


def _more(rng: random.Random, lines: list[str], at: int, other: str) -> list[str] | None:
    del other
    text = lines[at]
    indent = text[: len(text) - len(text.lstrip())]
    if text.strip().startswith("echo"):
        return [text, f'{indent}echo "built on host {rng.randint(1, 99)}"']
    if text.strip().startswith("export"):
        return [text, f"{indent}export EXTRA_JOBS={rng.randint(1, 99)}"]
    if re.fullmatch(r'\s*"-m[^"]*"', text):
        return [text, f'{indent}"-m{rng.choice(["sse4.2", "popcnt", "bmi2", "aes"])}"']
    return None


PLACES: Mapping[str, tuple[str, tuple[Change, ...]]] = {
    "echo": (r"\s*echo ", (_number, _word, _gone, _of_another, _more)),
    "export": (r"\s*export (?!C)", (_number, _gone, _more)),
    "comment": (r"\s*# ", (_number, _word, _of_another, _gone)),
    "flag": (r'\s*"-m[^"]*"$', (_gone, _more)),
    "long description": (r"      \S.*[^;{]$", (_number, _word, _of_another, _gone)),
    "passthru": (r'    (?:cpuISA|blas) = "', (_gone, _literal)),
    "attribute": (r"  (?:ninjaFlags|requiredSystemFeatures|doCheck) = ", (_number, _gone)),
}
"""Places in a file by a pattern of their lines, and what may happen there."""


def plant(files: Mapping[str, bytes], count: int, seed: int, first: int = 3) -> tuple[dict[str, bytes], list[Drift]]:
    """Files with so many drifts in them, each in a line of its own from line `first` on, and what they are.

    A line that is taken from another file stands at the same line there.
    """
    rng = random.Random(seed)
    lines = {path: data.decode().split("\n") for path, data in files.items()}
    changed = {path: list(some) for path, some in lines.items()}
    drifts: list[Drift] = []
    touched: set[str] = set()
    while len(drifts) < count:
        path = rng.choice(sorted(lines))
        name = rng.choice(sorted(PLACES))
        pattern, changes = PLACES[name]
        places = [at for at, text in enumerate(lines[path]) if at >= first - 1 and re.match(pattern, text)]
        if path in touched or not places:
            continue
        at = rng.choice(places)
        change = rng.choice(changes)
        twin = lines[rng.choice(sorted(lines))]
        other = twin[at] if at < len(twin) and re.match(pattern, twin[at]) else ""
        made = change(rng, lines[path], at, other)
        if made is None or made == [lines[path][at]]:
            continue
        changed[path][at : at + 1] = made
        touched.add(path)
        drifts.append(Drift(path, at + 1, f"{name}: {change.__name__.strip('_')}", lines[path][at], "\n".join(made)))
    return {path: "\n".join(some).encode() for path, some in changed.items()}, drifts
