"""Tells of sentences whether they are about another repository or program, of which nothing is counted here."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.foreign import names_stranger
from nixlint_ort.check.claims.words.grammar import alternatives, phrases_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.text.units import Unit


class OtherRepositories:
    """Finds the sentences of a document that are about another repository."""

    def __init__(self, facts: Facts, readings: Mapping[Unit, Reading]) -> None:
        self.facts = facts
        self.readings = readings
        self.known: dict[int, dict[Unit, bool]] = {}

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
        unit = reading.unit
        if unit.cells:
            return False
        if unit.kind not in (UnitKind.SENTENCE, UnitKind.ITEM):
            return not self.facts.lexicon.here.search(reading.low) and self.names_one(unit)
        if unit.block not in self.known:
            self.known[unit.block] = dict(self.run(self.blocks[unit.block]))
        return self.known[unit.block][unit]

    def run(self, units: Iterable[Unit]) -> Iterator[tuple[Unit, bool]]:
        """The sentences of a paragraph, each with whether it is about another repository."""
        is_about = False
        for unit in units:
            low = unit.text.chars.lower()
            goes_on = is_about and unit.kind is UnitKind.SENTENCE and self.pronouns.search(low) is not None
            is_about = not self.facts.lexicon.here.search(low) and (self.names_one(unit) or goes_on)
            yield unit, is_about

    def names_one(self, unit: Unit) -> bool:
        """Whether a sentence says `the vllm repository`, or names another program."""
        low = unit.text.chars.lower()
        known = {*self.facts.speech.ours, self.facts.lexicon.package}
        whose = (found["whose"] for found in self.repository.finditer(low))
        if any(one not in known and one not in self.facts.lexicon.nouns for one in whose):
            return True
        return names_stranger(unit.text.chars, self.facts.lexicon)
