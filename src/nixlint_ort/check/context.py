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

    def peers(self, rule: Rule) -> dict[str, list[Variant]]:
        """The variants that a rule compares with each other, by the value of the field that it names with `per`."""
        groups: dict[str, list[Variant]] = {}
        for variant in self.judgeable:
            fields = self.expected(variant)
            if variant.identity is not None and applies(rule, variant, fields):
                value = fields.get(rule.per, "") if rule.per else ""
                groups.setdefault(value if isinstance(value, str) else ", ".join(value), []).append(variant)
        return groups

    @property
    def judgeable(self) -> Iterator[Variant]:
        """The variants that could be read and parsed."""
        return (variant for variant in self.variants if variant.judgeable)
