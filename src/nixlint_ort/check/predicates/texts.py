"""The predicate about texts inside variants: what comments, descriptions and messages say is of the variant itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import OF_TEXTS, Scope, predicate

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.convention import Rule
    from nixlint_ort.variant.variant import Variant


@predicate(
    OF_TEXTS,
    "comments, texts of `meta` and messages say nothing of the variant that is another's",
    Scope.VARIANT,
    ("holder", "what", "most"),
)
def texts(rule: Rule, variant: Variant, context: Context) -> Iterator[Violation]:
    """One violation for each mention of a value that another variant has."""
    speech = context.convention.speech
    if speech is None or variant.identity is None or not variant.judgeable:
        return
    from nixlint_ort.variant.texts import texts_of  # not where every variant is remembered

    passages = list(texts_of(variant, speech.texts["attributes"], speech.texts["printing"]))
    if passages:
        from nixlint_ort.check.claims.own_texts import judge_texts  # nor what reads texts where there are none

        yield from judge_texts(rule, variant, context, passages)
