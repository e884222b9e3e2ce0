"""A number that counts something, and the words that counts are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from nixlint_ort.check.claims.words.mention import Mention

Filters = frozenset[tuple[str, str]]
"""Fields and the values of them that variants have."""


class Word(NamedTuple):
    """A number, a noun of what is counted, or a word or mention that says of which: code points `start` to `end`."""

    group: str
    start: int
    end: int
    text: str
    mention: Mention | None = None


@dataclass(slots=True)
class Count:
    """A number, what it counts, and of which variants."""

    start: int
    end: int
    value: int
    of: str
    filters: Filters
    per: str | None = None
    is_sure: bool = False
    """Whether it is under a head, beside a label, in a sum, or with a word such as `total`."""
    context: Filters = frozenset()
    has_noun: bool = True
    """Whether its own words say what it counts, and not only of which variants."""
    is_below_title: bool = False
    """Whether its context is what the document's title speaks of."""
    expected: set[int] = field(default_factory=set)
    best: int | None = None
    is_tied: bool = False
    """Whether another number of its sum may be the wrong one as well."""
    is_settled: bool = False
    """Whether the best one is meant, however near others are."""
