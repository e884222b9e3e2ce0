"""Builtins that take text apart: regular expressions, versions, names of files, JSON and hashes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from nixlint_ort.nix import regex, versions
from nixlint_ort.nix.builtin_attrs import in_order
from nixlint_ort.nix.builtin_strings import cut, pieces_list
from nixlint_ort.nix.coercion import fixed, text_pieces
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import Table, integer, primitive, string
from nixlint_ort.nix.stuck import Stuck, failure, unfit, unknown
from nixlint_ort.nix.values import (
    NixAttrs,
    NixBool,
    NixFloat,
    NixInt,
    NixList,
    NixNull,
    NixPath,
    NixString,
    Origin,
    Thunk,
    Value,
    done,
)
from nixlint_ort.source import Span

TABLE: Table = {}


def _whole(machine: Machine, thunk: Thunk, span: Span) -> tuple[NixString, str]:
    value = machine.string(thunk, span)
    return value, machine.text(done(value), span)


def unsure(span: Span) -> Stuck:
    """What to raise where Python's own tools may not agree with Nix's."""
    return unknown("whether Nix reads this text as this tool would is not sure", span)


def _groups(whole: NixString, match: Any, span: Span) -> NixList:
    places = [match.span(number) for number in range(1, match.re.groups + 1)]
    parts: list[Value] = [
        NixNull(Origin(span)) if start < 0 else NixString(tuple(cut(whole, start, end)), Origin(span))
        for start, end in places
    ]
    return NixList(tuple(done(part) for part in parts), Origin(span))


@primitive(TABLE, "match", arity=2)
def _match(machine: Machine, span: Span, pattern: Thunk, text: Thunk) -> Value:
    _, wanted = _whole(machine, pattern, span)
    whole, given = _whole(machine, text, span)
    try:
        machine.spend(len(given) // 8)
        found = regex.full_match(wanted, given.encode())
    except regex.UnsureError:
        raise unsure(span) from None
    return NixNull(Origin(span)) if found is None else _groups(whole, found, span)


@primitive(TABLE, "split", arity=2)
def _split(machine: Machine, span: Span, pattern: Thunk, text: Thunk) -> Value:
    _, wanted = _whole(machine, pattern, span)
    whole, given = _whole(machine, text, span)
    raw = given.encode()
    machine.spend(len(raw) // 8)
    try:
        matches = regex.searches(wanted, raw)
    except regex.UnsureError:
        raise unsure(span) from None
    machine.spend(len(matches))
    result: list[Thunk] = []
    at = 0
    for match in matches:
        result.append(done(NixString(tuple(cut(whole, at, match.start())), Origin(span))))
        result.append(done(_groups(whole, match, span)))
        at = match.end()
    result.append(done(NixString(tuple(cut(whole, at, len(raw))), Origin(span))))
    return NixList(tuple(result), Origin(span))


@primitive(TABLE, "splitVersion")
def split_version(machine: Machine, span: Span, version: Thunk) -> Value:
    """The components of a version as a list of strings."""
    whole, text = _whole(machine, version, span)
    parts = []
    at = 0
    for component in versions.components(text):
        start = text.index(component, at)
        at = start + len(component)
        parts.append(cut(whole, len(text[:start].encode()), len(text[:at].encode())))
    return pieces_list(parts, span)


@primitive(TABLE, "compareVersions", arity=2)
def compare_versions(machine: Machine, span: Span, one: Thunk, other: Thunk) -> Value:
    """-1, 0 or 1 for an older, the same or a newer version."""
    try:
        return integer(versions.compare(machine.text(one, span), machine.text(other, span)), span)
    except versions.UnsureError:
        raise unsure(span) from None


@primitive(TABLE, "parseDrvName")
def _parse_drv_name(machine: Machine, span: Span, name: Thunk) -> Value:
    whole, text = _whole(machine, name, span)
    end, size = len(text[: versions.name_length(text)].encode()), len(text.encode())
    parts = {"name": cut(whole, 0, end), "version": cut(whole, end + 1, size)}
    origin = Origin(span)
    return NixAttrs({key: done(NixString(tuple(part), origin)) for key, part in parts.items()}, origin)


@primitive(TABLE, "baseNameOf")
def _base_name_of(machine: Machine, span: Span, path: Thunk) -> Value:
    value = machine.need(path)
    if isinstance(value, NixPath):
        if value.text.rpartition("/")[2] in ("", ".", ".."):
            raise unknown("where this path is on the disk is not looked at", span)
        value = string(value.text, span)
    whole = NixString(tuple(text_pieces(machine, done(value), span)), Origin(span))
    raw = machine.text(done(whole), span).encode()
    end = len(raw) - 1 if len(raw) > 1 and raw.endswith(b"/") else len(raw)
    return NixString(tuple(cut(whole, raw.rfind(b"/", 0, end) + 1, end)), Origin(span))


@primitive(TABLE, "dirOf")
def _dir_of(machine: Machine, span: Span, path: Thunk) -> Value:
    value = machine.need(path)
    if isinstance(value, NixPath):
        if not value.text.startswith("/"):
            raise unknown("where this path is on the disk is not looked at", span)
        return NixPath(value.text.rpartition("/")[0] or "/", Origin(span))
    whole = NixString(tuple(text_pieces(machine, path, span)), Origin(span))
    at = machine.text(done(whole), span).encode().rfind(b"/")
    if at <= 0:
        return string("." if at < 0 else "/", span)
    return NixString(tuple(cut(whole, 0, at)), Origin(span))


@primitive(TABLE, "hashString", arity=2)
def _hash_string(machine: Machine, span: Span, kind: Thunk, text: Thunk) -> Value:
    name = machine.text(kind, span)
    if name not in ("md5", "sha1", "sha256", "sha512"):
        raise unknown(f"the hash {name} is not modelled", span)
    raw = machine.text(text, span).encode()
    return string(hashlib.new(name, raw, usedforsecurity=False).hexdigest(), span)


@primitive(TABLE, "unsafeDiscardStringContext", "unsafeDiscardOutputDependency")
def _discard_context(machine: Machine, span: Span, text: Thunk) -> Value:
    return NixString(tuple(text_pieces(machine, text, span)), Origin(span))


@primitive(TABLE, "toJSON")
def _to_json(machine: Machine, span: Span, value: Thunk) -> Value:
    return string(json.dumps(_plain(machine, value, span), ensure_ascii=False, separators=(",", ":")), span)


def _plain(machine: Machine, thunk: Thunk, span: Span) -> Any:
    """A value as Python's json module takes it. Raises Stuck."""
    value = machine.need(thunk)
    machine.spend()
    if isinstance(value, NixString):
        text = machine.text(thunk, span)
        machine.spend(len(text) // 8)
        return text
    if isinstance(value, (NixInt, NixBool)):
        return value.value
    if isinstance(value, NixNull):
        return None
    if isinstance(value, NixFloat):
        if f"{value.value:g}" != repr(value.value):
            raise unknown("Nix's versions differ in how they write this number", span)
        return value.value
    if isinstance(value, NixList):
        return [_nested(machine, fixed(item), span) for item in value.items]
    if isinstance(value, NixAttrs):
        return _plain_set(machine, value, span)
    if isinstance(value, NixPath):
        raise unknown("where this path is on the disk is not looked at", span)
    raise unfit(value, "something that JSON can hold", span)


def _plain_set(machine: Machine, value: NixAttrs, span: Span) -> Any:
    if value.rest is not None:
        raise Stuck(value.rest)
    if "__toString" in value.attributes or "outPath" in value.attributes:
        pieces = tuple(text_pieces(machine, done(value), span))
        return machine.text(done(NixString(pieces, Origin(span))), span)
    return {name: _nested(machine, value.attributes[name], span) for name in in_order(value)}


def _nested(machine: Machine, thunk: Thunk, span: Span) -> Any:
    machine.descend(span)
    result = _plain(machine, thunk, span)
    machine.depth -= 1
    return result


@primitive(TABLE, "fromJSON")
def _from_json(machine: Machine, span: Span, text: Thunk) -> Value:
    given = machine.text(text, span)
    try:
        read = json.loads(given, object_pairs_hook=_pairs, parse_constant=_refuse)
        json.dumps(read, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise failure("this is not JSON", span) from None
    return _value(machine, read, span)


class _Pairs(dict[str, Any]):
    twice = False


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    result = _Pairs(pairs)
    result.twice = len(result) != len(pairs)
    return result


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _value(machine: Machine, read: Any, span: Span) -> Value:
    """A value that Python read from JSON. Raises Stuck."""
    machine.descend(span)
    origin = Origin(span)
    result: Value
    if isinstance(read, _Pairs):
        if read.twice:
            raise unsure(span)
        result = NixAttrs({name: done(_value(machine, part, span)) for name, part in read.items()}, origin)
    elif isinstance(read, list):
        result = NixList(tuple(done(_value(machine, part, span)) for part in read), origin)
    elif isinstance(read, bool):
        result = NixBool(read, origin)
    elif isinstance(read, int):
        if not -(2**63) <= read < 2**63:
            raise unsure(span)
        result = NixInt(read, origin)
    elif isinstance(read, float):
        result = NixFloat(read, origin)
    else:
        result = string(read, span) if isinstance(read, str) else NixNull(origin)
    machine.depth -= 1
    return result
