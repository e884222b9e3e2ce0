"""A Markdown document as lines: which are prose, which are rows of a table, and which are code in Nix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from nixlint_ort.source import Source, Span


class Line(NamedTuple):
    """A line's text as it is matched, and where each code point of it begins, in bytes."""

    kind: str
    text: str
    starts: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The bytes of the code points `start` to `end` (from 0, end exclusive), of which there is at least one."""
        return Span(self.starts[start], self.starts[end - 1] + len(self.text[end - 1].encode()))


@dataclass(eq=False)
class Markdown:
    """One document."""

    source: Source

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Its lines of prose, rows, code in Nix and other code, in order; none where it is not UTF-8."""
        from markdown_it import MarkdownIt  # loaded only where documents are checked

        try:
            text = self.source.data.decode("utf-8")
        except UnicodeDecodeError:
            return ()
        kinds: dict[int, str] = {}
        for token in MarkdownIt("commonmark").enable("table").parse(text):
            kind = _KINDS.get(token.type)
            if token.type == "fence" and token.info.strip() == "nix":
                kind = "code"
            if kind is not None and token.map is not None:
                for line in range(token.map[0], token.map[1]):
                    if kinds.get(line) != "row":
                        kinds[line] = kind
        return tuple(
            self._line(line + 1, kind) for line, kind in sorted(kinds.items()) if line < self.source.line_count
        )

    def _line(self, number: int, kind: str) -> Line:
        span = self.source.line_span(number)
        text = self.source.text(span)
        pieces = list(_cells(text)) if kind == "row" else [(0, text)]
        offsets = [0]
        for char in text:
            offsets.append(offsets[-1] + len(char.encode()))
        matched = ""
        starts: list[int] = []
        for at, (begin, piece) in enumerate(pieces):
            joint = " | " if at else ""
            starts += [span.start + offsets[begin]] * len(joint)
            starts += [span.start + offsets[begin + index] for index in range(len(piece))]
            matched += joint + piece
        return Line(kind, matched, tuple(starts))


_KINDS = {"inline": "prose", "tr_open": "row", "fence": "other", "code_block": "other"}


def _cells(text: str) -> Iterator[tuple[int, str]]:
    """The cells of a table's row without the space around them, each with where it begins in code points."""
    at = text.index("|") + 1 if text.lstrip().startswith("|") else 0
    for cell in text[at:].rstrip().removesuffix("|").split("|"):
        yield at + len(cell) - len(cell.lstrip()) if cell.strip() else at, cell.strip()
        at += len(cell) + 1
