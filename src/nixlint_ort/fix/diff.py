"""One unified diff of everything that fixes would change, as `git apply` and `patch` read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nixlint_ort.fix.apply import FixedFile

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
AROUND = 3
"""Lines that are shown around a change."""
MAX_STEPS = 5_000_000
"""Pairs of lines that are compared to make a diff of one file; each takes about 0.1 µs."""
_PLAIN = re.compile(r"[!#-\[\]-~ ]+")


def unified(files: Iterable[FixedFile]) -> Iterator[str]:
    """The lines of a unified diff, with their line ends, by path; a new name is told as git tells it."""
    for file in sorted(files, key=lambda one: one.path):
        old, new = _name(f"a/{file.path}"), _name(f"b/{file.new_path}")
        if file.renamed:
            yield f"diff --git {old} {new}\n"
            yield f"rename from {_name(file.path)}\nrename to {_name(file.new_path)}\n"
        for line in _changes(_lines(file.before), _lines(file.after), old, new, len(file.mended)):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _changes(before: list[str], after: list[str], old: str, new: str, fixes: int) -> Iterator[str]:
    """The diff of lines, in time that grows with their number.

    `difflib` finds what belongs together, unless too many lines are alike. Then lines of the same number are compared,
    if there are as many as before; otherwise all between the first change and the last one is shown as changed.
    """
    if _steps(before, after) * (2 * fixes + 1) <= MAX_STEPS:
        yield from unified_diff(before, after, old, new)
        return
    yield from (f"--- {old}\n", f"+++ {new}\n")
    if len(before) == len(after):
        blocks = [(start, end, start, end) for start, end in _changed(before, after)]
    else:
        first = _alike(before, after)
        last = _alike(before[:first:-1], after[:first:-1])
        blocks = [(first, len(before) - last, first, len(after) - last)]
    for hunk in _hunks(blocks):
        yield from _shown(before, after, hunk)


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs of lines that are not the same in both: the number of the first, and that behind the last."""
    for is_changed, run in groupby(range(len(before)), key=lambda at: before[at] != after[at]):
        if is_changed:
            numbers = [*run]
            yield numbers[0], numbers[-1] + 1


_Block = tuple[int, int, int, int]
"""The lines that change: from a number to before another one, as they were and as they are to be."""


def _hunks(blocks: Iterable[_Block]) -> Iterator[list[_Block]]:
    """The blocks that are shown together, as they have no more lines between them than what is shown around each."""
    hunk: list[_Block] = []
    for block in blocks:
        if hunk and block[0] - hunk[-1][1] > 2 * AROUND:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def _shown(before: list[str], after: list[str], hunk: list[_Block]) -> Iterator[str]:
    """The lines of one hunk."""
    ahead, behind = min(AROUND, hunk[0][0]), min(AROUND, len(before) - hunk[-1][1])
    old = _range(hunk[0][0] - ahead, hunk[-1][1] + behind)
    new = _range(hunk[0][2] - ahead, hunk[-1][3] + behind)
    yield f"@@ -{old} +{new} @@\n"
    at = hunk[0][0] - ahead
    for start, end, new_start, new_end in hunk:
        yield from (f" {line}" for line in before[at:start])
        yield from (f"-{line}" for line in before[start:end])
        yield from (f"+{line}" for line in after[new_start:new_end])
        at = end
    yield from (f" {line}" for line in before[at : at + behind])


def _range(start: int, end: int) -> str:
    """Lines as a hunk's head tells them: the first, from 1, and how many; of none, the one before."""
    if end - start == 1:
        return f"{start + 1}"
    return f"{start + (end > start)},{end - start}"


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """With how many lines both begin."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))


def _steps(before: list[str], after: list[str]) -> int:
    """How many pairs of lines `difflib` looks at for each change: it leaves out lines that stand very often."""
    counts = Counter(after)
    often = len(after) // 100 + 1 if len(after) >= 200 else len(after)
    return len(before) + sum(counts[line] for line in before if counts[line] <= often)


def _lines(data: bytes) -> list[str]:
    return _LINE.findall(data.decode("utf-8", "surrogateescape"))


def _name(path: str) -> str:
    """A path as git writes it: one that holds more than plain characters in quotes, with octal escapes."""
    if _PLAIN.fullmatch(path):
        return path
    data = path.encode("utf-8", "surrogateescape")
    return '"' + "".join(chr(byte) if _PLAIN.fullmatch(chr(byte)) else f"\\{byte:03o}" for byte in data) + '"'
