"""Bounds how many variants of a repository keep what was worked out of their bytes: the last ones that were read."""

from __future__ import annotations

from typing import Protocol
from weakref import ref

from nixlint_ort.source import Source

MAX_KEPT = 500_000
"""Bytes of the files of which that is kept: it takes 40 times as many, and where a file is made for it, 500 times."""


MIN_SIZE = 1_000
"""Bytes for which a smaller file counts: what is worked out of it takes as many, and so only so many files are kept."""


class Large(Protocol):
    """A variant, of which much is worked out."""

    source: Source

    def let_go(self) -> None:
        """Let go of that."""


class Kept:
    """The variants that keep their syntax and values. What another one had is worked out again if it is asked for."""

    def __init__(self) -> None:
        self._sizes: dict[ref[Large], int] = {}  # in the order in which they were read
        self._left = MAX_KEPT

    def put(self, variant: Large) -> None:
        """Let the variants go that were read first, until this one has room."""
        self.drop(variant)
        size = max(len(variant.source.data), MIN_SIZE)
        while self._sizes and self._left < size:
            first = next(iter(self._sizes))
            other = first()
            self._forget(first)
            if other is not None:
                other.let_go()
        self._sizes[ref(variant, self._forget)] = size
        self._left -= size

    def drop(self, variant: Large) -> None:
        """That a variant keeps nothing any more."""
        self._forget(ref(variant))

    def _forget(self, variant: ref[Large]) -> None:
        self._left += self._sizes.pop(variant, 0)
