"""Runs all rules over a repository, and words each violation as a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.all_predicates import functions
from nixlint_ort.check.causes import Explanations, blames_what_is_right, merge, told_once
from nixlint_ort.check.context import Context
from nixlint_ort.check.documents import judge_documents
from nixlint_ort.check.each import judge_each
from nixlint_ort.check.predicates.registry import Scope
from nixlint_ort.check.suppression import apply, faulty
from nixlint_ort.check.violation import TextViolation
from nixlint_ort.check.wording import word
from nixlint_ort.convention import Rule
from nixlint_ort.finding import Finding

if TYPE_CHECKING:
    from nixlint_ort.check.result import Suppressed
    from nixlint_ort.check.verdict_cache import VerdictCache
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.repository.release import Release
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.variant.variant import Variant


class Checked(NamedTuple):
    """What the rules say of the files that were asked for."""

    findings: tuple[tuple[Finding, Violation | TextViolation], ...]
    """In the order of their places, each with the violation that it words."""
    suppressed: tuple[Suppressed, ...] = ()
    broken: frozenset[tuple[str, str]] = frozenset()
    """Each rule that does not hold with the path of the file, also where that is silenced or an effect of another."""


def check(  # noqa: PLR0913
    repository: Repository,
    release: Release,
    rules: Mapping[str, Rule],
    verdicts: VerdictCache,
    watched: Callable[[Sequence[Variant]], Iterable[Variant]] = iter,
    *,
    in_two_processes: bool = False,
) -> Checked:
    """Judge every variant by the given rules, and report on the files that were asked for.

    `verdicts` tells what earlier runs found; `watched` is told of each variant as its turn comes. Where there are many
    and it may be done `in_two_processes`, a second one judges some of them.
    """
    verdicts.tidy(repository)
    chosen = tuple(rules.values())
    context = Context(repository, release.branch, chosen, verdicts, in_two_processes)
    by_variant = judge_each(watched(repository.variants), context)
    of_all = functions(Scope.REPOSITORY)
    for rule in chosen:
        if rule.check in of_all:
            for violation in of_all[rule.check](rule, context):
                by_variant.setdefault(violation.variant.path, []).append(violation)
    broken = {(one.rule.id, path) for path, every in by_variant.items() for one in every if not one.is_outside}
    _drop_what_peers_break(repository, by_variant)
    found: list[tuple[Finding, Violation | TextViolation]] = []
    suppressed: list[Suppressed] = []
    names: dict[str, str] = {}
    for variant in repository.variants:
        names[variant.path] = variant.stem
        if variant.path in repository.chosen:
            violations = merge(_without_effects(by_variant.pop(variant.path, [])))
            kept, silenced, comments = apply(variant, [(word(one), one) for one in violations])
            found += told_once(kept)
            suppressed += silenced
            found.extend((word(one), one) for one in faulty(variant, comments, rules, context))
            corrected = next((one.corrected_stem for one in violations if one.corrected_stem), None)
            names[variant.path] = corrected or variant.stem
    if repository.is_whole:  # what is left is about files that there should be, and that have no wrong name
        absent = [one for rest in by_variant.values() for one in rest if one.variant.stem not in names.values()]
        found.extend((word(one), one) for one in absent)
        false, silenced_there = judge_documents(context, names)
        found.extend((word(one), one) for one in false)
        suppressed += silenced_there
    found.sort(key=lambda one: one[0].sort_key)
    own = (finding for finding, one in found if isinstance(one, TextViolation) or not one.is_outside)
    broken |= {(finding.rule, finding.place.path) for finding in own}
    return Checked(tuple(found), tuple(suppressed), frozenset(broken))


def _without_effects(violations: list[Violation]) -> list[Violation]:
    """The violations but for those that a rule about the repository has named as effects of what it found."""
    effects = {(one.rule.id, one.fact.name) for cause in violations for one in cause.reaches}
    return [one for one in violations if (one.rule.id, one.fact.name) not in effects]


def _drop_what_peers_break(repository: Repository, by_variant: dict[str, list[Violation]]) -> None:
    """Take away what says that a file is unlike its peers where these break a rule, and do not silence that."""
    peers = {note.place.path for every in by_variant.values() for one in every if one.weak for note in one.notes}
    spoken: dict[str, Explanations] = {}
    for variant in repository.variants:
        if variant.path in peers:
            violations = [one for one in by_variant.get(variant.path, ()) if not one.weak]
            kept, _, _ = apply(variant, [(word(one), one) for one in violations])
            spoken[variant.path] = Explanations(one for _, one in kept)
    for path, every in by_variant.items():
        by_variant[path] = [one for one in every if not blames_what_is_right(one, spoken)]
