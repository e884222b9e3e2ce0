"""The whole repository as the predicates see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.case import applies
from nixlint_ort.variant.nixpkgs_use import NixpkgsUse

if TYPE_CHECKING:
    from nixlint_ort.check.verdict_cache import VerdictCache
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.template import Field
    from nixlint_ort.variant.variant import FactValue, Variant


class Context(NamedTuple):
    """Every variant, what is expected of each, and the rules of this run.

    What it tells of a variant that others are compared with is what is remembered, where that is enough.
    """

    repository: Repository
    branch: str | None
    rules: tuple[Rule, ...]
    verdicts: VerdictCache
    in_two_processes: bool = False
    """Whether many variants may be judged in two processes at once."""

    @property
    def convention(self) -> Convention:
        """What the repository is judged by."""
        return self.repository.convention

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every variant of the repository, also those that were not asked for."""
        return self.repository.variants

    @property
    def planned(self) -> tuple[str, ...]:
        """The names in the release's matrix, worked out once for a repository and what comes of it."""
        stems = self.repository.stems
        if self.branch not in stems:
            stems[self.branch] = tuple(self.convention.stems(self.branch))
        return stems[self.branch]

    def expected(self, variant: Variant) -> Fields:
        """The fields that a variant's name makes it have; none where it is not that of a variant."""
        return variant.identity.expected(self.convention, self.branch) if variant.identity else {}

    def peers(self, rule: Rule, *, of_stack: bool = False) -> dict[str, list[Variant]]:
        """The variants that a rule compares with each other, by the value of the field that it names with `per`.

        With `of_stack`, by their kind and that value; where it names no field, by their kind and stack.
        """
        groups: dict[str, list[Variant]] = {}
        for variant in self.judgeable:
            known = self.verdicts.worked_out.setdefault(variant, {})
            if rule.id not in known:
                known[rule.id] = self._group(rule, variant, of_stack=of_stack)
            value: str | None = known[rule.id]
            if value is not None:
                groups.setdefault(value, []).append(variant)
        return groups

    def _group(self, rule: Rule, variant: Variant, *, of_stack: bool) -> str | None:
        if not (rule.only or rule.per or of_stack):
            return "" if applies(rule, variant) else None  # without the fields, of which there may be very many
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
        return filter(self.is_judgeable, self.variants)

    def is_judgeable(self, variant: Variant) -> bool:
        """Whether a variant could be read and parsed."""
        return self.verdicts.is_judgeable(variant)

    def is_sound(self, variant: Variant) -> bool:
        """Whether a variant is known to break nothing by itself."""
        return self.verdicts.recall(variant) is not None

    def value(self, variant: Variant, fact: str) -> FactValue:
        """A fact's value; None where it is not known or not set. Raises KeyError for a name that no fact has."""
        return self.verdicts.value(variant, fact)

    def fitted(self, variant: Variant, fact: str) -> Mapping[str, Field] | None:
        """The fields of a fact that is a text of this kind of variant; None if it fits no wording, or is none."""
        known = self.verdicts.worked_out.setdefault(variant, {})
        if f"text {fact}" not in known:
            known[f"text {fact}"] = self._fitted(variant, fact)
        found: Mapping[str, Field] | None = known[f"text {fact}"]
        return found

    def _fitted(self, variant: Variant, fact: str) -> Mapping[str, Field] | None:
        text = variant.identity.kind.texts.get(fact) if variant.identity else None
        value = self.value(variant, fact)
        if text is None or variant.identity is None or not isinstance(value, str):
            return None
        return text.fit(value, variant.identity.expected(self.convention, None))

    def outline(self, variant: Variant) -> bytes:
        """The digest of a variant's code: equal where two say the same except for their facts, comments and blanks."""
        remembered = self.verdicts.remembered(variant)
        if remembered and remembered.outline:
            return remembered.outline
        from nixlint_ort.variant.normal_form import outline  # not where every variant is remembered

        return outline(variant)

    def meaning(self, variant: Variant) -> object:
        """What a variant means, worked out once: it takes of the steps that its file has for all questions together."""
        known = self.verdicts.worked_out.setdefault(variant, {})
        if "meaning" not in known:
            from nixlint_ort.variant.normal_form import meaning  # only where the code of a variant is odd

            known["meaning"] = meaning(variant)
        return known["meaning"]

    def nixpkgs_use(self, variant: Variant) -> NixpkgsUse:
        """What evaluating a variant asks nixpkgs for."""
        remembered = self.verdicts.remembered(variant)
        return NixpkgsUse(*remembered.use) if remembered and remembered.use is not None else variant.nixpkgs_use
