"""Flags that an instruction set has besides those of another one, as in `AVX-512 BF16: AVX-512 plus -mavx512bf16`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import Fault, Reading
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.grammar import phrases_of

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention

_LIKE = 5
"""Code points that flags which choose instructions of one kind have in common."""


def flags_on_top(facts: Facts, reading: Reading, verdicts: Mapping[Mention, Verdict]) -> Iterator[Fault]:
    """The one flag of a row or an item that is said to come on top, and that its instruction set does not have."""
    flags = [one for one in reading.mentions if facts.lexicon.is_flags(one.column)]
    if len(flags) != 1 or flags[0].is_outside or reading.unit.kind not in (UnitKind.ROW, UnitKind.ITEM):
        return
    flag = flags[0]
    rows = _rows_before(facts, reading, flag)
    values = facts.world.values(flag.column)
    said = verdicts.get(flag)
    is_theirs = any(flag.value in row.values.get(flag.column, ()) for row in rows)
    if not rows or is_theirs or (said is not None and not said.is_right):
        return
    is_added = _added(facts).search(reading.low[: flag.start])
    if not is_added or not any(value[:_LIKE] == flag.value[:_LIKE] for value in values):
        return
    entities = facts.world.entities[rows[0].subject]
    base = {value for row in rows[1:] or entities if row is not rows[0] for value in row.values.get(flag.column, ())}
    left = [value for value in rows[0].values.get(flag.column, ()) if value not in base]
    expected = left[0] if len(left) == 1 else ""
    span, what = reading.unit.text.span(flag.start, flag.end), facts.called(flag.column)
    yield Fault(Check.VERSION, span, flag.value, expected, expected or None, what, facts.title(rows[0]))


def _rows_before(facts: Facts, reading: Reading, flag: Mention) -> list[Entity]:
    """The rows that a unit names before a flag, first the one that it is about."""
    subject = facts.world.subjects[flag.column]
    named = {id(row): row for one in reading.identities if (row := facts.entity_of(one, subject))}
    columns = facts.subject_keys.get(subject, frozenset())
    mentions = [one for one in reading.mentions if one.column in columns and one.end <= flag.start]
    found = [
        row for one in mentions for row in facts.world.entities[subject] if one.value in row.values.get(one.column, ())
    ]
    rows = [*named.values(), *found] if len(named) == 1 else found
    return list({id(row): row for row in rows}.values())


def _added(facts: Facts) -> re.Pattern[str]:
    """What ends right before something that comes on top."""
    return re.compile(rf"(?:{phrases_of(facts.speech.adding).pattern})[\s`]*\Z")
