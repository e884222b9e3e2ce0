"""What edits do to the facts of a file: which they change, and whether they do any harm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nixlint_ort.convention.vocabulary import FACTS, STEM
from nixlint_ort.source import Source, encoding_problem
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.finding import Edit
    from nixlint_ort.variant.fact import Fact

_JUDGED = tuple(name for name in FACTS if name != STEM)


def edited(variant: Variant, data: bytes) -> Variant:
    """The same file with other bytes."""
    return Variant(Source(variant.path, data), variant.convention, encoding_problem(data), variant.read)


def changed_facts(before: Variant, after: Variant) -> frozenset[str]:
    """The names of the facts that are not the same in both."""
    return frozenset(name for name in _JUDGED if _shown(before.fact(name)) != _shown(after.fact(name)))


def _shown(fact: Fact) -> tuple[object, bool]:
    return fact.value, fact.absent


def written_at(variant: Variant, edits: Sequence[Edit]) -> frozenset[str]:
    """The names of the facts of which some part is written where the edits are made."""
    spans = [(edit.start, edit.end) for edit in edits]
    found = set()
    for name in _JUDGED:
        pieces = [piece.origin.span for item in variant.fact(name).items or () for piece in item.pieces]
        if any(start <= piece.end and piece.start <= end for start, end in spans for piece in pieces):
            found.add(name)
    return frozenset(found)


def harm(variant: Variant, data: bytes, meant: frozenset[str]) -> str | None:
    """What is wrong with turning a file into these bytes if only the `meant` facts may change; None if nothing is."""
    after = edited(variant, data)
    if not after.judgeable:
        return "it would break the syntax of the file"
    others = unmeant(variant, after, meant)
    return f"it would also change {', '.join(sorted(others))}" if others else None


def unmeant(before: Variant, after: Variant, meant: frozenset[str]) -> frozenset[str]:
    """The names of the facts that are not the same in both, and are neither `meant`, nor a whole of it, nor unknown."""
    wholes = {FACTS[name].part_of for name in meant if name in FACTS}
    unknown = {name for name in _JUDGED if before.fact(name).unknown is not None}
    return changed_facts(before, after) - meant - wholes - unknown
