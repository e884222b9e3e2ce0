"""The predicate about a file that was given another variant's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import Scope, predicate
from nixlint_ort.check.violation import Replacement, Violation
from nixlint_ort.convention.vocabulary import NAME_FACT, STEM

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule


@predicate("contents-of-missing", "no file is by all its contents a variant that has no file", Scope.REPOSITORY)
def contents_of_missing(rule: Rule, context: Context) -> Iterator[Violation]:
    """One violation for each file of which everything but its name says that it is a variant without a file."""
    suspects = [one for one in context.judgeable if context.value(one, NAME_FACT) not in (None, one.stem)]
    if not suspects:
        return
    from nixlint_ort.check.other_names import missing_variants, renamed_from  # it brings all that judges with it

    missing = missing_variants(context)
    for variant in suspects if missing else ():
        found = renamed_from(variant, missing, context)
        fact = variant.fact(STEM)
        if found is not None and fact.items:
            other, effects = found
            for one in effects:
                one.weak = True  # they go with the name, and need no note each
            wrong = (Replacement(fact.items[0], 0, len(variant.stem), other.stem),)
            fields = context.expected(variant)
            yield Violation(rule, variant, fact, variant.stem, other.stem, fields, wrong=wrong, reaches=effects)
