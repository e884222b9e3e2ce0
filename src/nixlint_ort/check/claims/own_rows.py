"""Judges what the texts inside a variant say by the rows that the variant's own name states."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.read_unit import Read, WrongMention
from nixlint_ort.check.claims.rows.votes import matches
from nixlint_ort.check.claims.text.passages import is_part_of_a_name
from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.check.claims.words.mention import Mention, Sort

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.variant.identity import Identity

_TABLE = 3
"""Rows of which a passage speaks that is a table of them."""
_POSSESSIVE = re.compile(r"(?<!\bit)(?<!\bthat)(?<!\bthere)(?<!\blet)(?<!\bhere)(?<!\bwhat)['’]s\b|\w{3}s['’](?=\s)")
"""Somebody else's thing."""
_NEAR = 40
"""Code points within which a word says how a mention is meant."""


@dataclass(eq=False)
class OwnRows:
    """The rows of one variant, and how its texts are held against them."""

    facts: Facts
    identity: Identity
    fields: Fields

    @cached_property
    def rows(self) -> Mapping[str, Entity | None]:
        """The variant's row of each table; None where it has none."""
        subjects = {self.facts.world.subjects[name] for name in self.columns if name in self.facts.world.subjects}
        of_name = {subject: self.facts.entity_of(self.identity, subject) for subject in subjects}
        return of_name | dict.fromkeys(subjects & {self.facts.releases}, self.facts.release)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that texts are judged by."""
        return frozenset(self.facts.speech.texts["columns"])

    def judge(self, passage: Sequence[Read]) -> list[WrongMention]:
        """What is wrong in the units of one passage."""
        tables = self.tables(passage)
        wrong: list[WrongMention] = []
        for read in passage:
            self.mark_compared(read)
            found = [one for one in read.found.mentions if self.is_claim(read, one) and self.subject(one) not in tables]
            found = [one for one in found if not self.is_right(read, one)]
            wrong += self.outvoted(read, found)
        return wrong

    def subject(self, mention: Mention) -> str:
        """The table whose rows have a mention's column."""
        return self.facts.world.subjects.get(mention.column, "")

    def tables(self, passage: Sequence[Read]) -> set[str]:
        """The tables of which a passage lists several rows, the variant's own among them."""
        keys: dict[str, set[str]] = defaultdict(set)
        own: set[str] = set()
        for read in passage:
            for one in read.found.mentions:
                if one.column in self.facts.subject_keys.get(self.subject(one), ()):
                    keys[self.subject(one)].add(one.value)
                    if (row := self.rows.get(self.subject(one))) and matches(one, row):
                        own.add(self.subject(one))
        return {subject for subject in own if len(keys[subject]) >= _TABLE}

    def is_claim(self, read: Read, mention: Mention) -> bool:
        """Whether a mention says something of this variant."""
        subject = self.subject(mention)
        if mention.column not in self.columns or mention.is_outside or mention.form == "word":
            return False
        if mention.is_short and mention.column == self.facts.world.keys.get(subject):
            return False
        if subject not in self.rows or (self.rows[subject] is None and self.is_unknown(subject, mention)):
            return False
        if (
            is_part_of_a_name(read.low, mention.start, mention.end)
            or self.is_open(read, mention)
            or self.is_denied(read, mention)
        ):
            return False
        if read.known("others", self.is_of_others):
            return False
        if subject == self.facts.releases and not self.is_of_release(read, mention):
            return False
        if self.facts.lexicon.is_flags(mention.column) or (self.is_of_isa(subject) and not self.states(read, mention)):
            return False
        return not read.known(f"contrasted {subject}", lambda _: self.is_contrasted(read, subject))

    def is_unknown(self, subject: str, mention: Mention) -> bool:
        """Whether nobody can tell what a variant has: of no known release, or of a row that its table has not."""
        key = self.facts.world.keys[subject]
        stated = key in self.fields or key in self.identity.fields
        return subject == self.facts.releases or (stated and (key != mention.column or mention.is_short))

    def is_open(self, read: Read, mention: Mention) -> bool:
        """Whether a value stands for all that come after it as well, or for a major version."""
        if mention.column in self.facts.speech.least:
            return bool(
                read.known("works", lambda one: self.facts.lexicon.works.search(one.low))
                and all(map(mention.is_at_least, self.values(mention.column)))
            )
        grammar = self.facts.lexicon.grammar
        after = grammar.onward.match(read.low, mention.end) or grammar.up_to.match(read.low, mention.end)
        before = read.low[max(0, mention.start - _NEAR) : mention.start]
        return bool(after or self.at_least.search(before)) or (
            mention.is_short and read.low.startswith((".x", ".*"), mention.end)
        )

    @cached_property
    def at_least(self) -> re.Pattern[str]:
        """What is before a value and says that others are meant as well."""
        return re.compile(rf"(?:{self.facts.lexicon.telling['least'].pattern})[^,;.]*\Z")

    def is_denied(self, read: Read, mention: Mention) -> bool:
        """Whether the clause of a mention says behind it that something is not so."""
        stop = self.facts.lexicon.grammar.clause_end.search(read.low, mention.end)
        end = stop.start() if stop else len(read.low)
        return self.facts.lexicon.telling["denying"].search(read.low, mention.end, end) is not None

    def is_of_others(self, read: Read) -> bool:
        """Whether a sentence speaks of other variants, or of what others do."""
        lexicon, low = self.facts.lexicon, read.low
        if lexicon.telling["others"].search(low) or self.is_of_a_stranger(read) or _POSSESSIVE.search(low):
            return True
        if self.is_of_a_machine(low):
            return True
        if lexicon.telling["many"].search(low) and not lexicon.telling["own"].search(low):
            return True
        for one in read.found.mentions:
            word = self.word_behind(read, one)
            if word in self.facts.speech.telling["groups"]:
                return True
            if (
                word in self.facts.speech.telling["single"]
                and not lexicon.telling["own"].search(low, 0, one.start)
                and not read.known("own", self.names_own_row)
                and self.is_led(low[: one.start])
            ):
                return True
        if read.found.of("name"):
            return True
        names_release = any(one.column == lexicon.branch_column for one in read.found.mentions)
        clause, words = lexicon.grammar.clause_start, lexicon.telling["elsewhere"].finditer(low)
        leads = [one.end() for one in words if clause.search(low[: one.start()])]
        return bool(leads) and (names_release or self.names_other_row(read, leads[0]))

    def names_other_row(self, read: Read, start: int) -> bool:
        """Whether a part of another variant's name follows, as in `for the A40 see sm86`."""
        found = ((one, self.rows.get(self.subject(one))) for one in read.found.mentions)
        return any(row and one.is_formed and one.start >= start and not matches(one, row) for one, row in found)

    def word_behind(self, read: Read, mention: Mention) -> str:
        """The word right behind a mention; none where it is a part of what a column is called."""
        after = re.match(r"[\s)`\-]*(\w+)", read.low[mention.end :])
        if after is None:
            return ""
        is_column = mention.end + after.start(1) in read.known("nouns", self.column_nouns)
        return "" if is_column else after[1]

    def column_nouns(self, read: Read) -> frozenset[int]:
        """Where the words begin that call a column."""
        return frozenset(
            one.start for one in read.found.of("noun") if self.facts.lexicon.noun(one.text) in self.columns
        )

    @cached_property
    def led(self) -> re.Pattern[str]:
        """What is before a variant that is one of others: an article, or a word that leads to it."""
        words = "|".join(map(re.escape, (*self.facts.speech.articles, *self.facts.speech.telling["elsewhere"])))
        return re.compile(rf"\b({words})\s+[\w\s\-]{{0,20}}\Z")

    def is_led(self, before: str) -> bool:
        """Whether that stands before a value; a sentence that begins with `a` or `an` says what the variant is."""
        found = self.led.search(before)
        return found is not None and (found.start() > 0 or found[1] not in self.facts.speech.articles[1:])

    def mark_compared(self, read: Read) -> None:
        """Mark the mentions that the variant is compared with."""
        for one in read.found.mentions:
            one.is_outside |= bool(self.compared.search(read.low[max(0, one.start - _NEAR) : one.start]))

    @cached_property
    def compared(self) -> re.Pattern[str]:
        """What is before a value with which the variant is compared."""
        return re.compile(rf"(?:{phrases_of(self.facts.speech.telling['compared']).pattern})[\s\w,]*\Z")

    def names_own_row(self, read: Read) -> bool:
        """Whether a sentence names anything that the variant has."""
        found = ((one, self.rows.get(self.subject(one))) for one in read.found.mentions)
        return any(row is not None and matches(one, row) for one, row in found)

    def is_of_a_machine(self, low: str) -> bool:
        """Whether a sentence says what a machine has or does, other than what it needs."""
        lexicon = self.facts.lexicon
        ends = [found.end() + 1 for found in lexicon.excluding["hosts"].finditer(low)]
        return any(lexicon.verbs.match(low, end) and not lexicon.needing.match(low, end) for end in ends)

    def is_of_a_stranger(self, read: Read) -> bool:
        """Whether a sentence says what a program or a library does: its first word has capitals inside."""
        first = re.match(r"\W*(\w+)", read.unit.text.chars)
        if (
            first is None
            or not re.search(r"[A-Za-z][A-Z]", first[1])
            or any(one.start < first.end() for one in read.found.tokens)
        ):
            return False
        return bool(self.facts.lexicon.verbs.search(read.low, first.end()))

    def is_of_release(self, read: Read, mention: Mention) -> bool:
        """Whether a branch or a version is said to be the one that is built here."""
        if mention.column == self.facts.lexicon.branch_column:
            nouns = [one for one in read.found.of("noun") if one.end <= mention.start]
            noun = nouns[-1] if nouns else None
            return bool(
                noun
                and self.facts.lexicon.noun(noun.text) == mention.column
                and self.facts.lexicon.between.match(read.low, noun.end, mention.start)
            )
        return mention.sort is Sort.NAMED and not mention.is_short

    def is_of_isa(self, subject: str) -> bool:
        """Whether a table is that of the instruction sets."""
        isa = self.facts.convention.roles.isa
        return isa is not None and self.facts.world.subjects.get(isa.key) == subject

    def states(self, read: Read, mention: Mention) -> bool:
        """Whether the variant is said to be built for an instruction set."""
        stating = self.facts.lexicon.telling["stating"]
        before, after = read.low[: mention.start], read.low[mention.end :]
        is_alone = not re.search(r"\w", before + after)
        return is_alone or bool(stating.search(before) or stating.match(after.lstrip()))

    def is_contrasted(self, read: Read, subject: str) -> bool:
        """Whether a sentence names the variant's own value of a column beside others, or several others."""
        row = self.rows.get(subject)
        by_column: dict[str, dict[str, bool]] = defaultdict(dict)
        for one in read.found.mentions:
            if self.subject(one) == subject and one.column not in self.facts.many:
                by_column[one.column][one.value] = row is not None and matches(one, row)
        several = [found for found in by_column.values() if len(found) > 1]
        return any(any(found.values()) or len(found) > 1 for found in several)

    def is_right(self, read: Read, mention: Mention) -> bool:
        """Whether a mention is of the variant's own row."""
        subject = self.subject(mention)
        row = self.rows.get(subject)
        if row is not None and matches(mention, row):
            return True
        named = self.identity.fields.get(mention.column)
        if row is None and named is not None and named.text == mention.value:
            return True
        others = {
            str(self.facts.convention.fields[name])
            for name in self.facts.speech.besides.get(mention.column, ())
            if name in self.facts.convention.fields
        }
        if mention.value not in others:
            return False
        nouns = {self.facts.lexicon.noun(token.text) for token in read.found.of("noun")}
        return bool(nouns & set(self.facts.speech.beside))

    def values(self, column: str) -> tuple[str, ...]:
        """What the variant has in a column."""
        own = self.fields.get(column)
        if own is not None:
            return (own,) if isinstance(own, str) else tuple(own)
        row = self.rows.get(self.facts.world.subjects.get(column, ""))
        return row.values.get(column, ()) if row else ()

    def outvoted(self, read: Read, wrong: Sequence[Mention]) -> Iterable[WrongMention]:
        """The wrong mentions of a unit, each with what should be in its place if that is clear."""
        for column in dict.fromkeys(one.column for one in wrong):
            found = [one for one in wrong if one.column == column]
            values = self.values(column)
            said = {one.value for one in read.found.mentions if one.column == column}
            left = [one for one in values if one not in said]
            expected: str | tuple[str, ...] | None = values[0] if len(values) == 1 else values or None
            for number, one in enumerate(found):
                sure = one.form != "inner" and not one.is_short
                choice = left[number] if sure and len(left) == len(found) else None
                if sure and column not in self.facts.many and values:
                    choice = values[0]
                yield WrongMention(read.unit, one, expected, one.rendered(choice) if choice is not None else None)
