"""Where a variant is unlike the others: a line that it lacks or has alone, and a word in a line that is another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from nixlint_ort.learn.dependence import ABSENT, FEWEST, Dependence, Odd
from nixlint_ort.learn.slots import Comparison, Slot
from nixlint_ort.learn.study import NAME, Place, Study

_NEAR = 3
"""A line that is lacking and one that is there instead are so many lines apart at most."""


class Oddity(StrEnum):
    """In which way."""

    DIFFERS = "differs"
    LACKS = "lacks"
    EXTRA = "extra"
    LOOSE = "loose"
    """It varies, and nothing in the name tells how."""
    BROKEN = "broken"
    """It is not Nix, or cannot be read, so that it is compared with nothing."""


class Where(NamedTuple):
    """A variant and a line of it, from 1."""

    number: int
    line: int


class Finding(NamedTuple):
    """One cause: what is odd, where, and what the others have."""

    oddity: Oddity
    places: tuple[Where, ...]
    line: str
    """The line as most variants have it, with marks where it varies; for an extra line, that line."""
    actual: str
    expected: str
    agree: int
    """How many of the likes have what is expected."""
    total: int
    likes: str
    """What the likes have in common, such as `sm 90`; empty for all variants."""


def find_oddities(study: Study) -> list[Finding]:
    """Everything that is odd, that of which most is known first."""
    small = _too_few(study)
    found = list(_broken(study))
    for place in study.places:
        found += _presence(study, place, small)
        found += _differences(study, place, place.comparison, small)
        found += _outliers(study, place, small)
    kept = [one for one in _instead(found) if one.oddity is not Oddity.EXTRA or _is_odd(study, one)]
    return sorted(kept, key=lambda one: (one.oddity is Oddity.LOOSE, len(one.places), -one.agree, one.places))


def _broken(study: Study) -> Iterator[Finding]:
    for number in study.unreadable:
        variant = study.variants[number]
        if variant.problem is not None:
            span, message = variant.problem.span, variant.problem.message
        else:
            span, message = variant.document.problems[0]
        line = variant.source.position(span.start).line
        text = variant.source.line_text(line).strip()
        yield Finding(Oddity.BROKEN, (Where(number, line),), text, message, "", 0, 0, "")


def _too_few(study: Study) -> frozenset[int]:
    """Variants of kinds that are too small for anything to be odd in them."""
    return (
        frozenset(number for kind in study.names.kinds if len(kind.members) < FEWEST for number in kind.members)
        if len(study.names.kinds) > 1
        else frozenset()
    )


def likes_of(study: Study, dependence: Dependence, number: int) -> str:
    """What a variant's likes have in common, in words."""
    parts = [name for name in dependence.parts if name != NAME]
    if dependence.notation:
        return ""
    values = [(name, study.frame.parts[name][number]) for name in parts]
    return ", ".join(
        f"{name.rpartition('.')[2]} {value}" if value is not None else f"no {name}" for name, value in values
    )


def _grouped(odd: Iterable[Odd], small: frozenset[int]) -> Iterator[list[Odd]]:
    groups: dict[tuple[str, str], list[Odd]] = {}
    for one in odd:
        if one.number not in small:
            groups.setdefault((one.expected, one.actual), []).append(one)
    yield from groups.values()


def _presence(study: Study, place: Place, small: frozenset[int]) -> Iterator[Finding]:
    for group in _grouped(place.presence.odd, small):
        first = group[0]
        likes = likes_of(study, place.presence, first.number)
        if first.expected == ABSENT:
            places = tuple(Where(one.number, place.lines[one.number].number) for one in group)
            yield Finding(Oddity.EXTRA, places, place.shown, place.shown, "", first.agree, first.total, likes)
        else:
            places = tuple(Where(one.number, _line_before(study, place, one.number)) for one in group)
            yield Finding(Oddity.LACKS, places, place.shown, "", place.shown, first.agree, first.total, likes)


def _is_odd(study: Study, extra: Finding) -> bool:
    """Whether a line that only some variants have is odd: no remark, and not of all variants with a part's value."""
    odd = {where.number for where in extra.places}
    for part in study.names.parts:
        own = {part.values[number] for number in odd}
        if None not in own and not any(value in own for number, value in enumerate(part.values) if number not in odd):
            return False
    return not extra.line.startswith("#")


def _line_before(study: Study, place: Place, number: int) -> int:
    """The last line of a variant that stands above a line which it lacks, as far as lines are aligned."""
    line = 1
    for one in study.places:
        if one is place:
            return line
        if number in one.lines:
            line = one.lines[number].number
    return line


def _differences(study: Study, place: Place, comparison: Comparison, small: frozenset[int]) -> Iterator[Finding]:
    shown = comparison.shown() if comparison is place.comparison else place.comparison.shown()
    for slot in comparison.slots:
        inner = [one for deeper in slot.inner for one in _differences(study, place, deeper, small)]
        seen = {where.number for one in inner for where in one.places}
        yield from inner
        if slot.dependence.is_reasonless:
            yield from _loose(place, slot, shown, small)
            continue
        for group in _grouped((one for one in slot.dependence.odd if one.number not in seen), small):
            first = group[0]
            places = tuple(Where(one.number, place.lines[one.number].number) for one in group)
            likes = likes_of(study, slot.dependence, first.number)
            yield Finding(Oddity.DIFFERS, places, shown, first.actual, first.expected, first.agree, first.total, likes)


def _loose(place: Place, slot: Slot, shown: str, small: frozenset[int]) -> Iterator[Finding]:
    numbers = [one.number for one in slot.dependence.odd] + list(slot.dependence.unclear)
    places = tuple(Where(number, place.lines[number].number) for number in sorted(numbers) if number not in small)
    if places:
        values = sorted({value for value in slot.values if value is not None})
        some = " | ".join(values[:4]) + (" | …" if len(values) > 4 else "")
        yield Finding(Oddity.LOOSE, places, shown, some, "", slot.dependence.agree, slot.dependence.total, "")


def _outliers(study: Study, place: Place, small: frozenset[int]) -> Iterator[Finding]:
    del study
    for number in place.comparison.outliers:
        if number not in small:
            line = place.lines[number]
            count = place.comparison.having
            yield Finding(
                Oddity.DIFFERS,
                (Where(number, line.number),),
                place.comparison.shown(),
                line.text,
                place.comparison.shown(),
                count - len(place.comparison.outliers),
                count,
                "",
            )


def _instead(found: Sequence[Finding]) -> list[Finding]:
    """The findings in which a line that is lacking and one that stands in its place are one."""
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
                merged.append(one._replace(oddity=Oddity.DIFFERS, line=other.line, expected=other.expected))
                break
    return [*(one for one in found if id(one) not in taken), *merged]
