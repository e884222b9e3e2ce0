"""Cells whose word no table knows, in columns of which every other cell has the right value of its row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import Fault, Reading

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.text.units import Cell
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention

_FEWEST = 3
"""Cells of a column that have the right value."""
_WORDS = re.compile(r"[A-Za-z][\w.\-]*(?: [A-Za-z][\w.\-]*)?")


class _Row(NamedTuple):
    reading: Reading
    entity: Entity
    right: frozenset[tuple[int, str]]
    """The cells and columns of its right mentions."""


def odd_cells(facts: Facts, rows: Sequence[Reading], verdicts: Mapping[Mention, Verdict]) -> Iterator[Fault]:
    """What stands in one row of a table in place of a value that all other rows have."""
    known = [row for one in rows if (row := _row_of(facts, one, verdicts))]
    columns: dict[tuple[int, str], int] = defaultdict(int)
    for row in known:
        for place in row.right:
            columns[place] += 1
    for place, count in columns.items():
        odd = [row for row in known if place not in row.right]
        if len(odd) == 1 and count >= _FEWEST:
            yield from _in_place_of(facts, odd[0], *place)


def _in_place_of(facts: Facts, row: _Row, number: int, column: str) -> Iterator[Fault]:
    values = row.entity.values.get(column, ())
    reading = row.reading
    if len(values) != 1 or number >= len(reading.unit.cells):
        return
    cell = reading.unit.cells[number]
    if any(one.cell == number and one.column == column for one in reading.mentions):
        return
    rest = _rest(reading, cell)
    found = _WORDS.fullmatch(rest.strip(" *`:"))
    if found is None or found[0][0].isupper() != values[0][0].isupper():
        return
    start = cell.start + rest.index(found[0])
    span = reading.unit.text.span(start, start + len(found[0]))
    yield Fault(Check.VERSION, span, found[0], values[0], values[0], facts.called(column), facts.title(row.entity))


def _rest(reading: Reading, cell: Cell) -> str:
    """What a cell says besides what is known, which is blank."""
    known = [(token.start, token.end) for token in reading.found.tokens]
    chars = reading.unit.text.chars
    places = range(cell.start, cell.end)
    return "".join(" " if any(start <= at < end for start, end in known) else chars[at] for at in places)


def _row_of(facts: Facts, reading: Reading, verdicts: Mapping[Mention, Verdict]) -> _Row | None:
    """The one row of a table that a row of a table in a document names by a key, where nothing in it is wrong."""
    said = [(one, verdict) for one in reading.mentions if (verdict := verdicts.get(one))]
    if not reading.unit.cells or any(not verdict.is_right for _, verdict in said):
        return None
    rows = _named(facts, reading.mentions)
    if len(rows) != 1:
        return None
    right = frozenset(
        (one.cell, one.column)
        for one in reading.mentions
        if one.value in rows[0].values.get(one.column, ())
        and not re.search(r"\w", _rest(reading, reading.unit.cells[one.cell]))
    )
    return _Row(reading, rows[0], right)


def _named(facts: Facts, mentions: Iterable[Mention]) -> list[Entity]:
    found = {
        id(row): row
        for one in mentions
        if not one.is_outside and one.form != "word"
        for subject in (facts.world.subjects[one.column],)
        if one.column in facts.subject_keys.get(subject, ()) and one.column in facts.looks
        for row in facts.world.entities[subject]
        if one.value in row.values.get(one.column, ())
    }
    return list(found.values())
