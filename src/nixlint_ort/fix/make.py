"""The fix of one violation: the expectation, written back where the wrong value came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nixlint_ort.check.case import Case, applies
from nixlint_ort.check.judge import judge, unknown_parts
from nixlint_ort.check.operators import missing, present
from nixlint_ort.check.violation import Replacement, TextViolation, narrowed
from nixlint_ort.check.word_diff import changes
from nixlint_ort.convention import Operator
from nixlint_ort.convention.vocabulary import (
    FACTS,
    HEADER_LINES,
    NAME_BINDING,
    NAME_FACT,
    STEM,
    TEXTS,
    Writing,
)
from nixlint_ort.finding import Edit, Fix, Safety
from nixlint_ort.fix.attributes import insertion, removal
from nixlint_ort.fix.header import header_edits
from nixlint_ort.fix.lists import list_edits
from nixlint_ort.fix.literals import quoted, written
from nixlint_ort.fix.of_word import are_blamed, fix_of_word, is_of_words, words_ending
from nixlint_ort.fix.prove import in_comment, proven, safety_of
from nixlint_ort.fix.whole_value import whole_bindings, whole_value
from nixlint_ort.nix.values import Form
from nixlint_ort.variant.path import renamed_path

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.variant.fact import Fact


def fix_of(violation: Violation | TextViolation) -> Fix | None:
    """What fixes a violation; None where no place can be edited so that exactly this is fixed.

    Where the rule itself has no fix, that of a rule which does not hold for the same cause serves.
    """
    if violation.replacement is not None:  # of a document or a comment, which the build does not see
        return Fix(Safety.SAFE, (violation.replacement,)) if violation.rule.fix else None
    if isinstance(violation, TextViolation):
        return None
    ending = words_ending(violation)
    own = _of_fact(violation) if are_blamed(ending, violation) else None
    if not ending or (own is not None and is_of_words(own, violation, ending)):
        return own
    return fix_of_word(violation, ending)


def _of_fact(violation: Violation) -> Fix | None:
    """What fixes a violation where the value of its fact is written."""
    if violation.fact.unknown is not None:
        return _made_known(violation)
    if _is_towards_unknown_name(violation):
        return None
    together = (violation, *(one for one in violation.reaches if _is_same_place(one, violation)))
    meant = frozenset(name for one in together for name in (one.fact.name, *one.rule.facts))
    for one in together:
        fix = _own_fix(one, meant) if one.rule.fix and not _is_ahead_of_code(one) else None
        if fix is not None:
            return fix
    return None


def _is_ahead_of_code(violation: Violation) -> bool:
    """Whether a fix would write what nothing builds: a rule of `fix_after` does not hold, and nothing mends that."""
    variant = violation.variant
    rules = [variant.convention.rules[one] for one in violation.rule.fix_after if one in variant.convention.rules]
    return any(fix_of(one) is None for one in judge(variant, rules, dict(violation.fields)))


def _is_same_place(effect: Violation, cause: Violation) -> bool:
    """Whether an effect is blamed on the bytes of its cause, and not on what is there because of it."""
    touch = any(a.start <= b.end and b.start <= a.end for a in effect.blamed for b in cause.blamed)
    return touch and cause.rule.id not in effect.rule.after


def _is_towards_unknown_name(violation: Violation) -> bool:
    """Whether a fix would write the file's name, of which a part is in no table."""
    variant = violation.variant
    is_written = violation.fact.name != STEM and variant.stem in (violation.expected, violation.rewrite)
    return is_written and any(unknown_parts(variant, variant.convention))


def _made_known(violation: Violation) -> Fix | None:
    """What sets a fact that cannot be known to what it should be."""
    variant, fact = violation.variant, violation.fact
    for rule in variant.convention.rules.values():
        if rule.fix is None or fact.name not in rule.facts or not applies(rule, variant):
            continue
        case = Case(rule, variant, fact._replace(unknown=None), dict(violation.fields))
        wanted = present(case) if rule.operator is Operator.PRESENT else missing(case)
        if wanted is None or _is_towards_unknown_name(wanted):
            continue
        wanted.fact = fact
        edits = whole_value(wanted)
        fix = proven(wanted, edits, frozenset({fact.name, *rule.facts})) if edits else None
        if fix is not None:
            return fix
    return None


def _own_fix(violation: Violation, meant: frozenset[str]) -> Fix | None:
    if violation.fact.name == STEM:
        return _rename(violation)
    if in_comment(violation):
        edits = _replacements(violation) if violation.wrong else header_edits(violation)
        if not violation.wrong:
            meant |= frozenset(HEADER_LINES)  # where a line comes or goes, another comment may be the one that is meant
        return Fix(safety_of(violation, edits), tuple(sorted(edits)), facts=meant) if edits else None
    if violation.fact.name in TEXTS:
        edits = _replacements(violation) if violation.wrong else None
        return Fix(safety_of(violation, edits), tuple(sorted(edits)), facts=meant) if edits else None
    for way in (whole_value,) if _is_a_name(violation.fact) else _WAYS:
        edits = way(violation)
        fix = proven(violation, edits, meant) if edits else None
        if fix is not None:
            return fix
    return None


def _is_a_name(fact: Fact) -> bool:
    """Whether a fact that should be a text is a name of nixpkgs, which is not the text that nixpkgs has there."""
    kind = FACTS.get(fact.name)
    is_text = kind is not None and kind.writing in (Writing.TEXT, Writing.LIST, Writing.NAME)
    return is_text and any(piece.form is Form.NAME for item in fact.items or () for piece in item.pieces)


def _reference(violation: Violation) -> list[Edit] | None:
    """A literal that should have said what the binding variantName says becomes a reference to it."""
    fact, variant = violation.fact, violation.variant
    if fact.name == NAME_FACT or not fact.items or fact.items[0].origin.through:
        return None
    if violation.expected != variant.stem or variant.fact(NAME_FACT).value != variant.stem:
        return None
    literal = fact.items[0].origin.span
    return [Edit(variant.path, literal.start, literal.end, NAME_BINDING)]


def _replacements(violation: Violation) -> list[Edit] | None:
    """The wrong parts, each replaced where it is written."""
    edits: list[Edit] = []
    for part in violation.wrong:
        located = part.located
        text = written(part.text, located.form)
        if text is None:
            return _reassigned(violation)
        edits.append(Edit(violation.variant.path, located.span.start, located.span.end, text))
    return edits


def _reassigned(violation: Violation) -> list[Edit] | None:
    """A wrong text put together from several literals, as the one that has a name says it; the others are emptied.

    None unless all of it is written in literals, and one of them alone has a name.
    """
    fact, expected = violation.fact, violation.expected
    if violation.rule.field is not None or fact.is_list or not fact.items or not isinstance(expected, str):
        return None
    pieces = fact.items[0].pieces
    named = [piece for piece in pieces if piece.origin.through]
    texts = [written(expected if piece in named else "", piece.form) for piece in pieces]
    if len(named) != 1 or None in texts or len({piece.origin.span for piece in pieces}) < len(pieces):
        return None
    return [
        Edit(violation.variant.path, *piece.origin.span, text)
        for piece, text in zip(pieces, texts, strict=True)
        if text is not None and text != piece.text
    ]


def _structural(violation: Violation) -> list[Edit] | None:
    """What changes more than the inside of a literal: a list's items, an attribute put in, a text written again."""
    fact, variant = violation.fact, violation.variant
    if violation.wrong:
        return None
    if fact.absent:
        return insertion(violation)
    if fact.is_list and isinstance(violation.expected, tuple):
        return list_edits(variant.source, fact, violation.expected)
    if violation.rewrite is None:
        return None
    return _reworded(violation, violation.rewrite) or [Edit(variant.path, *fact.span, quoted(violation.rewrite))]


def _reworded(violation: Violation, text: str) -> list[Edit] | None:
    """The words that differ from a text, each replaced where it is written; None where one is not in one piece."""
    fact = violation.fact
    if fact.is_list or not fact.items:
        return None
    wrong = (Replacement(fact.items[0], *change) for change in changes(fact.items[0].text, text))
    return _replacements(replace(violation, wrong=tuple(map(narrowed, wrong))))


def _rename(violation: Violation) -> Fix | None:
    stem = violation.corrected_stem
    return Fix(Safety.UNSAFE, rename=renamed_path(violation.variant.path, stem)) if stem is not None else None


_WAYS = (_reference, removal, _replacements, whole_bindings, _structural, whole_value)
