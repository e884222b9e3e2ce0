"""The units of a document: rows of tables, items of lists, sentences, headings and lines of fences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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


def part_of(text: Text, start: int, end: int) -> Text:
    """The characters `start` to `end` of a text, as a text."""
    part = Text()
    for at, (source, first, base), after in zip(
        text.starts, text.runs, [*text.starts[1:], len(text.chars)], strict=True
    ):
        low, high = max(at, start), min(after, end)
        if low < high:
            part.add(text.chars[low:high], source, first + low - at, base)
    part.code = [(first - start, last - start) for first, last in text.code if last > start and first < end]
    part.addresses = [one._replace(at=one.at - start) for one in text.addresses if start < max(one.at, 1) <= end]
    part.strong = [(first - start, last - start) for first, last in text.strong if last > start and first < end]
    return part


def sentences(text: Text, abbreviated: re.Pattern[str]) -> Iterator[Text]:
    """The sentences of a paragraph; what is `abbreviated` before a full stop ends none."""
    found = _SENTENCE_END.finditer(text.chars)
    ends = [end for end in found if not abbreviated.search(text.chars[: end.start("gap")][-8:])]
    cuts = [0, *(end.end() for end in ends)]
    if len(cuts) == 1:
        yield text
        return
    for start, end in zip(cuts, [*cuts[1:], len(text.chars)], strict=True):
        yield part_of(text, start, end)
