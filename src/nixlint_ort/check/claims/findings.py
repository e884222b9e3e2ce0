"""Makes findings of what is wrong in documents, less what their authors silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.document import read_claims
from nixlint_ort.check.claims.facts import Facts
from nixlint_ort.check.claims.reading import Check, Claims, Fault
from nixlint_ort.check.claims.silence import Silence, silences
from nixlint_ort.check.result import Suppressed
from nixlint_ort.convention.errors import nearest
from nixlint_ort.finding import Edit, Finding, Fix, Place, Safety
from nixlint_ort.source import Source, Span

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.repository.document import Document

READABLE, KNOWN, USED = "readable", "suppression-known", "suppression-used"


def judge_documents(context: Context, names: Mapping[str, str]) -> tuple[list[Finding], list[Suppressed]]:
    """What is not as the documents say, and what of that they silence; nothing where no release is known.

    `names` are the files' names by path, without `.nix`: the right one where a file has a wrong one.
    """
    by_check = {rule.check: rule for rule in context.rules if rule.check}
    documents = context.repository.documents
    found = [_unreadable(by_check[READABLE], one) for one in documents if one.problem and READABLE in by_check]
    silenced: list[Suppressed] = []
    facts = facts_of(context, names)
    if facts is None or not any(check.value in by_check for check in Check):
        return found, silenced
    key = sorted({*facts.names, *facts.names.values()})
    for document in documents:
        if document.problem or context.verdicts.is_true(document, key):
            continue
        own, quiet = _judge(document.source, facts, by_check, context)
        found += own
        silenced += quiet
        if not own and not quiet:
            context.verdicts.note_true(document, key)
    return found, silenced


def facts_of(context: Context, names: Mapping[str, str]) -> Facts | None:
    """What is true of a repository; None where no release is known, or the convention says nothing of documents."""
    speech = context.convention.speech
    if speech is None or context.branch is None:
        return None
    stems = {variant.stem: names.get(variant.path, variant.stem) for variant in context.variants}
    texts = (one.source.data.decode("utf-8", "replace") for one in context.variants if one.problem is None)
    return Facts(context.convention, speech, context.branch, stems, texts)


def _judge(
    source: Source, facts: Facts, by_check: Mapping[str, Rule], context: Context
) -> tuple[list[Finding], list[Suppressed]]:
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


def _unreadable(rule: Rule, document: Document) -> Finding:
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
