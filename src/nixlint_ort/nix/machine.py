"""The lazy evaluator: thunks, environments, budgets, and how functions are applied."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Protocol

from nixlint_ort.nix.node import Node
from nixlint_ort.nix.stuck import SYMBOLIC, Stuck, type_error, unknown
from nixlint_ort.nix.syntax import Literal
from nixlint_ort.nix.values import (
    Environment,
    Fetched,
    Function,
    NixAttrs,
    NixBool,
    NixFloat,
    NixInt,
    NixList,
    NixNull,
    NixPath,
    NixString,
    Origin,
    Package,
    PackageSet,
    Piece,
    Rest,
    Thunk,
    Unknown,
    Value,
    done,
)
from nixlint_ort.source import Span

MOST_STEPS = 400_000
DEEPEST = 400
LONGEST = 1_000_000
MOST_PIECES = 10_000
LONGEST_TRAIL = 16
_FRAMES = 20_000


class Symbols(Protocol):
    """What evaluation asks of the model of nixpkgs."""

    def select(self, value: Value, name: NixString, span: Span, optional: bool = False) -> Value | None:
        """An attribute of something of nixpkgs. May raise Stuck."""

    def call(self, value: Value, argument: Thunk, span: Span) -> Value:
        """Applies something of nixpkgs as a function. May raise Stuck."""

    def imported(self, source: Fetched, span: Span) -> Function:
        """What `import` makes of a source."""


Step = Callable[["Machine", Any, Environment], "Value | tuple[Node, Environment]"]
"""Evaluates a node: to a value, or to the node and environment that have the same value."""


class Machine:
    """Evaluates the expressions of one file within its budgets."""

    def __init__(self, data: bytes, steps: dict[type, Step]) -> None:
        self.data = data
        self.symbols: Symbols
        self.globals: Callable[[str, Span], Value | None]
        self._steps = steps
        self.left = MOST_STEPS
        self.depth = 0
        self.touched: list[tuple[PackageSet, Span]] = []
        self.overridden: dict[tuple[int, object], tuple[object, NixAttrs]] = {}
        if sys.getrecursionlimit() < _FRAMES:
            # The depth budget stops evaluation well before this many frames.
            sys.setrecursionlimit(_FRAMES)

    def evaluate(self, node: Node, env: Environment) -> Value:
        """The value of an expression in an environment. Raises Stuck."""
        depth = self.depth = self.depth + 1
        if depth > DEEPEST:
            raise unknown(f"this is nested more than {DEEPEST} evaluations deep", node.span)
        steps = self._steps
        while True:
            self.left -= 1
            if self.left < 0:
                raise unknown(f"this takes more than {MOST_STEPS:,} steps to evaluate", node.span)
            result = steps[type(node)](self, node, env)
            if not isinstance(result, tuple):
                self.depth = depth - 1
                return result
            node, env = result

    def thunk(self, node: Node, env: Environment) -> Thunk:
        """An expression to be evaluated later."""
        if type(node) is Literal:
            return Thunk(value=node.value)
        return Thunk(node, env)

    def force(self, thunk: Thunk) -> Value:
        """The value of a thunk; what cannot be worked out is Unknown. Never raises."""
        value = thunk.value
        if value is not None:
            return value
        node, env, compute = thunk.node, thunk.env, thunk.compute
        thunk.node = thunk.env = thunk.compute = None
        depth = self.depth
        try:
            if node is not None and env is not None:
                value = self.evaluate(node, env)
            elif compute is not None:
                self.spend()
                value = compute()
            else:
                value = Unknown("this needs its own value first, without end", Origin(Span(0, 0)), fails=True)
        except Stuck as stuck:
            value = stuck.unknown
        except RecursionError:
            value = Unknown("this is nested too deep to evaluate", Origin(Span(0, 0)))
        self.depth = depth
        thunk.value = value
        return value

    def need(self, thunk: Thunk) -> Value:
        """The value of a thunk. Raises Stuck if it is Unknown."""
        value = thunk.value or self.force(thunk)
        if type(value) is Unknown:
            raise Stuck(value)
        return value

    def spend(self, steps: int = 1) -> None:
        """Counts steps that are taken outside `evaluate`. Raises Stuck when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise unknown(f"this takes more than {MOST_STEPS:,} steps to evaluate", Span(0, 0))

    def descend(self, span: Span) -> None:
        """Counts one level of depth, which the caller takes back. Raises Stuck when it is one too many."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise unknown(f"this is nested more than {DEEPEST} evaluations deep", span)

    def guard(self, compute: Callable[[], Value]) -> Value:
        """What `compute` returns, or the Unknown that it raised."""
        return self.force(Thunk(compute=compute))

    def call(self, function: Value, argument: Thunk, span: Span) -> Value:
        """Applies a function or a functor; `span` is the call. Raises Stuck."""
        if type(function) is Function:
            depth = self.depth = self.depth + 1
            if depth > DEEPEST:
                raise unknown(f"this is nested more than {DEEPEST} evaluations deep", span)
            result = function.call(argument, span)
            self.depth = depth - 1
            return result
        if type(function) is NixAttrs and "__functor" in function.attributes:
            functor = self.need(function.attributes["__functor"])
            return self.call(self.call(functor, done(function), span), argument, span)
        if type(function) is NixAttrs and function.rest is not None:
            raise Stuck(function.rest)
        if type(function) in SYMBOLIC:
            return self.symbols.call(function, argument, span)
        raise type_error(function, "a function", span)

    def string(self, thunk: Thunk, span: Span) -> NixString:
        """A string, perhaps with unknown pieces. Raises Stuck for anything else."""
        value = self.need(thunk)
        if type(value) is not NixString:
            raise type_error(value, "a string", span)
        return value

    def function(self, thunk: Thunk, span: Span) -> Value:
        """Something that can be applied. Raises Stuck for anything else."""
        value = self.need(thunk)
        if isinstance(value, Function) or type(value) in SYMBOLIC:
            return value
        if isinstance(value, NixAttrs) and ("__functor" in value.attributes or value.rest is not None):
            return value
        raise type_error(value, "a function", span)

    def text(self, thunk: Thunk, span: Span) -> str:
        """A string's whole text. Raises Stuck for anything else, or if a piece is unknown."""
        string = self.string(thunk, span)
        missing = string.unknown
        if missing is not None:
            raise Stuck(missing)
        return string.text

    def boolean(self, thunk: Thunk, span: Span) -> bool:
        """true or false. Raises Stuck for anything else."""
        value = self.need(thunk)
        if type(value) is not NixBool:
            raise type_error(value, "a Boolean", span)
        return value.value

    def integer(self, thunk: Thunk, span: Span) -> int:
        """An integer. Raises Stuck for anything else."""
        value = self.need(thunk)
        if type(value) is not NixInt:
            raise type_error(value, "an integer", span)
        return value.value

    def items(self, thunk: Thunk, span: Span) -> NixList:
        """A list, perhaps with stretches that are not known. Raises Stuck for anything else."""
        value = self.force(thunk)
        if type(value) is NixList:
            return value
        stuck = type_error(value, "a list", span)
        if stuck.unknown.fails:
            raise stuck
        return NixList((Rest(stuck.unknown),), stuck.unknown.origin)

    def attributes(self, thunk: Thunk, span: Span) -> NixAttrs:
        """A set, perhaps with further attributes that are not known. Raises Stuck for anything else."""
        value = self.need(thunk)
        if type(value) is not NixAttrs:
            raise type_error(value, "a set", span)
        return value


def concat_pieces(pieces: list[Piece], origin: Origin) -> NixString:
    """A string of these pieces. Raises Stuck if it is longer than the budget allows."""
    if len(pieces) > MOST_PIECES:
        raise unknown(f"this string is put together from more than {MOST_PIECES:,} pieces", origin.span)
    if sum(len(piece.text) for piece in pieces) > LONGEST:
        raise unknown(f"this string is longer than {LONGEST:,} characters", origin.span)
    return NixString(tuple(pieces), origin)


def through_reference(value: Value, span: Span) -> Value:
    """The value with `span` added to the references that it came through."""
    add = _PASSED.get(type(value))
    return add(value, span) if add else value


def _further(origin: Origin, span: Span) -> Origin:
    if len(origin.through) >= LONGEST_TRAIL:
        return origin
    return Origin(origin.span, (*origin.through, span))


def _string_passed(value: NixString, span: Span) -> Value:
    pieces = tuple(Piece(piece.text, _further(piece.origin, span), piece.form, piece.unknown) for piece in value.pieces)
    return NixString(pieces, _further(value.origin, span))


def _package_passed(value: Package, span: Span) -> Value:
    path = tuple(_string_passed(name, span) for name in value.path)
    return Package(value.root, path, _further(value.origin, span), value.state)  # type: ignore[arg-type]


_PASSED: dict[type, Callable[..., Value]] = {
    NixString: _string_passed,
    NixInt: lambda value, span: NixInt(value.value, _further(value.origin, span)),
    NixFloat: lambda value, span: NixFloat(value.value, _further(value.origin, span)),
    NixBool: lambda value, span: NixBool(value.value, _further(value.origin, span)),
    NixNull: lambda value, span: NixNull(_further(value.origin, span)),
    NixPath: lambda value, span: NixPath(value.text, _further(value.origin, span)),
    NixList: lambda value, span: NixList(value.items, _further(value.origin, span)),
    Unknown: lambda value, span: Unknown(value.reason, _further(value.origin, span), value.fails),
    Package: _package_passed,
}
