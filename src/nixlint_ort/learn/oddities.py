"""Where a variant is unlike the others: a line that it lacks or has alone, and a word in a line that is another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nixlint_ort.learn.dependence import ABSENT, FEWEST
from nixlint_ort.learn.finding import Finding, Oddity, Where, grouped, likes_of
from nixlint_ort.learn.merging import in_one, instead, without_moved
from nixlint_ort.learn.odd_facts import odd_facts
from nixlint_ort.learn.reasons import in_common, is_odd
from nixlint_ort.learn.slots import Comparison, Slot
from nixlint_ort.learn.study import CommonLine, Study


def find_oddities(study: Study) -> list[Finding]:
    """Everything that is odd, that of which most is known first."""
    small = _too_few(study)
    found = list(_broken(study))
    for place in study.places:
        found += _presence(study, place, small)
        found += _differences(study, place, place.comparison, small)
        found += _outliers(study, place, small)
    kept = [one for one in instead(without_moved(found)) if one.oddity is not Oddity.EXTRA or is_odd(study, one)]
    kept += odd_facts(study, kept, small)
    return sorted(in_one(kept), key=_least_sure_last)


def _least_sure_last(one: Finding) -> tuple[object, ...]:
    return one.oddity is Oddity.LOOSE, bool(one.common), len(one.places), -one.agree, one.places


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


def _presence(study: Study, place: CommonLine, small: frozenset[int]) -> Iterator[Finding]:
    everywhere = [number for number in range(len(study.variants)) if number not in study.unreadable]
    for group in grouped(place.presence.odd, small):
        first = group[0]
        likes = likes_of(study, place.presence, first.number)
        common = in_common(study, place.presence, group, everywhere)
        if first.expected == ABSENT:
            places = tuple(Where(one.number, place.lines[one.number].number) for one in group)
            line = place.lines[first.number]
            about = (line.text, line.text, "", first.agree, first.total, likes, common)
            is_remark = line.is_remark and (len(group) == 1 or not line.is_prose)
            yield Finding(Oddity.EXTRA, places, *about, is_remark=is_remark)
        else:
            places = tuple(Where(one.number, _line_before(study, place, one.number)) for one in group)
            text = _text_of_likes(study, place, first.number)
            yield Finding(Oddity.LACKS, places, text, "", text, first.agree, first.total, likes, common)


def _text_of_likes(study: Study, place: CommonLine, number: int) -> str:
    """A line as those have it that are most like a variant which lacks it: first by what tells who has it."""
    parts = [*place.presence.parts, *(part.name for part in study.parts)]
    known = [study.frame.parts[name] for name in parts if name in study.frame.parts]
    nearest = max(place.lines, key=lambda other: [values[other] == values[number] for values in known])
    alike = [values[nearest] == values[number] for values in known]
    texts = Counter(
        line.text
        for other, line in place.lines.items()
        if [values[other] == values[number] for values in known] == alike
    )
    return max(texts, key=lambda text: (texts[text], text))


def _line_before(study: Study, place: CommonLine, number: int) -> int:
    """The last line of a variant that is above a line which it lacks, as far as lines are aligned."""
    line = 1
    for one in study.places:
        if one is place:
            return line
        if number in one.lines:
            line = one.lines[number].number
    return line


def _differences(study: Study, place: CommonLine, comparison: Comparison, small: frozenset[int]) -> Iterator[Finding]:
    shown = comparison.shown() if comparison is place.comparison else place.comparison.shown()
    for slot in comparison.slots:
        inner = [one for deeper in slot.inner for one in _differences(study, place, deeper, small)]
        seen = {where.number for one in inner for where in one.places}
        yield from inner
        if slot.dependence.is_reasonless:
            yield from _loose(place, slot, shown, small)
            continue
        for group in grouped((one for one in slot.dependence.odd if one.number not in seen), small):
            first = group[0]
            places = tuple(Where(one.number, _line_of(place, slot, one.number)) for one in group)
            likes = likes_of(study, slot.dependence, first.number)
            present = [number for number, value in enumerate(slot.values) if value is not None]
            common = in_common(study, slot.dependence, group, present)
            about = (first.actual, first.expected, first.agree, first.total)
            yield Finding(Oddity.DIFFERS, places, shown, *about, likes, common)


def _line_of(place: CommonLine, slot: Slot, number: int) -> int:
    """The file's line (from 1) in which a slot of a variant begins."""
    return place.lines[number].number_at(slot.starts[number])


def _loose(place: CommonLine, slot: Slot, shown: str, small: frozenset[int]) -> Iterator[Finding]:
    numbers = [one.number for one in slot.dependence.odd] + list(slot.dependence.unclear)
    places = tuple(Where(number, _line_of(place, slot, number)) for number in sorted(numbers) if number not in small)
    if places:
        values = sorted({value for value in slot.values if value is not None})
        some = " | ".join(values[:4]) + (" | …" if len(values) > 4 else "")
        yield Finding(Oddity.LOOSE, places, shown, some, "", slot.dependence.agree, slot.dependence.total, "")


def _outliers(study: Study, place: CommonLine, small: frozenset[int]) -> Iterator[Finding]:
    """Lines that are put together otherwise; where most with one part of the name have such, it is worded by it."""
    outliers = set(place.comparison.outliers)
    for values in study.frame.parts.values() if outliers else ():
        for value in {values[number] for number in outliers}:
            having = {number for number in place.lines if values[number] == value}
            if len(having) > 1 and 2 * len(having & outliers) > len(having):
                outliers -= having
    shown, having_any = place.comparison.shown(), place.comparison.having
    for number in sorted(outliers - small):
        line = place.lines[number]
        about = (line.text, shown, having_any - len(place.comparison.outliers), having_any)
        yield Finding(Oddity.DIFFERS, (Where(number, line.number),), shown, *about, "")
