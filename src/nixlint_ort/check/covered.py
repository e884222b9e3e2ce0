"""Which findings comments silence, in time that grows with the number of both, since a file may have thousands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nixlint_ort.source import Span

MAX_RULES = 100
"""Rules that one comment may name; one of more silences nothing."""

MAX_NAMES = 5_000
"""Rules that all comments of a file may name together; those after that silence nothing."""


class Silencing(Protocol):
    """A comment that silences rules."""

    @property
    def ids(self) -> Mapping[str, Span]:
        """The rules that it names, with their places."""

    @property
    def covers(self) -> tuple[Span, ...] | None:
        """The spans that it is for, with their ends; None for the whole file."""


S = TypeVar("S", bound=Silencing)
At = tuple[str, int]
"""A rule, and the byte at which it finds something."""


def covered(comments: Iterable[S], places: Iterable[At]) -> tuple[dict[At, S], list[tuple[S, str]]]:
    """The first comment that is for each place, as far as there is one; and each comment with each rule it silences."""
    by_rule: dict[str, set[int]] = defaultdict(set)
    for rule, at in places:
        by_rule[rule].add(at)
    left = {rule: _Left(sorted(found)) for rule, found in by_rule.items()}
    first: dict[At, S] = {}
    used: list[tuple[S, str]] = []
    for comment in comments:
        for rule in comment.ids:
            if rule not in left:
                continue
            places_of_rule = left[rule].places
            ranges = (
                [(0, len(places_of_rule))]
                if comment.covers is None
                else [
                    (bisect_left(places_of_rule, one.start), bisect_right(places_of_rule, one.end))
                    for one in comment.covers
                ]
            )
            if any(start < end for start, end in ranges):
                used.append((comment, rule))
            for start, end in ranges:
                for at in left[rule].take(start, end):
                    first[rule, at] = comment
    return first, used


class _Left:
    """Places in order, of which each is taken once."""

    def __init__(self, places: Sequence[int]) -> None:
        self.places = places
        self.following = [*range(len(places) + 1)]
        """For each number, one at or behind it that may be left."""

    def take(self, start: int, end: int) -> Iterable[int]:
        """The places of numbers `start` to `end` that are left; they are taken."""
        number = self.next_left(start)
        while number < end:
            self.following[number] = number + 1
            yield self.places[number]
            number = self.next_left(number)

    def next_left(self, number: int) -> int:
        """The first number from one on that is left."""
        passed = []
        while self.following[number] != number:
            passed.append(number)
            number = self.following[number]
        for one in passed:
            self.following[one] = number
        return number
