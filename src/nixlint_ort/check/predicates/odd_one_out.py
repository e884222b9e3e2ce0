"""The predicate that finds the odd one out: code that differs from that of most variants of the same stack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import LIKE_ITS_PEERS, Scope, predicate

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.convention import Rule
    from nixlint_ort.nix.constructs import Path
    from nixlint_ort.variant.variant import Variant

NO_WORDS = b""
"""The digest of a binding that is not there, or of which all words are in others."""
WORDS_KEPT = 64
"""So many variants keep their words; those of another one are read again where they differ."""
MIN_PEERS = 3
"""So many variants must agree, and be at least two thirds of their stack, before another one is odd."""


@predicate(
    LIKE_ITS_PEERS,
    "the code is what most variants of its stack have, but for what follows from the name",
    Scope.REPOSITORY,
    ("count", "total"),
)
def code_of_peers(rule: Rule, context: Context) -> Iterator[Violation]:
    """One weak violation for each place at which a variant differs from a clear majority of its stack."""
    for variants in context.peers(rule, of_stack=True).values():
        model, count = _model(context, variants)
        if model is None:
            yield from _by_binding(rule, context, variants)
            continue
        about = {"count": str(count), "total": str(len(variants))}
        for variant in variants:
            if context.outline(variant) != context.outline(model):
                yield from _odd(rule, context, variant, model, about)


def _odd(
    rule: Rule, context: Context, variant: Variant, model: Variant, about: Mapping[str, str]
) -> Iterator[Violation]:
    from nixlint_ort.check.code_words import differences_of_files  # only where something is odd

    if context.meaning(variant) != context.meaning(model):
        yield from differences_of_files(rule, context, variant, model, about)


def _by_binding(rule: Rule, context: Context, variants: Sequence[Variant]) -> Iterator[Violation]:
    """The same where too many variants have code of their own somewhere: each binding is compared by itself."""
    if len(variants) < MIN_PEERS:
        return
    from nixlint_ort.check.code_words import Difference, bindings, differences, digest, violation

    words_of = lru_cache(WORDS_KEPT)(bindings)
    every = [(variant, {path: digest(own) for path, own in words_of(variant).items()}) for variant in variants]
    models: dict[Path, tuple[bytes, Variant, Mapping[str, str]]] = {}
    for path in sorted({path for _, bound in every for path in bound}, key=lambda path: (len(path), path)):
        there = [(variant, bound.get(path, NO_WORDS)) for variant, bound in every if path[:-1] in bound]
        most, count = Counter(form for _, form in there).most_common(1)[0]
        if _is_clear(count, len(variants)):
            model = next(variant for variant, form in there if form == most)
            models[path] = most, model, {"count": str(count), "total": str(len(variants))}
    for variant, forms in every:
        for path, (most, model, about) in models.items():
            form = forms.get(path, NO_WORDS)
            if form == most or path[:-1] not in forms:
                continue
            bound, of_model = words_of(variant), words_of(model)
            if NO_WORDS not in {form, most}:
                yield from differences(rule, context, (variant, bound[path]), (model, of_model[path]), about)
            else:
                here, theirs = (bound.get(path) or bound[path[:-1]], of_model.get(path) or of_model[path[:-1]])
                at = Difference(
                    (0, len(here)) if form != NO_WORDS else (len(here) - 1,) * 2,
                    (0, len(theirs)) if most != NO_WORDS else (0, 0),
                )
                yield violation(rule, context, at, (variant, here), (model, theirs), about)


def is_compared(variant: Variant, context: Context, rule: Rule) -> bool:
    """Whether a variant is one of a stack with a clear majority, so that the rule can say whether it is odd."""
    peers = context.peers(rule, of_stack=True)
    return any(variant in variants and _model(context, variants)[0] is not None for variants in peers.values())


def _model(context: Context, variants: Sequence[Variant]) -> tuple[Variant | None, int]:
    """The first of a clear majority that have the same code, and how many they are; None where there is none."""
    outlines = [context.outline(variant) for variant in variants]
    most, count = max(Counter(outlines).items(), key=lambda one: one[1])  # `most_common` imports a heap for it
    return (variants[outlines.index(most)], count) if _is_clear(count, len(variants)) else (None, count)


def _is_clear(count: int, total: int) -> bool:
    return count >= MIN_PEERS and 3 * count >= 2 * total
