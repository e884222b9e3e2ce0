"""Finds what several violations of one file have in common, so that one cause gives one violation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Severity

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.source import Span


def merge(violations: Iterable[Violation]) -> list[Violation]:
    """One violation for each cause.

    Where a rule says that it comes after another, or where two blame the same bytes, one has caused the other: the
    worse one, so that no run succeeds with an error behind a hint.
    """
    violations = list(violations)
    broken = {one.rule.id for one in violations}
    kept: list[Violation] = []
    worst = list(Severity)

    def order(one: Violation) -> tuple[object, ...]:
        return (
            one.weak,
            not broken.isdisjoint(one.rule.after),
            worst.index(one.severity),
            one.is_outside,
            one.rule.precedence,
            one.span,
        )

    for violation in sorted(violations, key=order):
        cause = next((one for one in kept if _same_cause(one, violation)), None)
        if cause is None:
            kept.append(violation)
        else:
            cause.reaches.append(violation)
    return kept


def _same_cause(one: Violation, other: Violation) -> bool:
    if any(cause.rule.id in other.rule.after for cause in (one, *one.reaches)):
        return True
    if other.weak:
        return not one.weak and _explains(one, other.span)
    if one.missing and other.missing and one.rule is not other.rule:
        return False
    if STEM in (one.fact.name, other.fact.name):
        return False
    return any(a.start < b.end and b.start < a.end for a in one.blamed for b in other.blamed)


def _explains(cause: Violation, span: Span) -> bool:
    """Whether something that is wrong stands or is used where, or is missing from where, a file is unlike its peers."""
    if cause.is_outside:
        return False
    if cause.missing and cause.fact.span.start <= span.start <= cause.fact.span.end:
        return True
    line_of = cause.variant.source.position
    first, last = line_of(span.start).line, line_of(span.end).line
    lines = [(line_of(one.start).line, line_of(one.end).line) for one in (*cause.blamed, *cause.through)]
    return cause.fact.name != STEM and any(start <= last and first <= end for start, end in lines)
