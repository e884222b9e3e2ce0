"""Judges each variant by itself; of those that break nothing, only what rules that compare variants ask for is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nixlint_ort.check.all_predicates import functions
from nixlint_ort.check.predicates.registry import LIKE_ITS_PEERS, OF_NIXPKGS_USE, Scope
from nixlint_ort.check.verdict_cache import Remembered
from nixlint_ort.convention.vocabulary import STEM, TEXTS

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.variant.variant import Variant


def judge_each(variants: Iterable[Variant], context: Context) -> dict[str, list[Violation]]:
    """What the variants break by themselves, by path; those that break nothing are not in it.

    So memory and time grow with what is wrong or new: a variant that broke nothing when it was last judged by the
    same rules, in this run or in an earlier one, is not read again.
    """
    checks = {rule.check for rule in context.rules}
    of_all = functions(Scope.REPOSITORY)
    asked = {name for rule in context.rules if rule.check in of_all for name in rule.facts} - {STEM}
    broken: dict[str, list[Violation]] = {}
    for variant in variants:
        if context.verdicts.recall(variant) is not None:
            continue
        found = judge_one(variant, context)
        if found:
            broken[variant.path] = found
        elif variant.identity is not None:
            from nixlint_ort.variant.normal_form import outline

            remembered = Remembered(
                {name: variant.value(name) for name in asked},
                outline(variant) if LIKE_ITS_PEERS in checks else None,
                tuple(variant.nixpkgs_use) if OF_NIXPKGS_USE & checks else None,
            )
            context.verdicts.note(variant, remembered)
            variant.let_go()
    return broken


def judge_one(variant: Variant, context: Context) -> list[Violation]:
    """What a variant breaks by itself.

    Where the name is wrong, only what a right name would not end is the contents' own fault.
    """
    from nixlint_ort.check.judge import judge  # not where every variant is remembered

    rules = context.rules
    found = _by_predicates(variant, context)
    if not variant.judgeable:
        return found
    own = list(judge(variant, rules, context.expected(variant)))
    name = next((one for one in (*found, *own) if one.corrected_stem), None)
    if name is None or name.corrected_stem is None:
        return [*found, *own]
    other = variant.renamed(name.corrected_stem)
    still = {(one.rule.id, one.fact.name) for one in judge(other, rules, context.expected(other))}
    in_texts = {one.span for one in _by_predicates(other, context) if one.fact.name in TEXTS}
    return [
        *(one for one in found if one.fact.name not in TEXTS or one.span in in_texts),
        *(one for one in own if one is name or (one.rule.id, one.fact.name) in still),
    ]


def _by_predicates(variant: Variant, context: Context) -> list[Violation]:
    of_one = functions(Scope.VARIANT)
    return [
        violation
        for rule in context.rules
        if rule.check in of_one
        for violation in of_one[rule.check](rule, variant, context)
    ]
