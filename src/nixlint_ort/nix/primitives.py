"""How functions that are not written in Nix are told to the evaluator: by name, arity and a Python function."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.stuck import type_error
from nixlint_ort.nix.values import (
    Fetched,
    Form,
    Function,
    NixAttrs,
    NixBool,
    NixInt,
    NixString,
    Origin,
    Piece,
    Thunk,
    Value,
)
from nixlint_ort.source import Span

Run = Callable[..., Value]
"""Takes the machine, the span of the call, and each argument as a thunk. May raise Stuck."""


class Primitive(NamedTuple):
    """A function and how many arguments it takes one by one."""

    arity: int
    run: Run


Table = dict[str, Primitive]


def primitive(table: Table, *names: str, arity: int = 1) -> Callable[[Run], Run]:
    """Enters the decorated function into a table under these names."""

    def enter(run: Run) -> Run:
        for name in names:
            table[name] = Primitive(arity, run)
        return run

    return enter


def function(machine: Machine, name: str, entry: Primitive, origin: Origin, given: tuple[Thunk, ...] = ()) -> Function:
    """The function value of a table's entry, with the arguments that were already given."""

    def call(argument: Thunk, span: Span) -> Value:
        machine.spend()
        arguments = (*given, argument)
        if len(arguments) == entry.arity:
            return entry.run(machine, span, *arguments)
        return function(machine, name, entry, origin, arguments)

    return Function(name, call, origin, given=given)


def string(text: str, span: Span) -> NixString:
    """A string that was worked out."""
    origin = Origin(span)
    return NixString((Piece(text, origin, Form.DERIVED),) if text else (), origin)


def boolean(value: bool, span: Span) -> NixBool:
    """A Boolean that was worked out."""
    return NixBool(value, Origin(span))


def integer(value: int, span: Span) -> NixInt:
    """An integer that was worked out."""
    return NixInt(value, Origin(span))


def fetch(machine: Machine, name: str, argument: Thunk, span: Span) -> Fetched:
    """What a fetcher of that name was asked for. Raises Stuck if that is neither a set nor an address."""
    fetched = _fetch(machine, name, machine.need(argument), span)
    machine.fetched.append(fetched)
    return fetched


def _fetch(machine: Machine, name: str, value: Value, span: Span) -> Fetched:
    origin = Origin(span)
    if isinstance(value, NixString):
        return Fetched(name, value, None, origin)
    if not isinstance(value, NixAttrs):
        raise type_error(value, "a set or an address", span)

    def given(*keys: str) -> Value | None:
        for key in keys:
            if key in value.attributes:
                return machine.force(value.attributes[key])
        return value.rest

    return Fetched(name, given("url"), given("rev", "tag"), origin, value)
