"""A line of a source file with a span underlined, as it lines up in a terminal."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from nixlint_ort.finding import Place
from nixlint_ort.report.escape import visible, without_hash_commands

MAX_WIDTH = 100
"""Terminal columns where no others are given; a longer line is cut around the span."""

_BEFORE = 30  # columns that stay visible before the span when a line is cut, or a third of a narrow terminal's
_TAB = "    "


class Snippet(NamedTuple):
    """A source line, the underline below it, and how many lines the span goes on for after it."""

    line: int
    text: str
    underline: str
    more_lines: int


def snippet(place: Place, columns: int = MAX_WIDTH) -> Snippet | None:
    """The line where a place starts, or None for a place that means the file as a whole: empty, at its start.

    A line of more than so many terminal columns is cut around the span, and an ellipsis stands where it was cut.
    """
    if place.span == (0, 0):
        return None
    start, end = place.start, place.end
    text = place.source.line_text(start.line)
    first = min(start.column - 1, len(text))
    last = end.column - 1 if end.line == start.line else len(text)
    before, marked, after = _shown(text[:first]), _shown(text[first:last]), _shown(text[last:])
    cut_before, cut_after = "", ""
    if width(before + marked + after) > columns:
        shown_before = min(_BEFORE, columns // 3)
        if width(before) > shown_before:
            before, cut_before = _last_columns(before, shown_before), "…"
        room = columns - width(before)
        if width(marked) > room:
            marked, after, cut_after = _first_columns(marked, room), "", "…"
        elif width(after) > room - width(marked):
            after, cut_after = _first_columns(after, room - width(marked)), "…"
    shown = f"{cut_before}{before}{marked}{after}{cut_after}"
    underline = " " * width(cut_before + before) + "^" * max(1, width(marked))
    return Snippet(start.line, shown, underline, end.line - start.line)


def width(text: str) -> int:
    """How many columns of a terminal a text without control characters takes."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _shown(text: str) -> str:
    return without_hash_commands(visible(text.replace("\t", _TAB)))


def _first_columns(text: str, columns: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += _char_width(char)
        if taken > columns:
            return text[:index]
    return text


def _last_columns(text: str, columns: int) -> str:
    taken = 0
    for index in range(len(text) - 1, -1, -1):
        taken += _char_width(text[index])
        if taken > columns:
            return text[index + 1 :]
    return text
