"""Finds what several violations of one file have in common, so that one cause gives one violation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import LIKE_ITS_PEERS
from nixlint_ort.check.wording import word
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Related, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nixlint_ort.check.violation import Violation
    from nixlint_ort.finding import Finding
    from nixlint_ort.source import Span


BLOCK = 128
"""Bytes: violations that blame nothing in the same block do not blame the same bytes, and are not compared."""


def merge(violations: Iterable[Violation]) -> list[Violation]:
    """One violation for each cause.

    Where a rule says that it comes after another, or where two blame the same bytes, one has caused the other: the
    worse one, so that no run succeeds with an error behind a hint.
    """
    violations = list(violations)
    broken = {one.rule.id for one in violations}
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

    causes = _Causes()
    for violation in sorted(violations, key=order):
        causes.take(violation)
    return causes.kept


class _Causes:
    """The violations of one file that are causes, as they are taken in turn: the weak ones last."""

    def __init__(self) -> None:
        self.kept: list[Violation] = []
        self._blamed: list[tuple[Span, ...]] = []
        self._first_of: dict[str, int] = {}
        """By a rule, the first one kept of which it is, or which has caused one of it."""
        self._near: dict[int, list[int]] = {}
        """By a block of bytes, those kept that blame something in it."""
        self._explanations: Explanations | None = None

    def take(self, violation: Violation) -> None:
        """Keep a violation, or put it to the first one kept that has caused it."""
        blamed = () if violation.weak else violation.blamed
        cause = self._cause_of(violation, blamed)
        rules = [violation.rule.id]
        if cause is None:
            cause = len(self.kept)
            self.kept.append(violation)
            self._blamed.append(blamed)
            rules += (one.rule.id for one in violation.reaches)
            for block in _blocks(blamed):
                self._near.setdefault(block, []).append(cause)
        else:
            self.kept[cause].reaches.append(violation)
        for rule in rules:
            self._first_of[rule] = min(cause, self._first_of.get(rule, cause))

    def _cause_of(self, violation: Violation, blamed: tuple[Span, ...]) -> int | None:
        found = [self._first_of[rule] for rule in violation.rule.after if rule in self._first_of]
        if violation.weak:
            if self._explanations is None:  # those that are not weak are all there
                self._explanations = Explanations(self.kept)
            explained = self._explanations.first(violation.span)
            found += [explained] if explained is not None else []
        else:
            near = {one for block in _blocks(blamed) for one in self._near.get(block, ())}
            found += (one for one in near if self._is_same(one, violation, blamed))
        return min(found, default=None)

    def _is_same(self, number: int, other: Violation, blamed: tuple[Span, ...]) -> bool:
        """Whether one that was kept and another one blame the same bytes, as one thing that is wrong."""
        one = self.kept[number]
        if one.missing and other.missing and one.rule is not other.rule:
            return False
        if STEM in (one.fact.name, other.fact.name):
            return False
        return any(a.start < b.end and b.start < a.end for a in self._blamed[number] for b in blamed)


def _blocks(spans: Iterable[Span]) -> set[int]:
    return {block for span in spans for block in range(span.start // BLOCK, span.end // BLOCK + 1)}


class Explanations:
    """Where what is wrong in a file explains that the file is unlike its peers: in which lines, and before which bytes.

    That is where something wrong stands or is used, or what it is missing from.
    """

    def __init__(self, violations: Iterable[Violation]) -> None:
        """What is wrong in one file: the causes, of which none is weak."""
        self._missing: list[tuple[Span, int]] = []
        self._by_line: dict[int, int] = {}
        self._line_of: Callable[[int], int] = lambda _: 0
        following: dict[int, int] = {}  # by a line that has a cause, a later one that may have none yet
        for number, violation in enumerate(violations):
            if not violation.is_outside:
                self._add(violation, number, following)

    def _add(self, violation: Violation, number: int, following: dict[int, int]) -> None:
        source = violation.variant.source
        self._line_of = source.line_of
        if violation.missing:
            self._missing.append((violation.fact.span, number))
        if violation.fact.name == STEM:
            return
        for span in (*violation.blamed, *violation.through):
            line, last = source.line_of(span.start), source.line_of(span.end)
            while (line := _without_cause(line, following)) <= last:
                self._by_line[line] = number
                following[line] = line + 1

    def first(self, span: Span) -> int | None:
        """The number of the first cause that explains why a place is unlike that of peers; None where none does."""
        found = [number for about, number in self._missing if about.start <= span.start <= about.end][:1]
        lines = range(self._line_of(span.start), self._line_of(span.end) + 1)
        found += (self._by_line[line] for line in lines if line in self._by_line)
        return min(found, default=None)


def _without_cause(line: int, following: dict[int, int]) -> int:
    """The first line from one on that has no cause yet; the way there is made shorter for the next time."""
    passed = []
    while line in following:
        passed.append(line)
        line = following[line]
    following.update(dict.fromkeys(passed, line))
    return line


def blames_what_is_right(violation: Violation, by_path: Mapping[str, Explanations]) -> bool:
    """Whether a file is only unlike its peers because these break a rule there.

    `by_path` has what the violations of the peers' files explain.
    """
    return violation.weak and any(
        note.place.path in by_path and by_path[note.place.path].first(note.place.span) is not None
        for note in violation.notes
    )


def told_once(found: list[tuple[Finding, Violation]]) -> list[tuple[Finding, Violation]]:
    """The same, with one for all places at which a file is unlike its peers: the first says what there is besides."""
    unlike = [one for one in found if one[1].rule.check == LIKE_ITS_PEERS]
    if len(unlike) < 2:
        return found
    (_, first), *others = sorted(unlike, key=lambda one: one[1].span)
    more = (Related(finding.place, f"besides, {finding.message}") for finding, _ in others)
    whole = replace(first, notes=(*first.notes, *more))
    return [*(one for one in found if one not in unlike), (word(whole), whole)]
