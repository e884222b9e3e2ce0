"""Judges mentions by the rows of one table: within a unit, below a heading or an item, and below a column's head."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.rows.grouping import Grouper
from nixlint_ort.check.claims.rows.strangers import Strangers
from nixlint_ort.check.claims.rows.votes import Ballot, Verdict, matches
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.mention import Mention, Sort
from nixlint_ort.check.claims.words.scope import clause_cuts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.entities import Entity

_REMARK = re.compile(r";\s*#\s*\S+\s*\Z")
"""A word behind a binding."""


@dataclass(eq=False)
class Judge:
    """Judges all units of a document, one subject after another."""

    facts: Facts
    readings: Mapping[Unit, Reading]
    verdicts: dict[Mention, Verdict] = field(default_factory=dict)
    below: dict[Mention, list[tuple[Reading, list[Mention]]]] = field(default_factory=lambda: defaultdict(list))
    """What is below a mention in a heading, an item or the head of a column."""
    heads: dict[Mention, Reading] = field(default_factory=dict)
    """The headings and items that such mentions are in."""

    def run(self) -> None:
        """Judge by all tables."""
        for subject in self.facts.subjects:
            columns = {name for name, table in self.facts.world.subjects.items() if table == subject}
            for reading in self.spoken:
                if any(one.column in columns for one in reading.mentions):
                    self.unit(reading, subject, columns)
            self.contexts(subject)
            if subject in self.facts.speech.listed:
                strangers = Strangers(self.facts, self.verdicts, self.facts.subject_keys[subject])
                self.verdicts.update(strangers.find(self.spoken, columns))

    @cached_property
    def spoken(self) -> list[Reading]:
        """The units that have mentions, or are examples."""
        return [one for unit, one in self.readings.items() if one.mentions or unit.kind is UnitKind.EXAMPLE]

    def grouper(self, subject: str, reading: Reading) -> Grouper:
        """How the groups of a unit are judged."""
        speech, facts = self.facts.speech, self.facts
        ballot = Ballot(
            facts.world.entities[subject],
            self.anchors(reading, subject),
            facts.preferred(subject),
            facts.many,
            self.given(reading, subject),
            facts.subject_keys[subject],
        )
        works = bool(facts.lexicon.works.search(reading.low))
        return Grouper(ballot, frozenset(speech.least), facts.subject_keys[subject], works)

    def anchors(self, reading: Reading, subject: str) -> tuple[Entity, ...]:
        """The row that the variants named in a unit are of, if that is one."""
        if reading.has_unknown_names:
            return ()
        rows = {id(row): row for one in reading.identities if (row := self.facts.entity_of(one, subject))}
        return tuple(rows.values()) if len(rows) == 1 else ()

    def given(self, reading: Reading, subject: str) -> frozenset[tuple[str, str]]:
        """The fields of the rows of other tables that a unit, or the variant that it names, states.

        None where no row is only for some variants, so that nothing asks for them.
        """
        if not any(only for row in self.facts.world.entities[subject] for only, _ in row.variants):
            return frozenset()
        rows = [
            row
            for one in reading.mentions
            if (other := self.facts.world.subjects.get(one.column)) and other != subject
            for row in self.facts.world.entities[other]
            if matches(one, row)
        ]
        rows += [
            row
            for one in reading.identities
            for other in self.facts.subjects
            if (row := self.facts.entity_of(one, other))
        ]
        return frozenset((name, values[0]) for row in rows for name, values in row.values.items() if len(values) == 1)

    def unit(self, reading: Reading, subject: str, columns: set[str]) -> None:
        """Judge the mentions of one subject in one unit."""
        mentions = reading.claimed(columns)
        if reading.identities:  # beside a variant's name a word such as `legacy` may be of anything, as of machines
            status = self.facts.lexicon.status_column
            mentions = [one for one in mentions if one.column != status or one.sort is Sort.HEADED]
        if not mentions:
            return
        grouper = self.grouper(subject, reading)
        if reading.unit.cells:
            mentions = self.headed(reading, mentions, subject)
            self.row(reading, mentions, grouper)
            return
        keys = self.facts.subject_keys[subject]
        own = [one for one in mentions if one.column in keys]
        if not grouper.ballot.anchors and (not own or self.is_labelled(reading, own[0])):
            above = self.above(reading, mentions, keys)
            if above is not None:
                kept = [one for one in mentions if self.may_inherit(reading, one)]
                if kept:
                    self.heads[above] = self.of(above, reading)
                    self.below[above].append((reading, kept))
                    return
        is_code = reading.unit.kind is UnitKind.EXAMPLE and _REMARK.search(reading.low)  # it is about the binding
        cuts = [] if is_code else clause_cuts(reading.low, self.facts.lexicon)
        self.verdicts.update(grouper.read(self.of_named(mentions, own, cuts), cuts))
        if reading.has_unknown_names and reading.unit.kind is UnitKind.CODE:  # beside a command, it is of what is built
            gone = [one for one in mentions if one.column in self.facts.speech.least and one not in self.verdicts]
            known = {value for one in gone for value in self.facts.world.values(one.column)}
            strange = [one for one in gone if one.value not in known]
            self.verdicts.update({one: Verdict(is_right=False, is_decided=False) for one in strange})

    def of_named(self, mentions: list[Mention], own: Sequence[Mention], cuts: Sequence[int]) -> list[Mention]:
        """The mentions without flags in a clause that names no row, where another clause does: they are others'."""
        named = {bisect(cuts, one.start) for one in own}
        is_flags = self.facts.lexicon.is_flags
        return [one for one in mentions if not named or not is_flags(one.column) or bisect(cuts, one.start) in named]

    def of(self, above: Mention, reading: Reading) -> Reading:
        """The unit above another one that a mention is in."""
        return next(one for one in reading.above if above in one.mentions)

    def is_labelled(self, reading: Reading, mention: Mention) -> bool:
        """Whether an item is a label, a colon and a value."""
        before = reading.low[: mention.start]
        nouns = [
            self.facts.lexicon.noun(token.text) for token in reading.found.of("noun") if token.end <= mention.start
        ]
        return reading.unit.kind is UnitKind.ITEM and ":" in before and mention.column in nouns

    def may_inherit(self, reading: Reading, mention: Mention) -> bool:
        """Whether what is above says what a mention is about: in prose, only of values that a table has."""
        if reading.unit.kind in (UnitKind.ITEM, UnitKind.ROW):
            is_value = mention.value in self.facts.world.values(mention.column)
            return mention.sort is not Sort.BARE or is_value or self.is_labelled_above(reading, mention)
        return mention.value in self.facts.world.values(mention.column) and reading.unit.is_first

    def is_labelled_above(self, reading: Reading, mention: Mention) -> bool:
        """Whether the item right above says what a value is of."""
        nouns = [token.text for one in reading.above[:1] for token in one.found.of("noun")]
        return mention.column in {self.facts.lexicon.noun(text) for text in nouns}

    def above(self, reading: Reading, mentions: Sequence[Mention], keys: frozenset[str]) -> Mention | None:
        """The one mention of a key in the nearest unit above that has any."""
        for unit in reading.unit.context:
            other = self.readings.get(unit)
            found = [one for one in other.claimed(keys) if one.form != "word"] if other else []
            if found and found[0].column in {one.column for one in mentions}:
                return None
            if found:
                by_column = {one.column: one.value for one in found}
                return found[0] if all(by_column[one.column] == one.value for one in found) else None
        return None

    def row(self, reading: Reading, mentions: list[Mention], grouper: Grouper) -> None:
        """Judge a row of a table: what is under heads comes first."""
        headed = {one.column for one in mentions if one.sort is Sort.HEADED}
        kept = [one for one in mentions if one.sort is Sort.HEADED or one.column not in headed or one.is_formed]
        is_entry = is_of_first_cell(reading, kept, grouper.keys)
        found = grouper.read(kept, () if is_entry else clause_cuts(reading.low, self.facts.lexicon), whole=is_entry)
        if not found and len(kept) > 1:
            for number in range(len(reading.unit.cells)):
                cell = [one for one in kept if one.cell == number]
                if len(cell) > 1:
                    found.update(grouper.read(cell))
        self.verdicts.update(found)

    def headed(self, reading: Reading, mentions: list[Mention], subject: str) -> list[Mention]:
        """The mentions that no head names a row for; the others are kept below that head."""
        keys = self.facts.subject_keys[subject]
        left: list[Mention] = []
        by_cell: dict[Mention, list[Mention]] = {}
        for one in mentions:
            head = reading.heads[one.cell] if 0 <= one.cell < len(reading.heads) else []
            over = [above for above in head if above.column in keys]
            if len(over) == 1 and one.column != over[0].column:
                by_cell.setdefault(over[0], []).append(one)
            else:
                left.append(one)
        for above, found in by_cell.items():
            self.below[above].append((reading, found))
        return left

    def contexts(self, subject: str) -> None:
        """Judge what is below headings, items and heads: all together where that is one row."""
        for head, parts in self.below.items():
            above = self.beside(head)
            mentions = [one for _, found in parts for one in found]
            by_column: dict[str, set[str]] = defaultdict(set)
            for one in mentions:
                by_column[one.column].add(one.value)
            grouper = self.grouper(subject, parts[0][0])
            if all(len(values) == 1 or name in self.facts.many for name, values in by_column.items()):
                self.merge(grouper.read([*above, *mentions], whole=True), above)
                continue
            for reading, found in parts:
                grouper = self.grouper(subject, reading)
                self.merge(grouper.read([*above, *found], whole=True), above)
        self.below.clear()

    def beside(self, head: Mention) -> list[Mention]:
        """What names the row of a heading, an item or the head of a column: keys of several columns, or one."""
        reading = self.heads.get(head)
        if reading is None or reading.unit.cells:
            return [head]
        keys = self.facts.subject_keys[self.facts.world.subjects[head.column]]
        return [one for one in reading.claimed(keys) if one.form != "word"]

    def merge(self, found: Mapping[Mention, Verdict], above: Sequence[Mention]) -> None:
        """Take verdicts over; what is above is wrong only where it is outvoted."""
        for one, verdict in found.items():
            known = self.verdicts.get(one)
            if one in above and (not verdict.is_decided or (known is not None and known.is_decided)):
                continue
            self.verdicts[one] = verdict


def is_of_first_cell(reading: Reading, mentions: Sequence[Mention], keys: frozenset[str]) -> bool:
    """Whether a row is of what its first cell says, where no heads tell: no other cell has another key."""
    if any(cell.head is not None for cell in reading.unit.cells) or reading.unit.depth < 0:
        return True
    first = {one.column: one.value for one in mentions if one.cell == 0 and one.column in keys}
    return bool(first) and all(first.get(one.column, one.value) == one.value for one in mentions if one.column in keys)


def spoken(mentions: Sequence[Mention], verdicts: Mapping[Mention, Verdict]) -> list[Entity]:
    """The rows that mentions were found to be of."""
    rows = {id(verdict.entity): verdict.entity for one in mentions if (verdict := verdicts.get(one)) and verdict.entity}
    return list(rows.values())
