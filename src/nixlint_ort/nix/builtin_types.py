"""Builtins that ask what a value is, do arithmetic, stop evaluation or fetch something."""

from __future__ import annotations

import math
from collections.abc import Callable

from nixlint_ort.nix import operators
from nixlint_ort.nix.coercion import fixed
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import Primitive, Table, boolean, fetched, integer, primitive, string
from nixlint_ort.nix.stuck import Stuck, failure, unfit, unknown
from nixlint_ort.nix.values import (
    Fetched,
    Function,
    Library,
    NixAttrs,
    NixBool,
    NixFloat,
    NixInt,
    NixList,
    NixNull,
    NixPath,
    NixString,
    Origin,
    PackageSet,
    Thunk,
    Unknown,
    Value,
    done,
)
from nixlint_ort.source import Span

TABLE: Table = {}
_KINDS: dict[type, str] = {
    NixString: "string",
    NixInt: "int",
    NixFloat: "float",
    NixBool: "bool",
    NixNull: "null",
    NixPath: "path",
    NixList: "list",
    NixAttrs: "set",
    Function: "lambda",
    Library: "set",
    PackageSet: "set",
}


def kind_of(machine: Machine, thunk: Thunk) -> str:
    """What `typeOf` says of a value. Raises Stuck."""
    value = machine.need(thunk)
    kind = _KINDS.get(type(value))
    if kind is None:
        raise unfit(value, "a plain value", Span(0, 0))
    if isinstance(value, NixString) and value.pieces and value.pieces[0].unknown is not None:
        raise Stuck(value.pieces[0].unknown)
    return kind


@primitive(TABLE, "typeOf")
def _type_of(machine: Machine, span: Span, value: Thunk) -> Value:
    return string(kind_of(machine, value), span)


def _is(kind: str) -> Callable[[Machine, Span, Thunk], Value]:
    return lambda machine, span, value: boolean(kind_of(machine, value) == kind, span)


for _name, _kind in {
    "isString": "string",
    "isInt": "int",
    "isFloat": "float",
    "isBool": "bool",
    "isNull": "null",
    "isPath": "path",
    "isList": "list",
    "isAttrs": "set",
    "isFunction": "lambda",
}.items():
    TABLE[_name] = Primitive(1, _is(_kind))


def _operator(run: Callable[[Machine, Thunk, Thunk, Span], Value]) -> Primitive:
    return Primitive(2, lambda machine, span, left, right: run(machine, left, right, span))


TABLE["add"] = _operator(operators.plus)
TABLE["sub"] = _operator(operators.subtract)
TABLE["mul"] = _operator(operators.multiply)
TABLE["div"] = _operator(operators.divide)


def _bits(operate: Callable[[int, int], int]) -> Primitive:
    def run(machine: Machine, span: Span, left: Thunk, right: Thunk) -> Value:
        return integer(operate(machine.integer(left, span), machine.integer(right, span)), span)

    return Primitive(2, run)


TABLE["bitAnd"] = _bits(lambda one, other: one & other)
TABLE["bitOr"] = _bits(lambda one, other: one | other)
TABLE["bitXor"] = _bits(lambda one, other: one ^ other)


def _rounded(up: bool) -> Primitive:
    def run(machine: Machine, span: Span, value: Thunk) -> Value:
        number = operators.number(machine, value, span)
        if isinstance(number, NixInt):
            return number
        if not math.isfinite(number.value):
            raise unknown("Nix's versions differ in what integer this number becomes", span)
        return operators.whole(math.ceil(number.value) if up else math.floor(number.value), span)

    return Primitive(1, run)


TABLE["ceil"] = _rounded(True)
TABLE["floor"] = _rounded(False)


@primitive(TABLE, "throw")
def _throw(machine: Machine, span: Span, text: Thunk) -> Value:
    raise failure(f"the file itself stops here: {machine.text(text, span)}", span, caught=True)


@primitive(TABLE, "abort")
def _abort(machine: Machine, span: Span, text: Thunk) -> Value:
    raise failure(f"the file itself stops here: {machine.text(text, span)}", span)


def deeply(machine: Machine, thunk: Thunk) -> None:
    """Evaluates everything in a value. Raises Stuck at the first thing that is not known."""
    waiting = [thunk]
    seen: set[int] = set()
    while waiting:
        machine.spend()
        value = machine.need(waiting.pop())
        if id(value) in seen:
            continue
        if isinstance(value, NixString) and value.unknown is not None:
            raise Stuck(value.unknown)
        if isinstance(value, NixList):
            seen.add(id(value))
            waiting += [fixed(item) for item in reversed(value.items)]
        elif isinstance(value, NixAttrs):
            if value.rest is not None:
                raise Stuck(value.rest)
            seen.add(id(value))
            waiting += [value.attributes[name] for name in sorted(value.attributes, reverse=True)]


@primitive(TABLE, "seq", arity=2)
def _seq(machine: Machine, _: Span, first: Thunk, second: Thunk) -> Value:
    kind_of(machine, first)
    return machine.force(second)


@primitive(TABLE, "deepSeq", arity=2)
def _deep_seq(machine: Machine, _: Span, first: Thunk, second: Thunk) -> Value:
    deeply(machine, first)
    return machine.force(second)


@primitive(TABLE, "trace", "addErrorContext", "traceVerbose", "warn", arity=2)
def _trace(machine: Machine, _: Span, message: Thunk, value: Thunk) -> Value:
    machine.need(message)
    return machine.force(value)


@primitive(TABLE, "tryEval")
def _try_eval(machine: Machine, span: Span, thunk: Thunk) -> Value:
    value = machine.force(thunk)
    success = not (isinstance(value, Unknown) and value.caught)
    if success:
        value = machine.need(thunk)
        open_end = (
            value.unknown if isinstance(value, NixString) else value.rest if isinstance(value, NixAttrs) else None
        )
        if open_end is not None:
            raise Stuck(open_end)
        if isinstance(value, NixList):
            for item in value.items:
                fixed(item)
    origin = Origin(span)
    outcome = {"success": boolean(success, span), "value": value if success else boolean(False, span)}
    return NixAttrs({name: done(part) for name, part in outcome.items()}, origin)


@primitive(TABLE, "import")
def _import(machine: Machine, span: Span, source: Thunk) -> Value:
    value = machine.need(source)
    if isinstance(value, Fetched):
        return machine.symbols.imported(value, span)
    if isinstance(value, (NixPath, NixString)):
        return Unknown("other files are not read", Origin(span))
    raise unfit(value, "a path", span)


def _fetcher(name: str) -> Callable[[Machine, Span, Thunk], Value]:
    return lambda machine, span, argument: fetched(machine, name, argument, span)


for _name in ("fetchTarball", "fetchGit", "fetchTree", "fetchurl", "fetchMercurial", "getFlake"):
    TABLE[_name] = Primitive(1, _fetcher(_name))
