"""The words of counts: numbers, nouns of what is counted, and what is between and around them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.check.claims.words.tokens import column_of_head, lowered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nixlint_ort.check.claims.counts.count import Word
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.text.units import Cell

_WORD = 3
"""Letters of which a word in the plural has more."""


class CountWords:
    """The patterns by which counts are found in text in lower case."""

    def __init__(self, facts: Facts) -> None:
        self.lexicon = facts.lexicon
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
    def signs(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """What is between two numbers of a sum or a product, by its sign; and before what they make."""
        words = (
            ("+", self.speech.adding, r"\+"),
            ("*", self.speech.multiplying, r"[×*]|\bx\b"),
            ("=", self.speech.making, "="),
        )
        return tuple(
            (sign, re.compile(rf"[^=+×*]*?(?:{shown}|{phrases_of(said).pattern})[^=+×*\w]*\Z"))
            for sign, said, shown in words
        )

    @cached_property
    def addend(self) -> re.Pattern[str]:
        """A number that something is added to, right before another number."""
        return re.compile(rf"(?<![\w.])(?P<number>\d{{1,6}})\s*(?:\+|{phrases_of(self.speech.adding).pattern})\s*\Z")

    @cached_property
    def result(self) -> re.Pattern[str]:
        """What is right before the result of a sum or a product."""
        return re.compile(rf"(?:=|{phrases_of(self.speech.making).pattern})\s*\Z")

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

    def goes_on(self, low: str, end: int) -> bool:
        """Whether a noun that no table knows follows, as behind the `GPU` of `7 GPU generations`."""
        found = re.match(r"[ \-]([a-z]{3,})\b", low[end : end + 40])
        return found is not None and found[1] not in self.connecting

    def is_of_others(self, reading: Reading, first: Cell, words: Sequence[Word]) -> bool:
        """Whether a row's label, or the head over it, has a noun that no table knows, as `GPU tests` or `Machines`."""
        label = [one for one in words if one.start < first.end]
        if label and self.goes_on(reading.low[: first.end], label[-1].end):
            return True
        head = lowered(first.head.chars).split() if first.head else []
        is_plural = bool(head) and len(head[-1]) > _WORD and head[-1].endswith("s") and head[-1].isalpha()
        known = first.head and (self.pattern.search(" ".join(head)) or column_of_head(self.lexicon, first.head.chars))
        return is_plural and not known

    @cached_property
    def connecting(self) -> frozenset[str]:
        """Words that are no nouns: what joins, attaches, adds and does."""
        speech = self.speech
        groups = (speech.joining, speech.attached, speech.each, speech.adding, speech.multiplying, speech.making)
        words = (word for group in (*groups, speech.verbs, speech.contrast, speech.filler) for word in group)
        return frozenset(part for word in words for part in word.split())


def is_terse(low: str, start: int, end: int) -> bool:
    """Whether a number with only words that say of which is in a sum, in parentheses or by itself."""
    before, after = low[:start].rstrip()[-1:], low[end:].lstrip()[:1]
    is_added = after in set("+×=")
    return is_added or (before in {"(", "+", "=", ",", "×", "*", ":", "", "x"} and after in set("),*.;x") | {""})


def start_of_form(low: str, start: int) -> int:
    """Where the written form begins whose number begins at `start`, such as the `sm` of `sm90`."""
    return len(low[:start].rstrip("abcdefghijklmnopqrstuvwxyz_"))


def is_of_some(reading: Reading, number: Word, words: Sequence[Word]) -> bool:
    """Whether a number is the last of a heading that has nothing else but of which variants it speaks."""
    if reading.unit.kind is not UnitKind.HEADING or number.end < len(reading.low.rstrip()):
        return False
    known = [(one.start, one.end) for one in words] + [(one.start, one.end) for one in reading.found.tokens]
    rest = "".join(char for at, char in enumerate(reading.low) if not any(start <= at < end for start, end in known))
    return any(one.group in ("filter", "mention") for one in words) and not re.search(r"[^\W\d_]{2}", rest)
