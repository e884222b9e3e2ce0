"""Predicates about which files there are: gaps in the matrix, copies, strays, and files that git does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import Scope, predicate
from nixlint_ort.check.violation import Replacement, Violation
from nixlint_ort.check.wording import stack_in_words
from nixlint_ort.convention.tables import FieldValue
from nixlint_ort.convention.vocabulary import NAME_FACT, STEM
from nixlint_ort.finding import Place, Related
from nixlint_ort.source import Source, Span
from nixlint_ort.variant.fact import Fact
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule

NO_VALUES: Mapping[str, FieldValue] = MappingProxyType({})


@predicate(
    "matrix-gap", "every variant of the release's matrix has a file", Scope.REPOSITORY, ("count", "total", "names")
)
def matrix_gap(rule: Rule, context: Context) -> Iterator[Violation]:
    """One violation for each variant that the release's matrix has and the repository lacks.

    Of a stack that lacks more than half of its variants, one for all of them: that is not a gap but work to be done.
    """
    have = context.repository.names
    if have.issuperset(context.planned):
        return
    for wanted in _wanted(context):
        missing = [variant for variant in wanted if variant.stem not in have]
        if 2 * len(missing) <= len(wanted):
            for variant in missing:
                yield _gap(rule, context, variant)
        else:
            names = tuple(variant.stem for variant in missing)
            what: dict[str, FieldValue] = {
                "count": str(len(missing)),
                "total": str(len(wanted)),
                "names": names,
            }
            yield _gap(rule, context, missing[0], "stack", what)


def _gap(
    rule: Rule, context: Context, variant: Variant, case: str | None = None, what: Mapping[str, FieldValue] = NO_VALUES
) -> Violation:
    identity = variant.identity
    fields = identity.expected(context.convention, context.branch) if identity else {}
    expected = variant.stem if case is None else None
    return Violation(rule, variant, Fact(STEM, Span(0, 0)), None, expected, fields, what, case)


def _wanted(context: Context) -> list[list[Variant]]:
    """The variants of a release's matrix, those of each stack by themselves, without what is in their files."""
    convention, matrices = context.convention, context.repository.matrices
    if context.branch not in matrices:
        by_stack: dict[str, list[Variant]] = {}
        for stem in context.planned:
            variant = Variant(Source(convention.path_of(stem), b""), convention)
            by_stack.setdefault(stack_in_words(variant), []).append(variant)
        matrices[context.branch] = list(by_stack.values())
    return matrices[context.branch]


@predicate("not-a-variant", "every file is a variant", Scope.VARIANT)
def not_a_variant(rule: Rule, variant: Variant, context: Context) -> Iterator[Violation]:
    """One violation where the file's name does not even begin like that of a variant."""
    if variant.identity is None and not variant.stem.startswith(context.convention.package):
        from nixlint_ort.check.operators import nearest_stem

        near = nearest_stem(variant)
        fact = variant.fact(STEM)
        wrong = (Replacement(fact.items[0], 0, len(variant.stem), near),) if near and fact.items else ()
        hint = f"{near}.nix" if near else None
        yield Violation(rule, variant, fact, variant.stem, near, {}, hint=hint, wrong=wrong)


@predicate("duplicate-name", "no two files call themselves the same", Scope.REPOSITORY, ("other",))
def duplicate_name(rule: Rule, context: Context) -> Iterator[Violation]:
    """One violation for each file that calls itself what another file is named."""
    by_stem: dict[str, Variant] = {}
    for variant in context.variants:
        first = by_stem.setdefault(variant.stem, variant)
        if first is not variant:
            note = Related(Place(first.source, Span(0, 0)), "the other file of this name")
            fact, fields = variant.fact(STEM), context.expected(variant)
            yield Violation(
                rule, variant, fact, variant.stem, None, fields, {"other": first.path}, "file", notes=(note,)
            )
    for variant in context.judgeable:
        other = by_stem.get(str(context.value(variant, NAME_FACT)))
        if other is not None and other is not variant:
            fact = variant.fact(NAME_FACT)
            note = Related(Place(other.source, Span(0, 0)), "the file of this name")
            fields = context.expected(variant)
            what = {"other": other.path}
            yield Violation(rule, variant, fact, str(fact.value), variant.stem, fields, what, notes=(note,))


@predicate("tracked", "git tracks the file", Scope.REPOSITORY)
def untracked(rule: Rule, context: Context) -> Iterator[Violation]:
    """One violation for each variant that git does not track; none where there is no git to ask."""
    for variant in context.variants:
        if not context.repository.is_tracked(variant.path):
            yield Violation(rule, variant, variant.fact(STEM), variant.path, None, context.expected(variant))
