"""Brings the places of a fact home: what an imported file says is said where the variant imports that file."""

from __future__ import annotations

from dataclasses import replace

from nixlint_ort.nix.evaluation import Evaluation
from nixlint_ort.nix.values import Form, NixString, Origin, Piece
from nixlint_ort.variant.fact import Fact


def at_home(evaluation: Evaluation, fact: Fact) -> Fact:
    """The fact with places in imported files replaced by where they are imported, so that nothing is edited there."""
    if not evaluation.imports:
        return fact
    unknown = fact.unknown
    if unknown is not None:
        unknown = replace(unknown, origin=evaluation.home(unknown.origin))
    items = None if fact.items is None else tuple(_text_at_home(evaluation, item) for item in fact.items)
    siblings = {name: span for name, span in fact.siblings.items() if evaluation.is_home(span)}
    empty = tuple(span for span in fact.empty if evaluation.is_home(span))
    span = evaluation.home(Origin(fact.span)).span
    return fact._replace(span=span, items=items, unknown=unknown, siblings=siblings, empty=empty)


def _text_at_home(evaluation: Evaluation, text: NixString) -> NixString:
    pieces = tuple(_piece_at_home(evaluation, piece) for piece in text.pieces)
    return NixString(pieces, evaluation.home(text.origin))


def _piece_at_home(evaluation: Evaluation, piece: Piece) -> Piece:
    form = piece.form if evaluation.is_home(piece.origin.span) else Form.DERIVED
    return piece._replace(origin=evaluation.home(piece.origin), form=form)
