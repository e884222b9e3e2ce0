"""Cells that list what a row of another table has: of each architecture the instruction sets, and the flags of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import Fault, Reading
from nixlint_ort.check.claims.rows.votes import matches
from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.check.claims.words.tokens import column_of_head

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.text.units import Cell
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention

_DASH = re.compile(r"\s*[\-–—][\s\-–—]*\Z")


def missing_flags(facts: Facts, reading: Reading, verdicts: Mapping[Mention, Verdict]) -> Iterator[Fault]:
    """Flags that are missing from a list of them, where nothing says that they come on top of others."""
    flags = [one for one in reading.mentions if one.value.startswith("-") and not one.is_outside]
    known = [verdict for one in flags if (verdict := verdicts.get(one)) and verdict.is_right and verdict.entity]
    if len(known) < len(flags) or len(flags) < 2 or len({id(one.entity) for one in known}) != 1:
        return
    entity = known[0].entity
    if entity is None or facts.lexicon.grammar.further.search(reading.low):
        return
    column = flags[0].column
    wanted = entity.values.get(column, ())
    missing = [one for one in wanted if one not in {flag.value for flag in flags}]
    if not missing:
        return
    text = reading.unit.text
    odd = [(one, right) for one, right in zip(flags, wanted, strict=False) if one.value != right]
    if len(flags) == len(wanted) and len(odd) == 1:
        one, right = odd[0]
        span, what = text.span(one.start, one.end), facts.called(column)
        yield Fault(Check.VERSION, span, one.value, right, right, what, facts.title(entity))
    elif len({one.value for one in flags}) == len(flags) and (reading.unit.cells or len(missing) < len(flags)):
        last = flags[-1]
        span, what = text.span(last.start, last.end), facts.called(column)
        yield Fault(Check.INCOMPLETE, span, last.value, " ".join(missing), what=what)


def lists_of_targets(facts: Facts, readings: Iterable[Reading], verdicts: Mapping[Mention, Verdict]) -> Iterator[Fault]:
    """In a row about one row of a table, cells that list rows of another: the variants say which belong together.

    Where several rows are about the same, each is about a part of what goes with it.
    """
    owned = [(reading, owner) for reading in readings if (owner := _owner(facts, reading, verdicts))]
    times = Counter(owner.key for _, owner in owned)
    for reading, owner in owned:
        if times[owner.key] == 1:
            yield from _lists_in(facts, reading, owner)


def _owner(facts: Facts, reading: Reading, verdicts: Mapping[Mention, Verdict]) -> Entity | None:
    """The one row of a table that a row is about, of those that a release lists."""
    rows = {
        id(verdict.entity): verdict.entity
        for one in reading.mentions
        if one.cell >= 0 and (verdict := verdicts.get(one)) and verdict.is_right and verdict.entity
    }
    lists = facts.release.lists if facts.release else {}
    owners = [row for row in rows.values() if facts.world.keys.get(row.subject) in lists]
    return owners[0] if len(owners) == 1 else None


def _lists_in(facts: Facts, reading: Reading, owner: Entity) -> Iterator[Fault]:
    for number, cell in enumerate(reading.unit.cells):
        column = column_of_head(facts.lexicon, cell.head.chars) if cell.head else None
        subject = facts.world.subjects.get(column or "", "")
        if column is None or subject in (owner.subject, facts.releases) or column not in facts.speech.complete:
            continue
        columns = (column, *facts.subject_keys[subject])
        mentions = [one for one in reading.mentions if one.cell == number and one.column in columns]
        text = reading.unit.text.chars[cell.start : cell.end]
        if (mentions or _DASH.match(text)) and not any(one.is_outside for one in mentions):
            yield from _compared(facts, reading, _Listing(owner, cell, column), mentions)


class _Listing(NamedTuple):
    """A cell that lists values of a column, in a row about another table's row."""

    owner: Entity
    cell: Cell
    column: str


def _compared(facts: Facts, reading: Reading, listing: _Listing, mentions: Sequence[Mention]) -> Iterator[Fault]:
    owner, cell, column = listing
    there = _there(facts, owner, cell, column)
    if there is None:
        return
    entities = facts.world.entities[facts.world.subjects[column]]
    order = [row for row in entities if row.key in there]
    said = [(one, row) for one in mentions for row in entities if matches(one, row)]
    missing = [row for row in order if row.key not in {row.key for _, row in said}]
    wrong = [one for one, row in said if row.key not in there]
    if not wrong and len(missing) == 1 and len(order) == len(said):
        wrong = [one for (one, row), right in zip(said, order, strict=True) if row.key != right.key]
        wrong = wrong if len(wrong) == 1 else []
    text = reading.unit.text
    for one in wrong:
        expected = missing[0].values[one.column][0] if len(missing) == 1 == len(wrong) else ""
        span = text.span(one.start, one.end)
        replacement = one.rendered(expected) if expected else None
        what, row = facts.called(one.column), facts.title(owner)
        yield Fault(Check.VERSION, span, text.chars[one.start : one.end], expected, replacement, what, row)
    if missing and not wrong:
        names = ", ".join(row.values[column][0] for row in missing)
        span = text.span(cell.start, max(cell.end, cell.start + 1))
        yield Fault(Check.INCOMPLETE, span, text.chars[cell.start : cell.end], names, what=facts.called(column))


def _there(facts: Facts, owner: Entity, cell: Cell, column: str) -> set[str] | None:
    """The keys of the rows that go with a row in some variant, as far as the column's head asks for them."""
    head = cell.head.chars.lower() if cell.head else ""
    limits = {
        name: asked
        for name, by_value in facts.speech.among.items()
        if (asked := {value for value, words in by_value.items() if phrases_of(map(str.lower, words)).search(head)})
    }
    own = [fields for fields in facts.fields if fields.get(facts.world.keys[owner.subject]) == owner.key]
    other = facts.world.keys[facts.world.subjects[column]]
    fitting = [fields for fields in own if all(fields.get(name) in asked for name, asked in limits.items())]
    return {fields[other] for fields in fitting if other in fields} if own else None
