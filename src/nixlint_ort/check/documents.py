"""Judges the documents beside the variants: all but those that are known to say nothing that is not so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.sources import sources_in, versions_fetched
from nixlint_ort.check.predicates.registry import READABLE

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.context import Context
    from nixlint_ort.check.result import Suppressed
    from nixlint_ort.check.violation import TextViolation


def judge_documents(context: Context, names: Mapping[str, str]) -> tuple[list[TextViolation], list[Suppressed]]:
    """What is not as the documents say, and what of that they silence; nothing where no release is known.

    `names` are the files' names by path, without `.nix`: the right one where a file has a wrong one.
    """
    documents = context.repository.documents
    if not documents:
        return [], []
    checks = {rule.check for rule in context.rules}
    is_read = _is_read(context) and not checks.isdisjoint(check.value for check in Check)
    key = _beside(context, names) if is_read else ()
    left = [one for one in documents if one.problem or (is_read and not context.verdicts.is_true(one, key))]
    if not left:
        return [], []
    from nixlint_ort.check.claims.findings import judge, unreadable

    rule = next((rule for rule in context.rules if rule.check == READABLE), None)
    found = [unreadable(rule, one) for one in left if one.problem and rule is not None]
    silenced: list[Suppressed] = []
    facts = facts_of(context, names)
    if not is_read or facts is None:
        return found, silenced
    said = context.verdicts.said
    unread = [one for one in left if not one.problem and said.get(one.source, (None,))[0] != key]
    for document, what in judge(unread, facts, context):
        said[document.source] = (key, what)
    for document in left:
        if not document.problem:
            own, quiet = said[document.source][1]
            found += own
            silenced += quiet
            if not own and not quiet:
                context.verdicts.note_true(document, key)
    return found, silenced


def facts_of(context: Context, names: Mapping[str, str]) -> Facts | None:
    """What is true of a repository; None where no release is known, or the convention says nothing of documents."""
    speech = context.convention.speech
    if speech is None or context.branch is None:
        return None
    from nixlint_ort.check.claims.facts import Facts

    return Facts(context.convention, speech, context.branch, _stems(context, names), _sources(context))


def _is_read(context: Context) -> bool:
    """Whether the convention says how documents speak, and which release they are about."""
    return context.convention.speech is not None and context.branch is not None


def _beside(context: Context, names: Mapping[str, str]) -> Iterable[str]:
    """What of the variants decides whether a document is true: their names, the right ones, and what they fetch."""
    named = [stem if stem == name else f"{stem} -> {name}" for stem, name in _stems(context, names).items()]
    fetched = [f"{name}/{version}" for name, version in _sources(context).items()]
    return sorted({*named, *fetched})


def _stems(context: Context, names: Mapping[str, str]) -> dict[str, str]:
    return {variant.stem: names.get(variant.path, variant.stem) for variant in context.variants}


def _sources(context: Context) -> Mapping[str, str]:
    found: set[tuple[str, str]] = set()
    for variant in context.variants:
        known = context.verdicts.worked_out.setdefault(variant, {})
        if "sources" not in known:
            known["sources"] = sources_in("" if variant.problem else variant.source.data.decode("utf-8", "replace"))
        found |= known["sources"]
    return versions_fetched(found, context.convention.package)
