"""The blocks of a document in Markdown, as markdown-it finds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import (
    blockquote,
    fence,
    heading,
    hr,
    html_block,
    lheading,
    list_block,
    reference,
    table,
)
from markdown_it.rules_block.state_block import StateBlock
from markdown_it.token import Token

from nixlint_ort.check.claims.blocks.block import Block, BlockKind

if TYPE_CHECKING:
    from markdown_it.rules_core.state_core import StateCore

_FIRST: Mapping[RuleFuncBlockType, str] = {
    fence: "`~",
    blockquote: ">",
    hr: "*-_",
    list_block: "*+-0123456789",
    reference: "[",
    html_block: "<",
    heading: "#",
}
"""With what a line begins at which a rule can match; others can anywhere."""
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
_WITH_TEXT = (BlockKind.HEADING, BlockKind.PARAGRAPH)
_UNREAD = frozenset({"paragraph_close", "heading_close"})


def blocks_of(text: str) -> Iterator[Block]:
    """The blocks of a text in Markdown."""
    tokens = _parser().parse(text)
    for index, token in enumerate(tokens):
        kind = _KINDS.get(token.type)
        if kind is None:
            continue
        first, last = token.map or (0, 0)
        if kind in _WITH_TEXT:
            level = int(token.tag[1:]) if kind is BlockKind.HEADING else 0
            yield Block(kind, first, last, tokens[index + 1].content, level)
        else:
            yield Block(kind, first, last, token.content, info=token.info if kind is BlockKind.FENCE else "")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.block.ruler.at("table", _lines_of_table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler = _Rules(parser.block.ruler)
    parser.core.ruler.at("block", _find_blocks)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _find_blocks(state: StateCore) -> None:
    if state.src:
        blocks = _Blocks(state.src, state.md, state.env, state.tokens)
        state.md.block.tokenize(blocks, blocks.line, blocks.lineMax)


class _Blocks(StateBlock):
    """Keeps no tokens that nobody looks at."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Keep a token."""
        if ttype in _UNREAD:
            self.level -= 1
            return _SPARE
        return super().push(ttype, tag, nesting)


_SPARE = Token("", "", 0)


class _Rules(Ruler[RuleFuncBlockType]):
    """The rules of markdown-it, of which only those are tried that can match what a line begins with."""

    def __init__(self, ruler: Ruler[RuleFuncBlockType]) -> None:
        super().__init__()
        self.names = ruler.get_active_rules()
        self.chains = {
            chain: [_tried(ruler.getRules(chain))] for chain in ("", "paragraph", "reference", "blockquote", "list")
        }

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:  # noqa: N802, N803  # markdown-it's names
        """The one rule of a chain, which tries the others."""
        return self.chains[chainName]

    def get_active_rules(self) -> list[str]:
        """The names of the rules that are tried."""
        return self.names


def _tried(rules: Sequence[RuleFuncBlockType]) -> RuleFuncBlockType:
    signs = {sign for rule in rules for sign in _FIRST.get(rule, "")}
    by_sign = {sign: [rule for rule in rules if sign in _FIRST.get(rule, sign)] for sign in signs}
    others = [rule for rule in rules if rule not in _FIRST]
    single = [rule for rule in others if rule is not lheading]

    def try_each(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        at = state.bMarks[line] + state.tShift[line]
        first = state.src[at : at + 1]
        chosen = by_sign.get(first)
        if chosen is None:
            chosen = single if line + 1 >= end or state.isEmpty(line + 1) else others
        return any(rule(state, line, end, silent) for rule in chosen)

    return try_each


def _lines_of_table(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """What markdown-it takes for a table, with one token, and none for its rows and cells."""
    if not table(state, line, end, True):
        return False
    if silent:
        return True
    before, state.parentType = state.parentType, "table"
    ends = state.md.block.ruler.getRules("blockquote")
    opened = state.push("table_open", "table", 0)
    first = line
    line += 2
    while (
        line < end
        and state.sCount[line] >= state.blkIndent
        and not any(rule(state, line, end, True) for rule in ends)
        and mdTrim(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
        and not state.is_code_block(line)
    ):
        line += 1
    opened.map = [first, line]
    state.parentType = before
    state.line = line
    return True
