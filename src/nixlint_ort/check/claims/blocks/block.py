"""A block of a document in Markdown, such as a paragraph, or the beginning or end of one that has others in it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FENCE = "fence"
    CODE = "code"
    """Lines that are code since they are indented."""
    HTML = "html"
    TABLE = "table"
    """The first of its lines is its head, the second a rule, and each of the others is a row."""
    LIST = "list"
    LIST_END = "list end"
    ITEM = "item"
    ITEM_END = "item end"
    QUOTE = "quote"
    QUOTE_END = "quote end"


class Block(NamedTuple):
    """One block: its lines `first` to `last`, from 0, of which the last is no part of it."""

    kind: BlockKind
    first: int = 0
    last: int = 0
    content: str = ""
    """Of a heading, a paragraph, code or HTML, without what its lines begin with in lists and quotations."""
    level: int = 0
    """Of a heading."""
    info: str = ""
    """Of a fence, what stands behind its first signs."""
