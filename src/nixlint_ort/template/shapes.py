"""Shapes: what the text of a field may look like, and where in a longer text one can end."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import Enum
from functools import cache
from typing import NamedTuple


class Shape(Enum):
    """What a field's text may look like; which text is the right one is for a rule to say."""

    DIGITS = "digits"
    WORD = "word"  # letters and digits of ASCII
    NAME = "name"  # a word that may have underscores
    VERSION = "version"  # digits and dots, a digit first and last
    COMMIT = "commit"  # 40 hex digits in lower case
    TEXT = "text"  # anything within a line
    LIST = "list"  # a text that lists names, with one of SEPARATORS between them


class Known(NamedTuple):
    """The shape of a field that is one of some texts, such as the cells of a table's column."""

    texts: Collection[str]


FieldShape = Shape | Known
SEPARATORS = (", ", "/")


_RUNS = {
    Shape.DIGITS: r"[0-9]*",
    Shape.WORD: r"[A-Za-z0-9]*",
    Shape.NAME: r"[A-Za-z0-9_]*",
    Shape.VERSION: r"(?:[0-9][0-9.]*)?",
    Shape.COMMIT: r"(?:[0-9a-f]{40})?",
    Shape.TEXT: r"[^\r\n]*",
    Shape.LIST: r"[^\r\n]*",
}
"""The longest run of characters that a shape allows, from some place on."""


@cache
def _run_of(shape: Shape) -> re.Pattern[str]:
    return re.compile(_RUNS[shape])


def list_items(text: str) -> tuple[str, ...]:
    """The names in the text of a LIST field, in order."""
    return tuple(text.replace(", ", "/").split("/"))


def separators_in(text: str) -> tuple[str, ...]:
    """The separators that the text of a LIST field uses."""
    return tuple(separator for separator in SEPARATORS if separator in text)


def run_end_of(shape: FieldShape, text: str, at: int) -> int:
    """Where the run of characters that a field may have ends, which begins at `at`."""
    if isinstance(shape, Known):
        return max((at + len(one) for one in shape.texts if text.startswith(one, at)), default=at)
    return _run_of(shape).match(text, at).end()  # type: ignore[union-attr]  # it fits the empty text


def ends_of(shape: FieldShape, literal: str, text: str, at: int, run_end: int) -> Iterator[int]:
    """Where the field of a part may end, the nearest place first; of known texts the longest."""
    if isinstance(shape, Known):
        for one in sorted(set(shape.texts), key=len, reverse=True):
            if one and text.startswith(one + literal, at):
                yield at + len(one)
        return
    if shape is Shape.COMMIT:
        if text.startswith(literal, run_end):
            yield run_end
        return
    if not literal:
        last = run_end
        while shape is Shape.VERSION and text[last - 1] == ".":
            last -= 1
        yield last
        return
    end = text.find(literal, at + 1, run_end + len(literal))
    while end >= 0:
        if shape is not Shape.VERSION or text[end - 1] != ".":
            yield end
        end = text.find(literal, end + 1, run_end + len(literal))
