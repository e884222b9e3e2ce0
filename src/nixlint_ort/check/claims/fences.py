"""The units of fences, by their language: examples, commands, sessions, data, and code of which only names are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.block import BlockKind
from nixlint_ort.check.claims.data_records import records_of
from nixlint_ort.check.claims.text import plain
from nixlint_ort.check.claims.unit_list import UnitList
from nixlint_ort.check.claims.units import UnitKind, joined

if TYPE_CHECKING:
    from nixlint_ort.check.claims.block import Block

_PROMPT = "$ "
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
        lines = self.code(block)
        if meant == "data":
            self.records(line for line in lines if line[0].strip())
            return
        kind = _MEANT.get(meant, UnitKind.LISTING)
        for there, number, base in lines:
            bare = there.strip()
            if not bare:
                self.blocks += 1
            elif meant != "sessions" or bare.startswith(_PROMPT):
                self.add(kind, plain(bare, base + len(there) - len(there.lstrip())), number, table=self.tables)

    def code(self, block: Block) -> Iterator[tuple[str, int, int]]:
        """The lines of a fence, each with its number, from 1, and the byte at which it begins."""
        first = block.first + (block.kind is BlockKind.FENCE)
        for number, line in enumerate(block.content.split("\n"), first + 1):
            if number > self.source.line_count:
                return
            span = self.source.line_span(number)
            there = self.source.text(span)
            at = max(there.find(line.strip()), 0) - (len(line) - len(line.lstrip()))
            yield there[max(at, 0) :].rstrip(), number, span.start + len(there[: max(at, 0)].encode())

    def records(self, lines: Iterable[tuple[str, int, int]]) -> None:
        """The records of data, each a unit."""
        for cells, line in records_of(lines):
            self.blocks += 1
            text, places = joined(value for _, value in cells)
            for place, (head, _) in zip(places, cells, strict=True):
                place.head = head
            self.add(UnitKind.DATA, text, line, cells=places if len(places) > 1 else [], table=self.tables)
