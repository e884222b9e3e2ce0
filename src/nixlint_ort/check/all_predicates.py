"""All predicates by name: importing this module registers each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nixlint_ort.check import commits, suppression
from nixlint_ort.check.claims import checks
from nixlint_ort.check.predicates import file, odd_one_out, peers, pin, pinning, renamed, repository, texts
from nixlint_ort.check.predicates.registry import PREDICATES
from nixlint_ort.convention.rule import Check

if TYPE_CHECKING:
    from nixlint_ort.check.predicates.registry import Scope
    from nixlint_ort.check.violation import Violation

REGISTERING = (
    commits,
    suppression,
    checks,
    file,
    odd_one_out,
    peers,
    pin,
    pinning,
    renamed,
    repository,
    texts,
)
"""The modules that have predicates."""
CHECKS = {name: Check(one.arguments, one.needs_fact) for name, one in PREDICATES.items()}
"""What each of them gives the messages of its rules, by name."""
__all__ = ["CHECKS", "PREDICATES", "functions"]


def functions(scope: Scope) -> dict[str, Callable[..., Iterable[Violation]]]:
    """The functions of all predicates of a scope, by name."""
    return {name: one.function for name, one in PREDICATES.items() if one.scope is scope and one.function is not None}
