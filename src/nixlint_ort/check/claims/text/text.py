"""A piece of a document without its markup, in which every character knows its bytes."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from nixlint_ort.source import Span

_MARKUP = re.compile(r"\\(?=[!-/:-@\[-`{-~])|`+|\*+|_+|~~|!\[|\]\(|\]\[|<[^<>]*>|&#?\w{1,30};|https?://[^\s<>)\]]+")
_MARKED = re.compile(r"[\\`*_~\[<&]|://")
_ADDRESS = re.compile(r"\(?\s*+<?([^\s()<>]*+(?:\([^\s()<>]*+\)[^\s()<>]*+)*+)>?[^()]*+\)")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}|[_\-+]")


class Address(NamedTuple):
    """Where a link or an image leads, or the words of a badge; it ends behind `at` code points of the text around."""

    text: Text
    at: int
    is_badge: bool


@dataclass(slots=True)
class Text:
    """Characters, and runs of them with the bytes that they came from."""

    chars: str = ""
    starts: list[int] = field(default_factory=list)
    """Where each run begins in `chars`."""
    runs: list[tuple[str, int, int]] = field(default_factory=list)
    """The source of each run, the code point of it at which the run begins, and the byte at which the source begins."""
    code: list[tuple[int, int]] = field(default_factory=list)
    """Which characters are in code spans."""
    strong: list[tuple[int, int]] = field(default_factory=list)
    """Which characters are emphasised."""
    addresses: list[Address] = field(default_factory=list)

    def add(self, chars: str, source: str, at: int, base: int) -> None:
        """Append characters that stand from code point `at` on in a source that begins at byte `base`."""
        if chars:
            self.starts.append(len(self.chars))
            self.runs.append((source, at, base))
            self.chars += chars

    def byte(self, index: int) -> int:
        """The byte at which a character begins."""
        run = max(bisect_right(self.starts, index) - 1, 0)
        source, at, base = self.runs[run]
        cut = at + index - self.starts[run]
        return base + (cut if source.isascii() else len(source[:cut].encode()))

    def span(self, start: int, end: int) -> Span:
        """The bytes of the characters `start` to `end`, of which there is at least one."""
        run = bisect_right(self.starts, end - 1) - 1
        source, at, base = self.runs[run]
        cut = at + end - self.starts[run]
        return Span(self.byte(start), base + (cut if source.isascii() else len(source[:cut].encode())))

    def is_code(self, start: int) -> bool:
        """Whether a character is in a code span."""
        return any(first <= start < last for first, last in self.code)

    def is_marked(self, start: int) -> bool:
        """Whether a character is in a code span or emphasised."""
        return self.is_code(start) or any(first <= start < last for first, last in self.strong)


class LateText(Text):
    """A text that is made when somebody asks for it."""

    def __init__(self, make: Callable[[], Text]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> object:
        if name not in Text.__slots__:
            raise AttributeError(name)
        made = self._make()
        for slot in Text.__slots__:
            setattr(self, slot, getattr(made, slot))
        return getattr(self, name)


def plain(source: str, base: int) -> Text:
    """Text that has no markup, such as a line of a fence."""
    text = Text()
    text.add(source, source, 0, base)
    return text


def without_markup(lines: list[tuple[str, int]]) -> Text:
    """The text of lines of Markdown, each with the byte at which it begins; lines are joined by a space."""
    text = Text()
    for number, (line, base) in enumerate(lines):
        if number:
            text.add(" ", line, 0, base)
        if _plain(line):
            text.add(line, line, 0, base)
        else:
            _Stripper(text, line, base).run()
    return text


def cells_of(line: str, base: int) -> Iterator[tuple[str, int]]:
    """The cells of a table's row without the space around them, each with the byte at which it begins."""
    marks = [at for at, char in enumerate(line) if char == "|" and not _escaped(line, at)]
    start = len(line) - len(line.lstrip(" >"))
    if marks and marks[0] == start:
        marks = marks[1:]
        start += 1
    end = len(line.rstrip())
    if marks and marks[-1] == end - 1:
        end = marks.pop()
    for mark in (*marks, end):
        cell = line[start:mark]
        at = start + len(cell) - len(cell.lstrip())
        yield cell.strip(), base + len(line[:at].encode())
        start = mark + 1


def _escaped(line: str, at: int) -> bool:
    return (at - len(line[:at].rstrip("\\"))) % 2 == 1


def _plain(line: str) -> bool:
    return _MARKED.search(line) is None


class _Stripper:
    """Copies one line into a text, without its markup."""

    def __init__(self, text: Text, line: str, base: int) -> None:
        self.text, self.line, self.base = text, line, base
        self.done = 0
        self.emphasis: dict[str, int] = {}

    @cached_property
    def ticks(self) -> dict[int, list[int]]:
        """Where runs of backticks begin, in code points, by their length."""
        found: dict[int, list[int]] = {}
        for run in re.finditer("`+", self.line):
            found.setdefault(len(run[0]), []).append(run.start())
        return found

    def run(self) -> None:
        """Copy the line."""
        at = 0
        while (found := _MARKUP.search(self.line, at)) is not None:
            at = max(self.take(found), found.start() + 1)
        self.copy(len(self.line))

    def copy(self, until: int) -> None:
        """Copy what is left before a code point."""
        self.text.add(self.line[self.done : until], self.line, self.done, self.base)
        self.done = max(until, self.done)

    def drop(self, found: re.Match[str]) -> int:
        """Leave a piece of markup out."""
        self.copy(found.start())
        self.done = found.end()
        return found.end()

    def take(self, found: re.Match[str]) -> int:
        """Deal with one piece of markup; returns where to go on."""
        piece = found[0]
        if piece == "\\":
            return self.drop(found) + 1
        step = _STEPS.get(piece) or _STEPS.get(piece[0])
        if step is not None:
            return step(self, found)
        self.copy(found.start())
        self.address(piece, found.start())
        self.done = found.end()
        return found.end()

    def entity(self, found: re.Match[str]) -> int:
        """A character by its name or number."""
        shown = html.unescape(found[0])
        if len(shown) == 1:
            self.drop(found)
            self.text.add(shown, self.line, found.start(), self.base)
        return found.end()

    def reference(self, found: re.Match[str]) -> int:
        """The label of a link, which is not shown."""
        end = self.line.find("]", found.end())
        if end < 0:
            return found.end()
        self.copy(found.start())
        self.done = end + 1
        return self.done

    def code(self, found: re.Match[str]) -> int:
        """A code span, if it is closed."""
        ticks = found[0]
        runs = self.ticks.get(len(ticks), [])
        closing = bisect_left(runs, found.end())
        if closing == len(runs):
            return found.end()
        self.drop(found)
        start = len(self.text.chars)
        self.copy(runs[closing])
        self.text.code.append((start, len(self.text.chars)))
        self.done = runs[closing] + len(ticks)
        return self.done

    def emphasise(self, found: re.Match[str]) -> int:
        """Stars and underscores that are emphasis, not part of a word or a sign by themselves."""
        before = self.line[found.start() - 1 : found.start()] if found.start() else " "
        after = self.line[found.end() : found.end() + 1] or " "
        if before.isspace() and after.isspace():
            return found.end()
        if found[0][0] == "_" and (before.isalnum() and after.isalnum()):
            return found.end()
        if found[0] == "*" and (before in "-*" or after in "-*.") and not before.isspace():
            return found.end()  # a glob
        if found[0][0] == "_" and before in "-/.{" and after.isalnum() and "_" not in self.emphasis:
            return found.end()
        self.drop(found)
        opened = self.emphasis.pop(found[0], None)
        if opened is not None:
            self.text.strong.append((opened, len(self.text.chars)))
        else:
            self.emphasis[found[0]] = len(self.text.chars)
        return found.end()

    def element(self, found: re.Match[str]) -> int:
        """A tag of HTML; one that breaks the line counts as a space, and a picture as what it is called."""
        piece = found[0]
        if not re.match(r"</?[A-Za-z!]", piece):
            return found.start() + 1
        if piece.startswith(("<http://", "<https://")):
            self.drop(found)
            self.address(piece[1:-1], found.start() + 1)
            return found.end()
        self.drop(found)
        for name in ("alt", "src", "href"):
            given = re.search(rf"""\b{name}\s*=\s*(["'])(.*?)\1""", piece)
            if given and name == "alt":
                self.text.add(given[2], self.line, found.start() + given.start(2), self.base)
            elif given:
                self.address(given[2], found.start() + given.start(2))
        if re.match(r"<(?:br|/?p|/?div|/?li|hr)\b", piece, re.IGNORECASE):
            self.text.add(" ", self.line, found.start(), self.base)
        return found.end()

    def struck(self, found: re.Match[str]) -> int:
        """What is struck out is not said."""
        end = self.line.find("~~", found.end())
        self.drop(found)
        if end >= 0:
            self.done = end + 2
        return self.done

    def link(self, found: re.Match[str]) -> int:
        """The address of a link, which is kept apart."""
        address = _ADDRESS.match(self.line, found.end() - 1)
        if address is None:
            return found.end()
        self.copy(found.start())
        if address[1]:
            self.address(address[1], address.start(1))
        self.done = address.end()
        return self.done

    def address(self, address: str, start: int) -> None:
        """Keep an address as a text: of a badge the words that it shows, else as it is."""
        text = Text()
        label = re.search(r"/badge/(?:[^/?]*/)*?([^/?]+)", address)
        if label is None:
            text.add(address, self.line, start, self.base)
        else:
            at = label.start(1)
            for sign in _ESCAPED.finditer(label[1]):
                first = label.start(1) + sign.start()
                text.add(address[at:first], self.line, start + at, self.base)
                shown = html.unescape(f"&#{int(sign[0][1:], 16)};") if sign[0][0] == "%" else " "
                text.add(shown, self.line, start + first, self.base)
                at = first + len(sign[0])
            text.add(address[at : label.end(1)], self.line, start + at, self.base)
        self.text.addresses.append(Address(text, len(self.text.chars), label is not None))


_STEPS: dict[str, Callable[[_Stripper, re.Match[str]], int]] = {
    "`": _Stripper.code,
    "*": _Stripper.emphasise,
    "_": _Stripper.emphasise,
    "<": _Stripper.element,
    "&": _Stripper.entity,
    "~~": _Stripper.struck,
    "](": _Stripper.link,
    "][": _Stripper.reference,
    "![": _Stripper.drop,
}
"""What to do with which markup, by the whole of it or its first character."""
