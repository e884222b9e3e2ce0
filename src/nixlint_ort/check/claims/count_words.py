"""The words of counts: numbers, nouns of what is counted, and what is between and around them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.grammar import phrases_of

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts


class CountWords:
    """The patterns by which counts are found in text in lower case."""

    def __init__(self, facts: Facts) -> None:
        self.speech, self.grammar = facts.speech, facts.lexicon.grammar
        self.numbers = {word: number for number, word in enumerate(facts.speech.numbers)}

    @cached_property
    def nouns(self) -> dict[str, str]:
        """What is counted, by its noun."""
        return {word: what for what, words in self.speech.counted.items() for word in words}

    @cached_property
    def filters(self) -> dict[str, tuple[str, str]]:
        """Fields and their values, by the words that say so."""
        return {
            word.lower(): (name, value)
            for name, by_value in self.speech.among.items()
            for value, words in by_value.items()
            for word in words
        }

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Numbers, nouns of what is counted, and words that say of which."""
        return re.compile(
            rf"(?P<number>{self.number.pattern})"
            rf"|(?P<noun>{phrases_of(self.nouns).pattern})"
            rf"|(?P<filter>{phrases_of(self.filters).pattern})"
            rf"|(?P<total>{phrases_of(self.speech.totals).pattern})"
        )

    @cached_property
    def number(self) -> re.Pattern[str]:
        """A number, in digits or as a word."""
        words = "|".join(self.speech.numbers)
        return re.compile(rf"(?<![\w.,$#\-])(?:\d{{1,6}}|{words})(?![\w%°]|[.,:]\d|\+\w)")

    @cached_property
    def gap(self) -> re.Pattern[str]:
        """What may be between a number and what it counts."""
        return re.compile(rf"[\s\-*`(]*(?:(?:{phrases_of(self.speech.filler).pattern})[\s\-]+)*\Z")

    @cached_property
    def link(self) -> re.Pattern[str]:
        """What is between what is counted and a word that says of which."""
        return re.compile(
            rf"\s+(?:{phrases_of(self.speech.attached).pattern})\s+(?:(?:{phrases_of(self.speech.articles).pattern})\s+)?"
        )

    @cached_property
    def joint(self) -> re.Pattern[str]:
        """What is between two words that say of which."""
        return re.compile(rf"(?:{self.link.pattern}|{self.grammar.joint.pattern})")

    @cached_property
    def each(self) -> re.Pattern[str]:
        """What is between a count and what it is for each of."""
        return re.compile(rf"[\s(]*(?:{phrases_of(self.speech.each).pattern})\s+")

    @cached_property
    def noun(self) -> re.Pattern[str]:
        """What is counted."""
        return phrases_of(self.nouns)

    @cached_property
    def total(self) -> re.Pattern[str]:
        """A word for a sum."""
        return phrases_of(self.speech.totals)
