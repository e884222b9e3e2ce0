"""Tells of sentences whether they are about another repository or program, of which nothing is counted here."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.grammar import alternatives, phrases_of
from nixlint_ort.check.claims.words.scope import names_stranger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.text.units import Unit


class OtherRepositories:
    """Finds the sentences of a document that are about another repository."""

    def __init__(self, facts: Facts, readings: Mapping[Unit, Reading]) -> None:
        self.facts = facts
        self.readings = readings

    @cached_property
    def blocks(self) -> Mapping[int, list[Unit]]:
        """The sentences of each paragraph."""
        found: dict[int, list[Unit]] = defaultdict(list)
        for unit in self.readings:
            if unit.kind in (UnitKind.SENTENCE, UnitKind.ITEM):
                found[unit.block].append(unit)
        return found

    @cached_property
    def pronouns(self) -> re.Pattern[str]:
        """Words for what the sentence before is about."""
        return phrases_of(self.facts.speech.pronouns)

    @cached_property
    def repository(self) -> re.Pattern[str]:
        """A word and a repository."""
        words = alternatives(re.escape(one) for one in self.facts.speech.repositories)
        return re.compile(rf"(?<!\w)(?P<whose>[\w'’]+)[`*\"'’\s]*\s(?:{words})(?!\w)")

    def is_about(self, reading: Reading) -> bool:
        """Whether a sentence is about another repository, or goes on about one."""
        unit, lexicon = reading.unit, self.facts.lexicon
        if unit.cells or lexicon.here.search(reading.low):
            return False
        if self.names_one(unit):
            return True
        if unit.kind is not UnitKind.SENTENCE or not self.pronouns.search(reading.low):
            return False
        for before in reversed(self.blocks[unit.block][: self.blocks[unit.block].index(unit)]):
            low = before.text.chars.lower()
            if lexicon.here.search(low):
                return False
            if self.names_one(before):
                return True
            if not self.pronouns.search(low):
                return False
        return False

    def names_one(self, unit: Unit) -> bool:
        """Whether a sentence says `the vllm repository`, or names another program."""
        low = unit.text.chars.lower()
        known = {*self.facts.speech.ours, self.facts.lexicon.package}
        whose = (found["whose"] for found in self.repository.finditer(low))
        if any(one not in known and one not in self.facts.lexicon.nouns for one in whose):
            return True
        return names_stranger(unit.text.chars, self.facts.lexicon)
