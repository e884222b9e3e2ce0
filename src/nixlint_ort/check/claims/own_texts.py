"""Makes violations of what the texts inside a variant say that is not true of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.facts import facts_of_release
from nixlint_ort.check.claims.finder import Finder
from nixlint_ort.check.claims.own_rows import OwnRows, Read
from nixlint_ort.check.claims.passages import units_of_passage
from nixlint_ort.check.claims.scope import mark
from nixlint_ort.check.violation import Replacement, Violation
from nixlint_ort.convention.vocabulary import TEXT, TEXT_IN_META
from nixlint_ort.nix.values import Form, NixString, Origin, Piece
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.own_rows import WrongMention
    from nixlint_ort.check.claims.units import Unit
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.variant.texts import Passage
    from nixlint_ort.variant.variant import Variant


def judge_texts(rule: Rule, variant: Variant, context: Context, passages: Iterable[Passage]) -> Iterator[Violation]:
    """One violation for each mention that is of another variant; nothing where the convention has no words."""
    speech, identity = context.convention.speech, variant.identity
    if speech is None or identity is None:
        return
    facts = facts_of_release(context.convention, speech, context.branch or "")
    rows = OwnRows(facts, identity, context.expected(variant))
    for number, passage in enumerate(passages):
        units = [_read(unit, facts) for unit in units_of_passage(passage, number, facts.lexicon.grammar.abbreviated)]
        for found in rows.judge(units):
            violation = _violation(rule, variant, passage, found)
            violation.fields = rows.fields
            violation.arguments = {"holder": passage.holder, "what": facts.called(found.mention.column)}
            yield violation


def _violation(rule: Rule, variant: Variant, passage: Passage, found: WrongMention) -> Violation:
    start, end = found.mention.start, found.mention.end
    span, text = found.unit.text.span(start, end), found.unit.text.chars[start:end]
    item = NixString((Piece(text, Origin(span), passage.form),), Origin(span))
    wrong = (Replacement(item, 0, len(text), found.replacement),) if found.replacement is not None else ()
    return Violation(
        rule,
        variant,
        Fact(_name(passage), span, (item,)),
        text,
        found.expected,
        {},
        missing=found.expected is None,
        wrong=wrong,
        at=(span,),
    )


def _read(unit: Unit, facts: Facts) -> Read:
    finder = Finder(facts.lexicon, unit.text)
    found = finder.find()
    mark(unit, finder.low, found.mentions, facts.lexicon)
    return Read(unit, finder.low, found)


def _name(passage: Passage) -> str:
    if passage.form is Form.COMMENT:
        return TEXT
    return TEXT_IN_META if passage.is_in_meta else TEXT
