"""A script's statements and their words, as bash parts them, for what has no expansions but plain variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nixlint_ort.nix.values import NixString

OPAQUE = "\ufffc"
"""Stands for a piece of a text that is nixpkgs' own."""
LOST = "\ufffd"
"""Stands for a piece of a text that is not known."""
_BLANKS = " \t\n"
_WORD = re.compile(r"[^ \t\n]+")
_ENDS_BARE = " \t\n;|&<>()`\"'\\"


class ShellWord(NamedTuple):
    """Code points `start` to `end` (from 0, end exclusive) of a script, and its parts without their quotes.

    Each part is where it starts and ends, and whether variables in it are expanded.
    """

    start: int
    end: int
    segments: tuple[tuple[int, int, bool], ...]


_QUOTED_NAME = re.compile(r"[\"'](?P<name>[A-Za-z_]\w*\+?=)")
_TOKEN = re.compile(
    r"""(?P<kept>\\.|'[^']*'|"(?:[^"\\]|\\.)*")
      |(?P<comment>(?:(?<=[ \t\n;\ufffc])|\A)\#[^\n]*)
      |(?P<heredoc><<-?[ \t]*(['"]?)(?P<mark>[A-Za-z_]\w*)\4)
      |(?P<array>(?<==)\()
      |(?P<sign>[();\n])""",
    re.VERBOSE | re.DOTALL,
)


def statements(script: str) -> Iterator[tuple[int, int]]:
    """Where each statement starts and ends, without blanks around it, comments, and the lines of here-documents."""
    at = begin = inside_array = 0
    mark: str | None = None
    while (token := _TOKEN.search(script, at)) is not None:
        at = token.end()
        sign = token["sign"]
        mark = token["mark"] or mark
        if token["array"] or (sign == "(" and inside_array):
            inside_array += 1
        elif sign == ")" and inside_array:
            inside_array -= 1
        elif not inside_array and (token["comment"] or (sign is not None and sign in ";\n")):
            yield from _stripped(script, begin, token.start())
            if sign == "\n" and mark is not None:
                at, mark = _after_heredoc(script, at, mark), None
            begin = at
    yield from _stripped(script, begin, len(script))


def _line_end(script: str, at: int) -> int:
    end = script.find("\n", at)
    return len(script) if end < 0 else end


def _after_heredoc(script: str, at: int, mark: str) -> int:
    """Where a script goes on after the lines of a here-document that begin at a place."""
    while at < len(script):
        end = _line_end(script, at)
        if script[at:end].strip(" \t" + OPAQUE) == mark:
            return end
        at = end + 1
    return len(script)


def _stripped(script: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    blank = " \t" + OPAQUE
    while start < end and script[start] in blank:
        start += 1
    while start < end and script[end - 1] in blank:
        end -= 1
    if start < end:
        yield start, end


def lex(script: str, start: int, end: int) -> list[ShellWord] | None:
    """The words between two places; None where something is there that is more than words."""
    words: list[ShellWord] = []
    at = start
    while at < end:
        if script[at] in _BLANKS:
            at += 1
            continue
        if script[at] == "#":
            at = _line_end(script, at)
            continue
        first, segments = at, []
        while at < end and script[at] not in _BLANKS:
            segment = _segment(script, at, end)
            if segment is None:
                return None
            begin, stop, expands, at = segment
            segments.append((begin, stop, expands))
        words.append(ShellWord(first, at, tuple(segments)))
    return words


def _segment(script: str, at: int, end: int) -> tuple[int, int, bool, int] | None:
    """A part of a word: where it starts and ends, whether it is expanded, and where the next one starts."""
    quote = script[at]
    if quote in "\"'":
        close = script.find(quote, at + 1, end)
        inside = script[at + 1 : close]
        if close < 0 or (quote == '"' and ("\\" in inside or "`" in inside or "$(" in inside)):
            return None
        return at + 1, close, quote == '"', close + 1
    stop = at
    while stop < end and script[stop] not in _ENDS_BARE:
        stop += 1
    if stop == at or "$(" in script[at : stop + 1]:
        return None
    return at, stop, True, stop


def with_bare_names(script: NixString, words: list[ShellWord]) -> NixString:
    """The script with `NAME="value"` for each word `"NAME=value"`; no other place in it moves."""
    for word in words:
        quoted = _QUOTED_NAME.match(script.text, word.start, word.end)
        if quoted is not None:
            start, end = quoted.span()
            parts = (script.cut(0, start), script.cut(start + 1, end), script.cut(start, start + 1))
            pieces = (piece for part in (*parts, script.cut(end, len(script.text))) for piece in part.pieces)
            script = NixString(tuple(pieces), script.origin)
    return script


def text_words(text: NixString) -> list[NixString]:
    """What blanks part in a text that is not quoted."""
    return [*text.cuts(match.span() for match in _WORD.finditer(text.text))]
