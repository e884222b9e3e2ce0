"""Builtins on strings; the pieces of a string keep their origins wherever the function allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from nixlint_ort.nix import versions
from nixlint_ort.nix.builtin_lists import list_items
from nixlint_ort.nix.coercion import text_pieces, unknown_piece
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import Primitive, Table, integer, primitive, string
from nixlint_ort.nix.stuck import Stuck, failure, unknown
from nixlint_ort.nix.values import NixList, NixPath, NixString, Origin, Piece, Rest, Thunk, Value, done
from nixlint_ort.source import Span

TABLE: Table = {}
_SPECIAL = r".\[\](){}*+?|^$"
"""What stands for something else in a pattern."""


def known_string(machine: Machine, thunk: Thunk, span: Span, coerced: bool = False) -> tuple[NixString, str]:
    """A string that is known in full, and its text; `coerced` takes what `"${…}"` takes. Raises Stuck."""
    if not coerced:
        return machine.string(thunk, span), machine.text(thunk, span)
    whole = NixString(tuple(text_pieces(machine, thunk, span)), Origin(span))
    return whole, machine.text(done(whole), span)


def unsure(span: Span) -> Stuck:
    """What to raise where Nix's versions, or Nix and Python, may read a text differently."""
    return unknown("nixlint-ort does not evaluate this text: Nix's versions may read it differently", span)


def cut(whole: NixString, start: int, end: int, span: Span) -> NixString:
    """The code points `start` to `end` of a string that is known in full, as a result."""
    return NixString(whole.cut(start, end).pieces, Origin(span))


def cuts(machine: Machine, whole: NixString, ranges: Sequence[tuple[int, int]], span: Span) -> list[NixString]:
    """Parts of a string that is known in full; the ranges are in order and do not overlap. Raises Stuck."""
    machine.spend(2 * len(ranges) + len(whole.pieces) // 4, span)
    if not whole.text.isascii():
        machine.spend_on_text(sum(end for _, end in ranges), span)
    return [NixString(part.pieces, Origin(span)) for part in whole.cuts(ranges)]


def string_list(strings: Iterable[NixString], span: Span) -> NixList:
    """A list of strings."""
    return NixList(tuple(done(one) for one in strings), Origin(span))


@primitive(TABLE, "toString")
def _to_string(machine: Machine, span: Span, value: Thunk) -> Value:
    return machine.concat_pieces([text_pieces(machine, value, span, loose=True)], span)


@primitive(TABLE, "stringLength")
def _string_length(machine: Machine, span: Span, text: Thunk) -> Value:
    return integer(len(known_string(machine, text, span, coerced=True)[1].encode()), span)


@primitive(TABLE, "substring", arity=3)
def _substring(machine: Machine, span: Span, start: Thunk, length: Thunk, text: Thunk) -> Value:
    begin, count = machine.integer(start, span), machine.integer(length, span)
    whole, raw = known_string(machine, text, span, coerced=True)
    if begin < 0:
        raise failure("a substring cannot start before its text", span)
    data = raw.encode()
    end = len(data) if count < 0 else min(begin + count, len(data))
    try:
        first = len(data[:begin].decode())
        last = first + len(data[begin:end].decode())
    except UnicodeDecodeError:
        raise unknown("this text is cut in the middle of a character", span) from None
    machine.spend_on_text(2 * (last - first), span)
    return cut(whole, first, last, span)


@primitive(TABLE, "concatStringsSep", arity=2)
def concat_strings_sep(machine: Machine, span: Span, separator: Thunk, list_: Thunk) -> Value:
    """The texts of a list with a separator between them."""
    between = machine.string(separator, span)

    def parts() -> Iterator[Sequence[Piece]]:
        for number, item in enumerate(machine.items(list_, span).items):
            if number:
                yield between.pieces
            yield [unknown_piece(item.unknown)] if isinstance(item, Rest) else text_pieces(machine, item, span)

    return machine.concat_pieces(parts(), span)


@primitive(TABLE, "replaceStrings", arity=3)
def _replace_strings(machine: Machine, span: Span, old: Thunk, new: Thunk, text: Thunk) -> Value:
    olds = [machine.text(item, span) for item in list_items(machine, old, span)]
    news = [machine.string(item, span) for item in list_items(machine, new, span)]
    if len(olds) != len(news):
        raise failure("replaceStrings needs as many new texts as old ones", span)
    whole, raw = known_string(machine, text, span)
    if "" in olds and not raw.isascii():
        raise unknown("replaceStrings puts a text into the middle of a character", span)
    machine.spend(len(raw) * len(olds) // 16, span)
    places = list(_places(raw, olds))
    kept = cuts(machine, whole, [(start, end) for start, end, _ in places], span)

    def parts() -> Iterator[Sequence[Piece]]:
        for part, (_, __, found) in zip(kept, places, strict=True):
            yield part.pieces
            if found is not None:
                yield news[found].pieces

    return machine.concat_pieces(parts(), span)


def _places(text: str, olds: Sequence[str]) -> Iterator[tuple[int, int, int | None]]:
    """The stretches of a text that stay, each with the number of the old text that follows it, None at the end.

    The leftmost old text counts, and of several at one place the first listed.
    """
    kept = at = 0
    while at <= len(text):
        found = next((number for number, old in enumerate(olds) if text.startswith(old, at)), None)
        if found is not None:
            yield kept, at, found
            kept = at + len(olds[found])
            # After an empty text, Nix goes on behind the next character.
            at = max(kept, at + 1)
        else:
            at += 1
    yield kept, len(text), None


def version_parts(machine: Machine, span: Span, version: Thunk) -> NixList:
    """The components of a version as a list of strings."""
    whole, text = known_string(machine, version, span)
    machine.spend(len(text) // 8, span)
    ranges = list(_ranges(text, versions.components(text)))
    return string_list(cuts(machine, whole, ranges, span), span)


TABLE["splitVersion"] = Primitive(1, version_parts)


@primitive(TABLE, "split", arity=2)
def _split(machine: Machine, span: Span, pattern: Thunk, text: Thunk) -> Value:
    wanted = re.sub(rf"\\([{_SPECIAL}])", r"\1", raw := machine.text(pattern, span))
    if not wanted or re.search(rf"(?<!\\)[{_SPECIAL}]|\\(?![{_SPECIAL}])", raw):
        raise unknown("nixlint-ort does not evaluate builtins.split with a pattern that is more than a text", span)
    whole, known = known_string(machine, text, span)
    parts = cuts(machine, whole, list(_ranges(known, known.split(wanted))), span)
    nothing = done(NixList((), Origin(span)))
    return NixList(tuple(item for part in parts for item in (done(part), nothing))[:-1], Origin(span))


def _ranges(text: str, parts: Iterable[str]) -> Iterator[tuple[int, int]]:
    at = 0
    for part in parts:
        start = text.index(part, at)
        at = start + len(part)
        yield start, at


def version_order(machine: Machine, span: Span, one: Thunk, other: Thunk) -> int:
    """-1, 0 or 1 for an older, the same or a newer version. Raises Stuck."""
    first, second = machine.text(one, span), machine.text(other, span)
    machine.spend((len(first) + len(second)) // 4, span)
    try:
        return versions.compare(first, second)
    except versions.UnsureError:
        raise unsure(span) from None


@primitive(TABLE, "compareVersions", arity=2)
def _compare_versions(machine: Machine, span: Span, one: Thunk, other: Thunk) -> Value:
    return integer(version_order(machine, span, one, other), span)


@primitive(TABLE, "baseNameOf")
def _base_name_of(machine: Machine, span: Span, path: Thunk) -> Value:
    value = machine.need(path)
    if isinstance(value, NixPath):
        if value.text.rpartition("/")[2] in ("", ".", ".."):
            raise unknown("nixlint-ort does not evaluate where this path is on the disk", span)
        value = string(value.text, span)
    whole, text = known_string(machine, done(value), span, coerced=True)
    end = len(text) - 1 if len(text) > 1 and text.endswith("/") else len(text)
    return cut(whole, text.rfind("/", 0, end) + 1, end, span)


@primitive(TABLE, "unsafeDiscardStringContext", "unsafeDiscardOutputDependency")
def _discard_context(machine: Machine, span: Span, text: Thunk) -> Value:
    return NixString(tuple(text_pieces(machine, text, span)), Origin(span))
