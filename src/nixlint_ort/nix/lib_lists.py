"""nixpkgs' `lib.lists` and its functions on conditions and numbers."""

from __future__ import annotations

from collections.abc import Callable

from nixlint_ort.nix.builtin_lists import TABLE as LIST_BUILTINS
from nixlint_ort.nix.builtin_lists import called, deferred, known
from nixlint_ort.nix.builtin_types import TABLE as TYPE_BUILTINS
from nixlint_ort.nix.coercion import equal, fixed, less
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.operators import concatenate, divide, multiply, subtract, update
from nixlint_ort.nix.primitives import Primitive, Table, boolean, integer, primitive, string
from nixlint_ort.nix.stuck import failure
from nixlint_ort.nix.values import Function, NixAttrs, NixList, Origin, Rest, Thunk, Value, done
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
    for item in reversed(known(machine, list_, span)):
        result = deferred(machine, function, span, item, result)
    return machine.need(result)


def _numbered(first: int) -> Primitive:
    def run(machine: Machine, span: Span, function: Thunk, list_: Thunk) -> Value:
        items = enumerate(known(machine, list_, span), first)
        return _list([deferred(machine, function, span, done(integer(n, span)), item) for n, item in items], span)

    return Primitive(2, run)


LISTS["imap0"], LISTS["imap1"] = _numbered(0), _numbered(1)


@primitive(LISTS, "flatten")
def _flatten(machine: Machine, span: Span, value: Thunk) -> Value:
    waiting: list[Thunk | Rest] = [value]
    result: list[Thunk | Rest] = []
    while waiting:
        machine.spend()
        item = waiting.pop()
        found = None if isinstance(item, Rest) else machine.need(item)
        if isinstance(found, NixList):
            waiting += reversed(found.items)
        else:
            result.append(item)
    return NixList(tuple(result), Origin(span))


def _filtered(machine: Machine, span: Span, list_: Thunk, keeps: Callable[[Thunk], bool]) -> Value:
    return _list([item for item in known(machine, list_, span) if keeps(item)], span)


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
    gone = known(machine, removed, span)

    def keep(argument: Thunk, at: Span) -> Value:
        return boolean(not _among(machine, at, argument, gone), at)

    keeps = Function("subtractLists", keep, Origin(span))
    return LIST_BUILTINS["filter"].run(machine, span, done(keeps), list_)


@primitive(LISTS, "intersectLists", arity=2)
def _intersect_lists(machine: Machine, span: Span, kept: Thunk, list_: Thunk) -> Value:
    wanted = known(machine, kept, span)
    return _filtered(machine, span, list_, lambda item: _among(machine, span, item, wanted))


@primitive(LISTS, "unique")
def _unique(machine: Machine, span: Span, list_: Thunk) -> Value:
    result: list[Thunk] = []
    for item in known(machine, list_, span):
        if not _among(machine, span, item, result):
            result.append(item)
    return _list(result, span)


def _holds(machine: Machine, span: Span, predicate: Value, item: Thunk) -> bool:
    return machine.boolean(done(machine.call(predicate, item, span)), span)


@primitive(LISTS, "findFirst", arity=3)
def _find_first(machine: Machine, span: Span, predicate: Thunk, default: Thunk, list_: Thunk) -> Value:
    apply = machine.need(predicate)
    for item in machine.items(list_, span).items:
        if _holds(machine, span, apply, fixed(item)):
            return machine.force(fixed(item))
    return machine.force(default)


@primitive(LISTS, "count", arity=2)
def _count(machine: Machine, span: Span, predicate: Thunk, list_: Thunk) -> Value:
    apply = machine.need(predicate)
    return integer(sum(_holds(machine, span, apply, item) for item in known(machine, list_, span)), span)


@primitive(LISTS, "range", arity=2)
def _range(machine: Machine, span: Span, first: Thunk, last: Thunk) -> Value:
    numbers = range(machine.integer(first, span), machine.integer(last, span) + 1)
    machine.spend(len(numbers) if numbers.stop - numbers.start < 2**31 else 2**31)
    return _list([done(integer(number, span)) for number in numbers], span)


@primitive(LISTS, "take", arity=2)
def _take(machine: Machine, span: Span, count: Thunk, list_: Thunk) -> Value:
    return _list(known(machine, list_, span)[: max(machine.integer(count, span), 0)], span)


@primitive(LISTS, "drop", arity=2)
def _drop(machine: Machine, span: Span, count: Thunk, list_: Thunk) -> Value:
    return _list(known(machine, list_, span)[max(machine.integer(count, span), 0) :], span)


@primitive(LISTS, "sublist", arity=3)
def _sublist(machine: Machine, span: Span, start: Thunk, count: Thunk, list_: Thunk) -> Value:
    first, length = max(machine.integer(start, span), 0), max(machine.integer(count, span), 0)
    return _list(known(machine, list_, span)[first : first + length], span)


@primitive(LISTS, "last")
def _last(machine: Machine, span: Span, list_: Thunk) -> Value:
    items = machine.items(list_, span).items
    if not items:
        raise failure("an empty list has no last item", span, caught=True)
    return machine.need(fixed(items[-1]))


@primitive(LISTS, "init")
def _init(machine: Machine, span: Span, list_: Thunk) -> Value:
    items = known(machine, list_, span)
    if not items:
        raise failure("an empty list has no last item", span, caught=True)
    return _list(items[:-1], span)


@primitive(LISTS, "reverseList")
def _reverse_list(machine: Machine, span: Span, list_: Thunk) -> Value:
    return _list(known(machine, list_, span)[::-1], span)


@primitive(LISTS, "zipListsWith", arity=3)
def _zip_lists_with(machine: Machine, span: Span, function: Thunk, one: Thunk, other: Thunk) -> Value:
    pairs = zip(known(machine, one, span), known(machine, other, span), strict=False)
    return _list([deferred(machine, function, span, *pair) for pair in pairs], span)


@primitive(LISTS, "zipLists", arity=2)
def _zip_lists(machine: Machine, span: Span, one: Thunk, other: Thunk) -> Value:
    pairs = zip(known(machine, one, span), known(machine, other, span), strict=False)
    origin = Origin(span)
    return _list([done(NixAttrs({"fst": first, "snd": second}, origin)) for first, second in pairs], span)


@primitive(TRIVIAL, "id")
def _id(machine: Machine, _: Span, value: Thunk) -> Value:
    return machine.force(value)


@primitive(TRIVIAL, "const", arity=2)
def _const(machine: Machine, _: Span, value: Thunk, __: Thunk) -> Value:
    return machine.force(value)


@primitive(TRIVIAL, "flip", arity=3)
def _flip(machine: Machine, span: Span, function: Thunk, one: Thunk, other: Thunk) -> Value:
    return called(machine, machine.need(function), span, other, one)


@primitive(TRIVIAL, "pipe", arity=2)
def _pipe(machine: Machine, span: Span, value: Thunk, functions: Thunk) -> Value:
    for function in known(machine, functions, span):
        value = done(machine.call(machine.need(function), value, span))
    return machine.force(value)


@primitive(TRIVIAL, "boolToString")
def _bool_to_string(machine: Machine, span: Span, value: Thunk) -> Value:
    return string("true" if machine.boolean(value, span) else "false", span)


def _extreme(largest: bool) -> Primitive:
    def run(machine: Machine, span: Span, one: Thunk, other: Thunk) -> Value:
        first, second = machine.need(one), machine.need(other)
        before = less(machine, second, first, span) if largest else less(machine, first, second, span)
        return first if before else second

    return Primitive(2, run)


TRIVIAL["min"], TRIVIAL["max"] = _extreme(False), _extreme(True)
TRIVIAL["concat"] = Primitive(2, lambda machine, span, one, other: concatenate(machine, one, other, span))
TRIVIAL["mergeAttrs"] = Primitive(2, lambda machine, span, one, other: update(machine, one, other, span))


@primitive(TRIVIAL, "mod", arity=2)
def _mod(machine: Machine, span: Span, one: Thunk, other: Thunk) -> Value:
    times = done(multiply(machine, other, done(divide(machine, one, other, span)), span))
    return subtract(machine, one, times, span)


@primitive(TRIVIAL, "warnIf", arity=3)
def _warn_if(machine: Machine, span: Span, condition: Thunk, message: Thunk, value: Thunk) -> Value:
    if machine.boolean(condition, span):
        machine.text(message, span)
    return machine.force(value)


def _throw_if(wanted: bool) -> Primitive:
    def run(machine: Machine, span: Span, condition: Thunk, message: Thunk, value: Thunk) -> Value:
        if machine.boolean(condition, span) is wanted:
            raise failure(f"the file itself stops here: {machine.text(message, span)}", span, caught=True)
        return machine.force(value)

    return Primitive(3, run)


TRIVIAL["throwIf"], TRIVIAL["throwIfNot"] = _throw_if(True), _throw_if(False)


@primitive(ASSERTS, "assertMsg", arity=2)
def _assert_msg(machine: Machine, span: Span, condition: Thunk, message: Thunk) -> Value:
    if machine.boolean(condition, span):
        return boolean(True, span)
    raise failure(f"the file itself stops here: {machine.text(message, span)}", span, caught=True)


@primitive(ASSERTS, "assertOneOf", arity=3)
def _assert_one_of(machine: Machine, span: Span, name: Thunk, value: Thunk, values: Thunk) -> Value:
    if _among(machine, span, value, known(machine, values, span)):
        return boolean(True, span)
    raise failure(f"{machine.text(name, span)} is none of the values that it may have", span, caught=True)
