"""Nix's builtins that are evaluated, by name."""

from __future__ import annotations

from nixlint_ort.nix import builtin_attrs, builtin_lists, builtin_strings, builtin_types
from nixlint_ort.nix.primitives import Table

BUILTINS: Table = {
    **builtin_attrs.TABLE,
    **builtin_lists.TABLE,
    **builtin_strings.TABLE,
    **builtin_types.TABLE,
}
