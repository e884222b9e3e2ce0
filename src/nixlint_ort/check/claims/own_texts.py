"""Makes violations of what the texts inside a variant say that is not true of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.facts import facts_of_release
from nixlint_ort.check.claims.own_rows import OwnRows
from nixlint_ort.check.claims.read_unit import Read
from nixlint_ort.check.claims.text.passages import MAX_CHARS, units_of_passage
from nixlint_ort.check.claims.words.finder import Finder
from nixlint_ort.check.claims.words.scope import mark
from nixlint_ort.check.claims.words.tokens import MAX_TOKENS
from nixlint_ort.check.violation import Replacement, Violation
from nixlint_ort.convention.vocabulary import TEXT, TEXT_IN_META
from nixlint_ort.nix.values import Form, NixString, Origin, Piece
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.read_unit import WrongMention
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.convention.tables import FieldValue
    from nixlint_ort.variant.texts import Passage
    from nixlint_ort.variant.variant import Variant

UNREAD = "unread"
"""The case of a rule that says that a text is too long to be read."""


def judge_texts(rule: Rule, variant: Variant, context: Context, passages: Iterable[Passage]) -> Iterator[Violation]:
    """One violation for each mention that is of another variant; nothing where the convention has no words."""
    speech, identity = context.convention.speech, variant.identity
    if speech is None or identity is None:
        return
    facts = facts_of_release(context.convention, speech, context.branch or "")
    rows = OwnRows(facts, identity, context.expected(variant))
    for number, passage in enumerate(passages):
        units: list[Read] = []
        for unit in units_of_passage(passage, number, facts.lexicon.grammar.abbreviated):
            read = _read(unit, facts) if len(unit.text.chars) <= MAX_CHARS else None
            if read is not None and read.found.is_whole:
                units.append(read)
            elif UNREAD in rule.cases and (read is not None or _may_say_something(unit.text.chars, facts)):
                most = f"{MAX_TOKENS} words of the tables" if read is not None else f"{MAX_CHARS:,} characters"
                yield _unread(rule, variant, passage, unit, most)
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


def _unread(rule: Rule, variant: Variant, passage: Passage, unit: Unit, most: str) -> Violation:
    """The violation of a unit that has more than is read."""
    span = unit.text.span(0, len(unit.text.chars))
    what: dict[str, FieldValue] = {"holder": passage.holder, "most": most}
    return Violation(rule, variant, Fact(_name(passage), span), None, None, {}, what, case=UNREAD, at=(span,))


def _may_say_something(chars: str, facts: Facts) -> bool:
    """Whether there are words of the tables anywhere in a long text, of which pieces are looked at."""
    pieces = (chars[at : at + 2 * MAX_TOKENS] for at in range(0, len(chars), MAX_TOKENS))
    return not all(facts.idle.has_nothing(piece) for piece in pieces)


def _read(unit: Unit, facts: Facts) -> Read:
    finder = Finder(facts.lexicon, unit.text)
    found = finder.find()
    mark(unit, finder.low, found.mentions, facts.lexicon)
    return Read(unit, finder.low, found)


def _name(passage: Passage) -> str:
    if passage.form is Form.COMMENT:
        return TEXT
    return TEXT_IN_META if passage.is_in_meta else TEXT
