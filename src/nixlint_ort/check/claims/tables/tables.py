"""Tables and lists that should be complete, and cells that somebody has not finished."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import TWICE, Fault, Reading
from nixlint_ort.check.claims.rows.votes import matches
from nixlint_ort.check.claims.tables.flags_on_top import flags_on_top
from nixlint_ort.check.claims.tables.lost_values import lost_values
from nixlint_ort.check.claims.tables.missing_units import Entry, Judged, missing_units, proposed
from nixlint_ort.check.claims.tables.odd_cells import odd_cells
from nixlint_ort.check.claims.tables.target_lists import lists_of_targets, missing_flags
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.check.claims.words.mention import Mention, Sort
from nixlint_ort.check.claims.words.tokens import column_of_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.source import Source

_SHARE = 3
"""One part of how many may be missing where nothing says that a table or a list has everything."""


def incomplete(
    facts: Facts, readings: Mapping[Unit, Reading], verdicts: Mapping[Mention, Verdict], source: Source
) -> Iterator[Fault]:
    """What is missing from the tables and lists of a document, what is there twice, and what is not finished."""
    judged = Judged(facts, verdicts, source)
    tables: dict[int, list[Reading]] = defaultdict(list)
    for unit, reading in readings.items():
        if unit.kind in (UnitKind.ROW, UnitKind.ITEM) and unit.table:
            tables[unit.table].append(reading)
    headings = Counter(map(_heading, tables.values()))
    for rows in tables.values():
        if all(one.unit.is_idle for one in rows):
            continue
        body = [one for one in rows if one.unit.depth >= 0]
        for column in facts.speech.complete:
            yield from _of_column(judged, rows, body, column, unshared=headings[_heading(rows)] == 1)
        yield from missing_units(judged, body)
        yield from lost_values(facts, body, verdicts)
        yield from odd_cells(facts, body, verdicts)
        yield from lists_of_targets(facts, body, verdicts)
        for reading in (one for one in body if not one.unit.is_idle):
            yield from _unfinished(facts, reading, verdicts)
    yield from _of_sentences(facts, readings, verdicts)
    for reading in readings.values():
        if reading.mentions:
            yield from missing_flags(facts, reading, verdicts)
            yield from flags_on_top(facts, reading, verdicts)


def _of_column(
    judged: Judged, rows: Sequence[Reading], body: Sequence[Reading], column: str, *, unshared: bool
) -> Iterator[Fault]:
    """What is missing or twice; `unshared` says that no other table or list is below the same heading."""
    facts, verdicts, _ = judged
    subject = facts.world.subjects.get(column, "")
    wanted = facts.expected_keys(subject)
    keyed = {reading: key for reading in body if (key := _key_of(facts, reading, column, subject, verdicts))}
    found = [(reading, *key) for reading, key in keyed.items()]
    open_rows = (one for one in body if one not in keyed or not one.unit.cells)  # an item may be about several rows
    shared = set().union(*(_shared_keys(facts, reading, column) for reading in open_rows))
    keys = [entity.key for _, _, entity in found]
    is_whole = unshared and _is_whole(facts, rows, is_all=len(found) == len(body))
    least = 2 if is_whole else max(2, len(wanted) - max(1, len(wanted) // _SHARE))
    if len(set(keys)) < least or len(found) < len(body) / 2:
        return
    if not is_whole and _says_other_things([reading for reading, _, _ in found], subject, facts):
        wanted = []
    counts = Counter(keys)
    twice = [key for key, count in counts.items() if count > 1]
    if len(twice) > 1 or (twice and any(mention.cell > 0 for _, mention, _ in found)):
        return  # a table of something else
    seen: set[str] = set()
    for reading, mention, entity in found:
        if entity.key in seen:
            span = reading.unit.text.span(mention.start, mention.end)
            yield Fault(Check.INCOMPLETE, span, mention.value, "", what=facts.called(mention.column), case=TWICE)
        seen.add(entity.key)
    missing = [key for key in wanted if key not in seen | shared]
    first = rows[0].unit.text
    said = first.chars.strip()
    is_of_others = missing == [facts.branch] and subject == facts.releases and _is_of_others(facts, rows)
    if missing and said and not is_of_others:
        if any(
            (verdict := verdicts.get(one)) and not verdict.is_right
            for row in body
            for one in row.mentions
            if one.column in facts.subject_keys.get(subject, ()) or one.column == column
        ):
            return  # the row that is missing is there, with a wrong name
        entries = [Entry(reading, entity) for reading, _, entity in found]
        lacking = [row for key in missing if (row := facts.world.entity(subject, key))]
        proposal = proposed(judged, entries, lacking)
        start = first.chars.index(said)
        yield Fault(
            Check.INCOMPLETE,
            first.span(start, start + len(said)),
            "",
            ", ".join(missing),
            what=facts.called(column),
            proposal=proposal,
        )


def _says_other_things(rows: Sequence[Reading], subject: str, facts: Facts) -> bool:
    """Whether rows have more than their keys, but nothing that the table says: such as since when there is a branch."""
    keys = facts.naming(subject)
    own = {name for name, table in facts.world.subjects.items() if table == subject} - keys
    is_table = all(len(row.unit.cells) > 1 and not any(row.heads) for row in rows)
    return is_table and not any(one.column in own for row in rows for one in row.mentions)


def _shared_keys(facts: Facts, reading: Reading, column: str) -> set[str]:
    """The keys that one row or item names together, as in `main` or `ort-1.23`."""
    found = [one for one in reading.mentions if one.column == column]
    if not found or (reading.unit.cells and any(one.cell != found[0].cell for one in found)):
        return set()
    return {row.key for one in found for row in facts.world.entities[facts.world.subjects[column]] if matches(one, row)}


def _is_of_others(facts: Facts, rows: Sequence[Reading]) -> bool:
    """Whether what is above a list says that it has the others, as `Other branches` does."""
    words = phrases_of(facts.speech.rough)
    return any(words.search(above.low) for above in rows[-1].above[:2])


def _heading(rows: Sequence[Reading]) -> Unit | None:
    """The heading right above a table or a list."""
    return next((one for row in rows for one in row.unit.context if one.kind is UnitKind.HEADING), None)


def _is_whole(facts: Facts, rows: Sequence[Reading], *, is_all: bool) -> bool:
    """Whether what is above a table says that it has everything, and all its rows are of the kind."""
    above = rows[-1].above[:1]
    said = above[0].low if above else ""
    words = phrases_of(facts.speech.whole)
    return is_all and bool(words.search(said)) and not facts.lexicon.excluding["sentence"].search(said)


def _of_sentences(
    facts: Facts, readings: Mapping[Unit, Reading], verdicts: Mapping[Mention, Verdict]
) -> Iterator[Fault]:
    """What is missing from paragraphs of which each sentence is about one row of a table, and offers it."""
    blocks: dict[int, list[Reading]] = defaultdict(list)
    for unit, reading in readings.items():
        if unit.kind is UnitKind.SENTENCE and any(one.is_formed for one in reading.mentions):
            blocks[unit.block].append(reading)
    for sentences in (found for found in blocks.values() if len(found) > 2):
        for column in facts.speech.complete:
            subject = facts.world.subjects.get(column, "")
            rows = [_row_of(reading, subject, verdicts) for reading in sentences]
            keys = [row.key for row in rows if row is not None]
            wanted = facts.expected_keys(subject)
            missing = [key for key in wanted if key not in keys]
            if missing and len(set(keys)) == len(rows) >= len(wanted) / 2 and set(keys) <= set(wanted):
                text, last = sentences[-1].unit.text, sentences[-1].mentions[-1]
                span = text.span(last.start, last.end)
                what, shown = facts.called(column), text.chars[last.start : last.end]
                yield Fault(Check.INCOMPLETE, span, shown, ", ".join(missing), what=what)


def _row_of(reading: Reading, subject: str, verdicts: Mapping[Mention, Verdict]) -> Entity | None:
    """The one row of a table that a unit is right about."""
    found = {
        id(verdict.entity): verdict.entity
        for one in reading.mentions
        if (verdict := verdicts.get(one)) and verdict.is_right and verdict.entity and verdict.entity.subject == subject
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _key_of(
    facts: Facts, reading: Reading, column: str, subject: str, verdicts: Mapping[Mention, Verdict]
) -> tuple[Mention, Entity] | None:
    """The mention that says which row of a subject a row of a table is, or an item begins with."""
    keys = {*facts.subject_keys.get(subject, ()), column}
    mentions = [one for one in reading.mentions if one.column in keys]
    if not mentions:
        return None
    first = mentions[0]
    if reading.unit.cells:
        is_named = first.sort is Sort.HEADED or first.is_formed
        if first.cell != min(one.cell for one in reading.mentions) and not is_named:
            return None
        values: dict[tuple[int, str], set[str]] = defaultdict(set)
        for one in mentions:
            values[one.cell, one.column].add(one.value)
        of_several = [place for place, there in values.items() if len(there) > 1]
        if (first.cell, first.column) in of_several or any(name == column for _, name in of_several):
            return None
    elif reading.low[: first.start].strip(" *`[(") or _goes_on(facts, reading, mentions):
        return None
    verdict = verdicts.get(first)
    if verdict and verdict.entity and verdict.entity.subject == subject:
        return first, verdict.entity
    entity = next((row for row in facts.world.entities[subject] if matches(first, row)), None)
    return (first, entity) if entity else None


def _goes_on(facts: Facts, reading: Reading, mentions: Sequence[Mention]) -> bool:
    """Whether an item begins with several keys of one column, one right behind the other."""
    first = mentions[0]
    second = next((one for one in mentions[1:] if one.column == first.column and one.value != first.value), None)
    between = reading.low[first.end : second.start].replace("`", "").replace("*", "") if second else ""
    return second is not None and facts.lexicon.grammar.joint.fullmatch(between) is not None


def _unfinished(facts: Facts, reading: Reading, verdicts: Mapping[Mention, Verdict]) -> Iterator[Fault]:
    """Cells that say that they are not finished, and versions with an `x` in place of a number."""
    entity = next(
        (
            verdict.entity
            for one in reading.mentions
            if (verdict := verdicts.get(one)) and verdict.is_right and verdict.entity
        ),
        None,
    )
    for cell in reading.unit.cells:
        text = reading.low[cell.start : cell.end].strip(" `*_")
        column = column_of_head(facts.lexicon, cell.head.chars) if cell.head else None
        if column and column != "value" and text in facts.speech.unfinished:
            start = cell.start + reading.low[cell.start : cell.end].index(text)
            values = entity.values.get(column, ()) if entity else ()
            expected = values[0] if len(values) == 1 else ""
            span, what = reading.unit.text.span(start, start + len(text)), facts.called(column)
            yield Fault(Check.INCOMPLETE, span, text, expected, expected or None, what)
    for one in reading.mentions:
        verdict = verdicts.get(one)
        if one.is_short and verdict and verdict.is_right and verdict.entity and reading.low.startswith(".x", one.end):
            values = verdict.entity.values.get(one.column, ())
            if len(values) == 1:
                span = reading.unit.text.span(one.start, one.end + 2)
                yield Fault(Check.INCOMPLETE, span, f"{one.value}.x", values[0], values[0], facts.called(one.column))
