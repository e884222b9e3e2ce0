"""The names that a function, a let or a `rec` set binds, as the environment of what is inside."""

from __future__ import annotations

from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.selection import missing, select_or
from nixlint_ort.nix.stuck import failure, type_error
from nixlint_ort.nix.syntax import Bindings, Formal, Lambda, Name
from nixlint_ort.nix.values import (
    Environment,
    NixAttrs,
    PackageSet,
    Thunk,
    Value,
    done,
)
from nixlint_ort.source import Span


def bind_arguments(machine: Machine, node: Lambda, env: Environment, argument: Thunk, span: Span) -> Environment:
    """The environment of a function's body for this argument. Raises Stuck if the argument does not fit."""
    names: dict[str, Thunk] = {}
    inner = machine.environment(names, env)
    if node.parameter is not None:
        names[node.parameter.name] = argument
    if node.formals is None:
        return inner
    given = machine.need(argument)
    if not isinstance(given, (NixAttrs, PackageSet)):
        raise type_error(given, "a set", span)
    machine.spend(len(node.formals.names) // 2, span)
    for formal in node.formals.names:
        thunk = _given(machine, given, formal, inner)
        if thunk is None:
            if formal.default is None:
                raise failure(f"the required argument {formal.name} is missing", span)
            thunk = machine.thunk(formal.default, inner)
        names[formal.name] = thunk
    if not node.formals.ellipsis and isinstance(given, NixAttrs):
        machine.spend(len(given.attributes) // 8, span)
        known = {formal.name for formal in node.formals.names}
        for name in given.attributes:
            if name not in known:
                raise failure(f"the function has no argument {name}", span)
    return inner


def _given(machine: Machine, given: NixAttrs | PackageSet, formal: Formal, inner: Environment) -> Thunk | None:
    name = Name(formal.start, formal.end, formal.name)
    if isinstance(given, NixAttrs):
        if (thunk := given.attributes.get(name.text)) is not None or given.rest is None:
            return thunk
        if given.rest.own is None:
            return done(given.rest)
    else:
        machine.touched.append((given, name.span))
    default = machine.thunk(formal.default, inner) if formal.default is not None else None

    def look_up() -> Value:
        found = select_or(machine, given, name.string(), name.span, default)
        if found is None:
            raise missing(given, name.string(), name.span)
        return found

    return Thunk(compute=look_up)


def scope(machine: Machine, bindings: Bindings, env: Environment) -> Environment:
    """The environment in which the bindings of a let or a `rec` set see each other."""
    machine.spend(len(bindings.named) // 2)
    names: dict[str, Thunk] = {}
    inner = machine.environment(names, env)
    for name, binding in bindings.named.items():
        names[name] = machine.thunk(binding.value, env if binding.inherited else inner)
    return inner
