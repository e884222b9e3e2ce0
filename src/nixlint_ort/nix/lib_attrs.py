"""nixpkgs' `lib.attrsets`, and what of `lib.meta` can be told without nixpkgs."""

from __future__ import annotations

from nixlint_ort.nix.builtin_attrs import TABLE as SET_BUILTINS
from nixlint_ort.nix.builtin_attrs import closed, in_order, list_to_attrs, named
from nixlint_ort.nix.builtin_lists import called, deferred, known
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.operators import update
from nixlint_ort.nix.primitives import Table, boolean, primitive
from nixlint_ort.nix.selection import missing, select
from nixlint_ort.nix.stuck import KINDS, Stuck, unfit
from nixlint_ort.nix.values import NixAttrs, NixList, NixString, Origin, Thunk, Unknown, Value, done, later
from nixlint_ort.source import Span

ATTRSETS: Table = {**SET_BUILTINS}


def _pair(name: NixString, value: Thunk, span: Span) -> Value:
    return NixAttrs({"name": done(name), "value": value}, Origin(span))


@primitive(ATTRSETS, "nameValuePair", arity=2)
def _name_value_pair(_: Machine, span: Span, name: Thunk, value: Thunk) -> Value:
    return NixAttrs({"name": name, "value": value}, Origin(span))


@primitive(ATTRSETS, "optionalAttrs", arity=2)
def _optional_attrs(machine: Machine, span: Span, condition: Thunk, set_: Thunk) -> Value:
    return machine.force(set_) if machine.boolean(condition, span) else NixAttrs({}, Origin(span))


@primitive(ATTRSETS, "genAttrs", arity=2)
def _gen_attrs(machine: Machine, span: Span, names: Thunk, function: Thunk) -> Value:
    pairs = []
    for name in known(machine, names, span):
        value = deferred(machine, function, span, name)
        pairs.append(done(NixAttrs({"name": name, "value": value}, Origin(span))))
    return list_to_attrs(machine, span, done(NixList(tuple(pairs), Origin(span))))


@primitive(ATTRSETS, "filterAttrs", arity=2)
def _filter_attrs(machine: Machine, span: Span, predicate: Thunk, set_: Thunk) -> Value:
    apply, value = machine.need(predicate), closed(machine, set_, span)
    kept = {}
    for name in in_order(value):
        keeps = called(machine, apply, span, done(named(value, name, span)), value.attributes[name])
        if machine.boolean(done(keeps), span):
            kept[name] = value.attributes[name]
    return NixAttrs(kept, Origin(span), None, {name: value.names[name] for name in kept if name in value.names})


@primitive(ATTRSETS, "mapAttrsToList", arity=2)
def map_attrs_to_list(machine: Machine, span: Span, function: Thunk, set_: Thunk) -> Value:
    """What the function makes of each name and value, in the order of the names."""
    value = closed(machine, set_, span)
    items = [
        deferred(machine, function, span, done(named(value, name, span)), value.attributes[name])
        for name in in_order(value)
    ]
    return NixList(tuple(items), Origin(span))


@primitive(ATTRSETS, "attrsToList")
def _attrs_to_list(machine: Machine, span: Span, set_: Thunk) -> Value:
    value = closed(machine, set_, span)
    pairs = [_pair(named(value, name, span), value.attributes[name], span) for name in in_order(value)]
    return NixList(tuple(done(pair) for pair in pairs), Origin(span))


@primitive(ATTRSETS, "mapAttrs'", arity=2)
def _map_attrs_prime(machine: Machine, span: Span, function: Thunk, set_: Thunk) -> Value:
    return list_to_attrs(machine, span, done(map_attrs_to_list(machine, span, function, set_)))


def _merged(machine: Machine, span: Span, sets: list[Thunk]) -> Value:
    result: Value = NixAttrs({}, Origin(span))
    for more in sets:
        result = update(machine, done(result), more, span)
    return result


@primitive(ATTRSETS, "concatMapAttrs", arity=2)
def _concat_map_attrs(machine: Machine, span: Span, function: Thunk, set_: Thunk) -> Value:
    sets = done(map_attrs_to_list(machine, span, function, set_))
    return _merged(machine, span, known(machine, sets, span))


@primitive(ATTRSETS, "mergeAttrsList")
def _merge_attrs_list(machine: Machine, span: Span, sets: Thunk) -> Value:
    return _merged(machine, span, known(machine, sets, span))


@primitive(ATTRSETS, "getAttrs", arity=2)
def _get_attrs(machine: Machine, span: Span, names: Thunk, set_: Thunk) -> Value:
    value = machine.attributes(set_, span)
    result = {}
    for thunk in known(machine, names, span):
        key = machine.text(thunk, span)
        if key not in value.attributes:
            raise Stuck(value.rest) if value.rest else missing(value, machine.string(thunk, span), span)
        result[key] = value.attributes[key]
    return NixAttrs(result, Origin(span))


@primitive(ATTRSETS, "attrVals", arity=2)
def _attr_vals(machine: Machine, span: Span, names: Thunk, set_: Thunk) -> Value:
    def value_of(name: Thunk) -> Thunk:
        return later(lambda: SET_BUILTINS["getAttr"].run(machine, span, name, set_))

    return NixList(tuple(value_of(name) for name in known(machine, names, span)), Origin(span))


def _walk(machine: Machine, span: Span, path: Thunk, set_: Thunk) -> Value | None:
    """The value at a path of names, None where it is known to be absent."""
    value = machine.need(set_)
    for name in known(machine, path, span):
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


@primitive(ATTRSETS, "getAttrFromPath", arity=2)
def _get_attr_from_path(machine: Machine, span: Span, path: Thunk, set_: Thunk) -> Value:
    found = _walk(machine, span, path, set_)
    if found is None:
        raise unfit(machine.need(set_), "a set with all of the path", span)
    return found


@primitive(ATTRSETS, "setAttrByPath", arity=2)
def _set_attr_by_path(machine: Machine, span: Span, path: Thunk, value: Thunk) -> Value:
    for name in reversed(known(machine, path, span)):
        value = done(NixAttrs({machine.text(name, span): value}, Origin(span)))
    return machine.force(value)


@primitive(ATTRSETS, "recursiveUpdate", arity=2)
def _recursive_update(machine: Machine, span: Span, left: Thunk, right: Thunk) -> Value:
    first, second = machine.attributes(left, span), closed(machine, right, span)
    if first.rest is not None:
        raise Stuck(first.rest)
    result = dict(first.attributes)
    for name, new in second.attributes.items():
        old = result.get(name)
        result[name] = new if old is None else _deeper(machine, span, old, new)
    return NixAttrs(result, Origin(span), None, {**first.names, **second.names})


def _deeper(machine: Machine, span: Span, old: Thunk, new: Thunk) -> Thunk:
    def compute() -> Value:
        before, after = machine.need(old), machine.need(new)
        if isinstance(before, NixAttrs) and isinstance(after, NixAttrs):
            return _recursive_update(machine, span, done(before), done(after))
        for value in (before, after):
            if type(value) not in KINDS:
                raise unfit(value, "a plain value", span)
        return after

    return later(compute)


@primitive(ATTRSETS, "isDerivation")
def _is_derivation(machine: Machine, span: Span, value: Thunk) -> Value:
    found = machine.need(value)
    if isinstance(found, NixAttrs) and "type" in found.attributes:
        kind = machine.need(found.attributes["type"])
        return boolean(isinstance(kind, NixString) and machine.text(done(kind), span) == "derivation", span)
    if isinstance(found, NixAttrs) and found.rest is not None:
        raise Stuck(found.rest)
    if type(found) not in KINDS:
        raise unfit(found, "a plain value", span)
    return boolean(False, span)
