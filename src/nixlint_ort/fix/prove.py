"""Whether edits fix a violation and nothing else, and whether what is built stays the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from nixlint_ort.convention.vocabulary import TEXT, TEXT_IN_META
from nixlint_ort.finding import Edit, Fix, Safety
from nixlint_ort.fix.attributes import is_in_meta
from nixlint_ort.fix.bindings import only_in_meta, sees_itself
from nixlint_ort.fix.choices import is_of_others
from nixlint_ort.fix.comments import takes_comments
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.fix.verify import changed_facts, edited, unmeant, written_at
from nixlint_ort.fix.words import broken_rules, words_of
from nixlint_ort.nix.values import Form
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation


def proven(violation: Violation, edits: Sequence[Edit], meant: frozenset[str]) -> Fix | None:
    """The fix that edits come to; None where they do not fix what they should."""
    overlap = any(one.end > other.start for one, other in pairwise(sorted(edits)))
    if overlap or takes_comments(violation.variant, edits):
        return None
    if is_of_others(violation.variant, edits, words_of(violation.variant, violation.fields).notations):
        return None
    safety = safety_of(violation, edits)
    touched = written_at(violation.variant, edits)
    plain = bool(violation.wrong) and touched <= meant and safety is Safety.SAFE
    mended = frozenset() if plain else _mended(violation, edits, meant, touched)
    if mended is None:
        return None
    return Fix(safety, tuple(sorted(edits)), facts=meant | touched | mended)


def in_comment(violation: Violation) -> bool:
    """Whether a violation is about a line of the header, which nothing evaluates."""
    return violation.fact.name.startswith("header.")


def _mended(
    violation: Violation, edits: Sequence[Edit], meant: frozenset[str], touched: frozenset[str]
) -> frozenset[str] | None:
    """The facts besides the `meant` ones that edits make right, if they make the rule hold by a fact that is known.

    None where they do not, where a rule minds what else is written there, or where they change what is written
    elsewhere, such as other flags that are put together from the same list, unless that is wrong and becomes right.
    """
    before = violation.variant
    after = edited(before, apply_edits(before.source.data, edits))
    if not after.judgeable or after.fact(violation.fact.name).unknown:
        return None
    wrong = broken_rules(after, violation.fields)
    mended = {name for _, name in words_of(before, violation.fields).broken} - {name for _, name in wrong}
    if unmeant(before, after, meant | touched) - mended:
        return None
    others = changed_facts(before, after) - meant
    is_still_wrong = any(
        name in others or (rule, name) == (violation.rule.id, violation.fact.name) for rule, name in wrong
    )
    return None if is_still_wrong else frozenset(mended & others)


def safety_of(violation: Violation, edits: Sequence[Edit]) -> Safety:
    """Safe where nothing but a comment or `meta` can see the edits, unless the rule calls its fixes unsafe."""
    if violation.rule.fix is Safety.UNSAFE:
        return Safety.UNSAFE
    variant = violation.variant
    is_meta = is_in_meta(violation.fact) or violation.fact.name == TEXT_IN_META
    in_meta = is_meta and all(only_in_meta(variant, Span(edit.start, edit.end)) for edit in edits)
    is_comment = all(piece.form is Form.COMMENT for item in violation.fact.items or () for piece in item.pieces)
    unseen = (in_comment(violation) or in_meta or (violation.fact.name == TEXT and is_comment)) and not sees_itself(
        variant
    )
    return Safety.SAFE if unseen else Safety.UNSAFE
