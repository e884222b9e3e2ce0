"""What a fact should be by the rules and the tables, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.case import Case, applies, listed, resolve
from nixlint_ort.check.wording import in_words
from nixlint_ort.convention import Operator
from nixlint_ort.report.table import markdown_code

if TYPE_CHECKING:
    from nixlint_ort.convention import Rule
    from nixlint_ort.lint import Session
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


def expectations(session: Session, variant: Variant, fact: Fact) -> Iterator[tuple[Rule, str]]:
    """Each rule of a session that says what a fact of a variant should be, with what it says in Markdown."""
    if variant.identity is None:
        return
    fields = variant.identity.expected(session.convention, session.release.branch)
    for rule in session.rules.values():
        if fact.name in rule.facts and applies(rule, variant, fields):
            words = _in_words(Case(rule, variant, fact, fields))
            if words is not None:
                yield rule, words


def _in_words(case: Case) -> str | None:
    if case.rule.operator in (Operator.FITS, Operator.FIELDS):
        text = case.rewritten()
        return f"should be {markdown_code(text)}" if text is not None else None
    values = (item for one in case.rule.templates for item in listed(resolve(one, case.fields) or ()))
    wanted = tuple(map(markdown_code, values))
    if not wanted:
        return None
    if case.rule.operator is Operator.CONTAINS_ALL:
        return f"should have {in_words(wanted)}"
    if case.rule.operator is Operator.ONE_OF:
        return f"should be {in_words(wanted, joint='or')}"
    return f"should be {in_words(wanted)}" if case.rule.operator is Operator.EQUALS else None
