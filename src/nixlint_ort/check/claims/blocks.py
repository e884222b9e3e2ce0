"""Reads a document's blocks, as markdown-it finds them, as units with what they are below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.html_tables import html_rows
from nixlint_ort.check.claims.text import Text, cells_of, plain, without_markup
from nixlint_ort.check.claims.units import Unit, UnitKind, joined, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markdown_it.token import Token

    from nixlint_ort.source import Source

_HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LABEL = re.compile(r"(?:[-*•·]\s+)?(?:(?:\*\*|__)[^*_]{1,40}(?:\*\*|__)|[A-Z][\w /\-]{0,30}:\s)")
_ROWS = re.compile(r"(?:[ \t]*\|.*\|.*\|[ \t]*(?:\n|\Z))+")
_BREAK = re.compile(r"(?:  |\\|<br\s*/?>)\s*\Z", re.IGNORECASE)


def units_of(
    source: Source, fences: Mapping[str, str], abbreviated: re.Pattern[str]
) -> tuple[list[Unit], list[tuple[str, int]]]:
    """The units of a document in their order, and its comments, each with the byte at which it begins.

    `fences` says of which languages fences are read, and how; `abbreviated` is what ends no sentence though a full
    stop follows.
    """
    from markdown_it import MarkdownIt  # only where a document is read

    markdown = MarkdownIt("commonmark").enable("table")
    markdown.core.ruler.enableOnly(["normalize", "block"])
    reader = _Reader(source, fences, abbreviated)
    reader.read(markdown.parse(source.data.decode("utf-8")))
    return reader.units, reader.comments


class _Reader:
    """Makes units from tokens, keeping what they are below."""

    def __init__(self, source: Source, fences: Mapping[str, str], abbreviated: re.Pattern[str]) -> None:
        self.source = source
        self.fences = fences
        self.abbreviated = abbreviated
        self.units: list[Unit] = []
        self.comments: list[tuple[str, int]] = []
        self.headings: list[Unit] = []
        self.items: list[Unit | None] = []
        self.lists: list[tuple[int, Unit | None]] = []
        self.lead: Unit | None = None
        self.quotes = 0
        self.tables = 0
        self.blocks = 0
        self.heads: list[Text] = []
        self.in_head = False

    @property
    def context(self) -> tuple[Unit, ...]:
        """What a unit that comes now is below."""
        above = [one for one in reversed(self.items) if one is not None]
        leads = [lead for _, lead in self.lists if lead is not None]
        if not self.lists and self.lead is not None:
            leads = [self.lead]
        return (*above, *leads, *reversed(self.headings))

    def read(self, tokens: list[Token]) -> None:
        """Go through all tokens."""
        for index, token in enumerate(tokens):
            if token.type == "inline":
                self.inline(tokens[index - 1], token)
                continue
            step = _STEPS.get(token.type)
            if step is not None:
                step(self, token)

    def open_list(self, _: Token) -> None:
        """A list begins; what leads to it is what stood right before."""
        self.tables += 1
        self.lists.append((self.tables, self.lead))
        self.lead = None

    def close_list(self) -> None:
        """A list ends."""
        self.lists.pop()

    def close_item(self) -> None:
        """An item of a list ends."""
        self.items.pop()

    def quote(self, step: int) -> None:
        """A quotation begins or ends."""
        self.quotes += step

    def open_table(self) -> None:
        """A table begins."""
        self.tables += 1
        self.heads = []

    def head(self, *, begins: bool) -> None:
        """The head of a table begins or ends."""
        self.in_head = begins

    def add(self, kind: UnitKind, text: Text, line: int, **more: object) -> Unit | None:
        """A unit, unless it is empty."""
        if not text.chars.strip():
            return None
        unit = Unit(kind, text, line, self.blocks, self.context, is_quoted=self.quotes > 0)
        for name, value in more.items():
            setattr(unit, name, value)
        self.units.append(unit)
        return unit

    def note_comments(self, text: str, base: int) -> None:
        """Keep the comments in a piece of the document."""
        if "<!--" in text:
            self.comments += [
                (one[0], base + len(text[: one.start()].encode())) for one in _HTML_COMMENT.finditer(text)
            ]

    def badges(self, text: Text, line: int) -> None:
        """What badges show, each a unit of its own."""
        for address in text.addresses:
            if address.is_badge:
                self.blocks += 1
                self.add(UnitKind.BADGE, address.text, line)

    def lines(self, content: str, first: int) -> Iterator[tuple[str, int]]:
        """The lines of a token's content, each with the byte at which it begins."""
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

    def inline(self, opener: Token, token: Token) -> None:
        """A heading or a paragraph; not rows that an empty line parts from their table, whose head explains them."""
        if opener.type in ("th_open", "td_open") or token.map is None or _ROWS.fullmatch(token.content):
            return
        self.blocks += 1
        first = token.map[0]
        if opener.type != "heading_open" and "\n" in token.content:
            self.paragraph(token.content, first)
            return
        text = without_markup(list(self.lines(token.content, first)))
        line = first + 1
        if opener.type == "heading_open":
            depth = int(opener.tag[1:])
            self.headings = [one for one in self.headings if one.depth < depth]
            self.lead = None
            unit = self.add(UnitKind.HEADING, text, line, depth=depth)
            if unit:
                self.headings.append(unit)
            self.badges(text, line)
            return
        self.prose(text, line)

    def paragraph(self, content: str, first: int) -> None:
        """A paragraph of several lines: one that begins with a label, or follows a hard break, is read by itself."""
        lines = content.split("\n")
        known = list(self.lines(content, first))
        if len(known) < len(lines):
            lines = [line for line, _ in known]
        start = 0
        for number in range(1, len(known) + 1):
            if number == len(known) or _LABEL.match(known[number][0]) or _BREAK.search(lines[number - 1]):
                text = without_markup(known[start:number])
                self.prose(text, self.line_of(text, first + 1))
                self.blocks += 1
                start = number

    def prose(self, text: Text, line: int) -> None:
        """The sentences of a paragraph, or of an item."""
        if not self.items:
            self.lead = None
        is_item = bool(self.items) and self.items[-1] is None
        lead = None
        for number, part in enumerate(sentences(text, self.abbreviated)):
            kind = UnitKind.ITEM if is_item and not number else UnitKind.SENTENCE
            if kind is UnitKind.SENTENCE and any(one.is_badge for one in text.addresses):
                kind = UnitKind.BADGE
            more = {"table": self.lists[-1][0], "depth": len(self.lists)} if kind is UnitKind.ITEM else {}
            unit = self.add(kind, part, self.line_of(part, line), is_first=not number, **more)
            if kind is UnitKind.ITEM and unit:
                self.items[-1] = unit
            lead = unit or lead
        self.badges(text, line)
        self.lead = lead if lead and not self.items and text.chars.rstrip().endswith((":", "：")) else None

    def line_of(self, text: Text, default: int) -> int:
        """The line of a text's first character, from 1."""
        return self.source.position(text.byte(0)).line if text.chars else default

    def row(self, token: Token) -> None:
        """A row of a table: its cells, with two spaces between."""
        if token.map is None:
            return
        line = token.map[0]
        span = self.source.line_span(line + 1)
        line_text = self.source.text(span)
        self.note_comments(line_text, span.start)
        pieces = list(cells_of(line_text, span.start))
        if self.in_head:
            self.heads = [without_markup([piece]) for piece in pieces]
            self.blocks += 1
            text, cells = joined(without_markup([piece]) for piece in pieces)
            self.add(UnitKind.ROW, text, line + 1, cells=cells, table=self.tables, depth=-1)
            return
        self.blocks += 1
        text, cells = joined(without_markup([piece]) for piece in pieces)
        for cell, head in zip(cells, self.heads, strict=False):
            cell.head = head
        self.add(UnitKind.ROW, text, line + 1, cells=cells, table=self.tables)
        self.badges(text, line + 1)

    def fence(self, token: Token) -> None:
        """A fence in one of the languages that are read, line by line."""
        language = token.info.split()[0] if token.info.split() else ""
        meant = self.fences.get(language.lower()) if token.type == "fence" else self.fences.get("")
        if meant is None or token.map is None:
            return
        self.blocks += 1
        self.tables += 1
        first = token.map[0] + (token.type == "fence")
        for number, line in enumerate(token.content.split("\n"), first + 1):
            if number > self.source.line_count:
                break
            span = self.source.line_span(number)
            there = self.source.text(span)
            if not line.strip():
                self.blocks += 1
                continue
            at = max(there.find(line.strip()), 0)
            kind = UnitKind.EXAMPLE if meant == "examples" else UnitKind.CODE
            base = span.start + len(there[:at].encode())
            self.add(kind, plain(there[at:].rstrip(), base), number, table=self.tables, depth=len(there) - len(line))

    def html(self, token: Token) -> None:
        """Rows of tables in HTML, and what else HTML says."""
        if token.map is None:
            return
        start = self.source.line_span(token.map[0] + 1).start
        end = self.source.line_span(min(token.map[1], self.source.line_count)).end
        data = self.source.data[start:end].decode()
        self.note_comments(data, start)
        rows, others = html_rows(data, start)
        self.tables += 1
        heads: list[Text] = []
        for row, is_head in rows:
            self.blocks += 1
            text, cells = joined(row)
            if is_head:
                heads = row
            else:
                for cell, head in zip(cells, heads, strict=False):
                    cell.head = head
            line = self.line_of(text, token.map[0] + 1)
            self.add(UnitKind.ROW, text, line, cells=cells, table=self.tables, depth=-1 if is_head else 0)
        for text, is_item, level in others:
            self.blocks += 1
            if level:
                self.headings = [one for one in self.headings if one.depth < level]
            for number, part in enumerate(sentences(text, self.abbreviated)):
                kind = UnitKind.HEADING if level else UnitKind.ITEM if is_item and not number else UnitKind.SENTENCE
                if any(one.is_badge for one in text.addresses):
                    kind = UnitKind.BADGE
                line = self.line_of(part, token.map[0] + 1)
                unit = self.add(kind, part, line, is_first=not number, depth=level, table=self.tables if is_item else 0)
                if unit and level:
                    self.headings.append(unit)
            self.badges(text, self.line_of(text, token.map[0] + 1))


_STEPS: dict[str, Callable[[_Reader, Token], object]] = {
    "bullet_list_open": _Reader.open_list,
    "ordered_list_open": _Reader.open_list,
    "bullet_list_close": lambda reader, _: reader.close_list(),
    "ordered_list_close": lambda reader, _: reader.close_list(),
    "list_item_open": lambda reader, _: reader.items.append(None),
    "list_item_close": lambda reader, _: reader.close_item(),
    "blockquote_open": lambda reader, _: reader.quote(1),
    "blockquote_close": lambda reader, _: reader.quote(-1),
    "table_open": lambda reader, _: reader.open_table(),
    "thead_open": lambda reader, _: reader.head(begins=True),
    "thead_close": lambda reader, _: reader.head(begins=False),
    "tr_open": _Reader.row,
    "fence": _Reader.fence,
    "code_block": _Reader.fence,
    "html_block": _Reader.html,
}
"""What to do at which kind of token."""
