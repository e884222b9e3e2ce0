"""Builtins on strings; the pieces of a string keep their origins wherever the function allows."""

from __future__ import annotations

from nixlint_ort.nix.builtin_lists import list_items
from nixlint_ort.nix.coercion import text_pieces, unknown_piece
from nixlint_ort.nix.machine import Machine, concat_pieces
from nixlint_ort.nix.primitives import Table, integer, primitive
from nixlint_ort.nix.stuck import failure
from nixlint_ort.nix.values import Form, NixList, NixString, Origin, Piece, Rest, Thunk, Unknown, Value, done
from nixlint_ort.source import Span

TABLE: Table = {}
_VERBATIM = (Form.STRING, Form.INDENTED, Form.NUMBER, Form.NAME)


def cut(string: NixString, start: int, end: int) -> list[Piece]:
    """The pieces of the text from byte `start` to byte `end` of a string that is known in full."""
    pieces = []
    at = 0
    for piece in string.pieces:
        raw = piece.text.encode()
        first, last = max(start - at, 0), min(end - at, len(raw))
        if first < last:
            pieces.append(_part(piece, raw, first, last))
        at += len(raw)
    return pieces


def _part(piece: Piece, raw: bytes, first: int, last: int) -> Piece:
    if first == 0 and last == len(raw):
        return piece
    try:
        text = raw[first:last].decode()
    except UnicodeDecodeError:
        unknown = Unknown("this text is cut in the middle of a character", piece.origin)
        return Piece("", piece.origin, Form.UNKNOWN, unknown)
    origin = piece.origin
    if piece.form in _VERBATIM:
        begin = origin.span.start
        origin = Origin(Span(begin + first, begin + last), origin.through)
    return Piece(text, origin, piece.form)


@primitive(TABLE, "toString")
def _to_string(machine: Machine, span: Span, value: Thunk) -> Value:
    return concat_pieces(text_pieces(machine, value, span, loose=True), Origin(span))


@primitive(TABLE, "stringLength")
def _string_length(machine: Machine, span: Span, text: Thunk) -> Value:
    whole = NixString(tuple(text_pieces(machine, text, span)), Origin(span))
    return integer(len(machine.text(done(whole), span).encode()), span)


@primitive(TABLE, "substring", arity=3)
def _substring(machine: Machine, span: Span, start: Thunk, length: Thunk, text: Thunk) -> Value:
    begin, count = machine.integer(start, span), machine.integer(length, span)
    whole = NixString(tuple(text_pieces(machine, text, span)), Origin(span))
    size = len(machine.text(done(whole), span).encode())
    if begin < 0:
        raise failure("a text cannot be cut before its start", span)
    end = size if count < 0 else min(begin + count, size)
    return NixString(tuple(cut(whole, begin, end)), Origin(span))


@primitive(TABLE, "concatStringsSep", arity=2)
def concat_strings_sep(machine: Machine, span: Span, separator: Thunk, list_: Thunk) -> Value:
    """The texts of a list with a separator between them."""
    between = machine.string(separator, span)
    pieces: list[Piece] = []
    for number, item in enumerate(machine.items(list_, span).items):
        machine.spend()
        if number:
            pieces += between.pieces
        if isinstance(item, Rest):
            pieces.append(unknown_piece(item.unknown))
        else:
            pieces += text_pieces(machine, item, span)
    return concat_pieces(pieces, Origin(span))


@primitive(TABLE, "replaceStrings", arity=3)
def replace_strings(machine: Machine, span: Span, old: Thunk, new: Thunk, text: Thunk) -> Value:
    """The text with each of the old texts replaced by the new one at its place, leftmost and first listed first."""
    olds = [machine.text(item, span).encode() for item in list_items(machine, old, span)]
    news = [machine.string(item, span) for item in list_items(machine, new, span)]
    if len(olds) != len(news):
        raise failure("replaceStrings needs as many new texts as old ones", span)
    whole = machine.string(text, span)
    raw = machine.text(done(whole), span).encode()
    pieces: list[Piece] = []
    kept = at = 0
    while at <= len(raw):
        machine.spend()
        found = next((n for n, part in enumerate(olds) if raw.startswith(part, at)), None)
        if found is None:
            at += 1
            continue
        pieces += cut(whole, kept, at)
        pieces += news[found].pieces
        kept = at + len(olds[found])
        if not olds[found]:
            pieces += cut(whole, at, at + 1)
            kept = at = at + 1
        at = max(at, kept)
    pieces += cut(whole, kept, len(raw))
    return concat_pieces(pieces, Origin(span))


def pieces_list(parts: list[list[Piece]], span: Span) -> NixList:
    """A list of strings, each given as its pieces."""
    return NixList(tuple(done(NixString(tuple(part), Origin(span))) for part in parts), Origin(span))
