"""How an attribute is looked up in anything that has some."""

from __future__ import annotations

from dataclasses import replace

from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.stuck import SYMBOLIC, PerhapsMissing, Stuck, failure, type_error
from nixlint_ort.nix.values import Library, NixAttrs, NixList, NixNull, NixString, Origin, Thunk, Unknown, Value
from nixlint_ort.source import Span


def select(machine: Machine, value: Value, name: NixString, span: Span, optional: bool = False) -> Value | None:
    """The attribute of that name: None where it is known to be absent, or where `value` is known to be no set.

    `optional` is for `or` and `?`, where something of nixpkgs that may not exist must not be taken for granted.
    Raises Stuck where it is not known.
    """
    if name.unknown is not None:
        raise Stuck(name.unknown)
    if isinstance(value, NixAttrs):
        return _of_set(machine, value, name, optional)
    if isinstance(value, Library):
        machine.members.append((value.name, name))
        found = value.member(name.text)
        if isinstance(found, Unknown) and value.name == "lib":
            found = replace(found, origin=Origin(span))  # it is written where it is asked for
        if optional and isinstance(found, Unknown):
            raise Stuck(found)
        return found
    if isinstance(value, SYMBOLIC):
        return machine.symbols.select(value, name, span, optional)
    if isinstance(value, Unknown):
        raise Stuck(value)
    return None


def select_or(machine: Machine, value: Value, name: NixString, span: Span, default: Thunk | None) -> Value | None:
    """The same with what follows `or`, or a parameter's default: an empty one is to nixpkgs what it sets itself."""
    try:
        return select(machine, value, name, span, optional=default is not None)
    except PerhapsMissing as perhaps:
        if default is None or not _is_empty(machine.force(default)):
            raise
        return perhaps.package


def _is_empty(value: Value) -> bool:
    """Whether an attribute with this value is to nixpkgs the same as none."""
    if isinstance(value, NixList):
        return not value.items
    if isinstance(value, NixAttrs):
        return not value.attributes and value.rest is None
    return isinstance(value, NixNull) or (isinstance(value, NixString) and not value.pieces)


def _of_set(machine: Machine, value: NixAttrs, name: NixString, optional: bool) -> Value | None:
    thunk = value.attributes.get(name.text)
    if thunk is not None:
        return machine.force(thunk)
    if value.rest is None:
        return None
    if value.rest.own is not None:
        return machine.symbols.select(value.rest.own, name, name.origin.span, optional)
    if optional:
        raise Stuck(value.rest)
    return value.rest


def missing(value: Value, name: NixString, span: Span) -> Stuck:
    """What to raise for an attribute that is not there."""
    if isinstance(value, NixAttrs):
        return failure(f"there is no attribute {name.text} in this set", span)
    return type_error(value, "a set", span)
