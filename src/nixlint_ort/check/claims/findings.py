"""Makes findings of what is wrong in documents, less what their authors silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.document import read_claims
from nixlint_ort.check.claims.facts import Facts
from nixlint_ort.check.claims.reading import Claims, Fault
from nixlint_ort.check.claims.silence import Silence, silences
from nixlint_ort.check.predicates.registry import READABLE
from nixlint_ort.check.result import Suppressed
from nixlint_ort.convention.errors import nearest
from nixlint_ort.finding import Edit, Finding, Fix, Place, Safety
from nixlint_ort.source import Source, Span

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.repository.document import Document

KNOWN, USED = "suppression-known", "suppression-used"
Said = tuple[list[Finding], list[Suppressed]]
"""The findings of one document, and those of them that its comments silence."""


def judge(documents: Iterable[Document], facts: Facts, context: Context) -> Iterator[tuple[Document, Said]]:
    """What is not as each of these documents says, and what of that it silences."""
    by_check = {rule.check: rule for rule in context.rules if rule.check}
    for document in documents:
        yield document, _judge(document.source, facts, by_check, context)


def _judge(source: Source, facts: Facts, by_check: Mapping[str, Rule], context: Context) -> Said:
    claims = read_claims(source, facts)
    found: list[Finding] = []
    silenced: list[Suppressed] = []
    comments = silences(source, claims.comments)
    for fault in claims.faults:
        rule = by_check.get(fault.check.value)
        if rule is None:
            continue
        finding = finding_of(fault, rule, source)
        by = next((one for one in comments if one.is_for(rule.id, fault.span.start)), None)
        if by is None:
            found.append(finding)
        else:
            by.used.add(rule.id)
            silenced.append(Suppressed(finding, by.reason))
    if claims.too_much and READABLE in by_check:
        found.append(_said(by_check[READABLE], Place(source, Span(0, 0)), {"reason": claims.too_much}))
    found += _of_comments(source, comments, by_check, context, claims)
    return found, silenced


def finding_of(fault: Fault, rule: Rule, source: Source) -> Finding:
    """A fault in words."""
    values = {"actual": fault.actual, "expected": fault.expected, "what": fault.what, "row": fault.row}
    message = rule.message
    if fault.is_twice and rule.unwanted:
        message = rule.unwanted
    elif rule.missing and not (fault.expected if fault.check is not Check.INCOMPLETE else fault.replacement):
        message = rule.missing
    text = " ".join(message.render({name: values.get(name, "?") for name in message.fields}).split())
    fix = None
    if rule.fix and fault.replacement is not None:
        fix = Fix(Safety.SAFE, (Edit(source.path, fault.span.start, fault.span.end, fault.replacement),))
    place = Place(source, fault.span)
    named = {name: value for name, value in values.items() if value and name in message.fields}
    return Finding(
        rule.id,
        rule.severity,
        text,
        place,
        fault.expected or None,
        fault.actual or None,
        fix=fix,
        arguments=named,
        cause=f"{rule.id}-{fault.actual}-{fault.expected}",
        url=rule.url,
    )


def unreadable(rule: Rule, document: Document) -> Finding:
    """That a document cannot be read."""
    problem = document.problem
    assert problem is not None  # noqa: S101  # the caller has looked
    return _said(rule, Place(document.source, problem.span), {"reason": problem.message})


def _said(
    rule: Rule, place: Place, values: Mapping[str, str], fix: Fix | None = None, near: str | None = None
) -> Finding:
    text = rule.message.render({name: values.get(name, "") for name in rule.message.fields})
    if near is not None:
        text += f" (did you mean {near}?)"
    return Finding(
        rule.id,
        rule.severity,
        text,
        place,
        near,
        values.get("actual"),
        fix=fix,
        arguments=dict(values),
        cause=f"{rule.id}-{sorted(values.items())}",
        url=rule.url,
    )


def _of_comments(
    source: Source, comments: Iterable[Silence], by_check: Mapping[str, Rule], context: Context, claims: Claims
) -> Iterator[Finding]:
    """Comments that silence rules that there are not, or that silence nothing."""
    known = context.convention.rules
    ran = {rule.id for rule in by_check.values() if rule.check in set(Check)} if not claims.too_much else set()
    for comment in comments:
        for identifier, span in comment.ids.items():
            place = Place(source, span)
            if identifier not in known and KNOWN in by_check:
                near = nearest(identifier, known)
                yield _said(by_check[KNOWN], place, {"actual": identifier}, near=near)
            elif identifier in ran - comment.used and USED in by_check:
                rule = by_check[USED]
                unused = {one for one in comment.ids if one in ran - comment.used}
                edit = comment.without(source, unused)
                yield _said(rule, place, {"actual": identifier}, Fix(Safety.SAFE, (edit,)) if rule.fix else None)
