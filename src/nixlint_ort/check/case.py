"""One rule against one fact of one variant, which is what an operator judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from nixlint_ort.check.violation import Replacement, Violation
from nixlint_ort.convention import Operator, Rule
from nixlint_ort.convention.tables import agrees
from nixlint_ort.convention.vocabulary import STEM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.convention.tables import Fields, FieldValue
    from nixlint_ort.convention.wordings import Wording
    from nixlint_ort.template import Field, Template
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


def applies(rule: Rule, variant: Variant, fields: Fields | None = None) -> bool:
    """Whether a rule is about a variant, by its kind and its fields; without `fields`, by those that any branch has.

    Of a file with no variant's name only its name is judged.
    """
    identity = variant.identity
    if identity is None:
        return rule.facts == (STEM,) and rule.operator is Operator.FITS
    if identity.kind.name not in rule.applies:
        return False
    if not rule.only:
        return True
    return agrees(rule.only, identity.expected(variant.convention, None) if fields is None else fields)


class Case(NamedTuple):
    """One rule against one fact of one variant, with the fields that are expected of it."""

    rule: Rule
    variant: Variant
    fact: Fact
    fields: Fields

    @property
    def text(self) -> Wording | None:
        """How the convention words this fact for this variant, if it is a text."""
        identity = self.variant.identity
        wordings = identity.kind.texts.get(self.fact.name) if identity else None
        return wordings.chosen(self.fields) if wordings else None

    @property
    def parsed(self) -> Mapping[str, Field]:
        """The fields of this fact's text; none if it is not a text, or fits no wording."""
        return self.fitted or {}

    @property
    def fitted(self) -> Mapping[str, Field] | None:
        """The fields of this fact's text; None if it fits no wording, or is not a text."""
        return self.variant.fitted(self.fact.name, self.fields)

    def violation(
        self, actual: FieldValue | None, expected: FieldValue | None, wrong: tuple[Replacement, ...] = (), **more: Any
    ) -> Violation:
        """A violation of this case's rule."""
        return Violation(self.rule, self.variant, self.fact, actual, expected, self.fields, wrong=wrong, **more)

    def rewritten(self, *, in_part: bool = False) -> str | None:
        """The whole text as it should be, or as it is except for the rule's field; None where the tables do not say."""
        kept = {name: field.text for name, field in self.parsed.items() if in_part and name != self.rule.field}
        try:
            return self.text.render({**self.fields, **kept}) if self.text else None
        except KeyError:
            return None


def resolve(template: Template, fields: Mapping[str, FieldValue]) -> FieldValue | None:
    """What a rule's template stands for: a list where it is one field that is a list; None if a field is not given."""
    if len(template.fields) == 1 and len(template.text) == len(template.fields[0]) + 2:
        return fields.get(template.fields[0])
    try:
        return template.render({name: ", ".join(listed(fields[name])) for name in template.fields})
    except KeyError:
        return None


def listed(value: FieldValue) -> tuple[str, ...]:
    """A value as a list: a text as its only item."""
    return (value,) if isinstance(value, str) else value
