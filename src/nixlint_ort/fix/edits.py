"""Edits of files' bytes: which of them touch each other, and what they make of a file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nixlint_ort.finding import Edit, Finding


def apply_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with all edits made at once; their offsets are those before any of them. They must not overlap."""
    pieces: list[bytes] = []
    at = 0
    for edit in sorted(edits):
        pieces += (data[at : edit.start], edit.text.encode("utf-8"))
        at = edit.end
    return b"".join((*pieces, data[at:]))


def are_apart(edits: Iterable[Edit]) -> bool:
    """Whether no two edits of one file touch each other."""
    in_order = sorted(edits)
    return all(
        one.end < other.start
        for _, of_one in groupby(in_order, key=lambda edit: edit.path)
        for one, other in pairwise(of_one)
    )


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, in order, whose edits do not touch those of one before; the others wait for the next round."""
    chosen: list[Finding] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    for finding in findings:
        edits = finding.fix.edits if finding.fix else ()
        if not any(_touched(edit, taken.get(edit.path, ())) for edit in edits):
            chosen.append(finding)
            for edit in edits:
                _put(edit, taken.setdefault(edit.path, []))
    return chosen


def _touched(edit: Edit, taken: Sequence[tuple[int, int]]) -> slice | None:
    """The runs of bytes, in order and apart, that an edit touches; None if there are none."""
    first = bisect_left(taken, edit.start, key=lambda one: one[1])
    last = bisect_right(taken, edit.end, key=lambda one: one[0])
    return slice(first, last) if first < last else None


def _put(edit: Edit, taken: list[tuple[int, int]]) -> None:
    """Put the bytes of an edit to those that are taken; what touches becomes one run."""
    at = _touched(edit, taken)
    if at is None:
        number = bisect_left(taken, edit.start, key=lambda one: one[0])
        taken.insert(number, (edit.start, edit.end))
        return
    runs = [(edit.start, edit.end), *taken[at]]
    taken[at] = [(min(start for start, _ in runs), max(end for _, end in runs))]
