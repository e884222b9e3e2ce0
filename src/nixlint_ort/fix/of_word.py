"""The fix of one word that says another variant than the file's name, where a wrong value is chosen by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nixlint_ort.convention.vocabulary import NAME_BINDING, STEM, TEXTS
from nixlint_ort.finding import Edit, Fix
from nixlint_ort.fix.attributes import removal
from nixlint_ort.fix.comments import takes_comments
from nixlint_ort.fix.prove import in_comment, safety_of
from nixlint_ort.fix.verify import changed_facts
from nixlint_ort.fix.words import words_of

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.fix.words import Word
    from nixlint_ort.variant.variant import Variant

QUOTES = 2
"""The bytes of the longest quotes of a text."""


def words_ending(violation: Violation) -> Sequence[Word]:
    """The words of the code each of which alone ends a violation, if it is about what the code evaluates to."""
    if in_comment(violation) or violation.fact.name in (STEM, *TEXTS):
        return ()
    return words_of(violation.variant, violation.fields).ending(violation)


def is_of_words(fix: Fix, violation: Violation, ending: Sequence[Word]) -> bool:
    """Whether the own fix of a violation, which words end, touches no more than they are, so that it can serve."""
    return _is_within(fix, violation, ending) or _takes_out(fix, violation, ending)


def _is_within(fix: Fix, violation: Violation, words: Sequence[Word]) -> bool:
    """Whether a fix changes no more than words, each with its quotes, and not a part of a word alone."""
    edits = {word.edit for word in words}
    return all(edit in edits or any(_is_of_text(edit, word, violation) for word in words) for edit in fix.edits)


def _takes_out(fix: Fix, violation: Violation, words: Sequence[Word]) -> bool:
    """Whether a fix takes out an attribute whose default is right, of which words say nothing else."""
    name = violation.fact.name
    is_alone = all(changed_facts(violation.variant, word.after) <= {name} for word in words)
    return is_alone and list(fix.edits) == removal(violation)


def _is_of_text(edit: Edit, word: Word, violation: Violation) -> bool:
    """Whether an edit is in a word that is all of a value, or in a text with more than a word."""
    if edit.start < word.span.start - QUOTES or word.span.end + QUOTES < edit.end:
        return False
    values = (item.pieces for item in violation.fact.items or ())
    is_all = any(len(pieces) == 1 and pieces[0].origin.span == word.span for pieces in values)
    return is_all or edit.text == NAME_BINDING or " " in word.edit.text


def are_blamed(ending: Sequence[Word], violation: Violation) -> bool:
    """Whether all words stand where a violation is blamed, so that its own fix makes them right."""
    places = violation.blamed
    return all(any(at.start <= one.span.end and one.span.start <= at.end for at in places) for one in ending)


def fix_of_word(violation: Violation, ending: Sequence[Word]) -> Fix | None:
    """The fix of the one word that says another variant, by which a wrong value is chosen; None where more may be it.

    It changes nothing that is right, and what is wrong after it is wrong before it.
    """
    if len(ending) != 1:
        return None
    word, before = ending[0], violation.variant
    known = words_of(before, violation.fields)
    changed = changed_facts(before, word.after)
    if not word.broken < known.broken or not changed <= {name for _, name in known.broken} | _unknown(before):
        return None
    meant = changed | {violation.fact.name, *violation.rule.facts}
    edits = (word.edit,)
    return None if takes_comments(before, edits) else Fix(safety_of(violation, edits), edits, facts=frozenset(meant))


def _unknown(variant: Variant) -> set[str]:
    return {name for name in variant.facts if variant.fact(name).unknown is not None}
