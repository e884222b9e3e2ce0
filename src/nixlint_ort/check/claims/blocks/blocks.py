"""Reads a document's blocks, as markdown-it finds them, as units with what they are below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.blocks.block import Block, BlockKind
from nixlint_ort.check.claims.blocks.fences import FenceReader
from nixlint_ort.check.claims.blocks.html_tables import html_rows
from nixlint_ort.check.claims.blocks.unit_list import are_rows
from nixlint_ort.check.claims.text.text import Text, cells_of, without_markup
from nixlint_ort.check.claims.text.units import Cell, UnitKind, joined, sentences
from nixlint_ort.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.idle import Idle

_LABEL = re.compile(r"(?:[-*•·]\s+)?(?:(?:\*\*|__)[^*_]{1,40}(?:\*\*|__)|[A-Z][\w /\-]{0,30}:\s)")
_NO_LINE_END = re.compile(rb"\r(?!\n)|\0")
"""What markdown-it takes for the end of a line, or replaces; as a blank, it leaves every place what it is."""

_DESCRIBED = re.compile(r"\A[^\n:]+(?:\n: [^\n]{1,60})+\Z")
"""A term and what describes it, where that is short: a longer text says more than one thing."""
_LEADING = (":", "：")
_BREAK = re.compile(r"(?:\\|<br\s*/?>)\Z", re.IGNORECASE)


def units_of(
    source: Source,
    fences: Mapping[str, str],
    abbreviated: re.Pattern[str],
    excluding: Mapping[str, re.Pattern[str]],
    idle: Idle,
) -> tuple[list[Unit], list[tuple[str, int]]]:
    """The units of a document in their order, and its comments, each with the byte at which it begins.

    `fences` says of which languages fences are read, and how; `abbreviated` is what ends no sentence though a full
    stop follows; `excluding` has the words with which something is shown as
    wrong; of what is `idle` only headings, items and rows become units.
    """
    from nixlint_ort.check.claims.blocks.markdown import (
        blocks_of,  # only where a document is read, not a variant's comments
    )

    reader = _Reader(Source(source.path, _NO_LINE_END.sub(b" ", source.data)), fences, abbreviated, excluding, idle)
    reader.read(blocks_of(reader.source.data.decode("utf-8")))
    return reader.units, reader.comments


class _Reader(FenceReader):
    """Makes units from blocks."""

    def read(self, blocks: Iterable[Block]) -> None:
        """Go through all blocks."""
        for block in blocks:
            _STEPS[block.kind](self, block)
            self.said = block.content if block.kind is BlockKind.PARAGRAPH else ""

    def open_list(self) -> None:
        """A list begins; what leads to it is what stood right before."""
        self.tables += 1
        self.lists.append((self.tables, self.lead))
        self.lead = None

    def quote(self, step: int) -> None:
        """A quotation begins or ends."""
        self.quotes += step

    def heading(self, block: Block) -> None:
        """A heading."""
        content, line = block.content, block.first + 1
        if "|" in content and are_rows(content):
            return
        self.blocks += 1
        self.headings = [one for one in self.headings if one.depth < block.level]
        self.lead = None
        if self.idle.is_heading(content):
            make = partial(self.text_of, content, block.first)
            self.headings.append(self.add_idle(UnitKind.HEADING, make, line, depth=block.level))
            return
        text = self.text_of(content, block.first)
        unit = self.add(UnitKind.HEADING, text, line, depth=block.level)
        if unit:
            self.headings.append(unit)
        self.badges(text, line)

    def paragraph(self, block: Block) -> None:
        """A paragraph; not rows that an empty line parts from their table, whose head explains them."""
        content, first = block.content, block.first
        if "|" in content and are_rows(content):
            return
        self.blocks += 1
        if _DESCRIBED.search(content):
            self.definition(content, first)
        elif not self.is_idle(content, first):
            for text in self.texts_of(content, first):
                self.prose(text, self.line_of(text, first + 1))
                self.blocks += 1
        elif content.endswith(_LEADING) and not self.items:
            self.lead = self.add_idle(UnitKind.SENTENCE, partial(self.last_sentence, content, first), first + 1)
        else:
            self.lead = None

    def is_idle(self, content: str, first: int) -> bool:
        """Whether nothing of a paragraph is read; of an item, what may be above others is kept."""
        if not self.idle.is_sentence(content):
            return False
        if self.items and self.items[-1] is None:
            if not self.idle.is_heading(content):
                return False
            make = partial(self.first_sentence, content, first)
            self.items[-1] = self.add_idle(
                UnitKind.ITEM, make, first + 1, table=self.lists[-1][0], depth=len(self.lists)
            )
        return True

    def first_sentence(self, content: str, first: int) -> Text:
        """The first sentence of a paragraph."""
        return sentences(next(self.texts_of(content, first)), self.abbreviated)[0]

    def last_sentence(self, content: str, first: int) -> Text:
        """The last sentence of a paragraph."""
        return [one for text in self.texts_of(content, first) for one in sentences(text, self.abbreviated)][-1]

    def text_of(self, content: str, first: int) -> Text:
        """The text of lines of Markdown."""
        return without_markup(list(self.lines(content, first)))

    def texts_of(self, content: str, first: int) -> Iterator[Text]:
        """The text of a paragraph; what begins with a label, or follows a hard break, is one by itself."""
        if "\n" not in content:
            yield self.text_of(content, first)
            return
        lines = content.split("\n")
        known = list(self.lines(content, first))
        if len(known) < len(lines):
            lines = [line for line, _ in known]
        start = 0
        for number in range(1, len(known) + 1):
            if number == len(known) or _LABEL.match(known[number][0]) or _is_broken(lines[number - 1]):
                yield without_markup(known[start:number])
                start = number

    def prose(self, text: Text, line: int) -> None:
        """The sentences of a paragraph, or of an item."""
        self.lead = None
        is_item = bool(self.items) and self.items[-1] is None
        lead = None
        has_badge = any(one.is_badge for one in text.addresses)
        for number, part in enumerate(sentences(text, self.abbreviated)):
            kind = UnitKind.ITEM if is_item and not number else UnitKind.SENTENCE
            if kind is UnitKind.SENTENCE and has_badge:
                kind = UnitKind.BADGE
            more = {"table": self.lists[-1][0], "depth": len(self.lists)} if kind is UnitKind.ITEM else {}
            unit = self.add(kind, part, self.line_of(part, line), is_first=not number, **more)
            if kind is UnitKind.ITEM and unit:
                self.items[-1] = unit
            lead = unit or lead
        self.badges(text, line)
        self.lead = lead if lead and not self.items and text.chars.rstrip().endswith(_LEADING) else None

    def table(self, block: Block) -> None:
        """A table; of one of which nothing is read the head is kept, since it is beside others."""
        self.tables += 1
        self.heads = []
        self.idle_head = None
        last = self.source.line_span(min(block.last, self.source.line_count))
        whole = self.source.text(Span(self.source.line_span(block.first + 1).start, last.end))
        if not (self.row(block.first + 1, is_head=True) and self.idle.is_row(whole)):
            for line in range(block.first + 2, block.last):
                self.row(line + 1)

    def row(self, line: int, *, is_head: bool = False) -> bool:
        """A row of a table: its cells, with two spaces between; whether nothing of it is read."""
        span = self.source.line_span(line)
        row = self.source.text(span)
        self.blocks += 1
        depth = -1 if is_head else 0
        if self.idle.is_row(row):
            make = partial(_whole_row, row, span.start)
            unit = self.add_idle(UnitKind.ROW, make, line, table=self.tables, depth=depth)
            if is_head:
                self.idle_head = unit, row, span.start
            return True
        self.note_comments(row, span.start)
        texts = _cells(row, span.start)
        text, cells = joined(texts)
        if is_head:
            self.heads = texts
        else:
            self.name_columns(cells)
        self.add(UnitKind.ROW, text, line, cells=cells, table=self.tables, depth=depth)
        if not is_head:
            self.badges(text, line)
        return False

    def definition(self, content: str, first: int) -> None:
        """A term and what describes it in the lines below, as the cells of a row."""
        parts = [
            without_markup([(line.removeprefix(":"), at + line.startswith(":"))])
            for line, at in self.lines(content, first)
        ]
        text, cells = joined(parts)
        self.lead = None
        self.tables += 1
        self.add(UnitKind.ROW, text, first + 1, cells=cells, table=self.tables)

    def name_columns(self, cells: list[Cell]) -> None:
        """Give the cells of a row the heads of their columns."""
        if self.idle_head is not None:
            unit, row, base = self.idle_head
            self.heads = _cells(row, base)
            unit.text, unit.cells = joined(self.heads)
            self.idle_head = None
        for cell, head in zip(cells, self.heads, strict=False):
            cell.head = head

    def html(self, block: Block) -> None:
        """Rows of tables in HTML, and what else HTML says."""
        start = self.source.line_span(block.first + 1).start
        end = self.source.line_span(min(block.last, self.source.line_count)).end
        data = self.source.data[start:end].decode()
        self.tables += 1
        if self.idle.has_nothing(data, in_row=True) and "<h" not in data.lower():
            return
        self.note_comments(data, start)
        rows, others = html_rows(data, start)
        heads: list[Text] = []
        for row, is_head in rows:
            self.blocks += 1
            text, cells = joined(row)
            if is_head:
                heads = row
            else:
                for cell, head in zip(cells, heads, strict=False):
                    cell.head = head
            line = self.line_of(text, block.first + 1)
            self.add(UnitKind.ROW, text, line, cells=cells, table=self.tables, depth=-1 if is_head else 0)
        for text, is_item, level in others:
            self.blocks += 1
            self.html_text(text, block.first + 1, is_item=is_item, level=level)

    def html_text(self, text: Text, line: int, *, is_item: bool, level: int) -> None:
        """A heading, an item or another text in HTML."""
        if level:
            self.headings = [one for one in self.headings if one.depth < level]
        for number, part in enumerate(sentences(text, self.abbreviated)):
            kind = UnitKind.HEADING if level else UnitKind.ITEM if is_item and not number else UnitKind.SENTENCE
            if any(one.is_badge for one in text.addresses):
                kind = UnitKind.BADGE
            table = self.tables if is_item else 0
            unit = self.add(kind, part, self.line_of(part, line), is_first=not number, depth=level, table=table)
            if unit and level:
                self.headings.append(unit)
        self.badges(text, self.line_of(text, line))


def _is_broken(line: str) -> bool:
    """Whether a line ends in a hard break: two blanks, a backslash or a tag, perhaps with more blanks."""
    bare = line.rstrip()
    return "  " in line[len(bare) :] or _BREAK.search(bare) is not None


def _cells(row: str, base: int) -> list[Text]:
    return [without_markup([piece]) for piece in cells_of(row, base)]


def _whole_row(row: str, base: int) -> Text:
    return joined(_cells(row, base))[0]


_STEPS: dict[BlockKind, Callable[[_Reader, Block], object]] = {
    BlockKind.HEADING: _Reader.heading,
    BlockKind.PARAGRAPH: _Reader.paragraph,
    BlockKind.FENCE: _Reader.fence,
    BlockKind.CODE: _Reader.fence,
    BlockKind.HTML: _Reader.html,
    BlockKind.TABLE: _Reader.table,
    BlockKind.LIST: lambda reader, _: reader.open_list(),
    BlockKind.LIST_END: lambda reader, _: reader.lists.pop(),
    BlockKind.ITEM: lambda reader, _: reader.items.append(None),
    BlockKind.ITEM_END: lambda reader, _: reader.items.pop(),
    BlockKind.QUOTE: lambda reader, _: reader.quote(1),
    BlockKind.QUOTE_END: lambda reader, _: reader.quote(-1),
}
"""What to do at which kind of block."""
