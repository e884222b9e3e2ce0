"""Replaces a value as a whole: one that is nixpkgs' own, that comes out of a call, or that cannot be known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nixlint_ort.convention.vocabulary import FACTS
from nixlint_ort.finding import Edit
from nixlint_ort.fix.attributes import indent_of, value_to_write
from nixlint_ort.fix.bindings import bindings
from nixlint_ort.fix.literals import quoted
from nixlint_ort.nix.syntax import Binding, Name
from nixlint_ort.nix.values import Origin
from nixlint_ort.source import Span
from nixlint_ort.variant.fact import cut

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.variant.variant import Variant


def whole_value(violation: Violation) -> list[Edit] | None:
    """The edits that set a fact's attribute, which the file has already, to what is expected; None where that has none.

    An attribute that is inherited is set in a binding of its own instead.
    """
    binding = _binding(violation)
    value = value_to_write(_in_full(violation))
    if binding is None or value is None or not isinstance(binding.name, Name):
        return None
    if not _is_inherited(binding):
        return [Edit(violation.variant.path, *_value(violation.variant, binding), value)]
    return _out_of_inherit(violation.variant, binding, f"{binding.name.text} = {value};")


def _in_full(violation: Violation) -> Violation:
    """The same, with all of the text that is expected, where a rule is about a part of it."""
    variant = violation.variant
    wordings = variant.identity.kind.texts.get(violation.fact.name) if variant.identity else None
    wording = wordings.chosen(violation.fields) if wordings else None
    if wording is None or violation.rewrite is not None:
        return violation
    try:
        return replace(violation, rewrite=wording.render(violation.fields))
    except KeyError:  # the tables do not say
        return violation


def _binding(violation: Violation) -> Binding | None:
    """The binding of a fact's attribute: where its name is known to stand, or around where its value comes from."""
    fact, kind = violation.fact, FACTS.get(violation.fact.name)
    if kind is None or kind.attribute is None:
        return None
    named = [
        one
        for one in bindings(violation.variant.document)
        if isinstance(one.name, Name) and one.name.text == kind.attribute
    ]
    here = fact.siblings.get(kind.attribute)
    if here is not None:
        return next((one for one in named if one.name.span == here), None)
    origin = fact.unknown.origin if fact.unknown else fact.items[0].origin if fact.items else Origin(fact.span)
    places = [place for place in (fact.span, origin.span, *origin.through) if place.start < place.end]
    around = [one for one in named if any(one.start <= at.start and at.end <= one.end for at in places)]
    return max(around, key=lambda one: one.start, default=None)


def _value(variant: Variant, binding: Binding) -> Span:
    """All that is between the `=` and the `;` of a binding, with its parentheses."""
    tokens = [
        one for one in variant.document.tokens if binding.name.end <= one.span.start and one.span.end <= binding.end
    ]
    equals = next(number for number, token in enumerate(tokens) if token.text == "=")
    return Span(tokens[equals + 1].span.start, tokens[-2].span.end)


def _is_inherited(binding: Binding) -> bool:
    return binding.inherited or binding.value.start == binding.name.start


def _out_of_inherit(variant: Variant, binding: Binding, text: str) -> list[Edit]:
    """The name taken out of its `inherit`, which goes with its last name, and the binding put in behind it."""
    source, statement, name = variant.source, binding.span, binding.name.span
    others = [one for one in bindings(variant.document) if one.span == statement and one.name.span != name]
    if not others:
        return [Edit(variant.path, *statement, text)]
    before = source.data[: name.start]
    blank = len(before) - len(before.rstrip())
    indent = indent_of(variant, statement)
    gap = " " if indent is None else source.newline + indent
    return [
        Edit(variant.path, name.start - blank, name.end, ""),
        Edit(variant.path, statement.end, statement.end, gap + text),
    ]


def whole_bindings(violation: Violation) -> list[Edit] | None:
    """The edits that set the bindings out of whose values wrong parts come, where each is all of a part."""
    variant = violation.variant
    edits: list[Edit] = []
    for part in violation.wrong:
        pieces = cut(part.item, part.start, part.end).pieces
        reference = pieces[0].origin.through[0] if pieces and pieces[0].origin.through else None
        whole = [piece for piece in part.item.pieces if reference in piece.origin.through]
        if reference is None or [piece.text for piece in whole] != [piece.text for piece in pieces]:
            return None
        name, at = variant.source.text(reference), pieces[0].origin.span
        found = [
            one
            for one in bindings(variant.document)
            if isinstance(one.name, Name) and one.name.text == name and one.start <= at.start and at.end <= one.end
        ]
        if len(found) != 1 or _is_inherited(found[0]):
            return None
        edits.append(Edit(variant.path, *_value(variant, found[0]), quoted(part.text)))
    return edits or None
