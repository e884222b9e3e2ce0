"""Rows of tables and items of lists that are missing, as they could be written: like the one of a similar row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import Addition, Fault, Reading
from nixlint_ort.check.claims.rows.restating import rewritten, values_of_row
from nixlint_ort.check.claims.tables.list_additions import place_among
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.source import Source, Span

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention

_ONE_LINE = re.compile(r"\s*(\||[-*+]\s)")
_FEWEST = 2
"""Units that are alike, so that a missing one can be told."""


class Judged(NamedTuple):
    """A document that was judged, and by which facts."""

    facts: Facts
    verdicts: Mapping[Mention, Verdict]
    source: Source


class Entry(NamedTuple):
    """A row or an item, and the row of a table that it is about."""

    reading: Reading
    entity: Entity


def missing_units(judged: Judged, rows: Sequence[Reading]) -> Iterator[Fault]:
    """Rows of tables of which a release names all, such as CUDA lines, that a table or list lacks.

    Units count as alike that begin alike and state the same columns. Where there is one for each row but some, those
    are missing; with fewer than two, nobody can tell.
    """
    facts, verdicts, _ = judged
    for subject in facts.speech.listed:
        wanted = facts.expected_keys(subject)
        alike: dict[object, list[tuple[Entry, Mention]]] = defaultdict(list)
        named: set[str] = set()
        for reading in rows:
            about = _entities(reading, subject, verdicts)
            named |= {one.key for one in about}
            if len(about) != 1:
                continue
            (entity,) = about
            values = list(values_of_row(reading, _rows(reading, verdicts), facts, entity))
            if values:
                alike[_likeness(reading, values)].append((Entry(reading, entity), values[0]))
        for found in alike.values():
            keys = [entry.entity.key for entry, _ in found]
            missing = [one for key in wanted if key not in named and (one := facts.world.entity(subject, key))]
            if not missing or len(set(keys)) != len(keys) or len(keys) < _FEWEST or not set(keys) <= set(wanted):
                continue
            if len(keys) + len(missing) != len(wanted):
                continue
            entry, mention = found[-1]
            text = entry.reading.unit.text
            names = ", ".join(row.values.get(mention.column, (row.key,))[0] for row in missing)
            proposal = proposed(judged, [one for one, _ in found], missing)
            span = text.span(mention.start, mention.end)
            what, shown = facts.called(mention.column), text.chars[mention.start : mention.end]
            yield Fault(Check.INCOMPLETE, span, shown, names, what=what, proposal=proposal)


def proposed(judged: Judged, entries: Sequence[Entry], missing: Iterable[Entity]) -> Addition | None:
    """Lines for missing rows, each that of a similar row with other values, and where they belong.

    None where an entry is no line of Markdown, names variants, or lists what the missing row does not have.
    """
    facts, verdicts, source = judged
    keys = facts.expected_keys(entries[0].entity.subject)
    said = [one.entity.key for one in entries]
    lines = ""
    place = len(entries)
    for row in missing:
        found = place_among(said, row.key, keys)
        place = len(entries) if found is None else found
        near = [*reversed(entries[:place]), *entries[place:]]
        model = next((one for one in near if _is_model(one.entity, row, facts)), None)
        if model is None or model.reading.found.of("name") or not _can_be_rewritten(model, row, judged):
            return None
        span = _line(model.reading, source)
        if span is None:
            return None
        rows = _rows(model.reading, verdicts)
        edits = {
            edit
            for old, new in [(model.entity, row), *_replaced(model.entity, row, facts)]
            for edit in rewritten(model.reading, rows, facts, old, new)
        }
        text = source.text(span)
        for where, new in sorted(edits, reverse=True):
            if where.start < span.start or where.end > span.end:
                return None
            cut = (len(source.text(Span(span.start, one))) for one in where)
            start, end = cut
            text = text[:start] + new + text[end:]
        lines += text if text.endswith("\n") else f"{text}\n"
    beside = _line(entries[max(place - 1, 0)].reading, source)
    if beside is None or not lines:
        return None
    at = beside.end if place else beside.start
    if place and source.data[at - 1 : at] != b"\n":  # the last line of a file that does not end it
        lines = f"\n{lines}".removesuffix("\n")
    return Addition(Span(at, at), lines)


def _can_be_rewritten(model: Entry, row: Entity, judged: Judged) -> bool:
    """Whether a missing row has one value for each that its model states, and not several GPUs."""
    stated = values_of_row(model.reading, _rows(model.reading, judged.verdicts), judged.facts, model.entity)
    values = ((one.value, row.values.get(one.column, ())) for one in stated)
    return all(value in found or len(found) == 1 for value, found in values)


def _is_model(entity: Entity, row: Entity, facts: Facts) -> bool:
    """Whether what is said of a row can be said of another: their lists are as long, and all else is the same."""
    return entity.lists.keys() == row.lists.keys() and all(
        len(keys) == len(row.lists[name]) if name.partition(".")[0] in facts.speech.listed else keys == row.lists[name]
        for name, keys in entity.lists.items()
    )


def _replaced(entity: Entity, row: Entity, facts: Facts) -> Iterator[tuple[Entity, Entity]]:
    """The rows that a row lists, each with the one in its place in another row's list, where that is another one."""
    for name, keys in entity.lists.items():
        for pair in zip(keys, row.lists[name], strict=False):
            old, new = (facts.world.entity(name.partition(".")[0], key) for key in pair)
            if old and new and old.key != new.key:
                yield old, new


def _line(reading: Reading, source: Source) -> Span | None:
    """The bytes of the line of a unit, with its end; None where it is not one line of a Markdown table or list."""
    text = reading.unit.text
    first, last = text.byte(0), text.byte(max(len(text.chars) - 1, 0))
    number = source.position(first).line
    if source.position(last).line != number:
        return None
    line = source.line_span(number)
    end = line.end + 1 if source.data[line.end : line.end + 1] == b"\n" else line.end
    return Span(line.start, end) if _ONE_LINE.match(source.text(line)) else None


def _entities(reading: Reading, subject: str, verdicts: Mapping[Mention, Verdict]) -> list[Entity]:
    """The rows of a table that a unit is right about, each once."""
    found = _rows(reading, verdicts).values()
    return list({one.key: one for one in found if one.subject == subject}.values())


def _rows(reading: Reading, verdicts: Mapping[Mention, Verdict]) -> dict[Mention, Entity]:
    return {
        one: verdict.entity
        for one in reading.mentions
        if (verdict := verdicts.get(one)) and verdict.is_right and verdict.entity
    }


def _likeness(reading: Reading, values: Sequence[Mention]) -> object:
    """What units have in common that say the same of different rows."""
    unit, first = reading.unit, values[0]
    is_row = unit.kind is UnitKind.ROW and unit.cells
    label = reading.low[unit.cells[0].start : unit.cells[0].end] if is_row and first.cell > 0 else ""
    if not is_row:
        label = reading.low[: first.start]
    return unit.kind, label.strip(), tuple(dict.fromkeys((one.column, one.cell) for one in values))
