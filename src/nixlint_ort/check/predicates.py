"""The predicates that rules name with `check`: what one fact and one expectation cannot say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nixlint_ort.check.judge import unknown_facts, unknown_parts
from nixlint_ort.check.violation import Violation, Wrong
from nixlint_ort.convention.convention import STEM
from nixlint_ort.convention.errors import nearest
from nixlint_ort.convention.vocabulary import FACTS
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.variant.variant import Variant


@dataclass(frozen=True, slots=True)
class Survey:
    """The whole repository as the predicates see it: every variant, and the fields expected of each."""

    convention: Convention
    rules: tuple[Rule, ...]
    variants: tuple[Variant, ...]
    fields: Mapping[str, Fields]

    @property
    def judgeable(self) -> Iterator[Variant]:
        """The variants that could be read and parsed."""
        return (variant for variant in self.variants if variant.judgeable)


def syntax(rule: Rule, survey: Survey) -> Iterator[Violation]:
    """One violation for each place that is not Nix as this tool reads it."""
    for variant in survey.variants:
        if variant.problem is None:
            for problem in variant.document.problems:
                fact = Fact("file", problem.span)
                yield Violation(rule, variant, fact, problem.message, "", {})


def readable(rule: Rule, survey: Survey) -> Iterator[Violation]:
    """One violation for each file that cannot be read as text."""
    for variant in survey.variants:
        if variant.problem is not None:
            fact = Fact("file", variant.problem.span)
            yield Violation(rule, variant, fact, variant.problem.message, "", {})


def resolved(rule: Rule, survey: Survey) -> Iterator[Violation]:
    """One violation for each cause for which facts that rules need are not known."""
    for variant in survey.judgeable:
        for unknown, names in unknown_facts(variant, survey.rules):
            fact = Fact(names[0], unknown.origin.span, unknown=unknown)
            about = ", ".join(f"{name} ({FACTS[name]})" for name in names[:1])
            more = f" and {len(names) - 1} more facts" if len(names) > 1 else ""
            yield Violation(rule, variant, fact, unknown.reason, about + more, survey.fields[variant.path])


def known_target(rule: Rule, survey: Survey) -> Iterator[Violation]:
    """One violation for each part of a file's name that no table knows."""
    for variant in survey.variants:
        fact = variant.fact(STEM)
        for field, table in unknown_parts(variant, survey.convention):
            near = nearest(field.text, table.keys, likeness=0.5)
            hint = f"; did you mean {near}?" if near else ""
            expected = f"{table.path} has no {table.key} {field.text}{hint}"
            wrong = (Wrong(fact.items[0], field.start, field.end, near),) if near and fact.items else ()
            yield Violation(rule, variant, fact, field.text, expected, survey.fields[variant.path], wrong=wrong)


def fact_of_peers(rule: Rule, survey: Survey) -> Iterator[Violation]:
    """One violation for each variant whose fact is not the one that most variants have."""
    for name in rule.facts:
        holders = [(variant, variant.fact(name)) for variant in survey.judgeable if variant.identity]
        known = [(variant, fact) for variant, fact in holders if isinstance(fact.value, str)]
        counts = Counter(str(fact.value) for _, fact in known)
        if len(counts) < 2:
            continue
        ranking = counts.most_common()
        tally = ", ".join(f"{count} {'file has' if count == 1 else 'files have'} {text}" for text, count in ranking)
        if ranking[0][1] == ranking[1][1]:
            ranking = _break_tie(ranking, str(rule.default.text) if rule.default else None)
        for variant, fact in known:
            if fact.value != ranking[0][0]:
                text = str(fact.value)
                wrong = (Wrong(fact.items[0], 0, len(text), ranking[0][0]),) if fact.items else ()
                yield Violation(rule, variant, fact, text, tally, survey.fields[variant.path], wrong=wrong)


def _break_tie(ranking: list[tuple[str, int]], preferred: str | None) -> list[tuple[str, int]]:
    best = ranking[0][1]
    return sorted(ranking, key=lambda one: (one[1] != best, one[0] != preferred, one[0]))


Predicate = Callable[["Rule", Survey], Iterable[Violation]]
PREDICATES: dict[str, Predicate] = {
    "syntax": syntax,
    "readable": readable,
    "resolved": resolved,
    "known-target": known_target,
    "fact-of-peers": fact_of_peers,
}
