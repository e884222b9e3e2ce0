"""Loops of a script over names that are written out, such as `for v in CXXFLAGS CFLAGS`: their body once for each."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from nixlint_ort.nix.values import NixString, Piece

MAX_TURNS = 20
"""A loop over more names is not followed."""
MAX_STATEMENTS = 200
"""Nor is one of more statements."""
_FOR = re.compile(r"for[ \t]+(?P<name>[A-Za-z_]\w*)[ \t]+in(?P<words>(?:[ \t]+(?:[A-Za-z_]\w*|\"\w+\"|'\w+'))+)")
_WORD = re.compile(r"\w+")
_BEGIN = re.compile(r"do(?=\s|\Z)")
_NOT_PLAIN = re.compile(
    r"['`#<|&(]|\b(?:if|for|while|until|case|select|function|break|continue|done|eval|return|exit|local|declare)\b"
    r"|\\\n"
)
"""What a body may not have: it would have to be read as bash reads it to be sure what belongs to it."""


class Loop(NamedTuple):
    """What a loop carries out in turn, and the number of the statement behind it."""

    turns: tuple[NixString, ...]
    end: int


def loop_at(
    script: NixString, statements: Sequence[tuple[int, int]], number: int, followed: Container[str]
) -> Loop | None:
    """The loop that begins with one of a script's statements; None where none does, or one that is not plain.

    `followed` are the variables whose values somebody wants to know: a loop that sets one of them by its head is not
    plain.
    """
    text = script.text
    start, end = statements[number]
    head = _FOR.fullmatch(text, start, end)
    if head is None or head["name"] in followed:
        return None
    near = range(number + 1, min(len(statements), number + MAX_STATEMENTS))
    last = next((one for one in near if text[slice(*statements[one])] == "done"), None)
    if last is None or last == number + 1:
        return None
    begin = _BEGIN.match(text, statements[number + 1][0])
    if begin is None:
        return None
    body = (begin.end(), statements[last][0])
    inside = text[slice(*body)]
    words = [*_WORD.finditer(text, *head.span("words"))]
    name = re.escape(head["name"])
    uses = [*re.finditer(rf"\$(?:{name}\b|\{{{name}\}}|\{{(?P<sign>!){name}(?P<rest>:?-)?\}})", inside)]
    others = len(re.findall(rf"\b{name}\b", inside)) - len(uses)
    if others or _NOT_PLAIN.search(inside) or len(words) > MAX_TURNS:
        return None
    turns = (NixString(tuple(_turn(script, body, uses, word.span())), script.origin) for word in words)
    return Loop(tuple(turns), last + 1)


def _turn(
    script: NixString, body: tuple[int, int], uses: Sequence[re.Match[str]], word: tuple[int, int]
) -> Iterator[Piece]:
    """The pieces of a loop's body with one word in place of its name, and that word's variable for `${!name}`."""
    at, end = body
    for use in uses:
        start = body[0] + use.start()
        yield from script.cut(at, start).pieces
        if use["sign"]:
            yield from script.cut(start, start + 2).pieces
        yield from script.cut(*word).pieces
        at = body[0] + use.end()
        if use["sign"]:
            yield from script.cut(at - 1 - len(use["rest"] or ""), at).pieces
    yield from script.cut(at, end).pieces
