"""Judges the subjects of commits: a package or an area, a colon, and what changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.check.result import Result
from nixlint_ort.convention.errors import nearest
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Finding, Place
from nixlint_ort.source import Source, Span

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention, Rule

SUBJECT = "commit-subject"
_FORM = re.compile(r"(?P<prefix>[^\s:]+): (?P<change>\S.*)")
_OWN_WORDS = re.compile(r'Merge |Revert "|(?:fixup|squash|amend)! ')
"""What git itself begins a subject with."""


def judge_messages(
    convention: Convention, stems: Iterable[str], messages: Iterable[Source], rules: Mapping[str, Rule]
) -> Result:
    """The result for commit messages; `stems` are the variants that there are, besides those of all releases."""
    rule = next((rule for rule in rules.values() if rule.check == SUBJECT), None)
    sources = list(messages)
    known = set(_prefixes(convention, stems))
    findings = [found for source in sources if rule for found in _judge(rule, convention, known, source)]
    return Result(tuple(findings), len(sources), rules=rules)


def _prefixes(convention: Convention, stems: Iterable[str]) -> Iterator[str]:
    yield convention.package
    yield from stems
    prefix = convention.roles.prefix
    yield from convention.table_of(prefix.key).keys if prefix else ()
    for branch in convention.releases.keys:
        yield from convention.stems(branch)


def _judge(rule: Rule, convention: Convention, known: set[str], source: Source) -> Iterator[Finding]:
    span = subject_span(source)
    subject = source.text(span)
    if _OWN_WORDS.match(subject):
        return
    match = _FORM.fullmatch(subject)
    if match is None:
        yield _finding(rule, Place(source, span), None if subject.strip() else "empty", subject=subject)
        return
    prefix = match["prefix"]
    if prefix not in known and not any(kind.texts[STEM].fit(prefix) for kind in convention.kinds):
        place = Place(source, Span(span.start, span.start + len(prefix.encode())))
        role = convention.roles.prefix
        table = convention.table_of(role.key).where if role else "the convention"
        yield _finding(rule, place, "prefix", nearest(prefix, known), prefix=prefix, table=table)


def _finding(rule: Rule, place: Place, case: str | None, hint: str | None = None, **arguments: str) -> Finding:
    message = rule.cases[case] if case else rule.message
    text = message.render({name: arguments.get(name, "?") for name in message.fields})
    return Finding(
        rule.id,
        rule.severity,
        f"{text} (did you mean {hint}?)" if hint else text,
        place,
        expected=hint,
        actual=arguments.get("prefix", arguments.get("subject")) or None,
        arguments={**arguments, "hint": hint} if hint else arguments,
        cause=f"{rule.id}-{case}",
        url=rule.url,
    )


def subject_span(source: Source) -> Span:
    """The first line of a message that is not empty and no comment of git's; an empty span if there is none."""
    for line in range(1, source.line_count + 1):
        span = source.line_span(line)
        text = source.text(span)
        if text.strip() and not text.startswith("#"):
            return span
    return Span(0, 0)
