"""What a value becomes when it passes through a name or a selection: the same, with that reference in its origins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nixlint_ort.nix.budget import Budget
from nixlint_ort.nix.values import (
    NixBool,
    NixFloat,
    NixInt,
    NixList,
    NixNull,
    NixPath,
    NixString,
    Origin,
    Package,
    Piece,
    Unknown,
    Value,
)
from nixlint_ort.source import Span

MAX_TRAIL = 16
"""References that an origin remembers."""


def through_reference(budget: Budget, value: Value, span: Span) -> Value:
    """The value with `span` added to the references that it came through. Raises Stuck when the budget is used up."""
    if type(value) is NixString:
        budget.spend(len(value.pieces), span)
        return _string(value, span)
    add = _THROUGH.get(type(value))
    return add(value, span) if add else value


def _further(origin: Origin, span: Span) -> Origin:
    if len(origin.through) >= MAX_TRAIL:
        return origin
    return Origin(origin.span, (*origin.through, span))


def _string(value: NixString, span: Span) -> NixString:
    before: tuple[Span, ...] | None = None
    through: tuple[Span, ...] = ()
    pieces = []
    for piece in value.pieces:
        trail = piece.origin.through
        if trail is not before:  # pieces of one string share their trail, and keep sharing it
            before, through = trail, (*trail, span) if len(trail) < MAX_TRAIL else trail
        pieces.append(Piece(piece.text, Origin(piece.origin.span, through), piece.form, piece.unknown))
    return NixString(tuple(pieces), _further(value.origin, span))


def _package(value: Package, span: Span) -> Value:
    path = tuple(_string(name, span) for name in value.path)
    origin = _further(value.origin, span)
    return Package(value.root, path, origin, value.state, value.doubt, value.made, value.layers)


_THROUGH: dict[type, Callable[..., Value]] = {
    NixInt: lambda value, span: NixInt(value.value, _further(value.origin, span)),
    NixFloat: lambda value, span: NixFloat(value.value, _further(value.origin, span)),
    NixBool: lambda value, span: NixBool(value.value, _further(value.origin, span)),
    NixNull: lambda value, span: NixNull(_further(value.origin, span)),
    NixPath: lambda value, span: NixPath(value.text, _further(value.origin, span)),
    NixList: lambda value, span: NixList(value.items, _further(value.origin, span)),
    Unknown: lambda value, span: replace(value, origin=_further(value.origin, span)),
    Package: _package,
}
