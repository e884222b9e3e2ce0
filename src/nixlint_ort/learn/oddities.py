"""Where a variant is unlike the others: a line that it lacks or has alone, and a word in a line that is another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import combinations
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
    """The line as most have it, with marks where it varies; of several that follow each other, the first."""
    actual: str
    expected: str
    agree: int
    """How many of the likes have what is expected."""
    total: int
    likes: str
    """What the likes have in common, such as `sm 90`; empty for all variants."""
    common: str = ""
    """What several odd variants have in common that none of their likes has, such as `isa avx`: a reason, perhaps."""


def find_oddities(study: Study) -> list[Finding]:
    """Everything that is odd, that of which most is known first."""
    small = _too_few(study)
    found = list(_broken(study))
    for place in study.places:
        found += _presence(study, place, small)
        found += _differences(study, place, place.comparison, small)
        found += _outliers(study, place, small)
    kept = [one for one in _instead(found) if one.oddity is not Oddity.EXTRA or _is_odd(study, one)]
    return sorted(_in_one(kept), key=_least_sure_last)


def _least_sure_last(one: Finding) -> tuple[object, ...]:
    return one.oddity is Oddity.LOOSE, bool(one.common), len(one.places), -one.agree, one.places


def _in_common(study: Study, found: Dependence, group: Sequence[Odd], present: Iterable[int]) -> str:
    """The part whose value all odd variants have and none of those that are like them; nothing for one alone."""
    odd = {one.number for one in group}
    if len(odd) < 2:
        return ""
    parts = [study.frame.parts[name] for name in found.parts if name in study.frame.parts]
    keys = {tuple(values[number] for values in parts) for number in odd}
    likes = [one for one in present if one not in odd and tuple(values[one] for values in parts) in keys]
    for part in study.names.parts:
        own = {part.values[number] for number in odd}
        if len(own) == 1 and None not in own and own.isdisjoint(part.values[one] for one in likes):
            return f"{part.name} {own.pop()}"
    return ""


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
    everywhere = [number for number in range(len(study.variants)) if number not in study.unreadable]
    for group in _grouped(place.presence.odd, small):
        first = group[0]
        likes = likes_of(study, place.presence, first.number)
        common = _in_common(study, place.presence, group, everywhere)
        if first.expected == ABSENT:
            places = tuple(Where(one.number, place.lines[one.number].number) for one in group)
            yield Finding(Oddity.EXTRA, places, place.shown, place.shown, "", first.agree, first.total, likes, common)
        else:
            places = tuple(Where(one.number, _line_before(study, place, one.number)) for one in group)
            yield Finding(Oddity.LACKS, places, place.shown, "", place.shown, first.agree, first.total, likes, common)


def _is_odd(study: Study, extra: Finding) -> bool:
    """Whether a line that only some variants have is odd: no remark, and no value of the name tells that they have it."""
    odd = {where.number for where in extra.places}
    others = [number for number in range(len(study.variants)) if number not in odd]
    columns = [part.values for part in study.names.parts]
    reasons = [(one,) for one in columns] + (list(combinations(columns, 2)) if len(odd) > 1 else [])
    for reason in reasons:
        own = {tuple(values[number] for values in reason) for number in odd}
        is_told = all(None not in key for key in own) and (len(reason) == 1 or len(own) == 1)
        if is_told and own.isdisjoint(tuple(values[number] for values in reason) for number in others):
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
            present = [number for number, value in enumerate(slot.values) if value is not None]
            common = _in_common(study, slot.dependence, group, present)
            about = (first.actual, first.expected, first.agree, first.total)
            yield Finding(Oddity.DIFFERS, places, shown, *about, likes, common)


def _loose(place: Place, slot: Slot, shown: str, small: frozenset[int]) -> Iterator[Finding]:
    numbers = [one.number for one in slot.dependence.odd] + list(slot.dependence.unclear)
    places = tuple(Where(number, place.lines[number].number) for number in sorted(numbers) if number not in small)
    if places:
        values = sorted({value for value in slot.values if value is not None})
        some = " | ".join(values[:4]) + (" | …" if len(values) > 4 else "")
        yield Finding(Oddity.LOOSE, places, shown, some, "", slot.dependence.agree, slot.dependence.total, "")


def _outliers(study: Study, place: Place, small: frozenset[int]) -> Iterator[Finding]:
    """Lines that are put together otherwise; those of a whole kind are its own wording."""
    outliers = set(place.comparison.outliers)
    for kind in study.names.kinds:
        having = {number for number in kind.members if number in place.lines}
        if having <= outliers:
            outliers -= having
    shown, having_any = place.comparison.shown(), place.comparison.having
    for number in sorted(outliers - small):
        line = place.lines[number]
        about = (line.text, shown, having_any - len(place.comparison.outliers), having_any)
        yield Finding(Oddity.DIFFERS, (Where(number, line.number),), shown, *about, "")


def _in_one(found: Sequence[Finding]) -> list[Finding]:
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
