"""Values that a row of a table or an item of a list has lost: the others state one there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

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


def lost_values(facts: Facts, units: Sequence[Reading], verdicts: Mapping[Mention, Verdict]) -> Iterator[Fault]:
    """What the rows of one table, or the items of one list, have lost."""
    known = [(one, *row) for one in units if (row := _row_of(facts, one, verdicts))]
    for reading, mention, entity in known:
        columns: Iterator[str] = iter(())
        if reading.unit.cells and mention.cell > 0:
            continue  # a row about something else
        if reading.unit.cells:
            columns = _empty_cells(facts, reading, [one for one, _, _ in known])
        elif entity.subject in facts.speech.listed:
            columns = _left_out(reading, [one for one, _, other in known if other.subject == entity.subject])
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


def _empty_cells(facts: Facts, reading: Reading, rows: Sequence[Reading]) -> Iterator[str]:
    """The columns of a row's empty cells, below heads that name them, where other rows have values."""
    for number, cell in enumerate(reading.unit.cells):
        column = column_of_head(facts.lexicon, cell.head.chars) if cell.head else None
        is_empty = not reading.low[cell.start : cell.end].strip(" -–—")
        if (
            column
            and is_empty
            and any(one.cell == number and one.column == column for row in rows for one in row.mentions)
        ):
            yield column


def _left_out(reading: Reading, items: Sequence[Reading]) -> Iterator[str]:
    """The columns that an item says nothing of, though it is another item without the piece that says it."""
    own = _frame(reading)
    for other in items:
        columns = {one.column for one in other.mentions} - {one.column for one in reading.mentions}
        whole = _frame(other)
        before = _alike(own, whole)
        behind = _alike(own[::-1], whole[::-1])
        is_whole = other is reading or other.unit.kind is not UnitKind.ITEM
        if not is_whole and len(columns) == 1 and before + behind >= len(own) and own.strip(" #"):
            yield columns.pop()
            return


def _frame(reading: Reading) -> str:
    """What a unit says without its values."""
    text, done = "", 0
    for one in reading.mentions:
        text += f"{reading.low[done : one.start]}#"
        done = one.end
    return text + reading.low[done:].rstrip(" .")


def _alike(text: str, other: str) -> int:
    """How many characters two texts begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))
