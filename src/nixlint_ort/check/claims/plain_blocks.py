"""Finds the blocks of a document whose form leaves no doubt what they are; markdown-it finds the others.

A block is only taken for what it is where it is written as most are: paragraphs that begin with no sign, headings with
number signs, fences, tables with bars around, comments, lists and quotations of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from nixlint_ort.check.claims.block import Block, BlockKind

_MAX_DEPTH = 6
"""Lists and quotations within each other."""
_ELEMENTS = "details|summary|div|p|center|table|thead|tbody|tr|t[dh]|h[1-6]|ul|ol|li|dl|d[dt]"
_TEXT = (
    r"(?:[A-Za-z(\"'!\\&$@/.,;^{}?%\[]|\d(?!\d{0,8}[.)][ \t\n])|[*_]{1,3}[^\s*_]|--?[A-Za-z0-9]|``?[^`\n]|~~[^~\s]"
    r"|[^\x00-\x7f])[^\n]*\n"
)
"""A line that begins nothing but a paragraph, wherever it stands."""
_EMPTY = r"[ \t]*\n"
_END = rf"{_EMPTY}|\Z|#{{1,6}} |```+[^`\n]*\n|[-*+] +[^\s]|1[.)] +[^\s]|<!--"
"""What ends a paragraph and a table."""
_BLOCK = re.compile(
    rf"(?P<empty>(?:{_EMPTY})+)"
    rf"|(?P<paragraph>{_TEXT}(?: *{_TEXT})*)"
    rf"(?={_END})"
    r"|(?P<heading>(?P<level>\#{1,6}) +(?P<title>[^\s\#](?:[^\n]*[^\s\#])?)[ \t]*\n)"
    r"|(?P<fence>(?P<ticks>```+)(?P<info>[^`\n]*)\n"
    r"(?P<code>(?:(?! {0,3}(?P=ticks)`*[ \t]*\n)[^\n]*\n)*) {0,3}(?P=ticks)`*[ \t]*\n)"
    r"|(?P<table>(?P<head>\|[^\n\\]*\|) *\n(?P<columns>(?:\| *:?-+:? *)+\|) *\n(?P<rows>(?:\|[^\n]*\n)*))"
    rf"(?={_END})"
    r"|(?P<comment><!--(?!-?>)(?s:.*?)-->[^\n]*\n)"
    rf"|(?P<element></?(?ai:{_ELEMENTS})(?=[ \t\n>]|/>)[^\n]*\n(?:(?!{_EMPTY})[^\n]*\n)*)"
    r"|(?P<line>(?P<sign>[-*_])(?: *(?P=sign)){2,} *\n)"
    r"|(?P<item>(?:[-*+]|\d{1,9}[.)]) {1,4}(?=[^\s]))"
    rf"|(?P<quote>(?:>[^\n]*\n)+)(?={_EMPTY}|\Z)"
)
_CLEAR = re.compile(rf"\n{_EMPTY}(?=[A-Za-z#])")
"""Before a line at which everything ends that is not in a fence or in HTML."""
_LASTING = re.compile(r"^ {0,3}(?:<|```|~~~)", re.MULTILINE)
"""With what something begins that an empty line need not end."""


_ENDING = ("item", "heading", "fence", "comment")
"""What ends a list also where no empty line is before it."""


class _InDoubtError(Exception):
    """What begins at a place is not written as most are."""


def blocks_of(text: str) -> Iterator[Block]:
    """The blocks of a text in Markdown, in which line feeds alone end lines."""
    text = text.replace("\r\n", "\n")
    whole = text if text.endswith("\n") else f"{text}\n"
    at = line = 0
    while at < len(whole):
        try:
            blocks, end = _block(whole, at, line, 0)
        except _InDoubtError:
            from nixlint_ort.check.claims.markdown import blocks_by_markdown_it  # most documents need none of it

            end = _end_of_doubt(whole, at)
            blocks = list(blocks_by_markdown_it(text[at:end], line))
        yield from blocks
        line += whole.count("\n", at, end)
        at = end


def _end_of_doubt(text: str, at: int) -> int:
    clear = _CLEAR.search(text, at)
    return clear.end() if clear and not _LASTING.search(text, at, clear.end()) else len(text)


def _inner(text: str, line: int, depth: int) -> Iterator[Block]:
    """The blocks within an item or a quotation."""
    if depth > _MAX_DEPTH or "\t" in text:
        raise _InDoubtError
    at = 0
    while at < len(text):
        blocks, end = _block(text, at, line, depth)
        yield from blocks
        line += text.count("\n", at, end)
        at = end


def _block(text: str, at: int, line: int, depth: int) -> tuple[list[Block], int]:
    """What begins at a code point, and where it ends; `depth` says in how many lists and quotations it is."""
    found = _BLOCK.match(text, at)
    kind = found.lastgroup if found else None
    if found is None or kind is None:
        raise _InDoubtError
    end = found.end()
    last = line + text.count("\n", at, end)
    if kind == "paragraph":
        return [_paragraph(found[0], line, last)], end
    if kind == "heading":
        return [Block(BlockKind.HEADING, line, last, found["title"], len(found["level"]))], end
    if kind == "fence":
        return [Block(BlockKind.FENCE, line, last, found["code"], info=found["info"])], end
    if kind in ("comment", "element"):
        return [Block(BlockKind.HTML, line, last)], end
    if kind == "table":
        if found["head"].count("|") != found["columns"].count("|"):
            raise _InDoubtError
        return [Block(BlockKind.TABLE, line, last)], end
    if kind == "item":
        return _list(text, found, line, depth)
    if kind == "quote":
        inner = _inner(re.sub(r"(?m)^> ?", "", found[0]), line, depth + 1)
        return [Block(BlockKind.QUOTE), *inner, Block(BlockKind.QUOTE_END)], end
    return [], end


def _paragraph(text: str, line: int, last: int) -> Block:
    content = text.strip(" \t\n")
    if content != content.strip() or (content[0] == "[" and "]:" in content):
        raise _InDoubtError  # signs that are spaces to some; what a reference leads to
    return Block(BlockKind.PARAGRAPH, line, last, content)


def _list(text: str, found: re.Match[str], line: int, depth: int) -> tuple[list[Block], int]:
    """A list, of which the first item begins at what was found."""
    blocks = [Block(BlockKind.LIST)]
    sign = found[0].rstrip()[-1]
    following: re.Match[str] | None = found
    at = found.start()
    while following and following.lastgroup == "item" and following[0].rstrip()[-1] == sign:
        width = len(following[0])
        item = _item(width).match(text, following.end())
        if item is None:
            raise _InDoubtError
        inner = _inner(re.sub(rf"(?m)^ {{1,{width}}}", "", item[0]), line, depth + 1)
        blocks += [Block(BlockKind.ITEM), *inner, Block(BlockKind.ITEM_END)]
        line += item[0].count("\n")
        at = item.end()
        following = _BLOCK.match(text, at)
    if at < len(text) and (following is None or not (following.lastgroup in _ENDING or _is_behind_empty(text, at))):
        raise _InDoubtError  # a line that may go on the last item or its paragraph
    return [*blocks, Block(BlockKind.LIST_END)], at


def _is_behind_empty(text: str, at: int) -> bool:
    return not text[text.rfind("\n", 0, at - 1) + 1 : at].strip(" \t\n")


@cache
def _item(width: int) -> re.Pattern[str]:
    """An item whose text begins behind so many signs, and the lines that are indented as far, or empty."""
    return re.compile(rf"[^\n]*\n(?: {{{width}}}[^\n]*\n|{_EMPTY})*")
