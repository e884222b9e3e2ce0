"""Predicates about what can be determined of a file at all: can it be read, parsed, resolved, and is its name known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import Scope, predicate
from nixlint_ort.check.violation import Replacement, Violation
from nixlint_ort.convention.errors import nearest
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.convention.vocabulary import about as about_fact
from nixlint_ort.variant.fact import Fact, place_of
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.convention.tables import FieldValue, Table
    from nixlint_ort.template import Field

_MAX_NAMES = 200


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


def _meant(variant: Variant, unknown: list[tuple[Field, Table]], context: Context) -> dict[Field, str]:
    """What the unknown parts of a name are by the code and texts of the file: the only rows by which all rules hold.

    Rules that hold by no rows are not about these parts. Empty where no rows fit, several do, or there are too
    many, and where the repository has that variant, of which this file may be a copy that is to be another one.
    """
    from nixlint_ort.check.judge import judge

    if not variant.judgeable or prod(len(table.keys) for _, table in unknown) > _MAX_NAMES:
        return {}
    rules = [rule for rule in context.convention.rules.values() if not _is_of_name(rule)]
    other = variant
    names: dict[tuple[str, ...], str] = {}
    broken: dict[tuple[str, ...], set[str]] = {}
    for values in product(*(table.keys for _, table in unknown)):
        stem = variant.stem
        for (field, _), value in reversed([*zip(unknown, values, strict=True)]):
            stem = stem[: field.start] + value + stem[field.end :]
        other = other.renamed(stem)  # which keeps all that was worked out and is the same by each name
        if other.identity is not None:
            fields = other.identity.expected(context.convention, context.branch)
            names[values] = stem
            broken[values] = {one.rule.id for one in judge(other, rules, fields)}
    common = set.intersection(*broken.values()) if len(broken) > 1 else set()
    fitting = [values for values, ids in broken.items() if ids <= common]
    if len(fitting) != 1 or names[fitting[0]] in context.repository.names:
        return {}
    return dict(zip((field for field, _ in unknown), fitting[0], strict=True))


def _is_of_name(rule: Rule) -> bool:
    """Whether a rule is about the name itself, or about what is to be the same text."""
    return STEM in rule.facts or any(STEM in template.fields for template in rule.templates)


@predicate("resolved", "every fact that a rule needs is known", Scope.VARIANT, ("name", "reason"))
def resolved(rule: Rule, variant: Variant, context: Context) -> Iterator[Violation]:
    """One violation for each cause for which facts that rules need are not known.

    Where none of the rules of this run needs any, it is about the facts that all rules need.
    """
    from nixlint_ort.check.judge import needed_facts, unknown_facts

    if not variant.judgeable:
        return
    fields = context.expected(variant)
    facts = needed_facts(variant, context.rules, fields) or needed_facts(
        variant, context.convention.rules.values(), fields
    )
    for unknown, names in unknown_facts(facts):
        fact = Fact(names[0], place_of(unknown), unknown=unknown)
        what: dict[str, FieldValue] = {"name": tuple(about_fact(name) for name in names), "reason": unknown.reason}
        yield Violation(rule, variant, fact, None, None, fields, what)


@predicate("known-target", "each part of the file's name is in its table", Scope.VARIANT, ("word", "table"))
def known_target(rule: Rule, variant: Variant, context: Context) -> Iterator[Violation]:
    """One violation for each part of the file's name that no table knows.

    Where the file's code and texts agree on the variant that it is, its name is mended in all parts at once.
    """
    from nixlint_ort.check.judge import unknown_parts

    unknown = list(unknown_parts(variant, context.convention))
    meant = _meant(variant, unknown, context) if unknown else {}
    fact = variant.fact(STEM)
    parts = [Replacement(fact.items[0], one.start, one.end, meant[one]) for one in meant] if fact.items else []
    for number, (field, table) in enumerate(unknown):
        near = meant.get(field) or nearest(field.text, table.keys, likeness=0.5)
        wrong = tuple(parts) if number == 0 else ()
        before, after = variant.stem[: field.start].rpartition("-")[2], variant.stem[field.end :].partition("-")[0]
        what = {"word": f"{before}{field.text}{after}", "table": table.where}
        hint = f"{before}{near}{after}" if near else None
        yield Violation(rule, variant, fact, field.text, near, context.expected(variant), what, hint=hint, wrong=wrong)
