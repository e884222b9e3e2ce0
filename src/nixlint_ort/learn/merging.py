"""Findings that have one cause become one: lines that follow each other, and a line in the place of another one."""

from __future__ import annotations

from collections.abc import Sequence

from nixlint_ort.learn.finding import Finding, Oddity

_NEAR = 3
"""Lines that belong together are so many lines apart at most."""


def in_one(found: Sequence[Finding]) -> list[Finding]:
    """The findings in which lines that follow each other, and that the same variants lack or have alone, are one."""
    kept: list[Finding] = []
    last: dict[tuple[Oddity, tuple[int, ...]], Finding] = {}
    for one in sorted(found, key=lambda one: one.places):
        key = (one.oddity, tuple(where.number for where in one.places))
        before = last.get(key)
        if one.oddity in (Oddity.EXTRA, Oddity.LACKS) and before is not None and _follows(before, one):
            last[key] = one
            continue
        last[key] = one
        kept.append(one)
    return kept


def _follows(before: Finding, after: Finding) -> bool:
    return all(0 <= b.line - a.line <= _NEAR for a, b in zip(before.places, after.places, strict=True))


def instead(found: Sequence[Finding]) -> list[Finding]:
    """The findings in which a line that is lacking and one that is in its place are one."""
    lacking = [one for one in found if one.oddity is Oddity.LACKS]
    taken: set[int] = set()
    merged: list[Finding] = []
    for one in found:
        if one.oddity is not Oddity.EXTRA:
            continue
        numbers = {where.number for where in one.places}
        for other in lacking:
            near = {(a.number, a.line) for a in one.places}
            if (
                id(other) not in taken
                and numbers == {where.number for where in other.places}
                and all(
                    any(abs(line - where.line) <= _NEAR for n, line in near if n == where.number)
                    for where in other.places
                )
            ):
                taken |= {id(one), id(other)}
                if one.actual == other.expected:
                    break  # it stands in another place, which no name tells
                merged.append(one._replace(oddity=Oddity.DIFFERS, line=other.line, expected=other.expected))
                break
    return [*(one for one in found if id(one) not in taken), *merged]
