"""A function of the file over nixpkgs' own flags for CMake that replaces the one for the architectures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixlint_ort.nix.syntax import If, Lambda, Variable
from nixlint_ort.nix.values import Form, Function, NixBool, NixString, Origin, Piece, Rest
from nixlint_ort.variant.function_form import uses

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation
    from nixlint_ort.source import Span

ARCHITECTURES = re.compile(r"-D\s*CMAKE_CUDA_ARCHITECTURES(?::[A-Z]+)?=")
"""The beginning of a flag that sets the architectures."""
_OWN = "-DCMAKE_CUDA_ARCHITECTURES:STRING=75"


def own_flag(span: Span) -> NixString:
    """The flag for the architectures that nixpkgs sets itself, as if it were written at a place."""
    return NixString((Piece(_OWN, Origin(span), Form.DERIVED),), Origin(span))


def replaced(evaluation: Evaluation, rest: Rest) -> list[NixString | Rest] | None:
    """nixpkgs' own flags and what one of them becomes; None for any other function.

    It is `flag: if … then "…" else flag`, or the other way round: all flags that it replaces become the same text,
    which is that for the architectures where nixpkgs' own flag for them becomes one.
    """
    if rest.mapped is None or rest.filters or rest.mapped[1].filters:
        return None
    thunk, own = rest.mapped
    function = evaluation.force(thunk)
    span = own.unknown.origin.span
    if not isinstance(function, Function) or not _replaces(function):
        return None
    text = evaluation.apply(function, own_flag(span))
    if not isinstance(text, NixString) or text.unknown is not None or ARCHITECTURES.match(text.text) is None:
        return None
    if text.text == _OWN:
        return None
    gone = Function("replaced", lambda *_: NixBool(False, text.origin), text.origin)
    return [Rest(own.unknown, (gone,)), text]


def _replaces(function: Function) -> bool:
    """Whether a function gives some arguments back as they are, and one text without them for all others."""
    written = function.closure[0] if function.closure else None
    if not isinstance(written, Lambda) or written.parameter is None or written.formals is not None:
        return False
    name = written.parameter.name
    body = written.body
    if not isinstance(body, If):
        return False
    return any(
        isinstance(same, Variable) and same.name == name and not uses(other, (name,))
        for same, other in ((body.consequence, body.alternative), (body.alternative, body.consequence))
    )
