"""Which rules a word means: a rule by its name, or all of a family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nixlint_ort.convention.errors import did_you_mean

if TYPE_CHECKING:
    from nixlint_ort.convention import Rule


class UnknownRuleError(Exception):
    """There is no rule or family of that name."""


def rules_named(word: str, rules: Mapping[str, Rule]) -> set[str]:
    """The ids of the rules that a word means; raises UnknownRuleError if there are none."""
    found = {name for name, rule in rules.items() if word in (name, rule.family)}
    if not found:
        families = {rule.family for rule in rules.values()}
        raise UnknownRuleError(f"unknown rule or family {word!r}{did_you_mean(word, [*rules, *sorted(families)])}")
    return found
