"""Operators, calls and lists of tree-sitter's tree, as nodes of the expression tree."""

from __future__ import annotations

import re
from typing import Any

import tree_sitter

from nixlint_ort.nix.node import Node
from nixlint_ort.nix.syntax import Apply, Binary, HasAttribute, Items, Variable
from nixlint_ort.nix.walk import Walk


def operation(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    """An operator between two operands."""
    left, operator, right = parts[0], parts[1].type, parts[2]
    if operator == "/" and _PATH_AHEAD.match(walk.data, parts[1].end_byte):
        walk.refuse(
            parts[1].start_byte, parts[1].end_byte, "write a space after this slash: without one Nix reads a path here"
        )
    group = _UNCHAINED.get(operator)
    if group is not None:
        for side, bare in ((left, left.start == node.start_byte), (right, right.end == node.end_byte)):
            if bare and isinstance(side, Binary) and side.operator in group:
                message = f"Nix requires parentheses here: {side.operator} and {operator} cannot follow each other"
                walk.refuse(parts[1].start_byte, parts[1].end_byte, message)
    return Binary(node.start_byte, node.end_byte, operator, left, right)


_PATH_AHEAD = re.compile(rb"[a-zA-Z0-9._+-]")
_EQUALITY = frozenset({"==", "!="})
_ORDER = frozenset({"<", "<=", ">", ">="})
_UNCHAINED = {**dict.fromkeys(_EQUALITY, _EQUALITY), **dict.fromkeys(_ORDER, _ORDER)}


def apply(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    """A function and its argument."""
    function = parts[0]
    if isinstance(function, HasAttribute) and function.start == node.start_byte:
        walk.refuse(function.start, function.end, "Nix requires parentheses here: what follows ? is no argument")
    argument = parts[1]
    if _is_or(walk, argument) and argument.end == node.end_byte:
        # Nix reads `f x or` as `f (x or)`, where or is a variable.
        walk.words_or.discard(argument.start)
        if isinstance(function, Apply) and function.start == node.start_byte:
            inner = Apply(function.argument.start, argument.end, function.argument, argument)
            return Apply(node.start_byte, node.end_byte, function.function, inner)
    return Apply(node.start_byte, node.end_byte, function, argument)


def _is_or(walk: Walk, part: Any) -> bool:
    return isinstance(part, Variable) and part.start in walk.words_or


def list_(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    """`[ … ]`."""
    items: list[Node] = []
    for part in parts[1:-1]:
        if items and _is_or(walk, part):
            walk.words_or.discard(part.start)
            items[-1] = Apply(items[-1].start, part.end, items[-1], part)
        else:
            items.append(part)
    return Items(node.start_byte, node.end_byte, tuple(items))
