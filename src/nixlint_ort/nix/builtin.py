"""Nix's builtins that are modelled, by name."""

from __future__ import annotations

from nixlint_ort.nix import builtin_lists, builtin_strings, builtin_types
from nixlint_ort.nix.primitives import Table

BUILTINS: Table = {**builtin_lists.TABLE, **builtin_strings.TABLE, **builtin_types.TABLE}
GLOBALS = frozenset(
    [
        "abort",
        "baseNameOf",
        "break",
        "derivation",
        "dirOf",
        "fetchGit",
        "fetchMercurial",
        "fetchTarball",
        "fetchTree",
        "fromTOML",
        "import",
        "isNull",
        "map",
        "placeholder",
        "removeAttrs",
        "scopedImport",
        "throw",
        "toString",
        "derivationStrict",
    ]
)
"""Builtins that can be written without `builtins.` before them."""
