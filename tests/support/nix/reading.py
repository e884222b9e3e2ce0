"""How this tool and Nix each read the same texts, and whether they agree."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from nixlint_ort.nix.parse import parse
from tests.support.nix.printing import TornError, parenthesised, settled
from tests.support.oracle.nix import parse_each, scratch

ROOT = Path(__file__).resolve().parents[3]
TORN = "a set that versions of Nix put together differently"


class Reading(Enum):
    """How two readings of one text compare."""

    SAME = "both read the same"
    BOTH_REFUSE = "both refuse it"
    WE_REFUSE = "Nix reads it and we do not"
    NIX_REFUSES = "we read it and Nix does not"
    DIFFERENT = "both read it, each otherwise"


@dataclass(frozen=True)
class Read:
    """A text with how both read it."""

    text: bytes
    outcome: Reading
    detail: str


def readings(texts: Sequence[bytes]) -> list[Read]:
    """Compares both readings of each text, with few Nix processes for all of them."""
    ours = [_ours(text) for text in texts]
    with tempfile.TemporaryDirectory(dir=scratch()) as name:
        folder = Path(name)
        originals = [_written(folder / f"{number}.nix", text) for number, text in enumerate(texts)]
        truths = parse_each(originals)
        prints = [
            _written(folder / f"{number}-print.nix", shown.encode())
            for number, (shown, problem) in enumerate(ours)
            if shown is not None and truths[number] is not None
        ]
        reread = dict(zip(prints, parse_each(prints), strict=True))
        return [
            _compared(text, *ours[number], truths[number], reread.get(folder / f"{number}-print.nix"))
            for number, text in enumerate(texts)
        ]


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _ours(text: bytes) -> tuple[str | None, str]:
    document = parse(text)
    if document.problems:
        return None, document.problems[0].message
    try:
        return parenthesised(document), ""
    except TornError:
        return None, TORN


def _compared(text: bytes, shown: str | None, problem: str, truth: str | None, reread: str | None) -> Read:
    if shown is None:
        return Read(text, Reading.BOTH_REFUSE if truth is None else Reading.WE_REFUSE, problem)
    if truth is None:
        return Read(text, Reading.NIX_REFUSES, shown)
    if reread is not None and (reread == truth or settled(reread) == settled(truth)):
        return Read(text, Reading.SAME, "")
    if reread is not None and _parts(reread) == _parts(truth):
        return Read(text, Reading.SAME, "")
    return Read(text, Reading.DIFFERENT, f"Nix: {truth}\n ours, read by Nix: {reread}")


def _parts(printed: str) -> list[str]:
    """A print that cannot be read again, such as one of an assert in an operand, but for the order of its names."""
    return sorted(re.split(r"[\s;(),{}]+", printed))


_WORDS = re.compile(rb"[A-Za-z_][\w'-]*|\d+|\s+|\$\{|''|//|\+\+|->|==|\|\||&&|<=|>=|.", re.DOTALL)
_ADDED = [
    word.encode()
    for word in [
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ";",
        ":",
        ",",
        ".",
        "?",
        "@",
        "=",
        "!",
        "-",
        "+",
        "++",
        "/",
        "//",
        "*",
        "<",
        ">",
        "<=",
        ">=",
        "==",
        "!=",
        "&&",
        "||",
        "->",
        '"',
        "''",
        "${",
        "$",
        "\\",
        "'",
        "...",
        "./a",
        "../b/c",
        "/a",
        "a/b",
        "~/a",
        "<a>",
        "<a/b>",
        "x:y",
        "http://a.b",
        "1",
        "0",
        ".5",
        "1.5",
        "1.",
        "1e3",
        "a",
        "or",
        "rec",
        "let",
        "in",
        "if",
        "then",
        "else",
        "assert",
        "with",
        "inherit",
        "null",
        "#",
        "/*",
        "*/",
        "_",
        "é",
        "{",
        "}:",
        "x:",
        "{a}:",
        "a:",
        "${a}",
        "a.b",
        "a//b",
        "or",
    ]
] + [b" ", b"\n", b"\r\n", b"\t", b"\r", b"\x0c", b"\x0b"]


def mutants(seeds: Sequence[bytes], count: int, seed: int) -> Iterable[bytes]:
    """Texts with one to three words deleted, doubled, swapped or added: the same ones for the same `seed`."""
    chance = random.Random(seed)
    for _ in range(count):
        words = _WORDS.findall(chance.choice(seeds))
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            _mutate(words, chance)
        yield b"".join(words)


_KIN = (
    [b"+", b"-", b"*", b"/", b"++", b"//", b"==", b"!=", b"<", b">=", b"&&", b"||", b"->"],
    [b" ", b"\n", b"  ", b"/* */", b" # \n", b""],
    [b"a", b"b", b"x", b"true", b"null", b"1", b"2.5"],
)
"""Words that can often stand in each other's place, so that many mutants are Nix still."""


def _mutate(words: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(words)) if words else 0
    kin = next((kin for kin in _KIN if words and words[at] in kin), None)
    kind = chance.randrange(8)
    if kin and kind < 4:
        words[at] = chance.choice(kin)
    elif kind == 4 and words:
        del words[at]
    elif kind == 5 and words:
        words.insert(at, words[at])
    elif kind == 6 and words:
        other = chance.randrange(len(words))
        words[at], words[other] = words[other], words[at]
    elif kind == 7 and words:
        words[at] = chance.choice(_ADDED)
    else:
        words.insert(at, chance.choice(_ADDED))


def variants() -> list[bytes]:
    """The texts of this repository's own variants."""
    return [path.read_bytes() for path in sorted((ROOT / ".flox" / "pkgs").glob("*.nix"))]
