"""nixpkgs' `lib` as far as it is modelled, by name."""

from __future__ import annotations

from nixlint_ort.nix import builtin_lists, builtin_strings, builtin_types
from nixlint_ort.nix.coercion import text_pieces
from nixlint_ort.nix.machine import Machine, Thunk, joined
from nixlint_ort.nix.primitives import Table, boolean, primitive
from nixlint_ort.nix.values import Form, NixString, Origin, Piece, Value
from nixlint_ort.source import Span

LIB: Table = {**builtin_lists.TABLE, **builtin_strings.TABLE, **builtin_types.TABLE}
LIB_SETS: dict[str, Table] = {}


def _plain(text: str, span: Span) -> Piece:
    return Piece(text, Origin(span), Form.DERIVED)


@primitive(LIB, "hasPrefix", arity=2)
def _has_prefix(machine: Machine, span: Span, prefix: Thunk, text: Thunk) -> Value:
    return boolean(machine.text(text, span).startswith(machine.text(prefix, span)), span)


@primitive(LIB, "hasSuffix", arity=2)
def _has_suffix(machine: Machine, span: Span, suffix: Thunk, text: Thunk) -> Value:
    return boolean(machine.text(text, span).endswith(machine.text(suffix, span)), span)


@primitive(LIB, "cmakeFeature", arity=2)
def _cmake_feature(machine: Machine, span: Span, name: Thunk, value: Thunk) -> Value:
    pieces = [*machine.string(name, span).pieces, _plain(":STRING=", span), *machine.string(value, span).pieces]
    return joined([_plain("-D", span), *pieces], Origin(span))


@primitive(LIB, "cmakeBool", arity=2)
def _cmake_bool(machine: Machine, span: Span, name: Thunk, value: Thunk) -> Value:
    word = "TRUE" if machine.boolean(value, span) else "FALSE"
    return joined([_plain("-D", span), *machine.string(name, span).pieces, _plain(f":BOOL={word}", span)], Origin(span))


__all__ = ["LIB", "LIB_SETS", "NixString", "text_pieces"]
