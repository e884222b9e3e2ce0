"""The lines of a file as they are compared: without what is a matter of layout alone.

A list of texts is one item a line, a comment behind code is a line of its own, and prose is one sentence a line,
however it is wrapped in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.variant.texts import prose_of

if TYPE_CHECKING:
    import tree_sitter

    from nixlint_ort.variant.variant import Variant

LARGEST = 2_000
"""Lines of a file that are looked at."""
_MEANT = re.compile(r"\w")
_SPACE = re.compile(r"\s+")
_BEHIND = re.compile(r"(?<=\S)\s+(?=#\s)")
"""Where a comment behind code begins, if it is in no text."""
_NEW_PARAGRAPH = re.compile(r"[-*•+]\s|\d+[.)]\s|#|\||[A-Z][\w /-]{0,24}:\s")
"""How a line begins that is not the rest of the paragraph above: as a bullet, a heading, a row, or with a label."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")
_BINDING = re.compile(r"[{;(]\s")
"""What a binding may stand behind in its line."""
_LITERALS = frozenset({"string_expression", "path_expression", "spath_expression"})


class Line(NamedTuple):
    """A line of a file: its number from 1, and its text with single spaces."""

    number: int
    text: str
    further: tuple[tuple[int, int], ...] = ()
    """Where other lines of the file begin in the text: the code point (from 0) and the line's number."""
    is_prose: bool = False
    """Whether it is a sentence, a bullet or a heading of a text for people."""
    is_behind: bool = False
    """Whether it is a comment that stands behind code."""

    @property
    def is_remark(self) -> bool:
        """Whether it only says something to people, and stands for itself."""
        return self.is_prose or (self.text.startswith("#") and not self.is_behind)

    def number_at(self, offset: int | None) -> int:
        """The number of the file's line in which a code point of the text stands."""
        at = bisect_right(self.further, (offset or 0, LARGEST))
        return self.further[at - 1][1] if at else self.number


def lines_of(variants: Sequence[Variant]) -> list[list[Line]]:
    """The lines of files that have a word or a number in them; of a file that cannot be parsed, as they stand."""
    lists = [list(_lists(variant)) for variant in variants]
    spread = {name for some in lists for name, is_spread, _ in some if is_spread}
    return [
        list(_lines(variant, [start for name, _, starts in some if name in spread for start in starts]))
        for variant, some in zip(variants, lists, strict=True)
    ]


def _lines(variant: Variant, cuts: Sequence[int]) -> Iterator[Line]:
    source = variant.source
    prose: dict[int, int] = {}
    for span in prose_of(variant):
        first, last = source.position(span.start).line, source.position(span.end).line
        prose |= dict.fromkeys(range(first + 1, last), last)
    number, count = 1, min(source.line_count, LARGEST)
    while number <= count:
        if number in prose:
            end = prose[number]
            yield from _sentences([(at, source.line_text(at)) for at in range(number, min(end, count + 1))])
            number = end
            continue
        start, end = source.line_span(number)
        for piece, is_behind in _pieces(source.data, [start, *sorted(one for one in cuts if start < one < end), end]):
            if _MEANT.search(piece):
                yield Line(number, _SPACE.sub(" ", piece).strip(), is_behind=is_behind)
        number += 1


def _pieces(data: bytes, places: Sequence[int]) -> Iterator[tuple[str, bool]]:
    """What is between bytes of a file, in one line, and whether it is a comment behind code, which is apart."""
    for start, end in pairwise(places):
        piece = data[start:end].decode("utf-8", "replace")
        behind = next((one for one in _BEHIND.finditer(piece) if piece.count('"', 0, one.start()) % 2 == 0), None)
        if behind is None or not _MEANT.search(piece, 0, behind.start()):
            yield piece, False
        else:
            yield piece[: behind.start()], False
            yield piece[behind.end() :], True


def _sentences(lines: Sequence[tuple[int, str]]) -> Iterator[Line]:
    """The sentences of prose; a line that is empty, a bullet or labelled ends the paragraph above."""
    paragraph: list[tuple[int, str]] = []
    for number, raw in lines:
        text = _SPACE.sub(" ", raw).strip()
        is_new = not text or _NEW_PARAGRAPH.match(text) or (paragraph and paragraph[-1][1].endswith(":"))
        if paragraph and is_new:
            yield from _of_paragraph(paragraph)
            paragraph = []
        if text:
            paragraph.append((number, text))
    yield from _of_paragraph(paragraph)


def _of_paragraph(lines: Sequence[tuple[int, str]]) -> Iterator[Line]:
    whole = " ".join(text for _, text in lines)
    begins, at = [], 0
    for number, text in lines:
        begins.append((at, number))
        at += len(text) + 1
    start = 0
    for end in [*(match.start() for match in _SENTENCE.finditer(whole)), len(whole)]:
        sentence = whole[start:end]
        if _MEANT.search(sentence):
            number = begins[bisect_right(begins, (start, LARGEST)) - 1][1]
            further = tuple((one - start, line) for one, line in begins if start < one < end)
            yield Line(number, sentence, further, is_prose=True)
        start = end + 1


def _lists(variant: Variant) -> Iterator[tuple[str, bool, list[int]]]:
    """Lists of texts: what is before, whether items are on several lines, and where items and the bracket begin."""
    root, data = variant.document.root, variant.source.data
    waiting: list[tree_sitter.Node] = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        waiting += reversed(node.named_children)
        items = [one for one in node.named_children if one.type != "comment"]
        if node.type != "list_expression" or not items or any(one.type not in _LITERALS for one in items):
            continue
        before = data[data.rfind(b"\n", 0, node.start_byte) + 1 : node.start_byte]
        rows = [one.start_point[0] for one in items]
        starts = [*(one.start_byte for one in items), node.end_byte - 1]
        name = _BINDING.split(before.decode("utf-8", "replace"))[-1].strip()
        yield name, len(set(rows)) > 1, starts
