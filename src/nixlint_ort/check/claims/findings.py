"""Finds what is wrong in documents, less what their authors silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.document import read_claims
from nixlint_ort.check.claims.facts import Facts
from nixlint_ort.check.claims.reading import Claims, Fault
from nixlint_ort.check.claims.silence import Silence, silences
from nixlint_ort.check.covered import covered
from nixlint_ort.check.predicates.registry import READABLE
from nixlint_ort.check.result import Suppressed
from nixlint_ort.check.violation import TextViolation
from nixlint_ort.check.wording import word
from nixlint_ort.convention.comparisons import Comparisons
from nixlint_ort.finding import Edit, Place, Related
from nixlint_ort.source import Source, Span

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.repository.document import Document

KNOWN, USED = "suppression-known", "suppression-used"
UNCOUNTED = "uncounted"
"""The case of a comment that names no rule, or more than one may."""
Said = tuple[list[TextViolation], list[Suppressed]]
"""The violations of one document, and the findings of them that its comments silence."""


def judge(documents: Iterable[Document], facts: Facts, context: Context) -> Iterator[tuple[Document, Said]]:
    """What is not as each of these documents says, and what of that it silences."""
    by_check = {rule.check: rule for rule in context.rules if rule.check}
    for document in documents:
        yield document, _judge(document.source, facts, by_check, context)


def _judge(source: Source, facts: Facts, by_check: Mapping[str, Rule], context: Context) -> Said:
    claims = read_claims(source, facts)
    found: list[TextViolation] = []
    silenced: list[Suppressed] = []
    comments = silences(source, claims.comments)
    judged = [(fault, rule) for fault in claims.faults if (rule := by_check.get(fault.check.value)) is not None]
    silencing, _ = covered(comments, ((rule.id, fault.span.start) for fault, rule in judged))
    for fault, rule in judged:
        violation = _violation(fault, rule, source)
        by = silencing.get((rule.id, fault.span.start))
        if by is None:
            found.append(violation)
        else:
            by.used.add(rule.id)
            silenced.append(Suppressed(word(violation), by.reason))
    if claims.too_much and READABLE in by_check:
        place = Place(source, Span(0, 0))
        found.append(TextViolation(by_check[READABLE], place, arguments={"reason": claims.too_much}))
    found += _of_comments(source, comments, by_check, context, claims)
    return found, silenced


def _violation(fault: Fault, rule: Rule, source: Source) -> TextViolation:
    message = rule.message
    if fault.case is not None and fault.case in rule.cases:
        message = rule.cases[fault.case]
    elif rule.missing and not (fault.expected if fault.check is not Check.INCOMPLETE else fault.replacement):
        message = rule.missing
    edit = None
    if fault.replacement is not None:
        edit = Edit(source.path, fault.span.start, fault.span.end, fault.replacement)
    elif fault.addition is not None:
        edit = Edit(source.path, *fault.addition.span, fault.addition.text)
    place = Place(source, fault.span)
    arguments = {"what": fault.what, "row": fault.row, "beside": fault.beside}
    notes: tuple[Related, ...] = ()
    if fault.proposal is not None:
        line = " ".join(fault.proposal.text.strip().splitlines())
        notes = (Related(place, f"`nixlint-ort claims --proposals` has what to add: {line}"),)
    return TextViolation(
        rule, place, fault.actual or None, fault.expected or None, arguments, message, replacement=edit, notes=notes
    )


def unreadable(rule: Rule, document: Document) -> TextViolation:
    """That a document cannot be read."""
    problem = document.problem
    assert problem is not None  # noqa: S101  # the caller has looked
    return TextViolation(rule, Place(document.source, problem.span), arguments={"reason": problem.message})


def _of_comments(
    source: Source, comments: Iterable[Silence], by_check: Mapping[str, Rule], context: Context, claims: Claims
) -> Iterator[TextViolation]:
    """Comments that silence rules that there are not, or that silence nothing."""
    known = context.convention.rules
    ran = {rule.id for rule in by_check.values() if rule.check in set(Check)} if not claims.too_much else set()
    compared = Comparisons()
    for comment in comments:
        unused = {one for one in comment.ids if one in ran and one not in comment.used}
        if not comment.ids and KNOWN in by_check:
            yield TextViolation(
                by_check[KNOWN], Place(source, comment.span), message=by_check[KNOWN].cases.get(UNCOUNTED)
            )
        for identifier, span in comment.ids.items():
            place = Place(source, span)
            if identifier not in known and KNOWN in by_check:
                near = compared.nearest(identifier, known)
                yield TextViolation(by_check[KNOWN], place, identifier, near, hint=near)
            elif identifier in unused and USED in by_check:
                edit = comment.without(source, unused)
                yield TextViolation(by_check[USED], place, identifier, replacement=edit)
