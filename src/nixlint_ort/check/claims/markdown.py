"""The blocks of a document in Markdown, as markdown-it finds them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from nixlint_ort.check.claims.block import Block, BlockKind

if TYPE_CHECKING:
    from markdown_it.token import Token

_KINDS = {
    "heading_open": BlockKind.HEADING,
    "paragraph_open": BlockKind.PARAGRAPH,
    "fence": BlockKind.FENCE,
    "code_block": BlockKind.CODE,
    "html_block": BlockKind.HTML,
    "table_open": BlockKind.TABLE,
    "bullet_list_open": BlockKind.LIST,
    "ordered_list_open": BlockKind.LIST,
    "bullet_list_close": BlockKind.LIST_END,
    "ordered_list_close": BlockKind.LIST_END,
    "list_item_open": BlockKind.ITEM,
    "list_item_close": BlockKind.ITEM_END,
    "blockquote_open": BlockKind.QUOTE,
    "blockquote_close": BlockKind.QUOTE_END,
}
_AROUND_OTHERS = (
    *(BlockKind.LIST, BlockKind.LIST_END, BlockKind.ITEM, BlockKind.ITEM_END, BlockKind.QUOTE, BlockKind.QUOTE_END),
)


def blocks_by_markdown_it(text: str, line: int = 0) -> Iterator[Block]:
    """The blocks of a text of which the first line has that number, from 0."""
    tokens = _parser().parse(text)
    for index, token in enumerate(tokens):
        kind = _KINDS.get(token.type)
        if kind is not None:
            yield _block(kind, token, tokens[index + 1 : index + 2], line)


def _block(kind: BlockKind, token: Token, following: list[Token], line: int) -> Block:
    if token.map is None or kind in _AROUND_OTHERS:
        return Block(kind)
    first, last = (line + one for one in token.map)
    if kind in (BlockKind.HEADING, BlockKind.PARAGRAPH):
        level = int(token.tag[1:]) if kind is BlockKind.HEADING else 0
        return Block(kind, first, last, following[0].content, level)
    content = token.content if kind in (BlockKind.FENCE, BlockKind.CODE) else ""
    return Block(kind, first, last, content, info=token.info)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable("inline")
