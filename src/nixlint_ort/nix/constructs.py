"""The parts of a file that a comment or a comparison is about: its bindings, what it inherits, its lists' items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.source import Span

if TYPE_CHECKING:
    import tree_sitter

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


Path = tuple[tuple[str, int], ...]
"""The names of a binding and of those around it, outermost first, each with how often it stood there before."""


def binding_paths(document: Document) -> dict[Path, Span]:
    """The bytes of each binding and each `inherit …;` by its path, outer ones before those in them."""
    found: dict[Path, Span] = {}
    waiting: list[tuple[tree_sitter.Node, Path]] = [(document.root, ())] if document.root else []
    while waiting:
        node, path = waiting.pop()
        if node.type in _BINDINGS:
            name = document.data[slice(*(node.children[0] if node.type == "binding" else node).byte_range)].decode()
            name, count = " ".join(name.split()), 0
            while (*path, (name, count)) in found:
                count += 1
            path = (*path, (name, count))  # of what is in it
            found[path] = Span(*node.byte_range)
        waiting.extend((child, path) for child in reversed(node.children))
    return found
