"""Columns of tables whose heads say nothing that is known: they are of what all of their numbers but one are."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.rows.votes import matches
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.mention import Mention, Sort
from nixlint_ort.check.claims.words.tokens import column_of_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.words.entities import Entity

_FEWEST = 2
"""Right numbers that a column has to have."""
_SIGNS = re.compile(r"[\W_]*v?[\W_]*\Z")


class _Entry(NamedTuple):
    """A number that is all that a cell has: code points `start` to `end` of the row's text."""

    reading: Reading
    start: int
    end: int
    value: str


def name_columns(facts: Facts, readings: Iterable[Reading]) -> None:
    """Add the numbers of such columns to the mentions of their rows."""
    tables: dict[tuple[int, int], list[_Entry]] = defaultdict(list)
    for reading in readings:
        if reading.unit.kind is UnitKind.ROW and reading.unit.depth >= 0 and reading.mentions:
            for number, entry in _lone_numbers(facts, reading):
                tables[reading.unit.table, number].append(entry)
    columns = {place: _column_of(facts, entries) for place, entries in tables.items() if len(entries) > _FEWEST}
    for (table, number), entries in tables.items():
        column = columns.get((table, number))
        is_one = sum(place[0] == table and other == column for place, other in columns.items()) == 1
        for one in entries if column and is_one else ():
            mention = Mention(column or "", one.value, one.start, one.end, Sort.HEADED, cell=number)
            one.reading.mentions.append(mention)
            one.reading.mentions.sort(key=lambda other: other.start)


def _lone_numbers(facts: Facts, reading: Reading) -> Iterator[tuple[int, _Entry]]:
    """The cells of a row that have nothing but a number, under heads that name no column."""
    numbers = reading.found.of("number")
    taken = {one.cell for one in reading.mentions}
    for at, cell in enumerate(reading.unit.cells):
        here = [token for token in numbers if cell.start <= token.start < cell.end]
        head = column_of_head(facts.lexicon, cell.head.chars) if cell.head else None
        if len(here) != 1 or at in taken or head is not None:
            continue
        start, end = here[0].end - len(here[0].text.lstrip("v")), here[0].end
        around = reading.low[cell.start : start], reading.low[end : cell.end]
        if all(_SIGNS.match(text) for text in around):
            yield at, _Entry(reading, start, end, reading.low[start:end])


def _column_of(facts: Facts, entries: Sequence[_Entry]) -> str | None:
    """The column of which all numbers but one are, each by the row of a table that is named beside it."""
    right: dict[str, int] = defaultdict(int)
    for one in entries:
        for column in {
            name
            for row in _rows_beside(facts, one.reading)
            for name, values in row.values.items()
            if one.value in values
        }:
            right[column] += column in facts.looks
    best = max(right, key=lambda column: right[column], default=None)
    return best if best and right[best] >= max(_FEWEST, len(entries) - 1) else None


def _rows_beside(facts: Facts, reading: Reading) -> list[Entity]:
    """The rows of tables that the keys in a row name, and those that a value names alone, such as a GPU."""
    keys = {facts.lexicon.branch_column}.union(*facts.subject_keys.values())
    found: list[Entity] = []
    for one in (it for it in reading.mentions if not it.is_outside):
        rows = [row for row in facts.world.entities[facts.world.subjects[one.column]] if matches(one, row)]
        found += rows if one.column in keys or len(rows) == 1 else ()
    return found
