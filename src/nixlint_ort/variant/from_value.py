"""Facts from values: a text or a list that the file gives, what it leaves as nixpkgs has it, or what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.vocabulary import FACTS
from nixlint_ort.nix.stuck import SYMBOLIC, derived, symbolic
from nixlint_ort.nix.values import (
    Fetched,
    Form,
    NixBool,
    NixFloat,
    NixInt,
    NixList,
    NixString,
    Origin,
    Package,
    PackageSet,
    Piece,
    Rest,
    Unknown,
    Value,
)
from nixlint_ort.source import Span
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation

BY_NIXPKGS = "set by nixpkgs"


class PackageAttribute(NamedTuple):
    """A part of a package, such as `("meta", "description")`: what nixpkgs itself has there is set by nixpkgs."""

    package: str
    names: tuple[str, ...]
    absent: str = "the file does not set it"
    """Why a fact of it has no value, where nothing sets it."""

    def is_own(self, value: Value | None) -> bool:
        """Whether a value is what nixpkgs has for this part, untouched by the file.

        A package of nixpkgs takes its name, version and meta from one of the same name in another package set.
        """
        if isinstance(value, NixString) and len(value.pieces) == 1:
            value = value.pieces[0].unknown
        if isinstance(value, Unknown):
            value = value.own
        if not isinstance(value, Package) or value.state or value.doubt is not None:
            return False
        wanted = (self.package, *self.names)
        return tuple(name.text for name in value.path[-len(wanted) :]) == wanted


def fact_of(evaluation: Evaluation, name: str, value: Value | None, span: Span, part: PackageAttribute) -> Fact:
    """A fact from what the evaluator says, which is None where the file does not set the value."""
    if value is None:
        return Fact(name, span, reason=part.absent)
    if part.is_own(value):
        return Fact(name, span, reason=BY_NIXPKGS)
    wants_list = FACTS[name].is_list if name in FACTS else isinstance(value, NixList)
    if wants_list and isinstance(value, NixList):
        return _from_list(evaluation, name, value, span, part)
    text = as_text(value)
    if wants_list and isinstance(text, NixString):
        text = Unknown("it is a text, not a list", text.origin)
    return unknown_fact(name, text) if isinstance(text, Unknown) else Fact(name, text.origin.span, (text,))


def _from_list(evaluation: Evaluation, name: str, value: NixList, span: Span, part: PackageAttribute) -> Fact:
    items = evaluation.items(value)
    if isinstance(items, Unknown):
        return unknown_fact(name, items)
    if len(items) == 1 and isinstance(items[0], Rest) and not items[0].filters and part.is_own(items[0].unknown):
        return Fact(name, span, reason=BY_NIXPKGS)
    texts: list[NixString] = []
    why: Unknown | None = None
    for item in items:
        text = item.unknown if isinstance(item, Rest) else as_text(item)
        if isinstance(text, NixString):
            texts.append(text)
        elif why is None:
            why = derived(text)
    if why is not None:
        return Fact(name, value.origin.span, unknown=why, at_least=tuple(text.text for text in texts))
    return Fact(name, value.origin.span, tuple(texts), is_list=True)


def unknown_fact(name: str, unknown: Unknown) -> Fact:
    """A fact that cannot be determined."""
    return Fact(name, unknown.origin.span, unknown=derived(unknown))


def why_unknown(value: Value | None, wanted: str, span: Span) -> Unknown:
    """Why a value is not what is wanted, for one that cannot be read as it."""
    if isinstance(value, Unknown):
        return derived(value)
    if isinstance(value, (Package, PackageSet, Fetched)):
        return derived(symbolic(value))
    origin = getattr(value, "origin", None)
    return Unknown(f"this is not {wanted}", origin if isinstance(origin, Origin) else Origin(span))


def known_start(flag: NixString) -> str:
    """The text of a flag before anything that is not known."""
    text = ""
    for piece in flag.pieces:
        if piece.unknown is not None:
            break
        text += piece.text
    return text


def as_text(value: Value) -> NixString | Unknown:
    """A value as the text that facts are compared by."""
    if isinstance(value, Unknown):
        return derived(value)
    if isinstance(value, NixString):
        return value if value.unknown is None else derived(value.unknown)
    if isinstance(value, NixBool):
        return _written("true" if value.value else "false", value.origin, Form.NAME)
    if isinstance(value, NixInt):
        return _written(str(value.value), value.origin, Form.NUMBER)
    if isinstance(value, NixFloat):
        return _written(str(value.value), value.origin, Form.DERIVED)
    if isinstance(value, SYMBOLIC):
        return derived(symbolic(value))
    kind = type(value).__name__.removeprefix("Nix").lower()
    origin = getattr(value, "origin", Origin(Span(0, 0)))
    return Unknown(f"it is a {kind}, not a text", origin)


def _written(text: str, origin: Origin, form: Form) -> NixString:
    """A word as the literal at its origin, or as something derived from it where the origin is longer."""
    span = origin.span
    exact = span.end - span.start == len(text)
    return NixString((Piece(text, origin, form if exact else Form.DERIVED),), origin)
