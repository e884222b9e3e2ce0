"""Judges each variant by itself; of those that break nothing, only what rules that compare variants ask for is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from nixlint_ort.check.all_predicates import functions
from nixlint_ort.check.predicates.registry import LIKE_ITS_PEERS, OF_NIXPKGS_USE, Scope
from nixlint_ort.check.second_process import SecondProcess, is_worth_while
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
    each = Each(context)
    with ExitStack() as stack:
        second: SecondProcess | None = None
        theirs: frozenset[str] = frozenset()
        for variant in variants:
            if variant.path in theirs or context.verdicts.recall(variant) is not None:
                continue
            each.judge(variant)
            if second is None and context.in_two_processes:  # all that judging imports is there now
                left = [one for one in context.variants if one.path not in each.seen and not context.is_sound(one)]
                second = _begun(left[::2], each, stack) if is_worth_while(len(left)) else None
                context = context._replace(in_two_processes=False)
                theirs = frozenset(one.path for one in second.variants) if second else frozenset()
        for variant, report in zip(second.variants, second.reports(), strict=True) if second else ():
            each.take(variant, report)
    return each.broken


def _begun(variants: Sequence[Variant], each: Each, stack: ExitStack) -> SecondProcess | None:
    try:
        return stack.enter_context(SecondProcess(variants, each.report))
    except OSError:  # there may be no more processes
        return None


class Each:
    """The variants of a run that were judged one by one, and what they break."""

    def __init__(self, context: Context) -> None:
        self.broken: dict[str, list[Violation]] = {}
        self.seen: set[str] = set()
        self._context = context
        self._checks = {rule.check for rule in context.rules}
        of_all = functions(Scope.REPOSITORY)
        self._asked = {name for rule in context.rules if rule.check in of_all for name in rule.facts} - {STEM}

    def judge(self, variant: Variant) -> None:
        """Judge a variant, and keep what it breaks, or else what rules that compare variants ask for."""
        self.seen.add(variant.path)
        found = judge_one(variant, self._context)
        variant.judged()
        if found:
            self.broken[variant.path] = found
            if variant.judgeable and variant.identity is not None:
                self._context.verdicts.note_unsound(variant, self._remembered(variant))
        elif variant.identity is not None:
            self._context.verdicts.note(variant, self._remembered(variant))
            variant.let_go()

    def report(self, variant: Variant) -> tuple[object, ...] | None:
        """What another process needs to know of a variant that breaks nothing; None for any other."""
        is_sound = not judge_one(variant, self._context) and variant.identity is not None
        report = (tuple(self._remembered(variant)), variant.imports) if is_sound else None
        variant.let_go()
        return report

    def take(self, variant: Variant, report: tuple[tuple[Any, ...], tuple[str, ...]] | None) -> None:
        """Take over such a report; a variant without one is judged."""
        if report is None:
            self.judge(variant)
            return
        remembered, imports = report
        variant.judged(imports)
        self._context.verdicts.note(variant, Remembered(*remembered))

    def _remembered(self, variant: Variant) -> Remembered:
        from nixlint_ort.variant.normal_form import outline

        return Remembered(
            {name: variant.value(name) for name in self._asked},
            outline(variant) if LIKE_ITS_PEERS in self._checks else None,
            tuple(variant.nixpkgs_use) if OF_NIXPKGS_USE & self._checks else None,
        )


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
