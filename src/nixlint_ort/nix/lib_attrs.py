"""nixpkgs' `lib.attrsets`, and what of `lib.meta` can be determined without nixpkgs."""

from __future__ import annotations

from functools import partial

from nixlint_ort.nix.builtin_attrs import TABLE as SET_BUILTINS
from nixlint_ort.nix.builtin_attrs import attribute_name, known_attributes, list_to_attrs, sorted_names
from nixlint_ort.nix.builtin_lists import call_later, call_with, list_items
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.operators import update
from nixlint_ort.nix.primitives import Table, boolean, primitive
from nixlint_ort.nix.selection import missing, select
from nixlint_ort.nix.stuck import KINDS, Stuck, derived, type_error
from nixlint_ort.nix.values import NixAttrs, NixList, NixString, Origin, Package, Thunk, Unknown, Value, done, later
from nixlint_ort.source import Span

ATTRSETS: Table = {**SET_BUILTINS}


@primitive(ATTRSETS, "nameValuePair", arity=2)
def _name_value_pair(_: Machine, span: Span, name: Thunk, value: Thunk) -> Value:
    return NixAttrs({"name": name, "value": value}, Origin(span))


@primitive(ATTRSETS, "optionalAttrs", arity=2)
def _optional_attrs(machine: Machine, span: Span, condition: Thunk, set_: Thunk) -> Value:
    return machine.force(set_) if machine.boolean(condition, span) else NixAttrs({}, Origin(span))


@primitive(ATTRSETS, "genAttrs", arity=2)
def _gen_attrs(machine: Machine, span: Span, names: Thunk, function: Thunk) -> Value:
    pairs = []
    for name in list_items(machine, names, span):
        value = call_later(machine, function, span, name)
        pairs.append(done(NixAttrs({"name": name, "value": value}, Origin(span))))
    return list_to_attrs(machine, span, done(NixList(tuple(pairs), Origin(span))))


@primitive(ATTRSETS, "filterAttrs", arity=2)
def _filter_attrs(machine: Machine, span: Span, predicate: Thunk, set_: Thunk) -> Value:
    apply, value = machine.need(predicate), machine.attributes(set_, span)
    machine.spend(len(value.attributes))
    kept = {}
    for name in sorted_names(value):
        key, thunk = done(attribute_name(value, name, span)), value.attributes[name]
        keeps = machine.force(later(partial(call_with, machine, apply, span, key, thunk)))
        if isinstance(keeps, Unknown) and keeps.is_value:
            kept[name] = done(derived(keeps))
        elif machine.boolean(done(keeps), span):
            kept[name] = thunk
    rest = None if value.rest is None else derived(value.rest)
    return NixAttrs(kept, Origin(span), rest, {name: value.names[name] for name in kept if name in value.names})


@primitive(ATTRSETS, "mapAttrsToList", arity=2)
def map_attrs_to_list(machine: Machine, span: Span, function: Thunk, set_: Thunk) -> Value:
    """What the function makes of each name and value, in the order of the names."""
    value = known_attributes(machine, set_, span)
    items = [
        call_later(machine, function, span, done(attribute_name(value, name, span)), value.attributes[name])
        for name in sorted_names(value)
    ]
    return NixList(tuple(items), Origin(span))


@primitive(ATTRSETS, "mapAttrs'", arity=2)
def _map_attrs_prime(machine: Machine, span: Span, function: Thunk, set_: Thunk) -> Value:
    return list_to_attrs(machine, span, done(map_attrs_to_list(machine, span, function, set_)))


def _merged(machine: Machine, span: Span, sets: list[Thunk]) -> Value:
    result: Value = NixAttrs({}, Origin(span))
    for more in sets:
        result = update(machine, done(result), more, span)
    return result


@primitive(ATTRSETS, "mergeAttrsList")
def _merge_attrs_list(machine: Machine, span: Span, sets: Thunk) -> Value:
    return _merged(machine, span, list_items(machine, sets, span))


@primitive(ATTRSETS, "getAttrs", arity=2)
def _get_attrs(machine: Machine, span: Span, names: Thunk, set_: Thunk) -> Value:
    value = machine.attributes(set_, span)
    result = {}
    for thunk in list_items(machine, names, span):
        key = machine.text(thunk, span)
        if key not in value.attributes:
            raise Stuck(value.rest) if value.rest else missing(value, machine.string(thunk, span), span)
        result[key] = value.attributes[key]
    return NixAttrs(result, Origin(span))


def _walk(machine: Machine, span: Span, path: Thunk, set_: Thunk) -> Value | None:
    """The value at a path of names, None where it is known to be absent."""
    value = machine.need(set_)
    for name in list_items(machine, path, span):
        found = select(machine, value, machine.string(name, span), span, optional=True)
        if found is None:
            return None
        if isinstance(found, Unknown):
            raise Stuck(found)
        value = found
    return value


@primitive(ATTRSETS, "attrByPath", arity=3)
def _attr_by_path(machine: Machine, span: Span, path: Thunk, default: Thunk, set_: Thunk) -> Value:
    found = _walk(machine, span, path, set_)
    return machine.force(default) if found is None else found


@primitive(ATTRSETS, "hasAttrByPath", arity=2)
def _has_attr_by_path(machine: Machine, span: Span, path: Thunk, set_: Thunk) -> Value:
    return boolean(_walk(machine, span, path, set_) is not None, span)


@primitive(ATTRSETS, "recursiveUpdate", arity=2)
def _recursive_update(machine: Machine, span: Span, left: Thunk, right: Thunk) -> Value:
    first, second = machine.attributes(left, span), known_attributes(machine, right, span)
    machine.spend(len(first.attributes) + len(second.attributes))
    result = dict(first.attributes)
    for name, new in second.attributes.items():
        result[name] = _deeper(machine, span, (first, attribute_name(second, name, span)), new)
    return NixAttrs(result, Origin(span), first.rest, {**first.names, **second.names}, (*first.empty, *second.empty))


def _deeper(machine: Machine, span: Span, old: tuple[NixAttrs, NixString], new: Thunk) -> Thunk:
    """What an attribute becomes: `old` is the set that it is in, and its name there."""

    def compute() -> Value:
        after = machine.need(new)
        if not isinstance(after, NixAttrs):
            if type(after) not in KINDS:
                raise type_error(after, "a plain value", span)
            return after
        before = select(machine, *old, span)
        if before is None:
            return after
        if isinstance(before, (NixAttrs, Package)):
            return _recursive_update(machine, span, done(before), done(after))
        if type(before) not in KINDS:
            raise type_error(before, "a plain value", span)
        return after

    return later(compute)
