"""nixpkgs' `lib.lists` and its functions on conditions and numbers."""

from __future__ import annotations

from nixlint_ort.nix.builtin_lists import TABLE as LIST_BUILTINS
from nixlint_ort.nix.builtin_lists import call_later, list_items
from nixlint_ort.nix.builtin_types import TABLE as TYPE_BUILTINS
from nixlint_ort.nix.coercion import equal, item_or_raise
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.operators import concatenate, update
from nixlint_ort.nix.primitives import Primitive, Table, boolean, primitive, string
from nixlint_ort.nix.stuck import SYMBOLIC, derived, failure, type_error
from nixlint_ort.nix.values import Function, NixList, Origin, Rest, Thunk, Value, done
from nixlint_ort.source import Span

LISTS: Table = {**LIST_BUILTINS}
TRIVIAL: Table = {**TYPE_BUILTINS}
ASSERTS: Table = {}


def _list(items: list[Thunk], span: Span) -> NixList:
    return NixList(tuple(items), Origin(span))


@primitive(LISTS, "optional", arity=2)
def _optional(machine: Machine, span: Span, condition: Thunk, item: Thunk) -> Value:
    return _list([item] if machine.boolean(condition, span) else [], span)


@primitive(LISTS, "optionals", arity=2)
def _optionals(machine: Machine, span: Span, condition: Thunk, list_: Thunk) -> Value:
    return machine.force(list_) if machine.boolean(condition, span) else _list([], span)


@primitive(LISTS, "singleton")
def _singleton(_: Machine, span: Span, item: Thunk) -> Value:
    return _list([item], span)


@primitive(LISTS, "toList")
def _to_list(machine: Machine, span: Span, value: Thunk) -> Value:
    found = machine.need(value)
    if isinstance(found, SYMBOLIC):
        raise type_error(found, "a plain value", span)
    return found if isinstance(found, NixList) else _list([value], span)


@primitive(LISTS, "forEach", arity=2)
def _for_each(machine: Machine, span: Span, list_: Thunk, function: Thunk) -> Value:
    return LIST_BUILTINS["map"].run(machine, span, function, list_)


@primitive(LISTS, "foldl", arity=3)
def _foldl(machine: Machine, span: Span, function: Thunk, start: Thunk, list_: Thunk) -> Value:
    return LIST_BUILTINS["foldl'"].run(machine, span, function, start, list_)


@primitive(LISTS, "foldr", "fold", arity=3)
def _foldr(machine: Machine, span: Span, function: Thunk, start: Thunk, list_: Thunk) -> Value:
    result = start
    items = list_items(machine, list_, span)
    machine.spend(2 * len(items), span)
    for item in reversed(items):
        result = call_later(machine, function, span, item, result)
    return machine.need(result)


@primitive(LISTS, "flatten")
def _flatten(machine: Machine, span: Span, value: Thunk) -> Value:
    waiting: list[Thunk | Rest] = [value]
    result: list[Thunk | Rest] = []
    while waiting:
        machine.spend(1, span)
        item = waiting.pop()
        found = None if isinstance(item, Rest) else machine.need(item)
        if isinstance(found, NixList):
            machine.spend(len(found.items) // 8, span)
            waiting += reversed(found.items)
        else:
            result.append(item)
    return NixList(tuple(result), Origin(span))


def _among(machine: Machine, span: Span, item: Thunk, items: list[Thunk]) -> bool:
    return any(equal(machine, machine.need(item), machine.need(other), span) for other in items)


@primitive(LISTS, "remove", arity=2)
def _remove(machine: Machine, span: Span, item: Thunk, list_: Thunk) -> Value:
    def keep(argument: Thunk, at: Span) -> Value:
        return boolean(not equal(machine, machine.need(argument), machine.need(item), at), at)

    keeps = Function("remove", keep, Origin(span))
    return LIST_BUILTINS["filter"].run(machine, span, done(keeps), list_)


@primitive(LISTS, "subtractLists", arity=2)
def _subtract_lists(machine: Machine, span: Span, removed: Thunk, list_: Thunk) -> Value:
    gone = list_items(machine, removed, span)

    def keep(argument: Thunk, at: Span) -> Value:
        return boolean(not _among(machine, at, argument, gone), at)

    keeps = Function("subtractLists", keep, Origin(span))
    return LIST_BUILTINS["filter"].run(machine, span, done(keeps), list_)


@primitive(LISTS, "unique")
def _unique(machine: Machine, span: Span, list_: Thunk) -> Value:
    result: list[Thunk | Rest] = []
    known: list[Thunk] = []
    for item in machine.items(list_, span).items:
        if isinstance(item, Rest):
            result.append(Rest(derived(item.unknown)))
        elif not _among(machine, span, item, known):
            known.append(item)
            result.append(item)
    return NixList(tuple(result), Origin(span))


@primitive(LISTS, "take", arity=2)
def _take(machine: Machine, span: Span, count: Thunk, list_: Thunk) -> Value:
    return _list(list_items(machine, list_, span)[: max(machine.integer(count, span), 0)], span)


@primitive(LISTS, "drop", arity=2)
def _drop(machine: Machine, span: Span, count: Thunk, list_: Thunk) -> Value:
    return _list(list_items(machine, list_, span)[max(machine.integer(count, span), 0) :], span)


@primitive(LISTS, "last")
def _last(machine: Machine, span: Span, list_: Thunk) -> Value:
    items = machine.items(list_, span).items
    if not items:
        raise failure("an empty list has no last item", span)
    return machine.need(item_or_raise(items[-1]))


@primitive(LISTS, "init")
def _init(machine: Machine, span: Span, list_: Thunk) -> Value:
    items = list_items(machine, list_, span)
    if not items:
        raise failure("an empty list has no last item", span)
    return _list(items[:-1], span)


@primitive(TRIVIAL, "id")
def _id(machine: Machine, _: Span, value: Thunk) -> Value:
    return machine.force(value)


@primitive(TRIVIAL, "const", arity=2)
def _const(machine: Machine, _: Span, value: Thunk, __: Thunk) -> Value:
    return machine.force(value)


@primitive(TRIVIAL, "pipe", arity=2)
def _pipe(machine: Machine, span: Span, value: Thunk, functions: Thunk) -> Value:
    for function in list_items(machine, functions, span):
        value = done(machine.call(machine.need(function), value, span))
    return machine.force(value)


@primitive(TRIVIAL, "boolToString")
def _bool_to_string(machine: Machine, span: Span, value: Thunk) -> Value:
    return string("true" if machine.boolean(value, span) else "false", span)


TRIVIAL["concat"] = Primitive(2, lambda machine, span, one, other: concatenate(machine, one, other, span))
TRIVIAL["mergeAttrs"] = Primitive(2, lambda machine, span, one, other: update(machine, one, other, span))


@primitive(TRIVIAL, "warnIf", arity=3)
def _warn_if(machine: Machine, span: Span, condition: Thunk, message: Thunk, value: Thunk) -> Value:
    if machine.boolean(condition, span):
        machine.text(message, span)
    return machine.force(value)


def _throw_if(wanted: bool) -> Primitive:
    def run(machine: Machine, span: Span, condition: Thunk, message: Thunk, value: Thunk) -> Value:
        if machine.boolean(condition, span) is wanted:
            raise failure(f"the file stops here with an error: {machine.text(message, span)}", span)
        return machine.force(value)

    return Primitive(3, run)


TRIVIAL["throwIf"], TRIVIAL["throwIfNot"] = _throw_if(True), _throw_if(False)


@primitive(ASSERTS, "assertMsg", arity=2)
def _assert_msg(machine: Machine, span: Span, condition: Thunk, message: Thunk) -> Value:
    if machine.boolean(condition, span):
        return boolean(True, span)
    raise failure(f"the file stops here with an error: {machine.text(message, span)}", span)
