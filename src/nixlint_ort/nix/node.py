"""The base of every expression: the bytes it was written as."""

from __future__ import annotations

from nixlint_ort.source import Span


class Node:
    """An expression, and the bytes it was written as: offsets from 0, `end` is exclusive."""

    __slots__ = ("end", "start")

    start: int
    end: int

    @property
    def span(self) -> Span:
        """The bytes it was written as."""
        return Span(self.start, self.end)
