"""Breaks lines between words so that they fit a terminal, whatever style the words have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from nixlint_ort.report.snippet import width

NARROWEST = 30
"""Terminal columns; in a narrower terminal, lines are as long as in one of that width."""


class WrappedWord(NamedTuple):
    """A word as it is in a terminal, and the same with the codes of its style."""

    text: str
    shown: str


def words(text: str) -> list[WrappedWord]:
    """The words of a text without a style; runs of blanks stay as they are, except for where a line ends."""
    return [WrappedWord(one, one) for one in text.split(" ")]


def broken(line: Iterable[WrappedWord], columns: int | None, hanging: int = 0) -> list[str]:
    """The words in lines of at most so many columns; a longer word has a line of its own, and is not cut.

    Lines after the first begin with `hanging` blanks. Without `columns` there is one line.
    """
    lines: list[list[str]] = [[]]
    taken = 0
    for word in line:
        wide = width(word.text)
        if lines[-1] and columns is not None and taken + 1 + wide > max(columns, NARROWEST):
            lines.append([])
            taken = hanging
        taken += wide + bool(lines[-1])
        lines[-1].append(word.shown)
    blank = " " * hanging
    return [f"{blank if at else ''}{' '.join(one)}".rstrip() for at, one in enumerate(lines)]


def wrapped(text: str, columns: int | None) -> str:
    """A text of several lines, each broken on its own."""
    return "\n".join(one for line in text.split("\n") for one in broken(words(line), columns))
