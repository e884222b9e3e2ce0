"""What `.override`, `.overrideAttrs` and `.overridePythonAttrs` do to a package of nixpkgs."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.stuck import unknown
from nixlint_ort.nix.values import (
    SET_BY_NIXPKGS,
    Function,
    NixAttrs,
    Origin,
    Package,
    Thunk,
    Unknown,
    Value,
    done,
    later,
)
from nixlint_ort.source import Span


class Changed(Enum):
    """What an override changes, in the order in which nixpkgs applies them, whatever the order of the calls."""

    ARGUMENTS = auto()
    PYTHON_ATTRIBUTES = auto()
    ATTRIBUTES = auto()


MOST_OVERRIDES = 100
OVERRIDES = {
    "override": Changed.ARGUMENTS,
    "overridePythonAttrs": Changed.PYTHON_ATTRIBUTES,
    "overrideAttrs": Changed.ATTRIBUTES,
}


class Override(NamedTuple):
    """One call of an override: what it was given, a set or a function, and where."""

    changed: Changed
    given: Thunk
    span: Span


def overrides(package: Package) -> tuple[Override, ...]:
    """The overrides of a package in the order of the calls."""
    return package.state or ()


def overrider(package: Package, name: str, span: Span) -> Function:
    """The function `package.override` or one of its kin."""

    def call(given: Thunk, at: Span) -> Value:
        if len(overrides(package)) == MOST_OVERRIDES:
            raise unknown(f"this package is overridden more than {MOST_OVERRIDES} times", at)
        layer = Override(OVERRIDES[name], given, at)
        return Package(package.root, package.path, Origin(at), (*overrides(package), layer))

    return Function(name, call, Origin(span))


def arguments(machine: Machine, package: Package) -> NixAttrs:
    """What `.override` has given a package, all calls together, open for nixpkgs' own arguments."""
    return _applied(machine, package, (Changed.ARGUMENTS,))


def attributes(machine: Machine, package: Package) -> NixAttrs:
    """What overrides have set on a package, all together, open for nixpkgs' own attributes."""
    return _applied(machine, package, (Changed.PYTHON_ATTRIBUTES, Changed.ATTRIBUTES))


def _applied(machine: Machine, package: Package, kinds: tuple[Changed, ...]) -> NixAttrs:
    layers = overrides(package)
    known = machine.overridden.get((id(layers), kinds))
    if known is None:
        # The layers are kept beside the result, so that their id stays theirs.
        known = machine.overridden[id(layers), kinds] = (layers, _apply_all(machine, package, kinds))
    return known[1]


def _apply_all(machine: Machine, package: Package, kinds: tuple[Changed, ...]) -> NixAttrs:
    result = NixAttrs({}, package.origin, Unknown(SET_BY_NIXPKGS, package.origin))
    for kind in kinds:
        for layer in overrides(package):
            if layer.changed is kind:
                result = _updated(result, _given(machine, package, layer, result), layer)
    return result


def _updated(before: NixAttrs, new: Value, layer: Override) -> NixAttrs:
    if not isinstance(new, NixAttrs):
        unread = Unknown("nixlint-ort does not evaluate this override", Origin(layer.span))
        why = new if isinstance(new, Unknown) else unread
        return NixAttrs({}, before.origin, why)
    known = before.attributes
    if new.rest is not None and not new.rest.is_set_by_nixpkgs:
        known = dict.fromkeys(known, done(new.rest))
    rest = before.rest if new.rest is None or new.rest.is_set_by_nixpkgs else new.rest
    return NixAttrs({**known, **new.attributes}, before.origin, rest, {**before.names, **new.names})


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
