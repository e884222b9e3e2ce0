"""What a function means however it is written: parameters have no names, and what does not need them is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nixlint_ort.nix.node import Node
from nixlint_ort.nix.syntax import (
    Apply,
    Binary,
    Formals,
    HasAttribute,
    If,
    Items,
    Lambda,
    Name,
    Select,
    Text,
    Unary,
    Variable,
)

if TYPE_CHECKING:
    from nixlint_ort.nix.values import Environment

Closed = Callable[[Node, "Environment"], object]
"""The form of the value of an expression that needs no parameter."""
_MAX_DEPTH = 60
_READ = (Apply, Binary, Formals, HasAttribute, If, Items, Name, Select, Text, Unary, Variable)


def form_of(written: Lambda, env: Environment, closed: Closed) -> object | None:
    """The form of a function as written in an environment; None where it binds names of its own inside."""
    return _Reader(env, closed).function(written, ())


class _Reader:
    """Goes through one function from outside to inside; `names` are the parameters around a place, outermost first."""

    def __init__(self, env: Environment, closed: Closed) -> None:
        self.env = env
        self.closed = closed
        self.depth = 0

    def function(self, node: Lambda, names: tuple[str, ...]) -> object | None:
        """A function, also one inside another."""
        formals = node.formals
        own = (
            node.parameter.name if node.parameter else "",
            *(sorted(one.name for one in formals.names) if formals else ()),
        )
        inner = (*names, *own)
        defaults: list[object] = []
        for one in formals.names if formals else ():
            default = self.of(one.default, inner) if one.default else ""
            if default is None:
                return None
            defaults.append((one.name, default))
        body = self.of(node.body, inner)
        if body is None:
            return None
        return ("function", bool(formals and formals.ellipsis), tuple(sorted(defaults, key=repr)), body)

    def of(self, node: Node, names: tuple[str, ...]) -> object | None:
        """An expression; None where it binds names."""
        self.depth += 1
        found = self._of(node, names) if self.depth <= _MAX_DEPTH else None
        self.depth -= 1
        return found

    def _of(self, node: Node, names: tuple[str, ...]) -> object | None:
        if isinstance(node, Variable) and node.name in names:
            return ("parameter", len(names) - 1 - names[::-1].index(node.name))
        if isinstance(node, Name):
            return node.text
        if not uses(node, names):
            return self.closed(node, self.env)
        if isinstance(node, Lambda):
            return self.function(node, names)
        if not isinstance(node, _READ):
            return None
        parts: list[object] = []
        for part in node.parts if isinstance(node, Text) else node.children():
            form = self.of(part, names) if isinstance(part, Node) else part.text
            if form is None:
                return None
            parts.append(form)
        return (type(node).__name__, getattr(node, "operator", ""), tuple(parts))


def uses(node: Node, names: tuple[str, ...]) -> bool:
    """Whether any of some names stands in an expression."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Variable) and one.name in names:
            return True
        waiting += one.children()
    return False
