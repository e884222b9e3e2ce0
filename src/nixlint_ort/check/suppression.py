"""Comments that silence findings: `# nixlint-ort: ignore[rule-id] reason`, and which of them are unused or unknown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.predicates.odd_one_out import is_compared
from nixlint_ort.check.predicates.registry import LIKE_ITS_PEERS, Scope, declare
from nixlint_ort.check.result import Suppressed
from nixlint_ort.check.violation import Violation
from nixlint_ort.convention.errors import nearest
from nixlint_ort.finding import Edit
from nixlint_ort.source import Span
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.finding import Finding
    from nixlint_ort.nix.parse import Comment
    from nixlint_ort.variant.variant import Variant

KNOWN, USED = "suppression-known", "suppression-used"
declare(KNOWN, "a suppression names rules that there are", Scope.COMMENT)
declare(USED, "a suppression silences something", Scope.COMMENT)
_MARK = b"nixlint-ort"
# Patterns are compiled where they are used, since most files have no suppression.
_SUPPRESSION = r"nixlint-ort:\s*(?P<scope>ignore(?:-file)?)\[(?P<ids>[^\]\n]*)\][ \t]*(?P<reason>[^\n]*)"
_MEANT = r"(?i)nixlint-ort\s*:?\s*(?:ignore|disable|allow|skip|suppress|noqa|off)\b|\A(?:#+|/\*+)\s*nixlint-ort\s*:"
"""What is meant to be a suppression, however it is written."""
_ID = r"[^\s,]+"
MAX_NAMES = 100
"""Rules that one comment may name; one of more names counts as mistyped, and silences nothing."""


class Suppression(NamedTuple):
    """One comment: the rules that it names with their places, the bytes that it is for, and which rules it silenced.

    One that is mistyped names none.
    """

    span: Span
    ids: Mapping[str, Span]
    covers: tuple[Span, ...] | None
    """The bytes that it is for; None for the whole file."""
    reason: str | None
    used: set[str]

    def is_for(self, rule: str, at: int) -> bool:
        """Whether it is for a rule at a place, a byte offset from 0."""
        return rule in self.ids and (self.covers is None or any(one.start <= at <= one.end for one in self.covers))


def may_suppress(variant: Variant) -> bool:
    """Whether a file's bytes can hold a suppression at all."""
    return variant.problem is None and _MARK in variant.source.data.lower()


def suppressions(variant: Variant) -> list[Suppression]:
    """The suppressions in a file's comments, in its order."""
    if not may_suppress(variant):
        return []
    from nixlint_ort.nix.constructs import constructs

    parts = constructs(variant.document)  # once: to look for them takes a walk through the whole file
    return [one for comment in variant.document.comments for one in _read(variant, comment, parts)]


def _covered(variant: Variant, comment: Span, parts: Sequence[Span]) -> tuple[Span, ...]:
    """The bytes that a comment is for: its line, or the next one with code where it is alone in its line.

    And the bindings and list items that start or end there, each as a whole.
    """
    source = variant.source
    first, last = source.position(comment.start).line, source.position(comment.end).line
    line = Span(source.line_span(first).start, source.line_span(last).end)
    alone = not (source.data[line.start : comment.start] + source.data[comment.end : line.end]).strip()
    if not alone:
        ends_or_starts = [
            one for one in parts if line.start <= one.start < line.end or line.start < one.end <= line.end
        ]
        return (line, *ends_or_starts)
    tokens = variant.document.tokens
    number = bisect_right(tokens, comment.end, key=lambda token: token.span.start)
    if number == len(tokens):
        return (line,)
    following, before = tokens[number].span, tokens[number - 1] if number else None
    line = Span(line.start, source.line_span(source.position(following.start).line).end)
    around = [one for one in parts if one.start < comment.start and comment.end < one.end]
    starting = [one for one in parts if one.start == following.start]
    if not starting:  # it is at the end of what ends there
        return (line, *(one for one in around if one.end <= line.end))
    if before is not None and before.text == "[" and around:  # it is at the start of a list
        starting.append(around[-1])
    return (line, *starting)


def _read(variant: Variant, comment: Comment, parts: Sequence[Span]) -> Iterator[Suppression]:
    match = re.search(_SUPPRESSION, comment.text)
    if match is None or len(re.findall(_ID, match["ids"])) > MAX_NAMES:
        if match is not None or re.search(_MEANT, comment.text):
            yield Suppression(comment.span, {}, None, None, set())
        return
    at = comment.span.start + len(comment.text[: match.start("ids")].encode())
    ids = {
        one[0]: Span(at + len(match["ids"][: one.start()].encode()), at + len(match["ids"][: one.end()].encode()))
        for one in re.finditer(_ID, match["ids"])
    }
    before = comment.text[: match.start()].rstrip()
    span = comment.span
    covers: tuple[Span, ...] | None
    if before.endswith("#") and before.strip("# \t"):  # another comment's line ends before it
        span = Span(span.start + len(before.rstrip("# \t").encode()), span.end)
        span = Span(variant.source.data.index(b"#", span.start), span.end)
        covers = (Span(comment.span.start, comment.span.end),)
    else:
        covers = _covered(variant, span, parts)
    if match["scope"] == "ignore-file":
        covers = None
    reason = match["reason"].removesuffix("*/").strip()
    yield Suppression(span, ids, covers, reason or None, set())


def apply(
    variant: Variant, found: Sequence[tuple[Finding, Violation]]
) -> tuple[list[tuple[Finding, Violation]], list[Suppressed], list[Suppression]]:
    """The findings of a variant that stay, those that are silenced, and the suppressions with what they silenced.

    Nothing silences that a file cannot be parsed: all other rules would be silent with it. What is not reported
    because something else at its place is worse counts as silenced, and so does everything until the file's name is
    right: it speaks once that is fixed.
    """
    comments = suppressions(variant)
    kept: list[tuple[Finding, Violation]] = []
    silenced: list[Suppressed] = []
    for finding, violation in found:
        by = [one for one in comments if variant.judgeable and one.is_for(finding.rule, finding.place.span.start)]
        for one in _with_effects(violation):
            for comment in comments:
                if one.corrected_stem:
                    comment.used.update(comment.ids)
                elif comment.is_for(one.rule.id, one.span.start):
                    comment.used.add(one.rule.id)
        if by:
            silenced.append(Suppressed(finding, by[0].reason))
        else:
            kept.append((finding, violation))
    return kept, silenced, comments


def _with_effects(violation: Violation) -> Iterator[Violation]:
    """A violation, and all that are not reported because of it."""
    yield violation
    for effect in violation.reaches:
        yield from _with_effects(effect)


def _ran(rule: Rule, variant: Variant, context: Context) -> bool:
    """Whether a rule could tell at all whether it holds for a variant."""
    if not variant.judgeable or variant.identity is None:
        return False
    if rule.check == LIKE_ITS_PEERS:
        return is_compared(variant, context, rule)
    from nixlint_ort.check.judge import needed_facts  # only where a comment silences something

    return all(fact.unknown is None for fact in needed_facts(variant, [rule], context.expected(variant)).values())


def faulty(
    variant: Variant, comments: Sequence[Suppression], rules: Mapping[str, Rule], context: Context
) -> Iterator[Violation]:
    """The suppressions that name no rule, or that silence nothing of this run's rules."""
    if not comments:
        return
    known = context.convention.rules
    by_check = {rule.check: rule for rule in rules.values()}
    for comment in comments:
        if not comment.ids and KNOWN in by_check:
            fact = Fact("file", comment.span)
            yield Violation(by_check[KNOWN], variant, fact, None, None, {}, missing=True)
        unused = {
            one
            for one in comment.ids
            if one in rules and one not in comment.used and _ran(rules[one], variant, context)
        }
        for identifier, span in comment.ids.items():
            fact = Fact("file", span)
            if identifier not in known and KNOWN in by_check:
                near = nearest(identifier, known)
                yield Violation(by_check[KNOWN], variant, fact, identifier, near, {}, hint=near)
            elif identifier in unused and USED in by_check:
                edit = _without(variant, comment, unused)
                yield Violation(by_check[USED], variant, fact, identifier, None, {}, replacement=edit)


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
