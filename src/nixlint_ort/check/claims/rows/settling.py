"""Decides between two rows that as many mentions name, by what else is in the same table or list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.rows.votes import Ballot, Verdict, matches, vote
from nixlint_ort.check.claims.text.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention


@dataclass(slots=True, eq=False)
class Settler:
    """A table says each thing once: so of two rows the one that is not there yet is meant."""

    facts: Facts
    verdicts: dict[Mention, Verdict]
    below: Mapping[Mention, Sequence[Mention]]
    """What is below a branch."""

    def run(self, readings: Mapping[Unit, Reading]) -> None:
        """Decide in all tables and lists."""
        tables: dict[int, list[Reading]] = defaultdict(list)
        for unit, reading in readings.items():
            if reading.mentions and unit.kind in (UnitKind.ROW, UnitKind.ITEM) and unit.table and unit.depth >= 0:
                tables[unit.table].append(reading)
        keys = {**self.facts.subject_keys, self.facts.releases: frozenset({self.facts.lexicon.branch_column})}
        for subject, columns in keys.items():
            for rows in tables.values():
                self.table(rows, subject, columns)

    def table(self, rows: Sequence[Reading], subject: str, columns: frozenset[str]) -> None:
        """Decide in one table or list, by the rows of one table of the convention."""
        open_rows: list[list[Mention]] = []
        taken: set[str] = set()
        for reading in rows:
            mentions = [one for one in reading.mentions if self.facts.world.subjects.get(one.column) == subject]
            mentions += [below for one in mentions for below in self.below.get(one, ())]
            known = [one for one in mentions if one in self.verdicts]
            if any(not self.verdicts[one].is_decided for one in known):
                open_rows.append(known)
            else:
                entities = [self.verdicts[one].entity for one in known if one.column in columns]
                taken |= {entity.key for entity in entities if entity}
        rest = [row for row in self.facts.world.entities[subject] if row.key not in taken]
        for mentions in open_rows:
            fitting = [row for row in rest if all(self.may_be_of(one, row) for one in mentions)]
            scores = [(len({one.value for one in mentions if matches(one, row)}), row) for row in fitting]
            best = max((score for score, _ in scores), default=0)
            winners = [row for score, row in scores if score == best]
            named = {one.column: one.value for one in mentions if one.column in columns}
            is_one = all(named[one.column] == one.value for one in mentions if one.column in columns)
            if taken and best and len(winners) == 1 and named and is_one:
                self.verdicts.update(vote(mentions, Ballot(winners, many=self.facts.many)).verdicts)

    def may_be_of(self, mention: Mention, row: Entity) -> bool:
        """Whether a row's value can stand where a mention does: no word in place of a number."""
        values = row.values.get(mention.column, ())
        return (
            mention.column not in self.facts.looks or mention.form == "word" or any(one[0].isdigit() for one in values)
        )
