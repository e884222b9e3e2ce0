"""What lists of a release's rows lack, written as the lists are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import Addition, Fault, Reading
from nixlint_ort.check.claims.rows.votes import matches
from nixlint_ort.source import Source, Span

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention


class ShortList(NamedTuple):
    """A list that lacks rows: its mentions, the row of each, the rows that it lacks, and the keys in their order."""

    reading: Reading
    mentions: Sequence[Mention]
    rows: Sequence[Entity | None]
    missing: Sequence[Entity]
    keys: Sequence[str]


def list_faults(short: ShortList, source: Source, facts: Facts) -> Iterator[Fault]:
    """What a list lacks, and what the lists lack that are in step with it, such as the drivers of CUDA lines."""
    column = short.mentions[0].column
    text = short.reading.unit.text
    for name in (column, *facts.speech.least):
        mentions = short.mentions
        if name != column:
            mentions = [one for one in short.reading.mentions if one.column == name and not one.is_outside]
            if len(mentions) != len(short.rows) or len(mentions) < 2:  # one value is no list
                continue
            if not all(row and matches(one, row) for one, row in zip(mentions, short.rows, strict=True)):
                continue
        last = mentions[-1]
        values = ", ".join(row.values[name][0] for row in short.missing if name in row.values)
        addition = _addition(short, mentions, source, facts)
        yield Fault(
            Check.INCOMPLETE,
            text.span(last.start, last.end),
            text.chars[last.start : last.end],
            values,
            what=facts.called(name),
            addition=addition,
        )


def place_among(said: Sequence[str], missing: str, keys: Sequence[str]) -> int | None:
    """Behind how many of some keys, which are in order or in the reverse order, a missing one belongs.

    None where the keys are in neither order.
    """
    wanted = [key for key in keys if key in said]
    if list(said) == wanted:
        return sum(keys.index(key) < keys.index(missing) for key in said)
    if list(said) == wanted[::-1]:
        return sum(keys.index(key) > keys.index(missing) for key in said)
    return None


def _addition(short: ShortList, mentions: Sequence[Mention], source: Source, facts: Facts) -> Addition | None:
    """The rows that a list lacks, in its own notation; None where it has one item, or has no order."""
    said = [row.key for row in short.rows if row]
    column = mentions[0].column
    values = [row.values.get(column, ()) for row in short.missing]
    places = {place_among(said, row.key, short.keys) for row in short.missing}
    if len(said) != len(mentions) or len(said) == 1 or len(places) != 1 or any(len(one) != 1 for one in values):
        return None
    place = places.pop()
    if place is None:
        return None
    text = short.reading.unit.text
    spans = [text.span(one.start, one.end) for one in mentions]
    gaps = [source.text(Span(left.end, right.start)) for left, right in pairwise(spans)]
    joins = re.compile(rf"[\s,]*(?:\b(?:{'|'.join(map(re.escape, facts.speech.joining))})\b|&)\s*", re.IGNORECASE)
    comma, last = joins.sub(", ", gaps[0]), gaps[-1]
    if any(gap != comma for gap in gaps[:-1]) or joins.sub(", ", last) != comma:
        return None
    beside = mentions[max(place - 1, 0)]
    order = short.missing if said == [key for key in short.keys if key in said] else short.missing[::-1]
    new = [beside.rendered(row.values[column][0]) for row in order]
    if place == 0:
        return Addition(Span(spans[0].start, spans[0].start), "".join(one + comma for one in new))
    if place < len(said) or last == comma:
        at = spans[place - 1].end
        return Addition(Span(at, at), "".join(comma + one for one in new))
    rest = [source.text(spans[-1]), *new]
    return Addition(Span(spans[-2].end, spans[-1].end), comma + comma.join(rest[:-1]) + last + rest[-1])
