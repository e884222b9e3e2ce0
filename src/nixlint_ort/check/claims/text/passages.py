"""The units of a variant's texts: sentences, items and labelled lines, of lines that may be wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.text import without_markup
from nixlint_ort.check.claims.text.units import Unit, UnitKind, sentences

if TYPE_CHECKING:
    from nixlint_ort.variant.texts import Passage

MAX_CHARS = 2_000
"""Code points of one unit: a longer one is not read, which is said."""
_WRAPPED = 40
"""Code points from which on a line may be wrapped."""
_BEGINS = re.compile(r"(?:[-*•·+]|\d+[.)])\s|[A-Z][\w /()\-]{0,30}:(?:\s|\Z)")
"""An item of a list, or a label."""
_GLUED = re.compile(r"[\w.]-\Z")
_FILE = re.compile(r"\S*\.[a-z][a-z0-9]{0,5}(?=[\s,;:)\"']|\Z)|\S*/[\w.-]*/")
_ENDS = (".", "!", "?", ":", ";")


def units_of_passage(passage: Passage, block: int, abbreviated: re.Pattern[str]) -> Iterator[Unit]:
    """The units of a passage, all of one block, also those too long to be read.

    What is `abbreviated` before a full stop ends no sentence.
    """
    for lines in _paragraphs(passage.lines):
        for number, text in enumerate(sentences(without_markup(list(lines)), abbreviated)):
            kind = UnitKind.ITEM if _BEGINS.match(lines[0][0].strip()) and not number else UnitKind.SENTENCE
            yield Unit(kind, text, 0, block, is_first=not number)


def _paragraphs(lines: Sequence[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    """Runs of lines of which each goes on with the one before."""
    widest = max((len(line.rstrip()) for line, _ in lines), default=0)
    paragraph: list[tuple[str, int]] = []
    before = ""
    for line, base in lines:
        bare = line.strip()
        if paragraph and (not bare or not _goes_on(before, line, widest)):
            yield paragraph
            paragraph = []
        if bare:
            indent = len(line) - len(line.lstrip())
            paragraph.append((line.strip(), base + len(line[:indent].encode())))
        before = line
    if paragraph:
        yield paragraph


def _goes_on(before: str, line: str, widest: int) -> bool:
    """Whether a line goes on with a sentence of the line before it."""
    bare = line.strip()
    if not before.strip() or _BEGINS.match(bare):
        return False
    if bare[0].islower() or bare[0] in "([,;+/&":
        return not before.rstrip().endswith(_ENDS[:3]) or bare[0] == "("
    width = len(before.rstrip())
    is_wrapped = width >= _WRAPPED and width + 1 + len(bare.split()[0]) > widest
    return is_wrapped and not before.rstrip().endswith(_ENDS)


def is_part_of_a_name(low: str, start: int, end: int) -> bool:
    """Whether code points `start` to `end` are part of the name of a file, an address, or words that hyphens join."""
    begin = max((low.rfind(sign, 0, start) for sign in " \t([\"'"), default=-1) + 1
    if _GLUED.search(low, begin, start) and low[end : end + 1] in ("-", "_"):
        return True
    word = re.match(r"\S*", low[begin:])
    return bool(word and _FILE.match(word[0])) or low.startswith(("-", "http"), begin)
