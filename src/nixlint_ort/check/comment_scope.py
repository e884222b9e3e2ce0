"""What a comment in a variant is for: its line, the next line with code, and what starts or ends there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

from nixlint_ort.nix.constructs import constructs
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nixlint_ort.variant.variant import Variant

_START, _END = attrgetter("start"), attrgetter("end")


class CommentScope:
    """The bindings and list items of a file, asked for by thousands of comments."""

    def __init__(self, variant: Variant) -> None:
        self.source, self.tokens = variant.source, variant.document.tokens
        self.by_start = constructs(variant.document)
        self.by_end = sorted(self.by_start, key=_END)
        self.outer = _outer(self.by_start)
        self.of_line = cache(self._of_line)
        self.of_token = cache(self._of_token)

    def of(self, comment: Span) -> tuple[Span, ...]:
        """The bytes that a comment is for: its line, or the next one with code where it is alone in its line.

        And the bindings and list items that start or end there, each as a whole.
        """
        source = self.source
        first, last = source.position(comment.start).line, source.position(comment.end).line
        line = Span(source.line_span(first).start, source.line_span(last).end)
        if (source.data[line.start : comment.start] + source.data[comment.end : line.end]).strip():
            return (line, *self.of_line(line))
        number = bisect_right(self.tokens, comment.end, key=lambda token: token.span.start)
        if number == len(self.tokens):
            return (line,)
        end = source.line_span(source.position(self.tokens[number].span.start).line).end
        return (Span(line.start, end), *self.of_token(number, end))

    def _of_line(self, line: Span) -> list[Span]:
        """What starts or ends in a line."""
        return _united([*self._starting(line.start, line.end), *self._ending(line.start + 1, line.end + 1)])

    def _of_token(self, number: int, end: int) -> list[Span]:
        """What starts at a token, or else ends behind it in its line; and the list whose first item it is."""
        at = self.tokens[number].span.start
        starting = self._starting(at, at + 1)
        if not starting:
            return _united(one for one in self._ending(at + 1, end + 1) if one.start < at)
        if number and self.tokens[number - 1].text == "[":
            starting += self._around(at)
        return _united(starting)

    def _starting(self, start: int, end: int) -> list[Span]:
        """The parts that start at a byte from `start` to before `end`."""
        return self.by_start[
            bisect_left(self.by_start, start, key=_START) : bisect_left(self.by_start, end, key=_START)
        ]

    def _ending(self, start: int, end: int) -> list[Span]:
        """The parts that end at a byte from `start` to before `end`."""
        return self.by_end[bisect_left(self.by_end, start, key=_END) : bisect_left(self.by_end, end, key=_END)]

    def _around(self, at: int) -> list[Span]:
        """The innermost part that a byte is in and that does not start there, if there is one."""
        number = bisect_left(self.by_start, at, key=_START) - 1
        while number >= 0 and self.by_start[number].end <= at:
            number = self.outer[number]
        return self.by_start[number : number + 1] if number >= 0 else []


def _outer(parts: list[Span]) -> list[int]:
    """For each part, the number of the one around it; -1 where there is none."""
    outer: list[int] = []
    inner = -1
    for number, part in enumerate(parts):
        while inner >= 0 and parts[inner].end < part.end:
            inner = outer[inner]
        outer.append(inner)
        inner = number
    return outer


def _united(spans: Iterable[Span]) -> list[Span]:
    """The same bytes in as few spans as possible: what is in another one goes, and what touches becomes one."""
    united: list[Span] = []
    for one in sorted(spans):
        if united and one.start <= united[-1].end:
            united[-1] = Span(united[-1].start, max(one.end, united[-1].end))
        else:
            united.append(one)
    return united
