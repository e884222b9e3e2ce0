"""The units of a document: rows of tables, items of lists, sentences, headings and lines of fences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from nixlint_ort.check.claims.text.text import Text

_SENTENCE_END = re.compile(r"[.!?](?P<gap>[)\"'”]*\s+)(?=[\"'“(\[]*[A-Z0-9])")


class UnitKind(StrEnum):
    """What a unit is."""

    HEADING = "heading"
    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    EXAMPLE = "example"
    DATA = "data"
    """A record of data, of which the keys are the heads of its cells."""
    LISTING = "listing"
    """A line of code of which only the names of variants are read."""
    BADGE = "badge"


@dataclass(slots=True, eq=False)
class Cell:
    """One cell of a row: characters `start` to `end` of the unit's text, and the text of its column's head."""

    start: int
    end: int
    head: Text | None = None


@dataclass(slots=True, eq=False)
class Unit:
    """One unit: its text, and what it is below or beside."""

    kind: UnitKind
    text: Text
    line: int
    """The first of its lines, from 1."""
    block: int
    """The number of its block: sentences of one paragraph and the commands below one comment share it."""
    context: tuple[Unit, ...] = ()
    """The item above it, the line that leads to its list, and the headings above, nearest first."""
    cells: list[Cell] = field(default_factory=list)
    table: int = 0
    """The number of the table or the list that it is part of; 0 for none."""
    is_quoted: bool = False
    is_first: bool = True
    """Whether it is the first sentence of its block."""
    depth: int = 0
    """Of an item, how deep its list is; of a heading, its level."""
    is_shown_wrong: bool = False
    """Whether a fence shows it as what is wrong, or as what fails."""
    is_idle: bool = False
    """Whether nothing of the vocabulary is in it, so that it is only what others are below or beside."""


def joined(texts: Iterable[Text]) -> tuple[Text, list[Cell]]:
    """One text of several, and where each of them is in it."""
    whole = Text()
    cells: list[Cell] = []
    for text in texts:
        if cells:
            whole.add("  ", "  ", 0, text.byte(0) if text.runs else 0)
        offset = len(whole.chars)
        append(whole, text)
        cells.append(Cell(offset, len(whole.chars)))
    return whole, cells


def append(whole: Text, text: Text) -> None:
    """Put one text behind another."""
    offset = len(whole.chars)
    whole.starts += [offset + start for start in text.starts]
    whole.runs += text.runs
    whole.chars += text.chars
    whole.code += [(offset + first, offset + last) for first, last in text.code]
    whole.strong += [(offset + first, offset + last) for first, last in text.strong]
    whole.addresses += [one._replace(at=offset + one.at) for one in text.addresses]


def parts_of(text: Text, cuts: Sequence[int]) -> list[Text]:
    """A text cut at these characters, in order, of which the first is 0 and the last its end.

    It takes work for what is in each part, not for each part all that is in the text.
    """
    parts = [Text() for _ in cuts[1:]]
    for at, (source, first, base), after in zip(
        text.starts, text.runs, [*text.starts[1:], len(text.chars)], strict=True
    ):
        for number in _touched(cuts, at, after):
            low, high = max(at, cuts[number]), min(after, cuts[number + 1])
            if low < high:
                parts[number].add(text.chars[low:high], source, first + low - at, base)
    for first, last in text.code:
        for number in _touched(cuts, first, last):
            parts[number].code.append((first - cuts[number], last - cuts[number]))
    for first, last in text.strong:
        for number in _touched(cuts, first, last):
            parts[number].strong.append((first - cuts[number], last - cuts[number]))
    for one in text.addresses:
        for number in _touched(cuts, max(one.at, 1) - 1, max(one.at, 1)):
            parts[number].addresses.append(one._replace(at=one.at - cuts[number]))
    return parts


def _touched(cuts: Sequence[int], first: int, last: int) -> range:
    """The numbers of the parts between cuts in which some of the characters `first` to `last` are."""
    return range(bisect_right(cuts, first) - 1, min(bisect_left(cuts, last), len(cuts) - 1))


def sentences(text: Text, abbreviated: re.Pattern[str]) -> list[Text]:
    """The sentences of a paragraph; what is `abbreviated` before a full stop ends none."""
    found = _SENTENCE_END.finditer(text.chars)
    gaps = ((end.end(), end.start("gap")) for end in found)
    ends = [end for end, gap in gaps if not abbreviated.search(text.chars[max(gap - 8, 0) : gap])]
    return parts_of(text, [0, *ends, len(text.chars)]) if ends else [text]
