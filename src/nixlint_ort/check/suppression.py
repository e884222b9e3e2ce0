"""Comments that silence findings: `# nixlint-ort: ignore[rule-id] reason`, and which of them are unused or unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nixlint_ort.check.result import Suppressed
from nixlint_ort.check.violation import Violation
from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.finding import Edit, Fix, Safety
from nixlint_ort.source import Span
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from nixlint_ort.check.run import Judgement
    from nixlint_ort.convention import Rule
    from nixlint_ort.finding import Finding
    from nixlint_ort.nix.parse import Comment
    from nixlint_ort.variant.variant import Variant

KNOWN, USED = "suppression-known", "suppression-used"
_MARK = b"nixlint-ort"
_SUPPRESSION = re.compile(r"nixlint-ort:\s*(?P<scope>ignore(?:-file)?)\[(?P<ids>[^\]\n]*)\][ \t]*(?P<reason>[^\n]*)")
_MEANT = re.compile(
    r"nixlint-ort\s*:?\s*(?:ignore|disable|allow|skip|suppress|noqa|off)\b|\A(?:#+|/\*+)\s*nixlint-ort\s*:",
    re.IGNORECASE,
)
"""What is meant to be a suppression, however it is written."""
_ID = re.compile(r"[^\s,]+")


@dataclass(slots=True)
class Suppression:
    """One comment: the rules that it names with their places, the lines that it is for, and which rules it silenced.

    One that is mistyped names none.
    """

    span: Span
    ids: Mapping[str, Span]
    lines: range | None
    """The lines (from 1) that it is for; None for the whole file."""
    reason: str | None
    used: set[str] = field(default_factory=set)

    def silences(self, finding: Finding) -> bool:
        """Whether it is for a finding's rule and place."""
        return finding.rule in self.ids and (self.lines is None or finding.place.start.line in self.lines)


def may_suppress(variant: Variant) -> bool:
    """Whether a file's bytes can hold a suppression at all."""
    return variant.problem is None and _MARK in variant.source.data.lower()


def suppressions(variant: Variant) -> list[Suppression]:
    """The suppressions in a file's comments, in its order."""
    if not may_suppress(variant):
        return []
    found = [one for comment in variant.document.comments for one in _read(variant, comment)]
    alone = {one.lines[0]: one for one in found if one.lines is not None and one.lines[0] > _line(variant, one)}
    for line in sorted(alone, reverse=True):  # one above another is for what follows both
        following = alone.get(line + 1)
        if following is not None:
            alone[line].lines = following.lines
    return found


def _line(variant: Variant, one: Suppression) -> int:
    return variant.source.position(one.span.start).line


def _read(variant: Variant, comment: Comment) -> Iterator[Suppression]:
    match = _SUPPRESSION.search(comment.text)
    if match is None:
        if _MEANT.search(comment.text):
            yield Suppression(comment.span, {}, None, None)
        return
    source = variant.source
    at = comment.span.start + len(comment.text[: match.start("ids")].encode())
    ids = {
        one[0]: Span(at + len(match["ids"][: one.start()].encode()), at + len(match["ids"][: one.end()].encode()))
        for one in _ID.finditer(match["ids"])
    }
    first, last = source.position(comment.span.start).line, source.position(comment.span.end).line
    before = source.data[source.line_span(first).start : comment.span.start]
    after = source.data[comment.span.end : source.line_span(last).end]
    alone = not before.strip() and not after.strip()
    lines = None if match["scope"] == "ignore-file" else range(last + 1, last + 2) if alone else range(first, last + 1)
    reason = match["reason"].removesuffix("*/").strip()
    yield Suppression(comment.span, ids, lines, reason or None)


def apply(
    variant: Variant, judgements: Sequence[Judgement]
) -> tuple[list[Judgement], list[Suppressed], list[Suppression]]:
    """The judgements of a variant that stay, those that are silenced, and the suppressions with what they silenced.

    Nothing silences that a file cannot be parsed: all other rules would be silent with it.
    """
    comments = suppressions(variant)
    kept: list[Judgement] = []
    silenced: list[Suppressed] = []
    for judgement in judgements:
        by = [one for one in comments if variant.judgeable and one.silences(judgement.finding)]
        for one in by:
            one.used.add(judgement.finding.rule)
        if by:
            silenced.append(Suppressed(judgement.finding, by[0].reason))
        else:
            kept.append(judgement)
    return kept, silenced, comments


def faulty(
    variant: Variant, comments: Iterable[Suppression], rules: Mapping[str, Rule], known: Mapping[str, Rule]
) -> Iterator[tuple[Violation, Fix | None]]:
    """The suppressions that name no rule, or that silence nothing of this run's rules, with what mends them."""
    by_check = {rule.check: rule for rule in rules.values()}
    for comment in comments:
        if not comment.ids and KNOWN in by_check:
            fact = Fact("file", comment.span)
            yield Violation(by_check[KNOWN], variant, fact, "", "", {}, missing=True), None
        unused = (
            {one for one in comment.ids if one in rules and one not in comment.used} if variant.judgeable else set()
        )
        for identifier, span in comment.ids.items():
            fact = Fact("file", span)
            if identifier not in known and KNOWN in by_check:
                hint = did_you_mean(identifier, known)
                yield Violation(by_check[KNOWN], variant, fact, identifier, hint, {}), None
            elif identifier in unused and USED in by_check:
                fix = Fix(Safety.SAFE, (_without(variant, comment, unused),))
                yield Violation(by_check[USED], variant, fact, identifier, "", {}), fix


def _without(variant: Variant, comment: Suppression, unused: set[str]) -> Edit:
    """The edit that takes rules out of a comment: all of it, with its line or the space before it, if none is left."""
    left = [one for one in comment.ids if one not in unused]
    source, span = variant.source, comment.span
    if left:
        first, last = min(comment.ids.values()), max(comment.ids.values())
        return Edit(variant.path, first.start, last.end, ", ".join(left))
    line = source.line_span(source.position(span.start).line)
    before = source.data[line.start : span.start]
    after = source.data[span.end : source.line_span(source.position(span.end).line).end]
    if before.strip() or after.strip():
        return Edit(variant.path, line.start + len(before.rstrip()), span.end, "")
    end = source.data.find(b"\n", span.end)
    return Edit(variant.path, line.start, len(source.data) if end < 0 else end + 1, "")
