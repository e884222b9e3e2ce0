"""Functions `final: prev: { … }` that are laid over a set of nixpkgs: overlays, and extensions of a nested set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.stuck import Stuck, derived, type_error
from nixlint_ort.nix.values import (
    NixAttrs,
    NixList,
    NixString,
    Package,
    PackageSet,
    Rest,
    Thunk,
    Unknown,
    Value,
    done,
    later,
)
from nixlint_ort.source import Span


@dataclass(slots=True, eq=False)
class Layers:
    """The functions, first applied first, and what each sets. A view of `whole` sees the first `seen` of them."""

    functions: list[Thunk]
    results: list[Thunk]
    seen: int
    whole: PackageSet | Package


class Found(NamedTuple):
    """What layers have for a name: a value, why it is not known whether they have one, or neither."""

    value: Value | None = None
    doubt: Unknown | None = None


def lay(machine: Machine, whole: PackageSet | Package, functions: Sequence[Thunk]) -> Layers:
    """Lay functions over a set, which is changed: `whole` is then the set with all of them."""
    layers = Layers(list(functions), [], len(functions), whole)
    layers.results = [later(_result(machine, layers, number)) for number in range(len(functions))]
    machine.laid.append(whole)
    if isinstance(whole, PackageSet):
        whole.state = layers
    else:
        whole.layers = layers
    return layers


def _result(machine: Machine, layers: Layers, number: int) -> Callable[[], Value]:
    def compute() -> Value:
        whole, span = layers.whole, layers.whole.origin.span
        view = replace(layers, seen=number)
        before = replace(whole, state=view) if isinstance(whole, PackageSet) else replace(whole, layers=view)
        function = machine.need(layers.functions[number])
        return machine.call(machine.call(function, done(whole), span), done(before), span)

    return compute


def find(machine: Machine, layers: Layers, name: NixString, span: Span) -> Found:
    """What the layers have for a name, the last of them first. Raises Stuck where Nix fails."""
    machine.spend(layers.seen // 8, span)
    for thunk in reversed(layers.results[: layers.seen]):
        machine.spend(1, span)
        layer = machine.force(thunk)
        if not isinstance(layer, NixAttrs):
            why = type_error(layer, "a set", span).unknown
            if not why.is_value:
                raise Stuck(why)
            return Found(doubt=why)
        thunk_of_name = layer.attributes.get(name.text)
        if thunk_of_name is not None:
            value = machine.force(thunk_of_name)
            return Found(doubt=derived(value)) if isinstance(value, Unknown) and value.is_value else Found(value)
        if layer.rest is not None:
            return Found(doubt=derived(layer.rest))
    return Found()


def sets(machine: Machine, layers: Layers, name: str) -> bool:
    """Whether one of the layers sets a name, or may do so."""
    for thunk in layers.results[: layers.seen]:
        value = machine.force(thunk)
        if not isinstance(value, NixAttrs) or name in value.attributes or value.rest is not None:
            return True
    return False


def listed(machine: Machine, thunk: Thunk) -> list[Thunk]:
    """The functions of a list of them; what is not known of the list is a function that is not known."""
    value = machine.force(thunk)
    if isinstance(value, NixList):
        return [done(derived(item.unknown)) if isinstance(item, Rest) else item for item in value.items]
    return [done(type_error(value, "a list of overlays", Span(0, 0)).unknown)]
