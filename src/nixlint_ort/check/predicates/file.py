"""Predicates about what can be determined of a file at all: can it be read, parsed, resolved, and is its name known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import Scope, predicate
from nixlint_ort.check.violation import Replacement, Violation
from nixlint_ort.convention.errors import nearest
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.convention.vocabulary import about as about_fact
from nixlint_ort.variant.fact import Fact, place_of

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.convention.tables import FieldValue
    from nixlint_ort.variant.variant import Variant


@predicate("syntax", "the file is Nix as this tool reads it", Scope.VARIANT, ("reason",))
def syntax(rule: Rule, variant: Variant, _: Context) -> Iterator[Violation]:
    """One violation for each place that is not Nix as this tool reads it."""
    if variant.problem is None:
        for problem in variant.document.problems:
            yield Violation(rule, variant, Fact("file", problem.span), None, None, {}, {"reason": problem.message})


@predicate("readable", "the file can be read as text", Scope.VARIANT, ("reason",))
def readable(rule: Rule, variant: Variant, _: Context) -> Iterator[Violation]:
    """One violation where the file cannot be read as text."""
    if variant.problem is not None:
        fact = Fact("file", variant.problem.span)
        yield Violation(rule, variant, fact, None, None, {}, {"reason": variant.problem.message})


@predicate("resolved", "every fact that a rule needs is known", Scope.VARIANT, ("name", "reason"))
def resolved(rule: Rule, variant: Variant, context: Context) -> Iterator[Violation]:
    """One violation for each cause for which facts that rules need are not known.

    Where none of the rules of this run needs any, it is about the facts that all rules need.
    """
    from nixlint_ort.check.judge import needed_facts, unknown_facts

    if not variant.judgeable:
        return
    facts = needed_facts(variant, context.rules) or needed_facts(variant, context.convention.rules.values())
    for unknown, names in unknown_facts(facts):
        fact = Fact(names[0], place_of(unknown), unknown=unknown)
        what: dict[str, FieldValue] = {"name": tuple(about_fact(name) for name in names), "reason": unknown.reason}
        yield Violation(rule, variant, fact, None, None, context.expected(variant), what)


@predicate("known-target", "each part of the file's name is in its table", Scope.VARIANT, ("word", "table"))
def known_target(rule: Rule, variant: Variant, context: Context) -> Iterator[Violation]:
    """One violation for each part of the file's name that no table knows."""
    from nixlint_ort.check.judge import unknown_parts

    for field, table in unknown_parts(variant, context.convention):
        fact = variant.fact(STEM)
        near = nearest(field.text, table.keys, likeness=0.5)
        wrong = (Replacement(fact.items[0], field.start, field.end, near),) if near and fact.items else ()
        before, after = variant.stem[: field.start].rpartition("-")[2], variant.stem[field.end :].partition("-")[0]
        what = {"word": f"{before}{field.text}{after}", "table": table.where}
        hint = f"{before}{near}{after}" if near else None
        yield Violation(rule, variant, fact, field.text, near, context.expected(variant), what, hint=hint, wrong=wrong)
