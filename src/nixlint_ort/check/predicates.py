"""The predicates that rules name with `check`: what one fact and one expectation cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nixlint_ort.check.completeness import duplicate_name, matrix_gap, not_a_variant, untracked
from nixlint_ort.check.legibility import known_target, readable, resolved, syntax
from nixlint_ort.check.likeness import code_of_peers
from nixlint_ort.check.peers import fact_of_peers, separator_of_peers
from nixlint_ort.check.provenance import pinned

if TYPE_CHECKING:
    from nixlint_ort.check.survey import Survey
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.convention import Rule

PREDICATES: dict[str, Callable[[Rule, Survey], Iterable[Violation]]] = {
    "syntax": syntax,
    "readable": readable,
    "resolved": resolved,
    "known-target": known_target,
    "fact-of-peers": fact_of_peers,
    "separator-of-peers": separator_of_peers,
    "pinned": pinned,
    "matrix-gap": matrix_gap,
    "not-a-variant": not_a_variant,
    "duplicate-name": duplicate_name,
    "tracked": untracked,
    "code-of-peers": code_of_peers,
}
