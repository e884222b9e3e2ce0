"""What a round of fixes must leave as it was: each rule that held, and all that an author has silenced."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.convention import Rule
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.variant.variant import Variant


def breaches(repository: Repository, before: Result, after: Result, renamed: Iterable[str]) -> dict[str, str]:
    """By path, why what fixes make of `repository` is not to be: what is wrong in that file which was right before.

    A file with a new name (`renamed` has both names) is to be judged by that, so what is wrong in it is nothing new.
    Nor is what could not be judged before because a fact was not known.
    """
    broken = before.broken | {(finding.rule, finding.place.path) for finding in before.findings}
    known = {variant.path: variant for variant in repository.variants}
    found: dict[str, str] = {}
    for name, path in sorted(after.broken - broken):
        if path not in renamed and not _was_unknown(known.get(path), after.rules.get(name)):
            found.setdefault(path, f"it would break rule {name} in {path}")
    still = after.broken | {(one.finding.rule, one.finding.place.path) for one in after.suppressed}
    for silenced in before.suppressed:
        path = silenced.finding.place.path
        if (silenced.finding.rule, path) not in still and path not in renamed:
            found.setdefault(path, f"it would change what a comment suppresses ({silenced.finding.rule} in {path})")
    return found


def _was_unknown(variant: Variant | None, rule: Rule | None) -> bool:
    """Whether a rule could not tell of a file whether it holds; what is doubled shows only once the line is there."""
    if variant is None or rule is None:
        return False
    facts = [variant.fact(name) for name in rule.facts]
    return any(fact.unknown is not None or (fact.absent and fact.further) for fact in facts)
