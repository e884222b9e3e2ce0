"""The whole repository as the predicates see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.judge import applies

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.variant.variant import Variant


class Context(NamedTuple):
    """Every variant, what is expected of each, and the rules of this run."""

    repository: Repository
    branch: str | None
    rules: tuple[Rule, ...]

    @property
    def convention(self) -> Convention:
        """What the repository is judged by."""
        return self.repository.convention

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every variant of the repository, also those that were not asked for."""
        return self.repository.variants

    def expected(self, variant: Variant) -> Fields:
        """The fields that a variant's name makes it have; none where it is not that of a variant."""
        return variant.identity.expected(self.convention, self.branch) if variant.identity else {}

    def peers(self, rule: Rule, *, of_stack: bool = False) -> dict[str, list[Variant]]:
        """The variants that a rule compares with each other, by the value of the field that it names with `per`.

        With `of_stack`, by their kind and that value; where it names no field, by their kind and stack.
        """
        groups: dict[str, list[Variant]] = {}
        key = (rule.id, self.branch)
        for variant in self.judgeable:
            if key not in variant.group_of:
                variant.group_of[key] = self._group(rule, variant, of_stack=of_stack)
            value = variant.group_of[key]
            if value is not None:
                groups.setdefault(value, []).append(variant)
        return groups

    def _group(self, rule: Rule, variant: Variant, *, of_stack: bool) -> str | None:
        fields = self.expected(variant)
        if variant.identity is None or not applies(rule, variant, fields):
            return None
        value = fields.get(rule.per, "") if rule.per else ""
        value = value if isinstance(value, str) else ", ".join(value)
        if not of_stack:
            return value
        named = (variant.identity.kind.name, value if rule.per else self.convention.roles.stack_of(fields))
        return " ".join(filter(None, dict.fromkeys(named)))

    @property
    def judgeable(self) -> Iterator[Variant]:
        """The variants that could be read and parsed."""
        return (variant for variant in self.variants if variant.judgeable)
