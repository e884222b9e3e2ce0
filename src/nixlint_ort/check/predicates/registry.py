"""The predicates that rules name with `check`: what one fact and one expectation cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.file import known_target, readable, resolved, syntax
from nixlint_ort.check.predicates.odd_one_out import code_of_peers
from nixlint_ort.check.predicates.peers import fact_of_peers, separator_of_peers
from nixlint_ort.check.predicates.pinning import pinned
from nixlint_ort.check.predicates.repository import duplicate_name, matrix_gap, not_a_variant, untracked

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.convention import Rule
    from nixlint_ort.variant.variant import Variant

OF_A_VARIANT: dict[str, Callable[[Rule, Variant, Context], Iterable[Violation]]] = {
    "syntax": syntax,
    "readable": readable,
    "resolved": resolved,
    "known-target": known_target,
    "pinned": pinned,
    "not-a-variant": not_a_variant,
}
"""What holds of one variant whatever others there are."""

LIKE_ITS_PEERS = "code-of-peers"
OF_ALL_VARIANTS: dict[str, Callable[[Rule, Context], Iterable[Violation]]] = {
    "fact-of-peers": fact_of_peers,
    "separator-of-peers": separator_of_peers,
    "matrix-gap": matrix_gap,
    "duplicate-name": duplicate_name,
    "tracked": untracked,
    LIKE_ITS_PEERS: code_of_peers,
}
"""What needs all variants. Of most it asks only for the values of its rule's facts, or for the outline of the code."""
