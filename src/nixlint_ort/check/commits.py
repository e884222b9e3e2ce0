"""Judges the subjects of commits: a package or another word, a colon, and what changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.predicates.registry import Scope, declare
from nixlint_ort.check.result import Result
from nixlint_ort.check.violation import TextViolation
from nixlint_ort.check.wording import word
from nixlint_ort.convention.comparisons import Comparisons
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Place
from nixlint_ort.source import Source, Span

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.repository.commit_message import Subject

SUBJECT = "commit-subject"
declare(SUBJECT, "a commit's subject is of the form that the guide asks for", Scope.COMMIT, ("subject", "prefix"))
# Patterns are compiled where they are used, since most runs are not about commits.
_FORM = r"(?P<prefix>[\w.+/-]+)(?:\([^()]+\))?!?: (?P<change>\S.*)"
"""A word, perhaps with a scope, a colon and a blank: which word is anybody's choice, as the guide says."""
_OWN_WORDS = r'Merge |(?:Revert|Reapply) "|(?:fixup|squash|amend)! '
"""What git itself begins a subject with."""
MAX_COMPARED = 100_000
"""Pairs of an unknown variant and a known one for which all subjects of a run are compared."""


class Message(NamedTuple):
    """A commit's message, and its subject there."""

    source: Source
    subject: Subject


def judge_messages(
    convention: Convention, stems: Iterable[str], messages: Iterable[Message], rules: Mapping[str, Rule]
) -> Result:
    """The result for commit messages; `stems` are the variants that there are, besides those of all releases."""
    rule = next((rule for rule in rules.values() if rule.check == SUBJECT), None)
    judged = list(messages)
    compared = Comparisons(MAX_COMPARED)
    variants = {*stems, *(stem for branch in convention.releases.keys for stem in convention.stems(branch))}
    findings = [word(found) for one in judged if rule for found in _judge(rule, convention, variants, one, compared)]
    return Result(tuple(findings), len(judged), rules=rules)


def _judge(
    rule: Rule, convention: Convention, variants: set[str], message: Message, compared: Comparisons
) -> Iterator[TextViolation]:
    source, (subject, span) = message
    if re.match(_OWN_WORDS, subject):
        return
    match = re.fullmatch(_FORM, subject)
    if match is None or not re.search(r"\w", match["change"]) or not re.search(r"\w", match["prefix"]):
        case = None if subject else rule.cases.get("empty")
        yield TextViolation(rule, Place(source, span), subject or None, None, {"subject": subject}, case)
        return
    prefix = match["prefix"]
    is_variant = prefix in variants or any(kind.texts[STEM].fit(prefix) for kind in convention.kinds)
    if prefix.startswith(f"{convention.package}-") and not is_variant:
        place = Place(source, Span(span.start, span.start + len(prefix.encode())))
        near = compared.nearest(prefix, variants)
        yield TextViolation(rule, place, prefix, near, {"prefix": prefix}, rule.cases.get("variant"), near)
