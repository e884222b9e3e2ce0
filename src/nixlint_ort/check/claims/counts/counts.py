"""Counts in documents: how many variants there are, of which, and how many of what they differ in; and their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, combinations
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.counts.arithmetic import Sum, sums_in
from nixlint_ort.check.claims.counts.count import Count, Filters
from nixlint_ort.check.claims.counts.count_phrases import CountFinder
from nixlint_ort.check.claims.counts.listed_below import names_below
from nixlint_ort.check.claims.counts.other_repositories import OtherRepositories
from nixlint_ort.check.claims.counts.parts import Parts
from nixlint_ort.check.claims.counts.sum_solver import SumSolver, solve
from nixlint_ort.check.claims.reading import Fault, Mark, Marked, Reading
from nixlint_ort.check.claims.words.foreign import is_below_stranger
from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.check.claims.words.scope import is_in_section
from nixlint_ort.convention.claims import COUNT, VARIANTS

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.mention import Mention

_PHRASE = 40
"""Code points that a number has with what it counts."""
_FAR = 2.0
"""In prose a number that is more than so many times too large or too small counts something else."""


class Counter:
    """Judges the counts of a document."""

    def __init__(
        self,
        facts: Facts,
        readings: Mapping[Unit, Reading],
        verdicts: Mapping[Mention, Verdict],
        short: frozenset[Unit] = frozenset(),
    ) -> None:
        """Counts of a unit that is `short` of rows of a release count these too: its list was complete once."""
        self.facts = facts
        self.short = short
        self.finder = CountFinder(facts, readings, verdicts)
        self.parts = Parts(facts, readings, self.count)
        self.others = OtherRepositories(facts, readings)
        self.below = names_below(readings.values())
        self.counted: dict[tuple[str, str | None, Filters], set[int]] = {}

    def judge(self, reading: Reading) -> Iterator[tuple[Marked, Fault | None]]:
        """The counts of a unit."""
        counts = self.finder.find(reading)
        if not counts or self.finder.is_unclear(reading):
            return
        numbers = [(one.start, one.end, one.value) for one in counts]
        of = {one.start: one.of for one in counts}
        sums = [
            part
            for part in sums_in(reading.low, numbers, self.finder.words_for.signs)
            if "*" in part.signs or all(of[at] == VARIANTS for at in part.starts[:-1])
        ]
        for one in counts:
            self.expect(reading, one, sums)
            if one.is_below_title:  # of all variants, though those that the title speaks of are right too
                one.best, one.is_settled = next(iter(self.numbers_of(one, self.usable(one.filters))), one.best), True
            if reading.unit.cells and one.of == VARIANTS and (files := reading.found.of("name")):
                one.expected.add(len(files))  # those in the row
        solver = SumSolver(self, self.facts.speech, self.line_field)
        solver.read_products(reading.low, counts)
        for part in sums:
            solver.read_otherwise(part, {one.start: one for one in counts})
        solve(counts, sums)
        for one in counts:
            span = reading.unit.text.span(one.start, one.end)
            added = self.added(reading, one)
            if one.value + added in one.expected:
                yield Marked(span, COUNT, Mark.RIGHT), None
            elif added or one.best is None or not self.is_claim(reading, one) or self.others.is_about(reading):
                yield Marked(span, COUNT, Mark.UNKNOWN), None
            else:
                shown = reading.unit.text.chars[one.start : one.end]
                text = self.written(shown, one.best)
                is_open = self.parts.is_open(reading, one) and not self.finder.is_of_releases(one)
                sure = self.is_nearest(one) and not is_open
                yield (
                    Marked(span, COUNT, Mark.WRONG, text),
                    Fault(Check.COUNT, span, shown, text, text if sure else None, self.noun(one.of)),
                )

    def noun(self, counted: str) -> str:
        """What something that is counted is called; a number without a noun counts variants."""
        nouns = self.facts.speech.counted.get(counted) or self.facts.speech.counted.get(VARIANTS)
        return nouns[0] if nouns else ""

    def added(self, reading: Reading, one: Count) -> int:
        """The sum of the bare numbers that a count is added to, as in `22 + 30 GPU variants`."""
        total, at = 0, one.start
        first = max((cell.start for cell in reading.unit.cells if cell.start <= at), default=0)
        while found := self.finder.words_for.addend.search(reading.low, first, at):
            total += int(found["number"])
            at = found.start()
        return total

    def written(self, shown: str, number: int) -> str:
        """A number as another one is written, in digits or as a word."""
        if shown.isdigit() or number >= len(self.facts.speech.numbers):
            return str(number)
        word = self.facts.speech.numbers[number]
        return word.capitalize() if shown[0].isupper() else word

    @staticmethod
    def is_nearest(one: Count) -> bool:
        """Whether the number that is meant can be determined: no other that might be is as near."""
        others = [number for number in one.expected if number != one.best and not one.is_settled]
        return (
            one.best is not None
            and not one.is_tied
            and all(abs(one.value - number) > abs(one.value - one.best) for number in others)
        )

    def is_claim(self, reading: Reading, one: Count) -> bool:
        """Whether a number that is not right is meant as a count of what there is here."""
        excluding, low = self.facts.lexicon.excluding, reading.low
        lexicon = self.facts.lexicon
        is_of_list = one.of == VARIANTS and one.value == self.below.get(reading.unit)
        if (
            is_of_list
            or self.parts.is_row_of_release(reading)
            or self.parts.is_of_part(reading, one)
            or reading.unit.is_shown_wrong
        ):
            return False
        if is_in_section(reading.unit, lexicon) or is_below_stranger(reading.unit, one.start, lexicon):
            return False
        if one.value == 1 and not low[one.start].isdigit():
            return False  # `one variant` is any of them
        if not reading.unit.cells and (
            excluding["sentence"].search(low) or excluding["following"].search(low, 0, one.start)
        ):
            return False
        if reading.unit.cells and self.is_denied(reading):
            return False
        before = low[: one.start].rstrip()
        if excluding["behind"].search(before) and not reading.unit.cells:
            return False
        if any(found.end() == len(before) for found in phrases_of(self.facts.speech.rough).finditer(before)):
            return False
        if one.is_sure or self.says_how_many(low, one):
            return True
        if excluding["ranges"].match(low[one.end :].lstrip()) or low[one.end :].lstrip().startswith(("of ", "out of ")):
            return False
        nearest = min((number for number in one.expected), key=lambda number: abs(one.value - number), default=0)
        return nearest > 0 and 1 / _FAR <= one.value / nearest <= _FAR and one.value > 1

    def is_denied(self, reading: Reading) -> bool:
        """Whether a row's label says what is not, other than by a word for a kind, as `ARM, with and without GPU`."""
        label = reading.low[: reading.unit.cells[0].end]
        kinds = [(one.start(), one.end()) for one in phrases_of(self.finder.words_for.filters).finditer(label)]
        found = self.facts.lexicon.excluding["following"].finditer(label)
        return any(not any(start <= one.start() < end for start, end in kinds) for one in found)

    def says_how_many(self, low: str, one: Count) -> bool:
        """Whether a sentence says that there are so many variants of a kind."""
        lexicon = self.facts.lexicon
        named = lexicon.telling["many"].search(low, one.end, one.end + _PHRASE)
        return bool(one.filters and named and phrases_of(self.facts.speech.existing).search(low))

    def expect(self, reading: Reading, one: Count, sums: Iterable[Sum]) -> None:
        """What a count may be: of the variants that its own words say, and of those that its unit speaks of besides."""
        if not one.of:
            return
        own = self.usable(one.filters)
        extra = self.usable(one.context) - own
        if reading.unit in self.short:
            own, extra = self.beyond_lines(own), self.beyond_lines(extra)
        names = sorted({name for name, _ in extra})
        choices: list[Filters] = [own | extra]
        choices += [
            own | frozenset(pair for pair in extra if pair[0] in subset)
            for subset in chain.from_iterable(combinations(names, size) for size in range(len(names)))
        ]
        if reading.unit.cells and one.of == VARIANTS:
            choices = choices[:1] + [own] * (len(own) > 0)
        for filters in choices:
            for number in self.numbers_of(one, filters) - {0}:
                if one.best is None:
                    one.best = number
                one.expected.add(number)
        in_sum = any(part.has(one.start) for part in sums)
        if in_sum and one.of == VARIANTS and one.per is None:
            for filters in (own | extra, own):
                lines = self.per(filters, self.line_field)
                if len(lines) == 1 and one.filters:
                    one.expected |= lines

    @cached_property
    def line_field(self) -> str:
        """The key field of which a release has a list that counts are `per`."""
        release = self.facts.release
        names = list(release.lists) if release else []
        return next((name for name in names if name.partition(".")[0] in self.facts.speech.listed), "")

    def beyond_lines(self, filters: Filters) -> Filters:
        """Filters without those by the rows that a release lists."""
        subject = self.line_field.partition(".")[0]
        return frozenset(pair for pair in filters if self.facts.world.subjects.get(pair[0]) != subject)

    def usable(self, filters: Filters) -> Filters:
        """Filters without those that leave nothing out: all values of a field that the release has."""
        by_name: dict[str, set[str]] = {}
        for name, value in filters:
            by_name.setdefault(name, set()).add(value)
        kept: set[tuple[str, str]] = set()
        for name, values in by_name.items():
            there = {fields[name] for fields in self.facts.fields if name in fields}
            if not there <= values or len(there) == 1:
                kept |= {(name, value) for value in values}
        return frozenset(kept)

    @staticmethod
    def chosen(filters: Filters, variants: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
        """Those of some variants that filters choose."""
        by_name: dict[str, set[str]] = {}
        for name, value in filters:
            by_name.setdefault(name, set()).add(value)
        return [
            fields
            for fields in variants
            if all(
                name in fields
                and (fields[name] in values or any(fields[name].startswith(f"{value} ") for value in values))
                for name, values in by_name.items()
            )
        ]

    def per(self, filters: Filters, name: str) -> set[int]:
        """How many of the chosen variants each value of a field has."""
        counts: dict[str, int] = {}
        for fields in self.chosen(filters, self.facts.fields):
            if name in fields and self.is_row(name, fields[name]):
                counts[fields[name]] = counts.get(fields[name], 0) + 1
        return set(counts.values())

    def is_row(self, name: str, value: str) -> bool:
        """Whether a value is one that releases list, not one that stands for none."""
        release = self.facts.release
        return release is None or name not in release.lists or value in release.lists[name]

    def numbers_of(self, one: Count, filters: Filters) -> set[int]:
        """How many there are of what a count counts."""
        key = (one.of, one.per, filters)
        if key not in self.counted:
            self.counted[key] = self.count(one, filters, self.facts.fields)
        return self.counted[key]

    def count(self, one: Count, filters: Filters, variants: Iterable[Mapping[str, str]]) -> set[int]:
        """The same among some variants, counted again."""
        chosen = self.chosen(filters, variants)
        if self.finder.is_of_releases(one):
            return {len(self.facts.convention.releases.keys)}
        if one.per is not None and one.per != VARIANTS:
            counts: dict[str, set[str]] = {}
            for number, fields in enumerate(chosen):
                is_counted = one.of == VARIANTS or one.of in fields
                if one.per in fields and is_counted and self.is_row(one.per, fields[one.per]):
                    what = str(number) if one.of == VARIANTS else fields.get(one.of, "")
                    counts.setdefault(fields[one.per], set()).add(what)
            return {len(values) for values in counts.values()}
        if one.of == VARIANTS:
            return {len(chosen)}
        values = {fields[one.of] for fields in chosen if one.of in fields and self.is_row(one.of, fields[one.of])}
        return {len(values)}
