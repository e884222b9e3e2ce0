"""The base of every expression: the bytes it was written as."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from nixlint_ort.source import Span


class Node:
    """An expression, and the bytes it was written as: offsets from 0, `end` is exclusive."""

    __slots__ = ("end", "start")
    PARTS: ClassVar[tuple[str, ...]] = ()
    """The attributes that hold other expressions, each one or several or None."""

    start: int
    end: int

    def children(self) -> Iterator[Node]:
        """The expressions in this one, nearest first."""
        for name in self.PARTS:
            part = getattr(self, name)
            if isinstance(part, Node):
                yield part
            elif part is not None:
                yield from (one for one in part if isinstance(one, Node))

    @property
    def span(self) -> Span:
        """The bytes it was written as."""
        return Span(self.start, self.end)
