"""Makes the numbers of a sum or a product agree: what each of them may be, and the one that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.convention.claims import VARIANTS

if TYPE_CHECKING:
    from nixlint_ort.check.claims.counts.arithmetic import Sum
    from nixlint_ort.check.claims.counts.count import Count, Filters
    from nixlint_ort.convention.claims import Speech


class Numbers(Protocol):
    """What knows how many there are."""

    def usable(self, filters: Filters) -> Filters:
        """Filters without those that leave nothing out."""
        ...

    def numbers_of(self, one: Count, filters: Filters) -> set[int]:
        """How many there are of what a count counts."""
        ...


@dataclass(slots=True)
class SumSolver:
    """Reads numbers by the sums and products that they are part of."""

    counter: Numbers
    speech: Speech
    line_field: str
    """The key field of which a release has a list, such as that of CUDA lines."""

    def read_products(self, low: str, counts: Sequence[Count]) -> None:
        """What is multiplied may be as many for each, as the `4 ISAs` of `7 SMs x 4 ISAs`."""
        words = phrases_of(self.speech.multiplying).pattern
        for first, second in pairwise(counts):
            if first.of != second.of and re.search(rf"(?:[×*]|\bx\b|{words})\W*\Z", low[first.end : second.start]):
                pairs = ((first, second), (second, first))
                for one, other in [(one, other) for one, other in pairs if other.value in other.expected]:
                    each = replace(one, per=other.of)
                    one.expected |= self.counter.numbers_of(each, self.counter.usable(one.filters)) - {0}

    def read_otherwise(self, part: Sum, by_start: Mapping[int, Count]) -> None:
        """Read numbers by what they may count besides, where the sum shows it: as in `4 x86 + 2 ARM`, or per line."""
        addends = [by_start[at] for at in part.starts[:-1] if at in by_start]
        total = by_start.get(part.starts[-1])
        others = {one.start: self.otherwise(one, is_product="*" in part.signs) for one in addends}
        if total is None or not any(others.values()) or len(addends) < len(part.starts) - 1:
            return
        wrong = [one for one in addends if one.value not in one.expected | others[one.start]]
        if len(wrong) == 1:
            fitting = [number for number in others[wrong[0].start] if part.holds({wrong[0].start: number})]
            if len(fitting) != 1:
                return
            wrong[0].expected, wrong[0].best = {fitting[0]}, fitting[0]
        elif wrong or all(one.value in one.expected for one in addends):
            return
        total.is_tied = any(part.holds({at: number}) for at, numbers in others.items() for number in numbers)
        for one in addends:
            if one not in wrong:
                one.expected.add(one.value)
        solved = part.solved(total.start, {wrong[0].start: wrong[0].best or 0} if wrong else {})
        if solved is not None:
            total.expected, total.best, total.is_sure = {solved}, solved, True

    def otherwise(self, one: Count, *, is_product: bool) -> set[int]:
        """How many of what variants differ in there are among those that a number's words speak of, or of each line."""
        filters = self.counter.usable(one.filters)
        if not one.has_noun:
            fields = {name for name in self.speech.counted if name != VARIANTS}
            counts = (self.counter.numbers_of(replace(one, of=name, per=None), filters) for name in fields)
            return set().union(*counts) - {0} if filters else set()
        if is_product and one.of in self.speech.supported and one.per is None:
            return self.counter.numbers_of(replace(one, per=self.line_field), filters) - {0}
        return set()


def solve(counts: Sequence[Count], sums: Sequence[Sum]) -> None:
    """Where a sum is wrong by one number that nothing else tells, that number is what makes it right."""
    by_start = {one.start: one for one in counts}
    for part in sums:
        for one in (by_start[at] for at in part.starts if at in by_start):
            fitting = {number for number in one.expected if part.holds({one.start: number})}
            if one.value not in one.expected and len(fitting) == 1:
                one.expected, one.best = fitting, next(iter(fitting))
        *addends, total = (by_start.get(at) for at in part.starts)
        if total and part.holds({}) and all(one and one.value in one.expected for one in addends):
            total.expected.add(total.value)
        unknown = [at for at in part.starts if at not in by_start or not by_start[at].expected]
        if len(unknown) != 1 or unknown[0] not in by_start:
            continue
        known = {at: _likeliest(by_start[at]) for at in part.starts if at in by_start}
        solved = part.solved(unknown[0], known)
        if solved is not None:
            one = by_start[unknown[0]]
            one.expected, one.best, one.is_sure = {solved}, solved, True


def _likeliest(one: Count) -> int:
    """The number that a count should be: itself where it may be right, or else the nearest of those that may."""
    return min(one.expected, key=lambda number: abs(one.value - number), default=one.value)
