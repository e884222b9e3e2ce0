"""nixpkgs' `lib.strings` and `lib.versions`; pieces keep their origins wherever the function allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from nixlint_ort.nix.builtin_lists import TABLE as LIST_BUILTINS
from nixlint_ort.nix.builtin_strings import TABLE as STRING_BUILTINS
from nixlint_ort.nix.builtin_strings import (
    concat_strings_sep,
    cut,
    cuts,
    known_string,
    string_list,
    unsure,
    version_order,
    version_parts,
)
from nixlint_ort.nix.coercion import item_or_raise, text_pieces
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import Primitive, Table, boolean, integer, primitive, string
from nixlint_ort.nix.stuck import failure
from nixlint_ort.nix.values import Form, NixList, NixString, Origin, Piece, Thunk, Value, done
from nixlint_ort.source import Span

STRINGS: Table = {**STRING_BUILTINS}
VERSIONS: Table = {"splitVersion": STRING_BUILTINS["splitVersion"]}
_MAP = LIST_BUILTINS["map"].run


def _plain(text: str, span: Span) -> Piece:
    return Piece(text, Origin(span), Form.DERIVED)


def _beginning(machine: Machine, text: Thunk, span: Span) -> tuple[str, bool]:
    """The text up to the first piece that is not known, and whether that is all of it."""
    pieces = machine.string(text, span).pieces
    machine.spend(len(pieces) // 8, span)
    known = [piece.text for piece in takewhile(lambda piece: piece.unknown is None, pieces)]
    beginning = "".join(known)
    machine.spend_on_text(len(beginning), span)
    return beginning, len(known) == len(pieces)


@primitive(STRINGS, "hasPrefix", arity=2)
def _has_prefix(machine: Machine, span: Span, prefix: Thunk, text: Thunk) -> Value:
    wanted = machine.text(prefix, span)
    beginning, whole = _beginning(machine, text, span)
    if whole or len(beginning) >= len(wanted) or not wanted.startswith(beginning):
        return boolean(beginning.startswith(wanted), span)
    return boolean(machine.text(text, span).startswith(wanted), span)


@primitive(STRINGS, "hasSuffix", arity=2)
def _has_suffix(machine: Machine, span: Span, suffix: Thunk, text: Thunk) -> Value:
    return boolean(machine.text(text, span).endswith(machine.text(suffix, span)), span)


@primitive(STRINGS, "hasInfix", arity=2)
def _has_infix(machine: Machine, span: Span, infix: Thunk, text: Thunk) -> Value:
    return boolean(machine.text(infix, span) in machine.text(text, span), span)


@primitive(STRINGS, "removePrefix", arity=2)
def _remove_prefix(machine: Machine, span: Span, prefix: Thunk, text: Thunk) -> Value:
    start, (whole, known) = machine.text(prefix, span), known_string(machine, text, span)
    if not known.startswith(start):
        return whole
    machine.spend_on_text(2 * len(known), span)
    return cut(whole, len(start), len(known), span)


@primitive(STRINGS, "removeSuffix", arity=2)
def _remove_suffix(machine: Machine, span: Span, suffix: Thunk, text: Thunk) -> Value:
    end, (whole, known) = machine.text(suffix, span), known_string(machine, text, span)
    if not known.endswith(end):
        return whole
    machine.spend_on_text(2 * len(known), span)
    return cut(whole, 0, len(known) - len(end), span)


def _flag(machine: Machine, span: Span, name: Thunk, kind: str, value: Sequence[Piece]) -> Value:
    parts = ([_plain("-D", span)], machine.string(name, span).pieces, [_plain(f":{kind}=", span)], value)
    return machine.concat_pieces(parts, span)


@primitive(STRINGS, "cmakeFeature", arity=2)
def _cmake_feature(machine: Machine, span: Span, name: Thunk, value: Thunk) -> Value:
    return _flag(machine, span, name, "STRING", machine.string(value, span).pieces)


@primitive(STRINGS, "cmakeBool", arity=2)
def _cmake_bool(machine: Machine, span: Span, name: Thunk, value: Thunk) -> Value:
    flag = machine.need(value)
    word = "TRUE" if machine.boolean(value, span) else "FALSE"
    return _flag(machine, span, name, "BOOL", [Piece(word, getattr(flag, "origin", Origin(span)), Form.DERIVED)])


@primitive(STRINGS, "cmakeOptionType", arity=3)
def _cmake_option_type(machine: Machine, span: Span, kind: Thunk, name: Thunk, value: Thunk) -> Value:
    word = machine.text(kind, span).upper()
    if word not in ("BOOL", "FILEPATH", "INTERNAL", "PATH", "STRING"):
        raise failure(f"{word} is not a type of CMake", span)
    return _flag(machine, span, name, word, machine.string(value, span).pieces)


@primitive(STRINGS, "optionalString", arity=2)
def _optional_string(machine: Machine, span: Span, condition: Thunk, text: Thunk) -> Value:
    return machine.force(text) if machine.boolean(condition, span) else string("", span)


@primitive(STRINGS, "concatStrings")
def _concat_strings(machine: Machine, span: Span, list_: Thunk) -> Value:
    return concat_strings_sep(machine, span, done(string("", span)), list_)


@primitive(STRINGS, "concatMapStrings", arity=2)
def _concat_map_strings(machine: Machine, span: Span, function: Thunk, list_: Thunk) -> Value:
    return _concat_strings(machine, span, done(_MAP(machine, span, function, list_)))


@primitive(STRINGS, "concatMapStringsSep", arity=3)
def _concat_map_strings_sep(machine: Machine, span: Span, separator: Thunk, function: Thunk, list_: Thunk) -> Value:
    return concat_strings_sep(machine, span, separator, done(_MAP(machine, span, function, list_)))


@primitive(STRINGS, "concatLines")
def _concat_lines(machine: Machine, span: Span, list_: Thunk) -> Value:
    def parts() -> Iterator[Sequence[Piece]]:
        for item in machine.items(list_, span).items:
            yield text_pieces(machine, item_or_raise(item), span)
            yield [_plain("\n", span)]

    return machine.concat_pieces(parts(), span)


@primitive(STRINGS, "splitString", arity=2)
def _split_string(machine: Machine, span: Span, separator: Thunk, text: Thunk) -> Value:
    whole = machine.concat_pieces([text_pieces(machine, text, span, loose=True)], span)
    known, between = machine.text(done(whole), span), machine.text(separator, span)
    if not between:
        raise unsure(span)
    ranges = []
    at = 0
    for part in known.split(between):
        ranges.append((at, at + len(part)))
        at += len(part) + len(between)
    return string_list(cuts(machine, whole, ranges, span), span)


def _cased(change: Callable[[str], str]) -> Primitive:
    def run(machine: Machine, span: Span, text: Thunk) -> Value:
        pieces = []
        for piece in machine.string(text, span).pieces:
            machine.spend(1 + len(piece.text) // 16, span)
            new = "".join(change(c) if c.isascii() else c for c in piece.text)
            pieces.append(piece if new == piece.text else Piece(new, piece.origin, Form.DERIVED))
        return NixString(tuple(pieces), Origin(span))

    return Primitive(1, run)


STRINGS["toLower"] = _cased(str.lower)
STRINGS["toUpper"] = _cased(str.upper)


@primitive(STRINGS, "toInt", "toIntBase10")
def _to_int(machine: Machine, span: Span, text: Thunk) -> Value:
    digits = machine.text(text, span).strip(" \t\r\n\v\f")
    body = digits.removeprefix("-")
    if not (body.isascii() and body.isdigit()) or (body.startswith("0") and body != "0") or len(body) > 18:
        raise unsure(span)
    return integer(int(digits), span)


def _compared(wanted: Callable[[int], bool]) -> Primitive:
    def run(machine: Machine, span: Span, one: Thunk, other: Thunk) -> Value:
        return boolean(wanted(version_order(machine, span, one, other)), span)

    return Primitive(2, run)


STRINGS["versionOlder"] = _compared(lambda order: order < 0)
STRINGS["versionAtLeast"] = _compared(lambda order: order >= 0)


def _component(place: int) -> Primitive:
    def run(machine: Machine, span: Span, version: Thunk) -> Value:
        parts = [item_or_raise(item) for item in version_parts(machine, span, version).items]
        if place >= len(parts):
            raise failure("this version has too few components", span)
        return machine.force(parts[place])

    return Primitive(1, run)


VERSIONS["major"], VERSIONS["minor"], VERSIONS["patch"] = (_component(place) for place in range(3))


@primitive(VERSIONS, "majorMinor")
def _major_minor(machine: Machine, span: Span, version: Thunk) -> Value:
    parts = [item_or_raise(item) for item in version_parts(machine, span, version).items][:2]
    return concat_strings_sep(machine, span, done(string(".", span)), done(NixList(tuple(parts), Origin(span))))
