"""Builtins on lists; a stretch of a list that is not known is kept wherever the function allows."""

from __future__ import annotations

from nixlint_ort.nix.coercion import equal, item_or_raise
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import Table, boolean, integer, primitive
from nixlint_ort.nix.stuck import Stuck, derived, failure, unknown
from nixlint_ort.nix.values import NixList, Origin, Rest, Thunk, Unknown, Value, done, later
from nixlint_ort.source import Span

TABLE: Table = {}


def list_items(machine: Machine, thunk: Thunk, span: Span) -> list[Thunk]:
    """The items of a list that is known in full. Raises Stuck."""
    return [item_or_raise(item) for item in machine.items(thunk, span).items]


def call_with(machine: Machine, function: Value, span: Span, *arguments: Thunk) -> Value:
    """A function applied to several arguments. Raises Stuck."""
    for argument in arguments:
        function = machine.call(function, argument, span)
    return function


def call_later(machine: Machine, function: Thunk, span: Span, *arguments: Thunk) -> Thunk:
    """A thunk of a function, itself not evaluated yet, applied to arguments."""
    return later(lambda: call_with(machine, machine.need(function), span, *arguments))


@primitive(TABLE, "map", arity=2)
def _map(machine: Machine, span: Span, function: Thunk, list_: Thunk) -> Value:
    source = machine.items(list_, span)
    machine.spend(2 * len(source.items), span)
    result = [
        Rest(derived(item.unknown), mapped=(function, item))
        if isinstance(item, Rest)
        else call_later(machine, function, span, item)
        for item in source.items
    ]
    return NixList(tuple(result), Origin(span))


@primitive(TABLE, "filter", arity=2)
def _filter(machine: Machine, span: Span, predicate: Thunk, list_: Thunk) -> Value:
    source = machine.items(list_, span)
    keeps = machine.function(predicate, span)
    result: list[Thunk | Rest] = []
    for item in source.items:
        if isinstance(item, Rest):
            result.append(Rest(item.unknown, (*item.filters, keeps)))
            continue
        kept = machine.force(call_later(machine, predicate, span, item))
        if isinstance(kept, Unknown) and kept.is_value:
            result.append(Rest(kept))
        elif machine.boolean(done(kept), span):
            result.append(item)
    return NixList(tuple(result), Origin(span))


@primitive(TABLE, "elem", arity=2)
def _elem(machine: Machine, span: Span, wanted: Thunk, list_: Thunk) -> Value:
    source = machine.items(list_, span)
    stuck: Unknown | None = None
    for item in source.items:
        if isinstance(item, Rest):
            stuck = item.unknown
        elif equal(machine, machine.need(wanted), machine.need(item), span):
            return boolean(True, span)
    if stuck is not None:
        raise Stuck(stuck)
    return boolean(False, span)


@primitive(TABLE, "length")
def _length(machine: Machine, span: Span, list_: Thunk) -> Value:
    return integer(len(list_items(machine, list_, span)), span)


def _at(machine: Machine, span: Span, list_: Thunk, place: int) -> Value:
    source = machine.items(list_, span).items
    machine.spend(max(place, 0) // 8, span)
    for item in source[: place + 1]:
        item_or_raise(item)
    if not 0 <= place < len(source):
        if any(isinstance(item, Rest) for item in source):
            raise unknown("the length of this list is not known", span)
        raise failure(f"there is no item {place} in a list of {len(source)}", span)
    return machine.need(item_or_raise(source[place]))


@primitive(TABLE, "head")
def _head(machine: Machine, span: Span, list_: Thunk) -> Value:
    return _at(machine, span, list_, 0)


@primitive(TABLE, "elemAt", arity=2)
def _elem_at(machine: Machine, span: Span, list_: Thunk, place: Thunk) -> Value:
    return _at(machine, span, list_, machine.integer(place, span))


@primitive(TABLE, "tail")
def _tail(machine: Machine, span: Span, list_: Thunk) -> Value:
    source = machine.items(list_, span).items
    if not source:
        raise failure("an empty list has no tail", span)
    item_or_raise(source[0])
    return NixList(source[1:], Origin(span))


@primitive(TABLE, "concatLists")
def _concat_lists(machine: Machine, span: Span, lists: Thunk) -> Value:
    result: list[Thunk | Rest] = []
    for item in machine.items(lists, span).items:
        if isinstance(item, Rest):
            result.append(Rest(item.unknown))
            continue
        value = machine.force(item)
        if isinstance(value, Unknown) and value.is_value:
            result.append(Rest(value))
        else:
            result += machine.items(item, span).items
    return NixList(tuple(result), Origin(span))


@primitive(TABLE, "concatMap", arity=2)
def _concat_map(machine: Machine, span: Span, function: Thunk, list_: Thunk) -> Value:
    machine.function(function, span)
    return _concat_lists(machine, span, done(_map(machine, span, function, list_)))


@primitive(TABLE, "foldl'", arity=3)
def _fold(machine: Machine, span: Span, function: Thunk, start: Thunk, list_: Thunk) -> Value:
    apply = machine.function(function, span)
    result = start
    for item in list_items(machine, list_, span):
        result = done(call_with(machine, apply, span, result, item))
    return machine.need(result)


@primitive(TABLE, "any", arity=2)
def _any(machine: Machine, span: Span, predicate: Thunk, list_: Thunk) -> Value:
    return boolean(_some(machine, span, predicate, list_, True), span)


@primitive(TABLE, "all", arity=2)
def _all(machine: Machine, span: Span, predicate: Thunk, list_: Thunk) -> Value:
    return boolean(not _some(machine, span, predicate, list_, False), span)


def _some(machine: Machine, span: Span, predicate: Thunk, list_: Thunk, wanted: bool) -> bool:
    apply = machine.function(predicate, span)
    stuck: Unknown | None = None
    for item in machine.items(list_, span).items:
        if isinstance(item, Rest):
            stuck = item.unknown
        elif machine.boolean(done(machine.call(apply, item, span)), span) is wanted:
            return True
    if stuck is not None:
        raise Stuck(stuck)
    return False


@primitive(TABLE, "genList", arity=2)
def _gen_list(machine: Machine, span: Span, function: Thunk, length: Thunk) -> Value:
    count = machine.integer(length, span)
    if count < 0:
        raise failure("a list cannot have a negative length", span)
    machine.spend(3 * count, span)
    items = tuple(call_later(machine, function, span, done(integer(number, span))) for number in range(count))
    return NixList(items, Origin(span))
