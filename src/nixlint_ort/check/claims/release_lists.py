"""What documents list for a release: the rows of other tables that it has; and what they say is in it or not."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.counts.count_words import start_of_form
from nixlint_ort.check.claims.reading import Reading
from nixlint_ort.check.claims.rows.votes import Verdict, matches
from nixlint_ort.check.claims.tables.list_additions import ShortList
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.foreign import names_stranger
from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.check.claims.words.mention import Mention, Sort

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.words.entities import Entity


_WHOLE = 4
"""Rows of a list that nobody writes by chance."""
_CLAUSE = 40
"""Code points before something in which a word denies it."""
_BEHIND = 24
"""Code points behind something, or a list of such, in which a word denies it."""
_ASIDE = re.compile(r"\A\s*\([^()]*\)|\A\)")


class Listed(NamedTuple):
    """What a unit lists: rows of a table, which are to be those of these keys."""

    reading: Reading
    release: Entity
    subject: str
    keys: tuple[str, ...]


@dataclass(slots=True, eq=False)
class ReleaseLists:
    """Judges lists by the rows that releases have."""

    facts: Facts
    verdicts: dict[Mention, Verdict]
    short: list[ShortList] = field(default_factory=list)
    """The lists that lack rows."""

    def judge(self, reading: Reading, release: Entity) -> None:
        """The rows of other tables that a unit lists for a release: all that it has, and no others."""
        for field_name, keys in release.lists.items():
            subject = field_name.partition(".")[0]
            if subject not in self.facts.speech.listed:
                continue
            listed = Listed(reading, release, subject, keys)
            columns = self.facts.subject_keys.get(subject, frozenset())
            mentions = [
                one for one in reading.claimed(columns) if self.is_list(reading, one) and one.form != "word"
            ]  # a word such as `CPU-only` stands for what no release lists
            for column in sorted({one.column for one in mentions} & self.facts.looks.keys()):
                self.of_keys(listed, [one for one in mentions if one.column == column])
            if not mentions:
                self.of_least(listed)

    def labelled(self, readings: Collection[Reading], own: Collection[Reading], release: Entity) -> None:
        """The lists beside labels in tables of two columns, of which one of the rows that are its `own` states it.

        And those of badges.
        """
        for badge in (one for one in readings if one.unit.kind is UnitKind.BADGE):
            sizes = {len(keys) for keys in release.lists.values()} - {1}
            if len(badge.mentions) in sizes and not names_stranger(badge.unit.text.chars, self.facts.lexicon):
                self.judge(badge, release)
        rows = [one for one in readings if one.unit.kind is UnitKind.ROW and len(one.unit.cells) == 2]
        rows = [one for one in rows if self.is_label(one, one.unit.cells[0].end)]
        branches = {
            one.unit.table for one in rows for it in one.mentions if it.column == self.facts.lexicon.branch_column
        }
        tables = {one.unit.table for one in rows if one in own} - branches
        for reading in rows:
            if reading.unit.table in tables and reading not in own and reading.mentions:
                self.judge(reading, release)

    def targets(self, reading: Reading, release: Entity) -> None:
        """A list of as many rows of another table as the release has, of which all but one are those that it has."""
        if reading.unit.kind not in (UnitKind.ROW, UnitKind.ITEM, UnitKind.HEADING):
            return
        for field_name in self.facts.speech.supported:
            keys = release.lists.get(field_name, ())
            column = self.facts.world.keys.get(field_name.partition(".")[0], "")
            mentions = [one for one in reading.claimed({column}) if one.is_formed]
            joint, low = self.facts.lexicon.grammar.joint, reading.low
            gaps = (low[one.end : start_of_form(low, two.start)] for one, two in pairwise(mentions))
            if not mentions or not self.is_label(reading, start_of_form(low, mentions[0].start)):
                continue
            is_list = len(mentions) == len(keys) >= _WHOLE and all(joint.fullmatch(gap) for gap in gaps)
            extra = [one for one in mentions if one.value not in keys]
            missing = [key for key in keys if key not in {one.value for one in mentions}]
            if is_list and len(extra) == 1 == len(missing):
                self.verdicts[extra[0]] = Verdict(False, missing[0], release)

    def is_label(self, reading: Reading, end: int) -> bool:
        """Whether a unit has nothing but nouns before a code point."""
        counted = phrases_of(word for words in self.facts.speech.counted.values() for word in words)
        nouns = [(one.start, one.end) for one in reading.found.of("noun")]
        nouns += [one.span() for one in counted.finditer(reading.low, 0, end)]
        rest = (
            char for at, char in enumerate(reading.low[:end]) if not any(first <= at < last for first, last in nouns)
        )
        return not re.search(r"\w", "".join(rest))

    def is_list(self, reading: Reading, mention: Mention) -> bool:
        """Whether a mention is under its own head, or not in a row at all."""
        return not reading.unit.cells or mention.sort is Sort.HEADED or mention.is_listed

    def of_keys(self, listed: Listed, mentions: list[Mention]) -> None:
        """A list of values that name rows by themselves."""
        world, column = self.facts.world, mentions[0].column
        rows = [next((row for row in world.entities[listed.subject] if matches(one, row)), None) for one in mentions]
        said = [row.key if row else one.value for row, one in zip(rows, mentions, strict=True)]
        is_list = len(mentions) == 1 or any(one.is_listed for one in mentions)
        wrong = [one for one in mentions if (verdict := self.verdicts.get(one)) and not verdict.is_right]
        if wrong and is_list and sorted(said) == sorted(listed.keys):  # what else is beside it is not about all of it
            self.verdicts.update({one: Verdict(is_right=True, entity=listed.release) for one in wrong})
        if wrong:
            return
        extra = [one for key, one in zip(said, mentions, strict=True) if key not in listed.keys]
        missing = [row for key in listed.keys if key not in said and (row := world.entity(listed.subject, key))]
        if not extra and len(missing) == 1 and len(said) == len(listed.keys):
            extra = [one for one, key, other in zip(mentions, said, listed.keys, strict=True) if key != other]
        if len(extra) == 1 == len(missing) and is_list:
            self.verdicts[extra[0]] = Verdict(False, missing[0].values[column][0], listed.release)
        elif extra:
            self.verdicts.update({one: Verdict(False, None, listed.release, is_decided=False) for one in extra})
        elif missing and self.is_whole_list(listed.reading, mentions):
            self.short.append(ShortList(listed.reading, mentions, rows, missing, listed.keys))

    def is_whole_list(self, reading: Reading, mentions: Sequence[Mention]) -> bool:
        """Whether a list is meant to have everything: of two or more, or under a head, or in an item or a banner."""
        if len(mentions) > 1 and any(one.is_listed for one in mentions):
            return True
        if reading.unit.cells:
            return mentions[0].sort is Sort.HEADED
        return reading.unit.kind is UnitKind.ITEM or reading.unit.is_quoted

    def of_least(self, listed: Listed) -> None:
        """A list of what each of a release's rows needs at least, without these rows."""
        rows = [row for key in listed.keys if (row := self.facts.world.entity(listed.subject, key))]
        for column in self.facts.speech.least:
            mentions = listed.reading.claimed({column})
            if not any(one.is_listed for one in mentions[1:]):
                mentions = [one for one in mentions if self.is_list(listed.reading, one)]
            if self.facts.world.subjects.get(column) != listed.subject or not len(mentions) == len(rows) > 1:
                continue
            wanted = sorted(row.values[column][0] for row in rows)
            if sorted(one.value for one in mentions) == wanted:
                continue
            for one, row in zip(mentions, rows, strict=True):
                known = self.verdicts.get(one)
                if known is None or (known.is_right and all(it.is_listed for it in mentions[1:])):
                    right = matches(one, row)
                    self.verdicts[one] = Verdict(right, None if right else row.values[column][0], row)

    def support(self, reading: Reading, branches: Sequence[Mention]) -> None:
        """Whether the releases that are named have what is said to be in them, or not to be."""
        low, lexicon = reading.low, self.facts.lexicon
        if lexicon.excluding["sentence"].search(low):
            return
        for field_name in self.facts.speech.supported:
            subject = field_name.partition(".")[0]
            denied = False
            for number, mention in enumerate(reading.mentions):
                if self.facts.world.subjects.get(mention.column) == subject:
                    before = re.split(r"[,;:()—–]", low[max(0, mention.start - _CLAUSE) : mention.start])[-1]
                    before = lexicon.grammar.clause_cut.split(before)[-1]
                    end = mention.end
                    for other in reading.mentions[number + 1 :]:
                        if not lexicon.grammar.listed.match(low, end, start_of_form(low, other.start)):
                            break
                        end = other.end
                    after = self.denied_behind.match(_ASIDE.sub("", low[end : end + _CLAUSE])[:_BEHIND])
                    last = reading.mentions[number - 1].end if number else 0
                    goes_on = lexicon.grammar.listed.match(low, last, start_of_form(low, mention.start))
                    denied = bool(lexicon.negating.search(before) or after or (denied and goes_on))
                    self.supports(reading, branches, mention, field_name, denied=denied)

    @property
    def denied_behind(self) -> re.Pattern[str]:
        """What is behind something in a clause that denies it."""
        return re.compile(rf"[^,;.)]*(?:{self.facts.lexicon.excluding['preceding'].pattern})")

    def supports(
        self, reading: Reading, branches: Sequence[Mention], mention: Mention, field_name: str, *, denied: bool
    ) -> None:
        """One mention of something that releases have or have not."""
        rows = [row for row in self.facts.world.entities[field_name.partition(".")[0]] if matches(mention, row)]
        for branch in branches if rows else ():
            entity = self.facts.world.entity(self.facts.releases, branch.value)
            if entity is None:
                self.verdicts.setdefault(branch, Verdict(is_right=False, is_decided=False))
                continue
            has = any(row.key in entity.lists.get(field_name, ()) for row in rows)
            verdict = self.verdicts.get(branch)
            if has != denied:
                self.verdicts.setdefault(mention, Verdict(is_right=True, entity=entity))
            elif verdict is None or verdict.is_right:
                own = {one.column for one in reading.claimed(set(entity.values))}
                self.verdicts[mention if len(own) > 1 else branch] = Verdict(False, None, entity, is_decided=False)
