"""What reaches CMAKE_CUDA_ARCHITECTURES: of several flags the last one, be it the file's or nixpkgs' own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixlint_ort.nix.values import (
    Form,
    NixAttrs,
    NixBool,
    NixList,
    NixString,
    Origin,
    Package,
    Piece,
    Rest,
    Unknown,
    Value,
)
from nixlint_ort.variant.fact import Fact, cut
from nixlint_ort.variant.from_value import BY_NIXPKGS, as_text, unknown_fact, why_unknown
from nixlint_ort.variant.mapped_flags import ARCHITECTURES, own_flag

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation
    from nixlint_ort.variant.build import Build

_OTHER_WAYS = re.compile(r"-D\s*CMAKE_CUDA_FLAGS(?::[A-Z]+)?=.*(?:gencode|-arch|--gpu)")
_NAMED = re.compile(r"-D\s*(?P<name>\w+)(?::[A-Z]+)?=")
NIXPKGS_OWN = "nixpkgs' own list"
"""Stands for the architectures that nixpkgs builds for, where they reach CMake."""


def cuda_architectures(evaluation: Evaluation, name: str, build: Build, layer: Package) -> Fact:
    """The fact: what the last flag says. A flag that nixpkgs sets itself counts where no filter takes it out."""
    line = build.command_line
    for flag in reversed(line):
        if isinstance(flag, Unknown):
            return unknown_fact(name, flag)
        if isinstance(flag, Rest):
            survives = _survives(evaluation, flag)
            if isinstance(survives, Unknown):
                return unknown_fact(name, survives)
            if survives:
                return _of_nixpkgs(evaluation, name, layer, is_alone=len(line) == 1)
            continue
        found = _of_flag(name, flag)
        if found is not None:
            return found
    own = build.attribute("cmakeFlags")
    span = own.origin.span if isinstance(own, NixList | NixString) else build.span
    return Fact(name, span, reason="no flag sets CMAKE_CUDA_ARCHITECTURES")


def _of_flag(name: str, flag: NixString) -> Fact | None:
    """What one flag says of the architectures; None where it is about something else."""
    match = ARCHITECTURES.match(flag.text)
    if _OTHER_WAYS.match(flag.text):
        return unknown_fact(name, Unknown("nvcc is told architectures by CMAKE_CUDA_FLAGS", flag.origin))
    if match is None:
        known = _NAMED.match(flag.text)
        certain = flag.unknown is None or (known is not None and known["name"] != "CMAKE_CUDA_ARCHITECTURES")
        return None if certain else unknown_fact(name, flag.unknown or Unknown("", flag.origin))
    value = cut(flag, match.end(), len(flag.text))
    text = as_text(value)
    return unknown_fact(name, text) if isinstance(text, Unknown) else Fact(name, text.origin.span, (text,))


def _survives(evaluation: Evaluation, rest: Rest) -> bool | Unknown:
    """Whether nixpkgs' own flag for the architectures gets through the filters on its flags."""
    span = rest.unknown.origin.span
    probe = own_flag(span)
    for predicate in rest.filters:
        kept = evaluation.apply(predicate, probe)
        if isinstance(kept, NixBool) and not kept.value:
            return False
        if not isinstance(kept, NixBool):
            return why_unknown(kept, "a filter that can be told", span)
    return True


def _of_nixpkgs(evaluation: Evaluation, name: str, layer: Package, *, is_alone: bool) -> Fact:
    """nixpkgs' own list, which `config.cudaCapabilities` decides where the file sets it."""
    config = evaluation.config(layer.root)
    span = layer.origin.span
    if isinstance(config, NixAttrs) and "cudaCapabilities" in config.attributes:
        return _of_capabilities(evaluation, name, evaluation.select(config, "cudaCapabilities"), layer)
    if isinstance(config, Unknown) or (isinstance(config, NixAttrs) and config.rest and config.rest.own is None):
        return unknown_fact(name, why_unknown(config if isinstance(config, Unknown) else config.rest, "a set", span))
    if is_alone:
        return Fact(name, span, reason=BY_NIXPKGS)
    origin = Origin(span)
    return Fact(name, span, (NixString((Piece(NIXPKGS_OWN, origin, Form.DERIVED),), origin),))


def _of_capabilities(evaluation: Evaluation, name: str, value: Value | None, layer: Package) -> Fact:
    items = evaluation.items(value) if isinstance(value, NixList) else None
    if not isinstance(value, NixList) or not isinstance(items, list):
        return unknown_fact(name, why_unknown(value, "a list of capabilities", layer.origin.span))
    texts: list[str] = []
    for item in items:
        text = item.unknown if isinstance(item, Rest) else as_text(item)
        if isinstance(text, Unknown):
            return unknown_fact(name, text)
        texts.append(text.text.replace(".", ""))
    piece = Piece(";".join(texts), value.origin, Form.DERIVED)
    return Fact(name, value.origin.span, (NixString((piece,), value.origin),))
