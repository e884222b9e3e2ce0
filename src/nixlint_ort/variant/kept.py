"""Bounds how many variants of a repository keep what was worked out of their bytes: the last ones that were read."""

from __future__ import annotations

from typing import Protocol
from weakref import WeakKeyDictionary

from nixlint_ort.source import Source

MAX_KEPT = 500_000
"""Bytes of the files of which that is kept: it takes 40 times as many, and where a file is made for it, 500 times."""


class Large(Protocol):
    """A variant, of which much is worked out."""

    source: Source

    def let_go(self) -> None:
        """Let go of that."""


class Kept:
    """The variants that keep their syntax and values. What another one had is worked out again if it is asked for."""

    def __init__(self) -> None:
        self._sizes: WeakKeyDictionary[Large, int] = WeakKeyDictionary()  # in the order in which they were read

    def put(self, variant: Large) -> None:
        """Let the variants go that were read first, until this one has room."""
        left = MAX_KEPT - len(variant.source.data) - sum(self._sizes.values())
        for other in list(self._sizes):
            if left >= 0:
                break
            left += self._sizes[other]
            other.let_go()
        self._sizes[variant] = len(variant.source.data)

    def drop(self, variant: Large) -> None:
        """That a variant keeps nothing any more."""
        self._sizes.pop(variant, None)
