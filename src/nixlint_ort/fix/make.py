"""The fix of one violation: the expectation, written back where the wrong value came from."""

from __future__ import annotations

from collections.abc import Sequence
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
    TEXT,
    TEXT_IN_META,
    TEXTS,
    Writing,
)
from nixlint_ort.finding import Edit, Fix, Safety
from nixlint_ort.fix.attributes import insertion, is_in_meta, removal
from nixlint_ort.fix.bindings import only_in_meta, sees_itself
from nixlint_ort.fix.comments import takes_comments
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.fix.header import header_edits
from nixlint_ort.fix.lists import list_edits
from nixlint_ort.fix.literals import quoted, written
from nixlint_ort.fix.verify import changed_facts, edited, unmeant, written_at
from nixlint_ort.fix.whole_value import whole_bindings, whole_value
from nixlint_ort.nix.values import Form
from nixlint_ort.source import Span
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
        fix = _proven(wanted, edits, frozenset({fact.name, *rule.facts})) if edits else None
        if fix is not None:
            return fix
    return None


def _own_fix(violation: Violation, meant: frozenset[str]) -> Fix | None:
    if violation.fact.name == STEM:
        return _rename(violation)
    if _in_comment(violation):
        edits = _replacements(violation) if violation.wrong else header_edits(violation)
        if not violation.wrong:
            meant |= frozenset(HEADER_LINES)  # where a line comes or goes, another comment may be the one that is meant
        return Fix(_safety(violation, edits), tuple(sorted(edits)), facts=meant) if edits else None
    if violation.fact.name in TEXTS:
        edits = _replacements(violation) if violation.wrong else None
        return Fix(_safety(violation, edits), tuple(sorted(edits)), facts=meant) if edits else None
    for way in (whole_value,) if _is_a_name(violation.fact) else _WAYS:
        edits = way(violation)
        fix = _proven(violation, edits, meant) if edits else None
        if fix is not None:
            return fix
    return None


def _is_a_name(fact: Fact) -> bool:
    """Whether a fact that should be a text is a name of nixpkgs, which is not the text that nixpkgs has there."""
    kind = FACTS.get(fact.name)
    is_text = kind is not None and kind.writing in (Writing.TEXT, Writing.LIST, Writing.NAME)
    return is_text and any(piece.form is Form.NAME for item in fact.items or () for piece in item.pieces)


def _proven(violation: Violation, edits: Sequence[Edit], meant: frozenset[str]) -> Fix | None:
    """The fix that edits come to; None where they do not fix what they should."""
    if takes_comments(violation.variant, edits):
        return None
    safety = _safety(violation, edits)
    touched = written_at(violation.variant, edits)
    plain = bool(violation.wrong) and touched <= meant and safety is Safety.SAFE
    if not plain and not _mends(violation, edits, meant, touched):
        return None
    return Fix(safety, tuple(sorted(edits)), facts=meant | touched)


def _in_comment(violation: Violation) -> bool:
    return violation.fact.name.startswith("header.")


def _mends(violation: Violation, edits: Sequence[Edit], meant: frozenset[str], touched: frozenset[str]) -> bool:
    """Whether edits make the rule hold by a fact that is known, and no rule minds what else is written there.

    They change nothing that is written elsewhere, such as other flags that are put together from the same list.
    """
    before = violation.variant
    after = edited(before, apply_edits(before.source.data, edits))
    if not after.judgeable or after.fact(violation.fact.name).unknown or unmeant(before, after, meant | touched):
        return False
    wrong = list(judge(after, tuple(before.convention.rules.values()), dict(violation.fields)))
    others = changed_facts(before, after) - meant
    return not any(
        one.fact.name in others or (one.rule.id == violation.rule.id and one.fact.name == violation.fact.name)
        for one in wrong
    )


def _safety(violation: Violation, edits: Sequence[Edit]) -> Safety:
    """Safe where nothing but a comment or `meta` can see the edits, unless the rule calls its fixes unsafe."""
    if violation.rule.fix is Safety.UNSAFE:
        return Safety.UNSAFE
    variant = violation.variant
    is_meta = is_in_meta(violation.fact) or violation.fact.name == TEXT_IN_META
    in_meta = is_meta and all(only_in_meta(variant, Span(edit.start, edit.end)) for edit in edits)
    is_comment = all(piece.form is Form.COMMENT for item in violation.fact.items or () for piece in item.pieces)
    unseen = (_in_comment(violation) or in_meta or (violation.fact.name == TEXT and is_comment)) and not sees_itself(
        variant
    )
    return Safety.SAFE if unseen else Safety.UNSAFE


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
