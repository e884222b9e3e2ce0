"""The parts of a file that a comment can be about: its bindings, what it inherits, and the items of its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.nix.parse import Document

_BINDINGS = frozenset({"binding", "inherit", "inherit_from"})


def constructs(document: Document) -> list[Span]:
    """The bytes of each binding, each `inherit …;` and each list item, in the order in which they start."""
    found: list[Span] = []
    waiting = [document.root] if document.root else []
    while waiting:
        node = waiting.pop()
        if node.type in _BINDINGS:
            found.append(Span(*node.byte_range))
        elif node.type == "list_expression":
            items = (child for child in node.children if child.is_named and child.type != "comment")
            found.extend(Span(*item.byte_range) for item in items)
        waiting.extend(node.children)
    return sorted(found)
