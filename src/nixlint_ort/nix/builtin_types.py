"""Builtins that ask what a value is, do arithmetic, stop evaluation or fetch something."""

from __future__ import annotations

from collections.abc import Callable

from nixlint_ort.nix import operators
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import Primitive, Table, boolean, fetch, primitive, string
from nixlint_ort.nix.stuck import Stuck, failure, type_error
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
        raise type_error(value, "a plain value", Span(0, 0))
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


@primitive(TABLE, "throw")
def _throw(machine: Machine, span: Span, text: Thunk) -> Value:
    raise failure(f"the file stops here with an error: {machine.text(text, span)}", span)


@primitive(TABLE, "abort")
def _abort(machine: Machine, span: Span, text: Thunk) -> Value:
    raise failure(f"the file stops here with an error: {machine.text(text, span)}", span)


@primitive(TABLE, "seq", arity=2)
def _seq(machine: Machine, _: Span, first: Thunk, second: Thunk) -> Value:
    kind_of(machine, first)
    return machine.force(second)


@primitive(TABLE, "trace", "addErrorContext", "traceVerbose", "warn", arity=2)
def _trace(machine: Machine, _: Span, message: Thunk, value: Thunk) -> Value:
    machine.need(message)
    return machine.force(value)


@primitive(TABLE, "import")
def _import(machine: Machine, span: Span, source: Thunk) -> Value:
    value = machine.need(source)
    if isinstance(value, Fetched):
        return machine.symbols.imported(value, span)
    if isinstance(value, NixPath):
        return machine.symbols.read_path(value, span)
    if isinstance(value, NixString):
        return Unknown("nixlint-ort does not evaluate other files", Origin(span))
    raise type_error(value, "a path", span)


def _fetcher(name: str) -> Callable[[Machine, Span, Thunk], Value]:
    return lambda machine, span, argument: fetch(machine, name, argument, span)


for _name in ("fetchTarball", "fetchGit", "fetchTree", "fetchurl", "fetchMercurial", "getFlake"):
    TABLE[_name] = Primitive(1, _fetcher(_name))
