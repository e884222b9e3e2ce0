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


def without_moved(found: Sequence[Finding]) -> list[Finding]:
    """The findings without lines that a variant has, but in another place near it, which no name tells."""
    extra = {
        (where.number, one.actual): where.line for one in found if one.oddity is Oddity.EXTRA for where in one.places
    }
    moved = {
        (where.number, one.expected)
        for one in found
        if one.oddity is Oddity.LACKS
        for where in one.places
        if abs(extra.get((where.number, one.expected), -2 * _NEAR) - where.line) <= _NEAR
    }
    kept = []
    for one in found:
        text = one.expected if one.oddity is Oddity.LACKS else one.actual if one.oddity is Oddity.EXTRA else None
        places = tuple(where for where in one.places if text is None or (where.number, text) not in moved)
        if places:
            kept.append(one._replace(places=places))
    return kept


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
                and _sort(one.actual) == _sort(other.expected)
                and numbers == {where.number for where in other.places}
                and all(
                    any(abs(line - where.line) <= _NEAR for n, line in near if n == where.number)
                    for where in other.places
                )
            ):
                taken |= {id(one), id(other)}
                merged.append(other._replace(oddity=Oddity.DIFFERS, places=one.places, actual=one.actual))
                break
    return [*(one for one in found if id(one) not in taken), *merged]


def _sort(line: str) -> str:
    """What tells a comment, a bullet, a command and other lines apart: what is before the first word."""
    return line[: len(line) - len(line.lstrip("#-* "))]
