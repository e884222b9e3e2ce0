"""How values become text, and how two values are compared, as Nix does both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.stuck import KINDS, SYMBOLIC, Stuck, failure, symbolic, type_error, unknown
from nixlint_ort.nix.values import (
    Form,
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
    Piece,
    Rest,
    Thunk,
    Unknown,
    Value,
    done,
)
from nixlint_ort.source import Span


def unknown_piece(value: Unknown) -> Piece:
    """A stretch of text that is not known."""
    return Piece("", value.origin, Form.UNKNOWN, value)


def text_pieces(machine: Machine, thunk: Thunk, span: Span, loose: bool = False) -> list[Piece]:
    """A value as the text that `"${…}"` makes of it, or `toString` if `loose`. Raises Stuck if Nix would fail."""
    value = machine.force(thunk)
    kind = type(value)
    if kind is NixString:
        machine.spend(len(value.pieces) // 8, span)  # type: ignore[attr-defined]
        return list(value.pieces)  # type: ignore[attr-defined]
    if isinstance(value, Unknown):
        if not value.is_value:
            raise Stuck(value)
        return [unknown_piece(value)]
    if isinstance(value, SYMBOLIC):
        return [unknown_piece(symbolic(value))]
    if isinstance(value, NixPath):
        return _path_pieces(value, loose)
    if isinstance(value, NixAttrs):
        return _set_pieces(machine, value, span, loose)
    if loose and isinstance(value, NixList):
        machine.descend(span)
        pieces = _list_pieces(machine, value, span)
        machine.depth -= 1
        return pieces
    if loose and (plain := _plain_text(value)) is not None:
        origin = value.origin  # type: ignore[attr-defined]
        verbatim = isinstance(value, NixInt) and machine.data[slice(*origin.span)] == plain.encode()
        return [Piece(plain, origin, Form.NUMBER if verbatim else Form.DERIVED)]
    raise type_error(value, "a text", span)


def _plain_text(value: Value) -> str | None:
    if isinstance(value, NixInt):
        return str(value.value)
    if isinstance(value, NixFloat):
        return f"{value.value:.6f}"
    if isinstance(value, NixBool):
        return "1" if value.value else ""
    return "" if isinstance(value, NixNull) else None


def item_or_raise(item: Thunk | Rest) -> Thunk:
    """An item of a list. Raises Stuck for a stretch that is not known."""
    if isinstance(item, Rest):
        raise Stuck(item.unknown)
    return item


def _path_pieces(value: NixPath, loose: bool) -> list[Piece]:
    if loose and value.text.startswith("/"):
        return [Piece(value.text, value.origin, Form.DERIVED)]
    return [
        unknown_piece(
            Unknown("nixlint-ort does not evaluate where this path is on the disk", value.origin, path=value.text)
        )
    ]


def _set_pieces(machine: Machine, value: NixAttrs, span: Span, loose: bool) -> list[Piece]:
    to_string = value.attributes.get("__toString")
    if to_string is not None:
        function = machine.need(to_string)
        result = machine.guard(lambda: machine.call(function, done(value), span))
        return text_pieces(machine, done(result), span, loose)
    if value.rest is not None:
        return [unknown_piece(value.rest)]
    if "outPath" in value.attributes:
        machine.descend(span)
        pieces = text_pieces(machine, value.attributes["outPath"], span, loose)
        machine.depth -= 1
        return pieces
    raise type_error(value, "a text", span)


def _list_pieces(machine: Machine, value: NixList, span: Span) -> list[Piece]:
    def parts() -> Iterator[Sequence[Piece]]:
        last = len(value.items) - 1
        for number, item in enumerate(value.items):
            if isinstance(item, Rest):
                yield [unknown_piece(item.unknown)]
                continue
            yield text_pieces(machine, item, span, loose=True)
            inner = machine.force(item)
            if number < last and not (isinstance(inner, NixList) and not inner.items):
                yield [Piece(" ", Origin(span), Form.DERIVED)]

    return list(machine.concat_pieces(parts(), span).pieces)


def equal(machine: Machine, left: Value, right: Value, span: Span) -> bool:
    """`left == right`. Raises Stuck if that is not known, or if Nix would fail."""
    machine.spend(1, span)
    for value in (left, right):
        if isinstance(value, (Unknown, Library, *SYMBOLIC)):
            raise type_error(value, "something to compare", span)
    if isinstance(left, (NixInt, NixFloat)) and isinstance(right, (NixInt, NixFloat)):
        return left.value == right.value
    if type(left) is not type(right):
        return False
    if isinstance(left, Function):
        raise unknown("nixlint-ort does not compare functions", span)
    machine.descend(span)
    same = _EQUAL[type(left)](machine, left, right, span)
    machine.depth -= 1
    return same


def _texts(machine: Machine, left: NixString, right: NixString, span: Span) -> tuple[str, str]:
    return machine.text(done(left), span), machine.text(done(right), span)


def _same_text(machine: Machine, left: NixString, right: NixString, span: Span) -> bool:
    one, other = _texts(machine, left, right, span)
    return one == other


def _same_items(machine: Machine, left: NixList, right: NixList, span: Span) -> bool:
    machine.spend((len(left.items) + len(right.items)) // 8, span)
    ones, others = [item_or_raise(item) for item in left.items], [item_or_raise(item) for item in right.items]
    return len(ones) == len(others) and all(
        _same(machine, one, other, span) for one, other in zip(ones, others, strict=True)
    )


def _same(machine: Machine, one: Thunk, other: Thunk, span: Span) -> bool:
    return equal(machine, machine.need(one), machine.need(other), span)


def _same_set(machine: Machine, left: NixAttrs, right: NixAttrs, span: Span) -> bool:
    for side in (left, right):
        machine.spend(len(side.attributes) // 8, span)
        if side.rest is not None:
            raise Stuck(side.rest)
    if _is_derivation(machine, left) and _is_derivation(machine, right):
        paths = [side.attributes.get("outPath") for side in (left, right)]
        if paths[0] is not None and paths[1] is not None:
            return _same(machine, paths[0], paths[1], span)
    if left.attributes.keys() != right.attributes.keys():
        return False
    return _all_same(machine, left, right, span)


def _all_same(machine: Machine, left: NixAttrs, right: NixAttrs, span: Span) -> bool:
    """Whether all attributes are the same. Nix has an order of its own, so an error may come before a difference."""
    same = True
    stuck: Stuck | None = None
    depth = machine.depth
    for name, thunk in left.attributes.items():
        try:
            same = _same(machine, thunk, right.attributes[name], span) and same
        except Stuck as reason:
            machine.depth = depth
            if stuck is None or reason.unknown.fails:
                stuck = reason
    if stuck is not None and not same and stuck.unknown.fails:
        raise unknown("Nix may find a difference or an error first", span)
    if stuck is not None and same:
        raise stuck
    return same


def _is_derivation(machine: Machine, value: NixAttrs) -> bool:
    kind = value.attributes.get("type")
    if kind is None:
        return False
    text = machine.need(kind)
    return isinstance(text, NixString) and text.text == "derivation"


_EQUAL: dict[type, Callable[..., bool]] = {
    NixString: _same_text,
    NixList: _same_items,
    NixAttrs: _same_set,
    NixBool: lambda _, left, right, __: left.value == right.value,
    NixPath: lambda _, left, right, __: left.text == right.text,
    NixNull: lambda _, __, ___, ____: True,
}


def less(machine: Machine, left: Value, right: Value, span: Span) -> bool:
    """`left < right`. Raises Stuck if that is not known, or if Nix would fail."""
    machine.spend(1, span)
    if isinstance(left, (NixInt, NixFloat)) and isinstance(right, (NixInt, NixFloat)):
        return left.value < right.value
    for value in (left, right):
        if not isinstance(value, (NixInt, NixFloat, NixString, NixPath, NixList)):
            raise type_error(value, "something that has an order", span)
    if isinstance(left, NixString) and isinstance(right, NixString):
        one, other = _texts(machine, left, right, span)
        return one.encode() < other.encode()
    if isinstance(left, NixPath) and isinstance(right, NixPath):
        if left.text[0] != "/" or right.text[0] != "/":
            raise unknown("nixlint-ort does not evaluate where these paths are on the disk", span)
        machine.spend_on_text(len(left.text) + len(right.text), span)
        return left.text.encode() < right.text.encode()
    if isinstance(left, NixList) and isinstance(right, NixList):
        machine.descend(span)
        result = _lists_less(machine, left, right, span)
        machine.depth -= 1
        return result
    raise failure(f"Nix does not compare {KINDS[type(left)]} with {KINDS[type(right)]}", span)


def _lists_less(machine: Machine, left: NixList, right: NixList, span: Span) -> bool:
    for one, other in zip(left.items, right.items, strict=False):
        first, second = item_or_raise(one), item_or_raise(other)
        if not _same(machine, first, second, span):
            return less(machine, machine.need(first), machine.need(second), span)
    longer = right.items[len(left.items) :]
    if any(isinstance(item, Rest) for item in (*left.items, *longer)):
        raise unknown("the lengths of these lists are not known", span)
    return bool(longer)
