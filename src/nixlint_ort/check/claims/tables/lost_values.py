"""Values that a row of a table or an item of a list has lost: the others state one there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import Fault, Reading
from nixlint_ort.check.claims.rows.votes import matches
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.mention import Mention, Sort
from nixlint_ort.check.claims.words.tokens import column_of_head

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.words.entities import Entity


MAX_SHAPES = 50
"""Items of a list that are worded unlike each other, and with which the others are compared."""


class _Shape(NamedTuple):
    """What an item says without its values, and the columns of these."""

    frame: str
    columns: frozenset[str]


def lost_values(facts: Facts, units: Sequence[Reading], verdicts: Mapping[Mention, Verdict]) -> Iterator[Fault]:
    """What the rows of one table, or the items of one list, have lost."""
    known = [(one, *row) for one in units if (row := _row_of(facts, one, verdicts))]
    stated = {(cell.cell, cell.column) for one, _, _ in known for cell in one.mentions}
    shapes: dict[str, dict[_Shape, None]] = {}
    for reading, _, entity in known:
        found = shapes.setdefault(entity.subject, {})
        if reading.unit.kind is UnitKind.ITEM and len(found) < MAX_SHAPES:
            found[_shape(reading)] = None
    for reading, mention, entity in known:
        columns: Iterator[str] = iter(())
        if reading.unit.cells and mention.cell > 0:
            continue  # a row about something else
        if reading.unit.cells:
            columns = _empty_cells(facts, reading, stated)
        elif entity.subject in facts.speech.listed:
            columns = _left_out(_shape(reading), shapes[entity.subject])
        for column in columns:
            values = entity.values.get(column, ()) if facts.world.subjects.get(column) == entity.subject else ()
            if values:
                text = reading.unit.text
                span, shown = text.span(mention.start, mention.end), text.chars[mention.start : mention.end]
                yield Fault(Check.INCOMPLETE, span, shown, ", ".join(values), what=facts.called(column))


def _row_of(facts: Facts, reading: Reading, verdicts: Mapping[Mention, Verdict]) -> tuple[Mention, Entity] | None:
    """The one row of a table that a unit is about, and where it says so; None where anything of it is wrong."""
    found: list[tuple[Mention, Entity]] = []
    for one in reading.mentions:
        verdict = verdicts.get(one)
        if verdict and not verdict.is_right:
            return None
        subject = facts.world.subjects.get(one.column, "")
        entity = verdict.entity if verdict else None
        if entity is None and one.sort is Sort.HEADED:  # alone in its row
            entity = next((row for row in facts.world.entities[subject] if matches(one, row)), None)
        if entity and one.column in facts.subject_keys.get(entity.subject, ()):
            found.append((one, entity))
    return found[0] if len({id(entity) for _, entity in found}) == 1 else None


def _empty_cells(facts: Facts, reading: Reading, stated: Collection[tuple[int, str]]) -> Iterator[str]:
    """The columns of a row's empty cells, below heads that name them, where other rows have values."""
    for number, cell in enumerate(reading.unit.cells):
        column = column_of_head(facts.lexicon, cell.head.chars) if cell.head else None
        is_empty = not reading.low[cell.start : cell.end].strip(" -–—")
        if column and is_empty and (number, column) in stated:
            yield column


def _left_out(own: _Shape, items: Iterable[_Shape]) -> Iterator[str]:
    """The columns that an item says nothing of, though it is another item without the piece that says it."""
    if not own.frame.strip(" #"):
        return
    for whole in items:
        columns = whole.columns - own.columns
        if len(columns) == 1 and whole.frame.endswith(own.frame[_alike(own.frame, whole.frame) :]):
            yield from columns
            return


def _shape(reading: Reading) -> _Shape:
    text, done = [], 0
    for one in reading.mentions:
        text += [reading.low[done : one.start], "#"]
        done = one.end
    text.append(reading.low[done:].rstrip(" ."))
    return _Shape("".join(text), frozenset(one.column for one in reading.mentions))


def _alike(text: str, other: str) -> int:
    """How many characters two texts begin with."""
    return bisect_left(range(min(len(text), len(other))), True, key=lambda at: not other.startswith(text[: at + 1]))
