"""Judges what documents say of releases: of the one that they are beside, and of others that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.reading import Reading
from nixlint_ort.check.claims.release_lists import ReleaseLists
from nixlint_ort.check.claims.rows.branch_columns import below_branches, releases_of, shortened
from nixlint_ort.check.claims.rows.grouping import Grouper
from nixlint_ort.check.claims.rows.votes import Ballot, Verdict, matches, vote
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.mention import Mention, Sort
from nixlint_ort.check.claims.words.scope import clause_cuts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.entities import Entity

_NEAR = 30
_BESIDE = 40
"""Code points within which a noun says whose version it is."""


@dataclass(eq=False)
class Releases:
    """Judges the units of a document by the table of releases, after they were judged by all others."""

    facts: Facts
    readings: Mapping[Unit, Reading]
    verdicts: dict[Mention, Verdict]
    rows: dict[Reading, Entity] = field(default_factory=dict)
    """The release that a unit is of."""
    children: dict[Mention, list[Mention]] = field(default_factory=dict)
    """What is below a branch."""
    of_releases: set[int] = field(default_factory=set)
    """The tables and lists of which an entry begins with a branch."""
    lists: ReleaseLists = field(init=False)

    def __post_init__(self) -> None:
        self.lists = ReleaseLists(self.facts, self.verdicts)

    @property
    def branch(self) -> str:
        """The column of branches."""
        return self.facts.lexicon.branch_column

    @cached_property
    def columns(self) -> set[str]:
        """The columns of releases that documents speak of."""
        return {name for name, table in self.facts.world.subjects.items() if table == self.facts.releases}

    def run(self) -> None:
        """Judge all units."""
        for unit, reading in self.readings.items():
            first = next((one for one in reading.mentions if one.column == self.branch), None)
            if unit.table and first and not reading.low[: first.start].strip(" *`[("):
                self.of_releases.add(unit.table)
        for reading in self.readings.values():
            if reading.mentions:
                self.unit(reading)
        if self.facts.release:
            own = {one for one, entity in self.rows.items() if entity is self.facts.release}
            self.lists.labelled(self.readings.values(), own, self.facts.release)
            for reading in self.readings.values():
                if reading.mentions and not self.speaks_of_others(reading):
                    self.lists.targets(reading, self.facts.release)

    def unit(self, reading: Reading) -> None:
        """Judge one unit: by the branches that it names, or by the one that it is below, or by this one."""
        mentions = reading.claimed(self.columns)
        branches = [one for one in mentions if one.column == self.branch]
        columns = below_branches(reading, mentions, branches, self.facts)
        if columns is not None:
            self.verdicts.update(columns)
            return
        if branches and self.is_here(reading, branches):
            self.here(reading, mentions)
        elif branches:
            found = self.named(reading, mentions)
            self.verdicts.update(found)
            rows = {id(verdict.entity): verdict.entity for verdict in found.values() if verdict.entity}
            entities = list(rows.values()) or releases_of(branches, self.facts)
            if len(entities) == 1:
                self.lists.judge(reading, entities[0])
            self.lists.support(reading, branches)
        else:
            above = self.above(reading)
            if above is not None:
                self.below(reading, mentions, *above)
            elif not self.is_below_branch(reading) and self.states(reading, mentions):
                self.here(reading, mentions)

    def is_below_branch(self, reading: Reading) -> bool:
        """Whether a unit stands among or below entries for branches, also for such that are no release."""
        items = [one for one in reading.above if one.unit.kind in (UnitKind.ITEM, UnitKind.ROW)]
        named = any(one.column == self.branch for other in items for one in other.mentions)
        return named or reading.unit.table in self.of_releases

    def is_here(self, reading: Reading, branches: Sequence[Mention]) -> bool:
        """Whether a unit says that its branch is the one that the document is beside."""
        first, unit, lexicon = branches[0], reading.unit, self.facts.lexicon
        if len({one.value for one in branches}) != 1 or unit.cells:
            return False
        for found in lexicon.here.finditer(reading.low):
            gap = (found.end(), first.start) if found.end() <= first.start else (first.end, found.start())
            if gap[1] - gap[0] <= _NEAR and lexicon.between.match(reading.low, *gap):
                return True
        if lexicon.elsewhere.search(reading.low, 0, first.start):
            return False
        if unit.kind is UnitKind.HEADING and unit.depth == 1:
            return len(reading.mentions) > 1
        top = (
            sum(one.kind is UnitKind.HEADING for one in unit.context) <= 1
            and unit.kind is UnitKind.SENTENCE
            and unit.is_first
        )
        leads = not reading.low[: first.start].strip(" *>`:[(") or first.start <= _NEAR
        return unit.is_quoted and top and leads and len(reading.claimed(set(self.facts.world.subjects))) > 1

    def states(self, reading: Reading, mentions: Sequence[Mention]) -> bool:
        """Whether a version without a branch is said to be the one that is built here."""
        if reading.unit.kind is UnitKind.DATA:
            return False
        if not mentions or all(one.column == self.facts.lexicon.status_column for one in mentions):
            return False
        if reading.unit.kind in (UnitKind.HEADING, UnitKind.ROW, UnitKind.BADGE, UnitKind.EXAMPLE, UnitKind.CODE):
            return True
        if reading.unit.kind is UnitKind.SENTENCE and self.facts.lexicon.excluding["following"].search(reading.low):
            return False
        first = mentions[0]
        label = reading.low[: first.start].rstrip()
        if reading.unit.kind is UnitKind.ITEM and (label.endswith((":", "=", "–", "—", "|")) or first.start <= _NEAR):
            return True
        if reading.unit.is_quoted and reading.unit.is_first:
            return True
        if (
            label.rstrip(" *").endswith(":")
            and len(label) <= _NEAR
            and not re.search(r"\w", reading.low[mentions[-1].end :])
        ):
            return True
        return bool(self.facts.lexicon.stating.search(reading.low))

    def here(self, reading: Reading, mentions: Sequence[Mention]) -> None:
        """Judge mentions by the release that applies."""
        release = self.facts.release
        if release is None:
            return
        others = {
            str(self.facts.convention.fields[name])
            for column, names in self.facts.speech.besides.items()
            for name in names
            if name in self.facts.convention.fields and column in self.columns
        }
        for one in mentions:
            nouns = {
                self.facts.lexicon.noun(token.text)
                for token in reading.found.of("noun")
                if 0 <= one.start - token.end <= _BESIDE
            }
            if one.column == self.facts.lexicon.status_column and one.sort is not Sort.HEADED:
                continue
            if matches(one, release) or (one.value in others and nouns & set(self.facts.speech.beside)):
                self.verdicts[one] = Verdict(is_right=True, entity=release)
            elif (
                one.is_short and one.sort is not Sort.HEADED and reading.unit.kind in (UnitKind.SENTENCE, UnitKind.ITEM)
            ):
                continue
            else:
                value = release.values[one.column][0]
                self.verdicts[one] = Verdict(False, shortened(value, one), release)
        if any(one.column != self.facts.lexicon.status_column for one in mentions):
            self.rows[reading] = release
            self.lists.judge(reading, release)

    def named(self, reading: Reading, mentions: list[Mention]) -> dict[Mention, Verdict]:
        """Judge mentions by the releases that they name."""
        statuses = [one for one in mentions if one.column == self.facts.lexicon.status_column]
        grouper = Grouper(Ballot(self.facts.world.entities[self.facts.releases]))
        others = [one for one in mentions if one not in statuses]
        if reading.unit.cells:
            headed = {one.column for one in mentions if one.sort is Sort.HEADED}
            kept = [one for one in mentions if one.sort is Sort.HEADED or one.column not in headed]
            found = grouper.read(kept, whole=True)
            for entity in releases_of([one for one in kept if one.column == self.branch], self.facts)[:1]:
                if not found and len(kept) == 1:
                    found = {kept[0]: Verdict(is_right=True, entity=entity)}
        else:
            found = grouper.read(others, clause_cuts(reading.low, self.facts.lexicon))
            if not found and len(others) == 1 and others[0].column == self.branch:
                found = self.lone(others[0])
            found.update(self.statuses(reading, found, others, statuses))
        for verdict in found.values():
            if verdict.entity:
                self.rows[reading] = verdict.entity
        return {one: self.shortened(one, verdict) for one, verdict in found.items()}

    def shortened(self, mention: Mention, verdict: Verdict) -> Verdict:
        """A verdict on a version that has only its first parts."""
        if verdict.expected is None or not mention.is_short:
            return verdict
        return verdict._replace(expected=shortened(verdict.expected, mention))

    def lone(self, branch: Mention) -> dict[Mention, Verdict]:
        """A branch that is named alone: right if there is such a release."""
        entities = releases_of([branch], self.facts)
        return {branch: Verdict(is_right=True, entity=entities[0])} if entities else {}

    def statuses(
        self, reading: Reading, found: Mapping[Mention, Verdict], others: Sequence[Mention], statuses: Sequence[Mention]
    ) -> dict[Mention, Verdict]:
        """Statuses of the one release that a unit is of; of several one after another, one has to be right."""
        rows = {id(verdict.entity): verdict.entity for verdict in found.values() if verdict.entity}
        entities = list(rows.values())
        if (
            len(entities) != 1
            or not statuses
            or any(not verdict.is_decided for verdict in found.values())
            or reading.unit.kind is UnitKind.SENTENCE
            or not others
        ):
            return {}
        if any(matches(one, entities[0]) for one in statuses):
            return {one: Verdict(is_right=True, entity=entities[0]) for one in statuses}
        expected = entities[0].values[statuses[0].column][0]
        one = statuses[0]
        return {one: Verdict(False, expected if len(statuses) == 1 else None, entities[0])}

    def above(self, reading: Reading) -> tuple[Entity, Mention] | None:
        """The release of the nearest item, heading or lead above that names one branch, and where it does."""
        for unit in reading.unit.context:
            other = self.readings.get(unit)
            found = list(other.claimed({self.branch})) if other else []
            if found and unit.kind is UnitKind.HEADING and unit.depth == 1:
                return None
            if found:
                entities = releases_of(found, self.facts)
                return (entities[0], found[0]) if len(entities) == 1 else None
        return None

    def below(self, reading: Reading, mentions: Sequence[Mention], entity: Entity, above: Mention) -> None:
        """Judge mentions by the release that they are below."""
        kept = [one for one in mentions if one.column != self.facts.lexicon.status_column]
        if kept:
            self.children.setdefault(above, []).extend(kept)
            found = vote([above, *kept], Ballot(self.facts.world.entities[self.facts.releases])).verdicts
            for one in kept:
                if one in found:
                    self.verdicts[one] = self.shortened(one, found[one])
        self.rows[reading] = entity
        if kept or reading.unit.kind is UnitKind.ITEM:
            self.lists.judge(reading, entity)

    def missing_members(self) -> Iterator[tuple[Reading, Mention, Entity]]:
        """Rows of other tables that units are about, though the release does not have them."""
        release = self.facts.release
        if release is None:
            return
        for field_name, keys in release.lists.items():
            subject = field_name.partition(".")[0]
            columns = self.facts.subject_keys.get(subject, frozenset())
            whole = {row.key for row in self.facts.world.entities.get(subject, ()) if columns <= row.values.keys()}
            for reading in self.readings.values():
                if (
                    not reading.mentions
                    or self.rows.get(reading, release) is not release
                    or self.speaks_of_others(reading)
                ):
                    continue
                if subject not in self.facts.speech.listed and not self.is_offered(reading):
                    continue
                for one in reading.claimed(columns):
                    verdict = self.verdicts.get(one)
                    entity = verdict.entity if verdict and verdict.is_right else None
                    if entity and entity.subject == subject and entity.key in whole and entity.key not in keys:
                        yield reading, one, entity

    def is_offered(self, reading: Reading) -> bool:
        """Whether a unit says what there is to take: a row, an item, or a sentence that says so."""
        if reading.unit.cells or reading.unit.kind is UnitKind.ITEM:
            return True
        lexicon = self.facts.lexicon
        is_advice = lexicon.telling["elsewhere"].search(reading.low) and any(one.is_formed for one in reading.mentions)
        return bool(is_advice) and not lexicon.excluding["sentence"].search(reading.low)

    def speaks_of_others(self, reading: Reading) -> bool:
        """Whether a unit, or what it is below, names other releases."""
        if any(one.value != self.facts.branch for one in reading.mentions if one.column == self.branch):
            return True
        above = self.above(reading)
        return above is not None and above[0] is not self.facts.release
