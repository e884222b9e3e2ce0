"""Names that nothing binds: Nix refuses a file for one of them, whether it is used or not."""

from __future__ import annotations

from nixlint_ort.nix.lower import Problem
from nixlint_ort.nix.syntax import Node


def undefined(root: Node) -> list[Problem]:
    return []
