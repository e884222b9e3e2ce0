"""Finds the numbers of a document that count something: what they count, and of which variants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.counts.count import Count, Filters, Word
from nixlint_ort.check.claims.counts.count_words import CountWords, is_of_some, is_terse, start_of_form
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.check.claims.words.tokens import column_of_head, lowered
from nixlint_ort.convention.claims import COUNT, VARIANTS

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.mention import Mention

_SEGMENT = re.compile(r";|·|\|")
_NOUNS = re.compile(r"[\sa-z]{0,12}\Z")
_ASIDE = re.compile(r"\([^()]*\)")
_NO_COUNTS = ("name", "foreign", "hash")
"""Tokens whose digits count nothing."""
_LABEL = 60
"""Code points of a label."""
_WORDS_BETWEEN = 4
"""Words that say of which variants, between a number and what it counts."""


class CountFinder:
    """Finds the counts of a document."""

    def __init__(self, facts: Facts, readings: Mapping[Unit, Reading], verdicts: Mapping[Mention, Verdict]) -> None:
        self.facts = facts
        self.readings = readings
        self.verdicts = verdicts
        self.known: dict[Reading, list[Word]] = {}
        self.words_for = CountWords(facts)

    @cached_property
    def filter_columns(self) -> frozenset[str]:
        """The columns by which variants can be told apart."""
        names = {name for fields in self.facts.fields for name in fields}
        subjects = self.facts.world.subjects
        return frozenset(name for name, table in subjects.items() if name in names and table != self.facts.releases)

    def find(self, reading: Reading) -> list[Count]:
        """The numbers of a unit that count something."""
        if not self.words_for.number.search(reading.low):
            return []
        found, left = self.phrases(reading)
        if not found:
            return []
        above, is_title = self.above(reading)
        for one in found:
            ends = [cut.start() for cut in _SEGMENT.finditer(reading.low)]
            own = [
                word
                for word in left
                if not any(min(word.start, one.start) < cut < max(word.start, one.start) for cut in ends)
            ]
            context = frozenset(pair for word in own or left for pair in self.pairs(word))
            one.context = (context if not self.is_of_releases(one) else frozenset()) or above
            one.is_below_title = not context and is_title
            if head := self.of_head(reading, one):
                one.filters, one.context = one.filters | head, frozenset()
        return found

    def of_head(self, reading: Reading, one: Count | Word) -> Filters:
        """Of which variants the head of a count's column speaks, as `CUDA 12.4` over `22`."""
        number = next((at for at, cell in enumerate(reading.unit.cells) if cell.start <= one.start < cell.end), -1)
        head = reading.unit.cells[number].head if number > 0 else None
        if head is None or number >= len(reading.heads):
            return frozenset()
        pairs = [(it.column, it.value) for it in reading.heads[number] if it.column in self.filter_columns]
        if not pairs:
            low = lowered(head.chars)
            words = [it for it in self.words_for.pattern.finditer(low) if it.lastgroup == "filter"]
            pairs = [self.words_for.filters[" ".join(it[0].split())] for it in words]
        return frozenset(pairs)

    def phrases(self, reading: Reading) -> tuple[list[Count], list[Word]]:
        """The counts of a unit without what is around them, and the words that are part of none."""
        words = self.words(reading)
        found: list[Count] = []
        used: set[int] = set()
        for index, word in enumerate(words):
            if word.group == "number":
                one = self.phrase(reading, words, index, used, found[-1].of if found else None)
                if one is not None:
                    found.append(one)
        return found, [word for index, word in enumerate(words) if index not in used]

    def is_of_releases(self, one: Count) -> bool:
        """Whether a number counts releases."""
        return self.facts.world.subjects.get(one.of) == self.facts.releases

    def words(self, reading: Reading) -> list[Word]:
        """What a unit has that counts are made of, in order."""
        if reading not in self.known:
            self.known[reading] = self.words_of(reading)
        return self.known[reading]

    def words_of(self, reading: Reading) -> list[Word]:
        """What the pattern finds in a unit, and its mentions."""
        low = reading.low
        mentions = [
            Word("mention", self.named(reading, one), one.end, one.value, one)
            for one in reading.mentions
            if self.tells(one)
        ]
        taken = [(one.start, one.end) for one in reading.mentions]
        taken += [(token.start, token.end) for token in reading.found.tokens if token.group in _NO_COUNTS]
        spans = [(one.start, one.end) for one in mentions]
        words = [
            Word(found.lastgroup or "", found.start(), found.end(), " ".join(found[0].split()))
            for found in self.words_for.pattern.finditer(low)
            if not any(start <= found.start() < end for start, end in (taken if found.lastgroup == "number" else spans))
        ]
        words = sorted([*words, *mentions], key=lambda one: one.start)
        between = self.facts.lexicon.between
        return [
            one
            for one, after in zip_longest(words, words[1:])
            if not (
                one.group == "filter"
                and after
                and after.mention
                and between.match(low, one.end, after.start)
                and not any(one.end <= cell.start <= after.start for cell in reading.unit.cells)
            )  # as in `CUDA 12.4`
        ]

    def named(self, reading: Reading, mention: Mention) -> int:
        """Where a mention begins with what its value is called, as the `CUDA` of `CUDA 12.4` or `sm` of `sm90`."""
        lexicon = self.facts.lexicon
        for token in reversed(reading.found.of("noun")):
            is_before = token.end <= mention.start and lexicon.noun(token.text) == mention.column
            if is_before and lexicon.between.match(reading.low, token.end, mention.start):
                return token.start
        return start_of_form(reading.low, mention.start)

    def is_unclear(self, reading: Reading) -> bool:
        """Whether a unit or what it is below says of which variants by a wrong value, with no right one known."""
        above = (self.said_of(self.readings[unit]) for unit in reading.unit.context if unit in self.readings)
        said = (*self.said_of(reading), *next(filter(None, above), ()))
        verdicts = (self.verdicts.get(one) for one in said)
        return any(one is not None and not one.is_right and one.expected is None for one in verdicts)

    def said_of(self, reading: Reading) -> list[Mention]:
        """The values in a unit by which variants can be told apart."""
        return [one for one in reading.mentions if one.column in self.filter_columns]

    def tells(self, mention: Mention) -> bool:
        """Whether a mention says of which variants something is: one that is not wrong itself."""
        verdict = self.verdicts.get(mention)
        wrong = verdict is not None and not (verdict.is_right and verdict.is_decided)
        return mention.column in self.filter_columns and not wrong and not mention.is_outside

    def pairs(self, word: Word) -> list[tuple[str, str]]:
        """The fields and values that a word stands for."""
        if word.group == "filter":
            return [self.words_for.filters[word.text]]
        return [(word.mention.column, word.mention.value)] if word.mention else []

    def phrase(
        self, reading: Reading, words: Sequence[Word], index: int, used: set[int], previous: str | None
    ) -> Count | None:
        """The count that begins with a number; None where it counts nothing that is known.

        `previous` is what the number before it counts.
        """
        low, first = reading.low, words[index]
        value = int(first.text) if first.text.isdigit() else self.words_for.numbers[first.text]
        taken = self.counted(low, words, index)
        last = words[taken[-1]] if taken else first
        filters = frozenset(pair for number in taken for pair in self.pairs(words[number]))
        noun = next((words[number] for number in taken if words[number].group == "noun"), None)
        of = self.words_for.nouns[noun.text] if noun else None
        has_total = last.group == "total"
        per = self.per(low, words, (taken[-1] if taken else index) + 1, last.end)
        label = self.label(reading, first)
        if of is None and label is None and per is None and not has_total:
            if self.words_for.result.search(low, 0, first.start) and not filters:
                used.update(taken)
                return Count(first.start, first.end, value, "", frozenset())
            terse = words[taken[0]].start - first.end < 3 and is_terse(low, first.start, last.end) if taken else False
            if not filters or not (terse or previous) or self.words_for.goes_on(low, last.end):
                return None
            of = previous
        used.update(taken)
        sure = bool(label or has_total or per) or reading.unit.kind in (UnitKind.HEADING, UnitKind.ROW, UnitKind.BADGE)
        sure = sure or bool(reading.mentions and not self.facts.lexicon.verbs.search(low))  # no sentence, but a caption
        counted = of or (VARIANTS if per else None) or label or VARIANTS
        one = Count(first.start, first.end, value, counted, filters, per, sure or reading.unit.is_quoted)
        one.has_noun = noun is not None or label is not None or not filters
        return one

    def counted(self, low: str, words: Sequence[Word], index: int) -> list[int]:
        """The words behind a number that say what it counts, and of which."""
        taken: list[int] = []
        at = words[index].end
        for number in range(index + 1, min(len(words), index + 1 + _WORDS_BETWEEN)):
            word = words[number]
            if word.group == "number" or not self.words_for.gap.match(low, at, word.start):
                break
            taken.append(number)
            at = word.end
            if word.group == "total":
                return taken
            if word.group == "noun":
                break
        return taken + self.attached(low, words, (taken[-1] if taken else index) + 1, at)

    def attached(self, low: str, words: Sequence[Word], following: int, at: int) -> list[int]:
        """The words behind a phrase that say of which, as in `variants for CUDA 12.4`."""
        taken: list[int] = []
        for number in range(following, len(words)):
            word = words[number]
            gap = low[at : word.start]
            bare = (self.words_for.joint if taken else self.words_for.link).match(gap)
            if word.group not in ("filter", "mention") or not bare:
                break
            if not self.facts.lexicon.between.match(low, at + bare.end(), word.start) and not _NOUNS.match(
                gap, bare.end()
            ):
                break
            taken.append(number)
            at = word.end
        return taken

    def per(self, low: str, words: Sequence[Word], following: int, at: int) -> str | None:
        """What a count is for each of."""
        if following < len(words) and words[following].group == "noun":
            between = low[at : words[following].start]
            if self.words_for.each.fullmatch(between):
                return self.words_for.nouns[words[following].text]
        return None

    def label(self, reading: Reading, number: Word) -> str | None:
        """What a number counts by the head of its column, or by a label before it."""
        for cell in reading.unit.cells:
            if cell.start <= number.start < cell.end:
                around = reading.low[cell.start : number.start] + _ASIDE.sub("", reading.low[number.end : cell.end])
                if re.search(r"\w", around):
                    return None
                column = column_of_head(self.facts.lexicon, cell.head.chars) if cell.head else None
                first = reading.unit.cells[0]
                if column == COUNT:
                    is_of_others = self.words_for.is_of_others(reading, first, self.words(reading))
                    return (
                        VARIANTS
                        if any(it.group != "number" for it in self.words(reading)) and not is_of_others
                        else None
                    )
                is_open = column in (None, "value") or bool(self.of_head(reading, number))
                return self.labelled(reading.low[: first.end]) if cell is not first and is_open else None
        if reading.unit.kind is UnitKind.BADGE:
            is_last = len(reading.low[number.end :].split()) < 2  # but for the badge's colour
            return self.labelled(reading.low[: number.start]) if is_last else None
        before = reading.low[max(0, number.start - _LABEL) : number.start].rstrip()
        match = re.search(r"([\w\s\-/]+?)\s*[:=]\Z", before) if before.endswith((":", "=")) else None
        if match and is_of_some(reading, number, self.words(reading)):
            return self.labelled(match[1]) or VARIANTS
        return self.labelled(match[1]) if match else None

    def labelled(self, label: str) -> str | None:
        """What a label says that is counted."""
        if phrases_of(self.facts.speech.rough).search(label):
            return None  # of some of them
        found = [self.words_for.nouns[" ".join(one[0].split())] for one in self.words_for.noun.finditer(label)]
        if found:
            return found[-1]
        return VARIANTS if self.words_for.total.search(label) else None

    def above(self, reading: Reading) -> tuple[Filters, bool]:
        """Of which variants the nearest heading or item speaks, and whether that is the document's title."""
        for unit in reading.unit.context:
            other = self.readings.get(unit)
            if other is None:
                continue
            pairs = {pair for word in self.phrases(other)[1] for pair in self.pairs(word)}
            pairs |= {
                (one.column, verdict.expected)
                for one in other.mentions
                if one.column in self.filter_columns and (verdict := self.verdicts.get(one)) and verdict.expected
            }
            if pairs:
                return frozenset(pairs), unit.kind is UnitKind.HEADING and unit.depth == 1
        return frozenset(), False
