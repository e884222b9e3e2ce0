"""Predicates that compare one variant with what most of its peers have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING

from nixlint_ort.check.case import resolve
from nixlint_ort.check.predicates.registry import Scope, predicate
from nixlint_ort.check.violation import Replacement, Violation
from nixlint_ort.template import separators_in

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.variant.variant import Variant


@predicate(
    "fact-of-peers",
    "the fact is the one that most variants have",
    Scope.REPOSITORY,
    ("count", "total"),
    needs_fact=True,
)
def fact_of_peers(rule: Rule, context: Context) -> Iterator[Violation]:
    """One violation for each variant whose fact is not the one that most variants have."""
    for name, variants in product(rule.facts, context.peers(rule).values()):
        holders = [(variant, context.value(variant, name)) for variant in variants]
        known = [(variant, value) for variant, value in holders if isinstance(value, str)]
        counts = Counter(value for _, value in known)
        if len(counts) < 2:
            continue
        ranking = counts.most_common()
        preferred = resolve(rule.default, context.expected(known[0][0])) if rule.default else None
        most = min(ranking, key=lambda one: (-one[1], one[0] != preferred, one[0]))[0]  # of as many, the declared one
        for variant, text in known:
            if text != most:
                fact = variant.fact(name)
                wrong = (Replacement(fact.items[0], 0, len(text), most),) if fact.items else ()
                what = {"count": str(counts[most]), "total": str(len(known))}
                yield Violation(rule, variant, fact, text, most, context.expected(variant), what, wrong=wrong)


@predicate(
    "separator-of-peers",
    "the field's names are separated as most variants separate them",
    Scope.REPOSITORY,
    needs_fact=True,
)
def separator_of_peers(rule: Rule, context: Context) -> Iterator[Violation]:
    """One violation for each variant whose text separates a list in another way than most do."""
    for variants in context.peers(rule).values():
        yield from _separated(rule, context, variants)


def _separated(rule: Rule, context: Context, variants: Iterable[Variant]) -> Iterator[Violation]:
    name, field_name = rule.facts[0], rule.field or ""
    texts = [text for variant in variants if isinstance(text := context.value(variant, name), str)]
    if len({separator for text in texts for separator in separators_in(text)}) < 2:
        return
    listed = [
        (variant, field)
        for variant in variants
        if (field := (context.fitted(variant, name) or {}).get(field_name)) is not None and separators_in(field.text)
    ]
    counts = Counter(separator for _, field in listed for separator in separators_in(field.text))
    if len(counts) < 2:
        return
    most = counts.most_common(1)[0][0]
    for variant, field in listed:
        fact = variant.fact(name)
        for separator in separators_in(field.text):
            if separator != most and fact.items:
                start = field.start + field.text.index(separator)
                wrong = (Replacement(fact.items[0], start, start + len(separator), most),)
                yield Violation(rule, variant, fact, separator, most, context.expected(variant), wrong=wrong)
