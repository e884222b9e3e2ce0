"""Comments that silence findings: `# nixlint-ort: ignore[rule-id] reason`, and which of them are unused or unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.covered import MAX_NAMES, MAX_RULES, covered
from nixlint_ort.check.predicates.odd_one_out import is_compared
from nixlint_ort.check.predicates.registry import LIKE_ITS_PEERS, Scope, declare
from nixlint_ort.check.result import Suppressed
from nixlint_ort.check.violation import Violation
from nixlint_ort.convention.comparisons import Comparisons
from nixlint_ort.finding import Edit
from nixlint_ort.source import Span
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from nixlint_ort.check.comment_scope import CommentScope
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
_MEANT = r"(?i)nixlint-ort\s*(?::\s*)?(?:ignore|disable|allow|skip|suppress|noqa|off)\b|\A(?:#+|/\*+)\s*nixlint-ort\s*:"
"""What is meant to be a suppression, however it is written."""
_ID = r"[^\s,]+"


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


def may_suppress(variant: Variant) -> bool:
    """Whether a file's bytes can hold a suppression at all."""
    return variant.problem is None and _MARK in variant.source.data.lower()


def suppressions(variant: Variant) -> list[Suppression]:
    """The suppressions in a file's comments, in its order."""
    if not may_suppress(variant):
        return []
    from nixlint_ort.check.comment_scope import CommentScope

    scope = CommentScope(variant)  # once: to look for its parts takes a walk through the whole file
    found: list[Suppression] = []
    names = 0
    for comment in variant.document.comments:
        for one in _read(variant, comment, scope):
            names += len(one.ids)
            found.append(one if names <= MAX_NAMES else one._replace(ids={}))
    return found


def _read(variant: Variant, comment: Comment, scope: CommentScope) -> Iterator[Suppression]:
    match = re.search(_SUPPRESSION, comment.text)
    if match is None or len(re.findall(_ID, match["ids"])) > MAX_RULES:
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
        covers = scope.of(span)
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
    if not comments:
        return [*found], [], []
    kept: list[tuple[Finding, Violation]] = []
    silenced: list[Suppressed] = []
    every = [one for _, violation in found for one in _with_effects(violation)]
    places = {(finding.rule, finding.place.span.start) for finding, _ in found if variant.judgeable}
    silencing, _ = covered(comments, places)
    _, used = covered(comments, ((one.rule.id, one.span.start) for one in every if not one.corrected_stem))
    for comment, rule in used:
        comment.used.add(rule)
    if any(one.corrected_stem for one in every):
        for comment in comments:
            comment.used.update(comment.ids)
    for finding, violation in found:
        by = silencing.get((finding.rule, finding.place.span.start))
        if by is None:
            kept.append((finding, violation))
        else:
            silenced.append(Suppressed(finding, by.reason))
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
    compared = Comparisons()
    by_check = {rule.check: rule for rule in rules.values()}
    ran = cache(lambda name: _ran(rules[name], variant, context))
    for comment in comments:
        if not comment.ids and KNOWN in by_check:
            fact = Fact("file", comment.span)
            yield Violation(by_check[KNOWN], variant, fact, None, None, {}, missing=True)
        unused = {one for one in comment.ids if one in rules and one not in comment.used and ran(one)}
        for identifier, span in comment.ids.items():
            fact = Fact("file", span)
            if identifier not in known and KNOWN in by_check:
                near = compared.nearest(identifier, known)
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
