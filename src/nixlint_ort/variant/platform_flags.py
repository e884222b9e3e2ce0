"""The flags that wrapped compilers get by the platform of their stdenv (nixpkgs, pkgs/build-support/cc-wrapper)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.nix.values import Form, NixAttrs, NixString, Piece, Unknown, Value
from nixlint_ort.variant.from_value import as_text, why_unknown
from nixlint_ort.variant.shell_state import Variable

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation
    from nixlint_ort.source import Span


def platform_flags(evaluation: Evaluation, gcc: Value, span: Span) -> Variable:
    """`-march` and `-mtune` as a platform's attribute `gcc` has them; unknown, at `span`, where that cannot be read."""
    if not isinstance(gcc, NixAttrs) or gcc.rest is not None:
        return Variable(unknown=why_unknown(gcc, "a platform that is known", span))
    words = []
    for name in sorted(gcc.attributes):
        text = as_text(evaluation.force(gcc.attributes[name]))
        if isinstance(text, Unknown) or name not in ("arch", "tune"):
            why = Unknown("nixlint-ort does not evaluate this platform of nixpkgs", gcc.origin)
            return Variable(unknown=text if isinstance(text, Unknown) else why)
        option = "-march=" if name == "arch" else "-mtune="
        words.append(NixString((Piece(option, text.origin, Form.DERIVED), *text.pieces), text.origin))
    return Variable(tuple(words))
