"""Finds what several violations of one file have in common, so that one cause gives one violation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Severity

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.source import Span


BLOCK = 1024
"""Bytes: violations that blame nothing in the same block do not blame the same bytes, and are not compared."""


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

    first_of: dict[str, int] = {}  # by a rule, the first one kept of which it is, or which has caused one of it
    near: dict[int, list[int]] = {}  # by a block of bytes, those kept that blame something in it
    for violation in sorted(violations, key=order):
        blocks = {block for span in violation.blamed for block in range(span.start // BLOCK, span.end // BLOCK + 1)}
        if violation.weak:
            candidates = list(range(len(kept)))
        else:
            after = {first_of[rule] for rule in violation.rule.after if rule in first_of}
            candidates = sorted(after.union(*(near.get(block, ()) for block in blocks)))
        cause = next((number for number in candidates if _same_cause(kept[number], violation)), None)
        if cause is None:
            cause = len(kept)
            kept.append(violation)
            for block in blocks:
                near.setdefault(block, []).append(cause)
        else:
            kept[cause].reaches.append(violation)
        first_of[violation.rule.id] = min(cause, first_of.get(violation.rule.id, cause))
    return kept


def blames_what_is_right(violation: Violation, by_path: Mapping[str, Iterable[Violation]]) -> bool:
    """Whether a file is only unlike its peers because these break a rule there.

    `by_path` has the violations of the peers' files.
    """
    return violation.weak and any(
        _explains(one, note.place.span) for note in violation.notes for one in by_path.get(note.place.path, ())
    )


def _same_cause(one: Violation, other: Violation) -> bool:
    if other.rule.after and any(cause.rule.id in other.rule.after for cause in (one, *one.reaches)):
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
