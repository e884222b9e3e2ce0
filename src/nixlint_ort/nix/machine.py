"""The lazy evaluator: how thunks get their values, and how functions are applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from nixlint_ort.nix.budget import MAX_DEPTH, MAX_LENGTH, MAX_PIECES, Budget
from nixlint_ort.nix.literals import canonical
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.stuck import SYMBOLIC, Stuck, gave_up, symbolic, type_error
from nixlint_ort.nix.syntax import Literal
from nixlint_ort.nix.values import (
    Environment,
    Fetched,
    Function,
    NixAttrs,
    NixBool,
    NixInt,
    NixList,
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


class Symbols(Protocol):
    """What evaluation asks of the model of nixpkgs."""

    def select(self, value: Value, name: NixString, span: Span, optional: bool = False) -> Value | None:
        """An attribute of something of nixpkgs. May raise Stuck."""

    def call(self, value: Value, argument: Thunk, span: Span) -> Value:
        """Applies something of nixpkgs as a function. May raise Stuck."""

    def imported(self, source: Fetched, span: Span) -> Function:
        """What `import` makes of a source."""

    def read_path(self, path: NixPath, span: Span) -> Value:
        """The value of a file of the repository. May raise Stuck."""


Step = Callable[["Machine", Any, Environment], "Value | tuple[Node, Environment]"]
"""Evaluates a node: to a value, or to the node and environment that have the same value."""


class Machine(Budget):
    """Evaluates the expressions of one file within its budgets."""

    def __init__(self, data: bytes, steps: dict[type, Step]) -> None:
        super().__init__()
        self.data = data
        self.symbols: Symbols
        self.globals: Callable[[str, Span], Value | None]
        self._steps = steps
        self.touched: list[tuple[PackageSet, Span]] = []
        self.fetched: list[Fetched] = []
        self.members: list[tuple[str, NixString]] = []
        """What was asked of `lib` and `builtins`, by their names."""
        self.overridden: dict[tuple[int, int], tuple[object, NixAttrs]] = {}
        self._environments: list[Environment] = []
        self.laid: list[PackageSet | Package] = []
        """The sets over which functions are laid, each of which knows them as they know it."""

    def evaluate(self, node: Node, env: Environment) -> Value:
        """The value of an expression in an environment. Raises Stuck."""
        depth = self.depth = self.depth + 1
        if depth > MAX_DEPTH:
            raise gave_up(f"this is nested more than {MAX_DEPTH} evaluations deep", node.span)
        steps = self._steps
        while True:
            self.left -= 1
            if self.left < self.next_look:
                self.look(node.span)
            result = steps[type(node)](self, node, env)
            if not isinstance(result, tuple):
                self.depth = depth - 1
                return result
            node, env = result

    def environment(
        self, names: dict[str, Thunk], around: Environment | None, opened: Thunk | None = None
    ) -> Environment:
        """An environment of this file."""
        made = Environment(names, around, opened)
        self._environments.append(made)
        return made

    def let_go(self) -> None:
        """Part what refers to itself, so that nothing of it waits for the garbage collector. Nothing works after it."""
        for environment in self._environments:
            environment.names, environment.opened = {}, None
        for whole in self.laid:
            if isinstance(whole, PackageSet):
                whole.state = None
            else:
                whole.layers = None
        self.__dict__.clear()

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
                value = Unknown("infinite recursion: this needs its own value", Origin(Span(0, 0)), fails=True)
        except Stuck as stuck:
            value = stuck.unknown
        except RecursionError:
            value = Unknown("this is nested too deep to evaluate", Origin(Span(0, 0)), gave_up=True)
        self.depth = depth
        if self.left < 0:
            # Another question may still have steps for it.
            thunk.node, thunk.env, thunk.compute = node, env, compute
            return value
        thunk.value = value
        return value

    def need(self, thunk: Thunk) -> Value:
        """The value of a thunk. Raises Stuck if it is Unknown."""
        value = thunk.value or self.force(thunk)
        if type(value) is Unknown:
            raise Stuck(value)
        return value

    def guard(self, compute: Callable[[], Value]) -> Value:
        """What `compute` returns, or the Unknown that it raised."""
        return self.force(Thunk(compute=compute))

    def call(self, function: Value, argument: Thunk, span: Span) -> Value:
        """Applies a function or a functor; `span` is the call. Raises Stuck."""
        if type(function) is Function:
            depth = self.depth = self.depth + 1
            if depth > MAX_DEPTH:
                raise gave_up(f"this is nested more than {MAX_DEPTH} evaluations deep", span)
            result = function.call(argument, span)
            self.depth = depth - 1
            return result
        if type(function) is NixAttrs and "__functor" in function.attributes:
            self.descend(span)
            functor = self.need(function.attributes["__functor"])
            result = self.call(self.call(functor, done(function), span), argument, span)
            self.depth -= 1
            return result
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
        self.spend(len(string.pieces) // 8, span)
        missing = string.unknown
        if missing is not None:
            raise Stuck(missing)
        text = string.text
        self.spend_on_text(len(text), span)
        return text

    def concat_pieces(self, parts: Iterable[Sequence[Piece]], span: Span) -> NixString:
        """A string of these runs of pieces. Raises Stuck if it is longer than the budget allows, before it is made."""
        pieces: list[Piece] = []
        length = 0
        for part in parts:
            self.spend(len(part) // 8 + 1, span)
            length += sum(len(piece.text) for piece in part)
            if len(pieces) + len(part) > MAX_PIECES:
                raise gave_up(f"this string is put together from more than {MAX_PIECES:,} pieces", span)
            if length > MAX_LENGTH:
                raise gave_up(f"this string is longer than {MAX_LENGTH:,} characters", span)
            pieces += part
        return NixString(tuple(pieces), Origin(span))

    def path(self, text: str, span: Span) -> NixPath:
        """A path that was worked out. Raises Stuck if it is longer than the budget allows."""
        if len(text) > MAX_LENGTH:
            raise gave_up(f"this path is longer than {MAX_LENGTH:,} characters", span)
        self.spend(len(text) // 16, span)
        return NixPath(canonical(text), Origin(span))

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
            self.spend(len(value.items) // 8, span)
            return value
        if isinstance(value, Package):
            return NixList((Rest(symbolic(value)),), value.origin)
        stuck = type_error(value, "a list", span)
        if not stuck.unknown.is_value:
            raise stuck
        return NixList((Rest(stuck.unknown),), stuck.unknown.origin)

    def attributes(self, thunk: Thunk, span: Span) -> NixAttrs:
        """A set, perhaps with further attributes that are not known. Raises Stuck for anything else."""
        value = self.need(thunk)
        if isinstance(value, Package) and not value.state:
            return NixAttrs({}, value.origin, symbolic(value))
        if type(value) is not NixAttrs:
            raise type_error(value, "a set", span)
        return value
