"""What reaches CMAKE_CUDA_ARCHITECTURES: the flags of the file, and nixpkgs' own where nothing filters it out."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from nixlint_ort.nix.values import Form, NixBool, NixList, NixString, Origin, Package, Piece, Rest, Unknown
from nixlint_ort.variant.fact import Fact, as_text, cut

if TYPE_CHECKING:
    from nixlint_ort.variant.derivation import Derivation

_ARCHITECTURES = re.compile(r"-D\s*CMAKE_CUDA_ARCHITECTURES(?::[A-Z]+)?=")
NIXPKGS_OWN = "nixpkgs' own list"
"""Stands for the architectures that nixpkgs builds for, where they reach CMake."""
_PROBE = "-DCMAKE_CUDA_ARCHITECTURES:STRING=75"
"""The flag that nixpkgs sets itself; a filter that lets it through leaves two architectures in the build."""


def cmake_cuda_architectures(derivation: Derivation, name: str, layer: Package) -> Fact:
    """The fact: the architectures that reach CMake, a list where there are several."""
    value = derivation.evaluation.attribute(layer, "cmakeFlags")
    if not isinstance(value, NixList):
        return derivation.from_value(name, value, layer.origin.span)
    items = derivation.evaluation.items(value)
    if isinstance(items, Unknown):
        return Fact(name, items.origin.span, unknown=items)
    found: list[NixString] = []
    for item in items:
        if isinstance(item, Rest):
            survivor = _surviving(derivation, item)
            if isinstance(survivor, Unknown):
                return Fact(name, survivor.origin.span, unknown=survivor)
            found += survivor
            continue
        if isinstance(item, NixString) and _is_another_flag(item):
            continue
        text = as_text(item)
        if isinstance(text, Unknown):
            return Fact(name, text.origin.span, unknown=text)
        match = _ARCHITECTURES.match(text.text)
        if match is not None:
            found.append(cut(text, match.end(), len(text.text)))
    if not found:
        return Fact(name, value.origin.span, reason="no flag sets CMAKE_CUDA_ARCHITECTURES")
    return Fact(name, found[-1].origin.span, tuple(found), is_list=len(found) > 1)


def _is_another_flag(flag: NixString) -> bool:
    """Whether what is known of a flag before anything unknown names something else than the architectures."""
    known = "".join(piece.text for piece in takewhile(lambda piece: piece.unknown is None, flag.pieces))
    return "=" in known and _ARCHITECTURES.match(known) is None


def _surviving(derivation: Derivation, rest: Rest) -> list[NixString] | Unknown:
    """What nixpkgs' own flag for the architectures brings to CMake: nothing if it is filtered out."""
    span = rest.unknown.origin.span
    probe = NixString((Piece(_PROBE, Origin(span), Form.DERIVED),), Origin(span))
    for predicate in rest.filters:
        kept = derivation.evaluation.apply(predicate, probe)
        if isinstance(kept, NixBool) and not kept.value:
            return []
        if isinstance(kept, Unknown):
            return kept
    origin = Origin(span)
    return [NixString((Piece(NIXPKGS_OWN, origin, Form.DERIVED),), origin)]
