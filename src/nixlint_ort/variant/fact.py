"""A fact: a named value of one variant, and the bytes that each part of it came from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.nix.origin import VERBATIM, Form
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.nix.values import NixString, Unknown


class Fact(NamedTuple):
    """A named value with its origin.

    A known fact has `items`: one, unless `is_list`. Otherwise the file does not set it (`reason` says who does),
    or it cannot be known, and `unknown` says why. `span` is where it is written, or where it would be.
    """

    name: str
    span: Span
    items: tuple[NixString, ...] | None = None
    is_list: bool = False
    unknown: Unknown | None = None
    reason: str | None = None
    further: tuple[Span, ...] = ()
    """Where the like of it is written again, as it should not be."""
    siblings: Mapping[str, Span] = MappingProxyType({})
    """Where the fact is not set: the attributes that are, beside which it belongs, and where their names stand."""
    empty: tuple[Span, ...] = ()
    """Where the fact is not set: the sets without attributes, with their braces, in which it can be."""
    at_least: tuple[str, ...] = ()
    """Where it is a list that is not known in full: the items that it has whatever else is in it."""

    @property
    def value(self) -> str | tuple[str, ...] | None:
        """The text or the texts; None where the fact is not known or not set."""
        if self.items is None:
            return None
        return tuple(item.text for item in self.items) if self.is_list else self.items[0].text

    @property
    def absent(self) -> bool:
        """Whether the file does not set it at all."""
        return self.items is None and self.unknown is None


class Located(NamedTuple):
    """Where a part of a text came from: a span, how it is written there, and the references it passed through.

    `form` is None where the part is not written in one piece, so that it cannot be edited there.
    """

    span: Span
    form: Form | None
    through: tuple[Span, ...]


def place_of(unknown: Unknown) -> Span:
    """Where something is written that is not known: for what is built into Nix, the reference to it."""
    origin = unknown.origin
    return origin.through[0] if origin.through and origin.span.start == origin.span.end else origin.span


def cut(string: NixString, start: int, end: int) -> NixString:
    """The code points `start` to `end` (from 0, end exclusive) of a string, each piece with its own origin."""
    return string.cut(start, end)


def locate(string: NixString, start: int, end: int) -> Located:
    """Where the code points `start` to `end` (from 0, end exclusive) of a string came from.

    An empty range is located at the end of the text before it, so that something can be put in there.
    """
    if start == end:
        return _locate_between(string, start)
    pieces = cut(string, start, end).pieces
    if len(pieces) == 1:
        piece = pieces[0]
        form = piece.form if piece.form in VERBATIM else None
        return Located(piece.origin.span, form, piece.origin.through)
    return Located(string.origin.span, None, string.origin.through)


def _locate_between(string: NixString, at: int) -> Located:
    if at > 0:
        before = locate(string, at - 1, at)
        return Located(Span(before.span.end, before.span.end), before.form, before.through)
    if string.pieces and string.text:
        after = locate(string, 0, 1)
        return Located(Span(after.span.start, after.span.start), after.form, after.through)
    return Located(string.origin.span, None, string.origin.through)
