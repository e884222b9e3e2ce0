"""Turns byte offsets into an editor's positions and back, in each encoding that the protocol knows."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from lsprotocol import types

from nixlint_ort.source import Source, Span

_LINE_END = re.compile(rb"\r\n|\n|\r")
_CODECS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


class Lines:
    """The lines of a text as an editor counts them: from 0, ended by LF, CR LF or a lone CR."""

    @staticmethod
    @lru_cache(maxsize=64)
    def of(source: Source, encoding: types.PositionEncodingKind | str) -> Lines:
        """The lines of a file; those of the files that were asked for last are kept."""
        return Lines(source.data, encoding)

    def __init__(self, data: bytes, encoding: types.PositionEncodingKind | str) -> None:
        self.data = data
        self._encoding = types.PositionEncodingKind(encoding)
        self._codec, self._width = _CODECS[self._encoding]
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(data))]

    def position(self, offset: int) -> types.Position:
        """The position of a byte offset from 0; an offset past the end is the end."""
        offset = min(max(offset, 0), len(self.data))
        line = bisect_right(self._starts, offset) - 1
        before = self.data[self._starts[line] : offset].decode("utf-8", "replace")
        return types.Position(line, len(before.encode(self._codec)) // self._width)

    def position_of_column(self, line: int, column: int) -> types.Position:
        """The position of a line and a column from 1, columns in code points."""
        start = self.offset(types.Position(max(line - 1, 0), 0))
        before = self.data[start:].decode("utf-8", "replace")[: max(column - 1, 0)]
        return self.position(start + len(before.encode()))

    def range(self, span: Span) -> types.Range:
        """The range of a span of bytes."""
        return types.Range(self.position(span.start), self.position(span.end))

    def offset(self, position: types.Position) -> int:
        """The byte offset from 0 of a position; one past the end of its line is the line's end."""
        if position.line >= len(self._starts):
            return len(self.data)
        start = self._starts[position.line]
        end = self._starts[position.line + 1] if position.line + 1 < len(self._starts) else len(self.data)
        return start + offset_in_line(self.data[start:end], position.character, self._encoding)

    @property
    def whole(self) -> types.Range:
        """All of the text."""
        return types.Range(types.Position(0, 0), self.position(len(self.data)))


def offset_in_line(line: bytes, character: int, encoding: types.PositionEncodingKind | str) -> int:
    """The byte offset from 0 of a character of a line, as an encoding counts them; past the end is the line's end."""
    text = line.rstrip(b"\r\n")
    if text.isascii():
        return min(character, len(text))
    codec, width = _CODECS[types.PositionEncodingKind(encoding)]
    taken = text.decode("utf-8", "replace").encode(codec)[: character * width].decode(codec, "ignore")
    return len(taken.encode())


def lines_of(data: bytes) -> list[bytes]:
    """The lines of a text, each with its end; the last one has none."""
    starts = [0, *(match.end() for match in _LINE_END.finditer(data))]
    return [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]
