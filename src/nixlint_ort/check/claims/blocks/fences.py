"""The units of fences, by their language: examples, commands, sessions, data, and code of which only names are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.blocks.block import BlockKind
from nixlint_ort.check.claims.blocks.data_records import records_of
from nixlint_ort.check.claims.blocks.shown_wrong import lines_shown_wrong
from nixlint_ort.check.claims.blocks.unit_list import UnitList
from nixlint_ort.check.claims.text.text import plain
from nixlint_ort.check.claims.text.units import UnitKind, joined

if TYPE_CHECKING:
    from nixlint_ort.check.claims.blocks.block import Block
    from nixlint_ort.check.claims.text.text import Text

_PROMPT = "$ "
_FEWEST_ROWS = 3
_COMMANDS = ("$", "#", "./")
_GAP = re.compile(r"\s*\.{3,}\s*|\s+\.\.\s+|\s{2,}")
"""What parts two columns: dots that lead from one to the other, or blanks."""
_MEANT = {"examples": UnitKind.EXAMPLE, "commands": UnitKind.CODE}


class FenceReader(UnitList):
    """Makes units of fences."""

    def fence(self, block: Block) -> None:
        """A fence in one of the languages that are read, line by line."""
        named = block.info.split()
        meant = self.fences.get(named[0].lower() if named else "")
        if meant is None:
            return
        self.blocks += 1
        self.tables += 1
        if self.idle.has_nothing(block.content):
            return
        lines = list(self.code(block))
        if meant == "data":
            self.records(line for line in lines if line[0].strip())
            return
        kind = _MEANT.get(meant, UnitKind.LISTING)
        rows = [_columns(*line) for line in lines if line[0]] if kind is UnitKind.CODE else []
        if len(rows) >= _FEWEST_ROWS and all(rows):
            self.columns(rows)
            return
        shown = lines_shown_wrong([line for line, _, _ in lines], self.said, self.excluding)
        for (there, number, base), is_wrong in zip(lines, shown, strict=True):
            bare = there.strip()
            if not bare:
                self.blocks += 1
            elif meant != "sessions" or bare.startswith(_PROMPT):
                text = plain(bare, base + len(there) - len(there.lstrip()))
                self.add(kind, text, number, table=self.tables, is_shown_wrong=is_wrong)

    def code(self, block: Block) -> Iterator[tuple[str, int, int]]:
        """The lines of a fence, each with its number, from 1, and the byte at which it begins."""
        first = block.first + (block.kind is BlockKind.FENCE)
        for number, line in enumerate(block.content.removesuffix("\n").split("\n"), first + 1):
            if number > self.source.line_count:
                return
            span = self.source.line_span(number)
            there = self.source.text(span)
            at = max(there.find(line.strip()), 0) - (len(line) - len(line.lstrip()))
            yield there[max(at, 0) :].rstrip(), number, span.start + len(there[: max(at, 0)].encode())

    def columns(self, rows: Iterable[Sequence[Text]]) -> None:
        """The rows of a table whose columns blanks part; it has no heads."""
        for texts in rows:
            text, cells = joined(texts)
            self.blocks += 1
            self.add(UnitKind.ROW, text, self.line_of(text, 1), cells=cells, table=self.tables)

    def records(self, lines: Iterable[tuple[str, int, int]]) -> None:
        """The records of data, each a unit."""
        for cells, line in records_of(lines):
            self.blocks += 1
            text, places = joined(value for _, value in cells)
            for place, (head, _) in zip(places, cells, strict=True):
                place.head = head
            self.add(UnitKind.DATA, text, line, cells=places if len(places) > 1 else [], table=self.tables)


def _columns(line: str, _: int, base: int) -> list[Text]:
    """The parts of a line that dots, or two blanks or more, part; none where there are one, or two without dots."""
    gaps = list(_GAP.finditer(line))
    cuts = [(0, 0), *(gap.span() for gap in gaps), (len(line), len(line))]
    parts = [(end, start) for (_, end), (start, _) in pairwise(cuts) if end < start]
    cells = [plain(line[start:end], base + len(line[:start].encode())) for start, end in parts]
    is_led = len(cells) == 2 and any("." in gap[0] for gap in gaps)
    return cells if (len(cells) > 2 or is_led) and not line.lstrip().startswith(_COMMANDS) else []
