"""Builtins on attribute sets; attributes that are not known are kept wherever the function allows."""

from __future__ import annotations

from nixlint_ort.nix.builtin_lists import call_later, list_items
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import Table, boolean, primitive, string
from nixlint_ort.nix.selection import missing, select
from nixlint_ort.nix.stuck import Stuck, derived, failure, type_error
from nixlint_ort.nix.values import NixAttrs, NixList, NixString, Origin, Rest, Thunk, Value, done
from nixlint_ort.source import Span

TABLE: Table = {}


def known_attributes(machine: Machine, thunk: Thunk, span: Span) -> NixAttrs:
    """A set that is known in full. Raises Stuck."""
    value = machine.attributes(thunk, span)
    if value.rest is not None:
        raise Stuck(value.rest)
    machine.spend(len(value.attributes), span)
    return value


def attribute_name(value: NixAttrs, name: str, span: Span) -> NixString:
    """An attribute's name as a string that knows where it was written."""
    place = value.names.get(name)
    return string(name, place if place is not None else span)


@primitive(TABLE, "attrNames")
def _attr_names(machine: Machine, span: Span, set_: Thunk) -> Value:
    value = known_attributes(machine, set_, span)
    machine.spend(2 * len(value.attributes), span)
    names = tuple(done(attribute_name(value, name, span)) for name in sorted_names(value))
    return NixList(names, Origin(span))


def sorted_names(value: NixAttrs) -> list[str]:
    """The names of a set's attributes in the order that Nix gives them."""
    return sorted(value.attributes, key=str.encode)


@primitive(TABLE, "attrValues")
def _attr_values(machine: Machine, span: Span, set_: Thunk) -> Value:
    value = known_attributes(machine, set_, span)
    return NixList(tuple(value.attributes[name] for name in sorted_names(value)), Origin(span))


@primitive(TABLE, "hasAttr", arity=2)
def _has_attr(machine: Machine, span: Span, name: Thunk, set_: Thunk) -> Value:
    key = machine.string(name, span)
    value = machine.need(set_)
    found = select(machine, value, key, span, optional=True)
    if found is None and not isinstance(value, NixAttrs):
        raise type_error(value, "a set", span)
    return boolean(found is not None, span)


@primitive(TABLE, "getAttr", arity=2)
def _get_attr(machine: Machine, span: Span, name: Thunk, set_: Thunk) -> Value:
    key = machine.string(name, span)
    value = machine.need(set_)
    found = select(machine, value, key, span)
    if found is None:
        raise missing(value, key, span)
    return found


@primitive(TABLE, "removeAttrs", arity=2)
def _remove_attrs(machine: Machine, span: Span, set_: Thunk, names: Thunk) -> Value:
    value = machine.attributes(set_, span)
    removed = {machine.text(name, span) for name in list_items(machine, names, span)}
    machine.spend(len(value.attributes) // 2, span)
    kept = {name: thunk for name, thunk in value.attributes.items() if name not in removed}
    rest = None if value.rest is None else derived(value.rest)
    return NixAttrs(kept, Origin(span), rest, {name: place for name, place in value.names.items() if name in kept})


@primitive(TABLE, "mapAttrs", arity=2)
def map_attrs(machine: Machine, span: Span, function: Thunk, set_: Thunk) -> Value:
    """The set with each value replaced by what the function makes of its name and value."""
    value = machine.attributes(set_, span)
    machine.spend(4 * len(value.attributes), span)

    def mapped(name: str, thunk: Thunk) -> Thunk:
        return call_later(machine, function, span, done(attribute_name(value, name, span)), thunk)

    attributes = {name: mapped(name, thunk) for name, thunk in value.attributes.items()}
    rest = None if value.rest is None else derived(value.rest)
    return NixAttrs(attributes, Origin(span), rest, value.names)


@primitive(TABLE, "listToAttrs")
def list_to_attrs(machine: Machine, span: Span, list_: Thunk) -> Value:
    """The set of a list of `{ name; value; }`; the first of a name counts."""
    result: dict[str, Thunk] = {}
    rest = None
    for item in machine.items(list_, span).items:
        if isinstance(item, Rest):
            rest = rest or item.unknown
            continue
        machine.spend(2, span)
        pair = machine.attributes(item, span)
        key = machine.text(_part(pair, "name", span), span)
        if key not in result:
            value = _part(pair, "value", span)
            result[key] = value if rest is None else done(rest)
    return NixAttrs(result, Origin(span), rest)


def _part(pair: NixAttrs, name: str, span: Span) -> Thunk:
    found = pair.attributes.get(name)
    if found is not None:
        return found
    raise Stuck(pair.rest) if pair.rest else failure(f"an item has no attribute {name}", span)
