"""A file's bytes, and where a byte offset falls in its lines and columns."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple


class Span(NamedTuple):
    """A run of bytes of one file: offsets from 0, `end` is exclusive."""

    start: int
    end: int


MAX_BYTES = 1_000_000
"""A larger file is not judged."""


class Unreadable(NamedTuple):
    """Why a file cannot be judged, and at which bytes."""

    message: str
    span: Span = Span(0, 0)


def encoding_problem(data: bytes) -> Unreadable | None:
    """The first byte that is not UTF-8, as a reason not to judge the file; None if there is none."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Unreadable(
            f"the byte 0x{data[error.start]:02x} here is not UTF-8; save the file as UTF-8",
            Span(error.start, error.end),
        )
    return None


class Position(NamedTuple):
    """A place in a file: line and column from 1, column in code points, offset in bytes from 0."""

    line: int
    column: int
    offset: int


class Source:
    """One file as read: its path, relative to the repository with `/` between parts, and its bytes."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.data = path, data

    @cached_property
    def _line_starts(self) -> list[int]:
        *ended, _ = self.data.split(b"\n")
        return [*accumulate([len(line) + 1 for line in ended], initial=0)]

    def let_go(self) -> None:
        """Forget where lines start; that is worked out again when it is asked for."""
        self.__dict__.pop("_line_starts", None)

    @property
    def line_count(self) -> int:
        """How many lines there are; an empty file has one."""
        return len(self._line_starts)

    def line_of(self, offset: int) -> int:
        """The line (from 1) of a byte offset (from 0)."""
        return bisect_right(self._line_starts, offset)

    def position(self, offset: int) -> Position:
        """The position of a byte offset (from 0); one past the end of the file is allowed.

        Raises ValueError for an offset outside the file.
        """
        if not 0 <= offset <= len(self.data):
            raise ValueError(f"offset {offset} is outside {self.path} ({len(self.data)} bytes)")
        line = self.line_of(offset)
        start = self._line_starts[line - 1]
        column = len(self.data[start:offset].decode("utf-8", "replace")) + 1
        return Position(line, column, offset)

    def line_span(self, line: int) -> Span:
        """The bytes of a line (from 1) without its line end, be it LF or CRLF.

        Raises IndexError for a line that the file does not have.
        """
        if line < 1:
            raise IndexError(line)
        start = self._line_starts[line - 1]
        end = self._line_starts[line] - 1 if line < self.line_count else len(self.data)
        if end > start and self.data[end - 1 : end] == b"\r":
            end -= 1
        return Span(start, end)

    def line_text(self, line: int) -> str:
        """The text of a line (from 1) without its line end; bytes that are not UTF-8 become U+FFFD."""
        return self.text(self.line_span(line))

    def text(self, span: Span) -> str:
        """The text of a span; bytes that are not UTF-8 become U+FFFD."""
        return self.data[span.start : span.end].decode("utf-8", "replace")

    @property
    def newline(self) -> str:
        """The line end of the first line, or LF where there is none: what an inserted line should end with."""
        first = self.data.find(b"\n")
        return "\r\n" if first > 0 and self.data[first - 1 : first] == b"\r" else "\n"
