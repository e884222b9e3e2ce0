"""What `.override`, `.overrideAttrs` and `.overridePythonAttrs` do to a package of nixpkgs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from typing import NamedTuple

from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.operators import is_same_part
from nixlint_ort.nix.primitives import string
from nixlint_ort.nix.stuck import derived, unknown
from nixlint_ort.nix.values import Function, NixAttrs, Origin, Package, Thunk, Unknown, Value, done, later
from nixlint_ort.source import Span


class Changed(Enum):
    """What an override changes, in the order in which nixpkgs applies them, whatever the order of the calls."""

    ARGUMENTS = auto()
    PYTHON_ATTRIBUTES = auto()
    ATTRIBUTES = auto()


MAX_OVERRIDES = 100
OVERRIDES = {
    "override": Changed.ARGUMENTS,
    "overridePythonAttrs": Changed.PYTHON_ATTRIBUTES,
    "overrideAttrs": Changed.ATTRIBUTES,
}
_OF_ARGUMENTS = (Changed.ARGUMENTS,)
_OF_ATTRIBUTES = (Changed.PYTHON_ATTRIBUTES, Changed.ATTRIBUTES)
ARGUMENTS = "arguments"
"""The name by which what nixpkgs itself gives a package's function is below that package."""


class Override(NamedTuple):
    """One call of an override: what it was given, a set or a function, and where."""

    changed: Changed
    given: Thunk
    span: Span


class Made(NamedTuple):
    """How a package came about by a function of the file: `again` calls it with more arguments."""

    again: Callable[[Thunk, Span], Value]
    overrides: int
    """How many overrides the function itself had made."""


def overrides(package: Package) -> tuple[Override, ...]:
    """The overrides of a package in the order of the calls."""
    return package.state or ()


def overrider(machine: Machine, package: Package, name: str, span: Span) -> Function:
    """The function `package.override` or one of its kin."""

    def call(given: Thunk, at: Span) -> Value:
        changed = OVERRIDES[name]
        if changed is Changed.ARGUMENTS and package.made is not None:
            return _made_again(machine, package, given, at)
        return overridden(package, Override(changed, given, at))

    return Function(name, call, Origin(span))


def overridden(package: Package, *more: Override) -> Package:
    """A package with further overrides. Raises Stuck where these are too many."""
    layers = (*overrides(package), *more)
    if len(layers) > MAX_OVERRIDES:
        raise unknown(f"this package is overridden more than {MAX_OVERRIDES} times", more[-1].span)
    return replace(package, origin=Origin(more[-1].span), state=layers) if more else package


def _made_again(machine: Machine, package: Package, given: Thunk, span: Span) -> Value:
    made: Made = package.made
    value = machine.need(done(made.again(given, span)))
    later_overrides = overrides(package)[made.overrides :]
    if isinstance(value, Package):
        return overridden(value, *later_overrides)
    raise unknown("nixlint-ort does not evaluate this override", span)


def arguments(machine: Machine, package: Package) -> NixAttrs:
    """What `.override` has given a package, all calls together, open for nixpkgs' own arguments."""
    return _applied(machine, package, _OF_ARGUMENTS)


def attributes(machine: Machine, package: Package) -> NixAttrs:
    """What overrides have set on a package, all together, open for nixpkgs' own attributes."""
    return _applied(machine, package, _OF_ATTRIBUTES)


def _applied(machine: Machine, package: Package, kinds: tuple[Changed, ...]) -> NixAttrs:
    layers = overrides(package)
    if not layers:
        return _untouched(package, kinds)
    key = (id(layers), len(kinds))  # which tells the two apart
    known = machine.overridden.get(key)
    if known is None:
        # The layers are kept beside the result, so that their id stays theirs.
        known = machine.overridden[key] = (layers, _apply_all(machine, package, kinds))
    return known[1]


def _untouched(package: Package, kinds: tuple[Changed, ...]) -> NixAttrs:
    """The arguments or attributes that nixpkgs itself gives a package."""
    own = Package(package.root, package.path, package.origin, None, package.doubt)
    if kinds is _OF_ARGUMENTS:
        own = own.inner(string(ARGUMENTS, package.origin.span))
    rest = package.doubt or Unknown(f"{own.name} is set by nixpkgs", package.origin, own=own)
    return NixAttrs({}, package.origin, rest)


def _apply_all(machine: Machine, package: Package, kinds: tuple[Changed, ...]) -> NixAttrs:
    result = _untouched(package, kinds)
    for kind in kinds:
        for layer in overrides(package):
            if layer.changed is kind:
                result = _updated(result, _given(machine, package, layer, result), layer)
    return result


def _updated(before: NixAttrs, new: Value, layer: Override) -> NixAttrs:
    if not isinstance(new, NixAttrs):
        unread = Unknown("nixlint-ort does not evaluate this override", Origin(layer.span))
        why = derived(new) if isinstance(new, Unknown) else unread
        return NixAttrs({}, before.origin, why)
    known, rest = before.attributes, before.rest
    if new.rest is not None and not (rest is new.rest or (rest is not None and is_same_part(rest, new.rest))):
        rest = derived(new.rest)
        known = dict.fromkeys(known, done(rest))
    names, empty = {**before.names, **new.names}, (*before.empty, *new.empty)
    return NixAttrs({**known, **new.attributes}, before.origin, rest, names, empty)


def _given(machine: Machine, package: Package, layer: Override, before: NixAttrs) -> Value:
    def compute() -> Value:
        given = machine.need(layer.given)
        if not isinstance(given, Function):
            return given
        first = machine.call(given, done(before), layer.span)
        if isinstance(first, Function) and layer.changed is Changed.ATTRIBUTES:
            final = later(lambda: attributes(machine, package))
            return machine.call(machine.call(given, final, layer.span), done(before), layer.span)
        return first

    return machine.guard(compute)
