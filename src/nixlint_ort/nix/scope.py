"""Names that nothing binds: Nix refuses a file for one of them, whether it is used or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from nixlint_ort.nix.names import is_global
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.syntax import (
    Apply,
    AttributeSet,
    Bindings,
    Lambda,
    Let,
    Literal,
    Name,
    Select,
    Variable,
    With,
)
from nixlint_ort.nix.walk import SyntaxProblem


class _Scope:
    """The names of one scope and the scopes around it; `opened` inside a `with`, where any name may be bound."""

    __slots__ = ("around", "names", "opened")

    def __init__(self, names: Iterable[str], around: _Scope | None, opened: bool = False) -> None:
        self.names = names
        self.around = around
        self.opened: bool = opened or (around is not None and around.opened)


_Visit = list[tuple[Node, _Scope]]


def undefined(root: Node) -> list[SyntaxProblem]:
    """A problem for each use of a name that is bound neither in the file nor by Nix."""
    problems = []
    waiting: _Visit = [(root, _Scope((), None))]
    while waiting:
        node, scope = waiting.pop()
        if type(node) is Variable:
            if not _bound(node.name, scope):
                problems.append(SyntaxProblem(node.span, f"undefined variable `{node.name}`"))
            continue
        kind = type(node)
        if kind in _VISITS:
            _VISITS[kind](node, scope, waiting)
        elif kind not in _LEAVES:
            waiting += [(child, scope) for child in node.children()]
    return problems


def _bound(name: str, scope: _Scope) -> bool:
    around: _Scope | None = scope
    while around is not None:
        if name in around.names:
            return True
        around = around.around
    return scope.opened or is_global(name)


def _select(node: Select, scope: _Scope, waiting: _Visit) -> None:
    waiting.append((node.subject, scope))
    waiting += [(name, scope) for name in node.path if type(name) is not Name]
    if node.default is not None:
        waiting.append((node.default, scope))


def _apply(node: Apply, scope: _Scope, waiting: _Visit) -> None:
    waiting += [(node.function, scope), (node.argument, scope)]


def _lambda(node: Lambda, scope: _Scope, waiting: _Visit) -> None:
    names = {node.parameter.name} if node.parameter else set()
    inner = _Scope(names, scope)
    for formal in node.formals.names if node.formals else ():
        names.add(formal.name)
        if formal.default is not None:
            waiting.append((formal.default, inner))
    waiting.append((node.body, inner))


def _bindings(bindings: Bindings, inner: _Scope, outer: _Scope, waiting: _Visit) -> None:
    sources = set()
    for binding in bindings.named.values():
        value = binding.value
        if type(value) is Select and value.default is None:
            if id(value.subject) in sources:  # as in `inherit (source) a b;`, nested ones of which double each time
                continue
            sources.add(id(value.subject))
        waiting.append((value, outer if binding.inherited else inner))
    for binding in bindings.dynamic:
        waiting += [(binding.name, inner), (binding.value, inner)]


def _set(node: AttributeSet, scope: _Scope, waiting: _Visit) -> None:
    inner = _Scope(node.bindings.named, scope) if node.recursive else scope
    _bindings(node.bindings, inner, scope, waiting)


def _let(node: Let, scope: _Scope, waiting: _Visit) -> None:
    inner = _Scope(node.bindings.named, scope)
    _bindings(node.bindings, inner, scope, waiting)
    waiting.append((node.body, inner))


def _with(node: With, scope: _Scope, waiting: _Visit) -> None:
    waiting += [(node.scope, scope), (node.body, _Scope((), scope, opened=True))]


_LEAVES = frozenset({Literal, Name})
_VISITS: dict[type, Callable[[Any, _Scope, _Visit], None]] = {
    Apply: _apply,
    Select: _select,
    Lambda: _lambda,
    AttributeSet: _set,
    Let: _let,
    With: _with,
}
