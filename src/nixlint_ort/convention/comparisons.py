"""Looks for the nearest of some candidates for many words, and stops where that has become too much work."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from nixlint_ort.convention.errors import nearest

MAX_COMPARED = 10_000
"""Pairs of a word and a candidate in one file; each takes about 40 µs."""


@dataclass(slots=True)
class Comparisons:
    """What the words of one file are most like; each is compared once."""

    left: int = MAX_COMPARED
    is_spent: bool = False
    """Whether a word was not compared any more."""
    known: dict[tuple[str, float, tuple[str, ...]], str | None] = field(default_factory=dict)

    def nearest(self, word: str, candidates: Collection[str], likeness: float = 0.6) -> str | None:
        """The candidate that is most like a word; None also where comparing it would be too much work."""
        key = (word, likeness, tuple(candidates))
        if key not in self.known:
            if self.left < len(candidates):
                self.is_spent = True
                return None
            self.left -= len(candidates)
            self.known[key] = nearest(word, candidates, likeness)
        return self.known[key]
