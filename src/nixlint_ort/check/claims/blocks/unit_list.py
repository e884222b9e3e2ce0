"""The units of a document as they are found one after another, each with what it is below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.text import LateText, Text
from nixlint_ort.check.claims.text.units import Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.check.claims.words.idle import Idle
    from nixlint_ort.source import Source

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SEPARATE = (UnitKind.SENTENCE, UnitKind.ITEM, UnitKind.EXAMPLE)
"""Of a paragraph or a fence that is read, these may have nothing."""


class UnitList:
    """Keeps what a unit that comes next is below: headings, lists and items, and the head of a table."""

    def __init__(
        self,
        source: Source,
        fences: Mapping[str, str],
        abbreviated: re.Pattern[str],
        excluding: Mapping[str, re.Pattern[str]],
        idle: Idle,
    ) -> None:
        self.source = source
        self.fences = fences
        self.abbreviated = abbreviated
        self.excluding = excluding
        self.idle = idle
        self.units: list[Unit] = []
        self.comments: list[tuple[str, int]] = []
        self.headings: list[Unit] = []
        self.items: list[Unit | None] = []
        self.lists: list[tuple[int, Unit | None]] = []
        self.lead: Unit | None = None
        self.said = ""
        """The paragraph that stood right before."""
        self.quotes = 0
        self.tables = 0
        self.blocks = 0
        self.heads: list[Text] = []
        self.idle_head: tuple[Unit, str, int] | None = None
        """The head of a table of which no row was read yet, its line and the byte at which that begins."""

    @property
    def context(self) -> tuple[Unit, ...]:
        """What a unit that comes now is below."""
        above = [one for one in reversed(self.items) if one is not None]
        leads = [lead for _, lead in self.lists if lead is not None]
        if not self.lists and self.lead is not None:
            leads = [self.lead]
        return (*above, *leads, *reversed(self.headings))

    def add(self, kind: UnitKind, text: Text, line: int, **more: object) -> Unit | None:
        """A unit, unless it is empty."""
        if not text.chars.strip():
            return None
        unit = Unit(kind, text, line, self.blocks, self.context, is_quoted=self.quotes > 0)
        for name, value in more.items():
            setattr(unit, name, value)
        if kind in _SEPARATE:
            unit.is_idle = not text.addresses and self.idle.has_nothing(text.chars)
        self.units.append(unit)
        return unit

    def add_idle(self, kind: UnitKind, make: Callable[[], Text], line: int, **more: object) -> Unit:
        """A unit of which nothing is read, but that others may be below or beside."""
        unit = Unit(kind, LateText(make), line, self.blocks, self.context, is_idle=True)
        for name, value in more.items():
            setattr(unit, name, value)
        self.units.append(unit)
        return unit

    def note_comments(self, text: str, base: int) -> None:
        """Keep the comments in a piece of the document."""
        if "<!--" not in text:
            return
        at, end = 0, text.rfind("-->") + 3  # beyond it no comment ends, and to look for that at each would take long
        for one in _COMMENT.finditer(text, 0, end):
            base += len(text[at : one.start()].encode())
            at = one.start()
            self.comments.append((one[0], base))

    def badges(self, text: Text, line: int) -> None:
        """What badges show, each a unit of its own."""
        for address in text.addresses:
            if address.is_badge:
                self.blocks += 1
                self.add(UnitKind.BADGE, address.text, line)

    def lines(self, content: str, first: int) -> Iterator[tuple[str, int]]:
        """The lines of a block's content, each with the byte at which it begins."""
        for number, line in enumerate(content.split("\n"), first + 1):
            if number > self.source.line_count:
                return
            span = self.source.line_span(number)
            there = self.source.text(span)
            bare = line.strip()
            at = there.rfind(bare)
            if bare and at >= 0:
                self.note_comments(bare, span.start + len(there[:at].encode()))
                yield bare, span.start + len(there[:at].encode())

    def line_of(self, text: Text, default: int) -> int:
        """The line of a text's first character, from 1."""
        return self.source.position(text.byte(0)).line if text.chars else default


def are_rows(content: str) -> bool:
    """Whether each line is a row of a table, with a bar at both ends and one between two cells."""
    rows = [line.strip(" \t") for line in content.removesuffix("\n").split("\n")]
    return all(row.startswith("|") and row.endswith("|") and row.count("|") > 2 for row in rows)
