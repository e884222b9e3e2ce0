"""The operators of rules: each compares one fact of one variant with what the rule expects of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.changes import changes
from nixlint_ort.check.violation import Violation, Wrong, narrowed
from nixlint_ort.convention import Operator, Rule
from nixlint_ort.convention.convention import STEM
from nixlint_ort.template import Shape, Template, list_items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.convention.tables import Fields, FieldValue
    from nixlint_ort.convention.texts import Text
    from nixlint_ort.nix.values import NixString
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


@dataclass(frozen=True, slots=True)
class Case:
    """One rule against one fact of one variant, with the fields that are expected of it."""

    rule: Rule
    variant: Variant
    fact: Fact
    fields: Fields

    @property
    def text(self) -> Text | None:
        """How the convention words this fact for this kind of variant, if it is a text."""
        identity = self.variant.identity
        return identity.kind.texts.get(self.fact.name) if identity else None

    def violation(
        self, actual: FieldValue, expected: FieldValue, wrong: tuple[Wrong, ...] = (), **more: bool | str | None
    ) -> Violation:
        """A violation of this case's rule."""
        return Violation(self.rule, self.variant, self.fact, actual, expected, self.fields, wrong=wrong, **more)  # type: ignore[arg-type]

    def rewritten(self) -> str | None:
        """The whole text as it should be; None where the tables do not say."""
        try:
            return self.text.render(self.fields) if self.text else None
        except KeyError:
            return None


def resolve(template: Template, fields: Mapping[str, FieldValue]) -> FieldValue | None:
    """What a rule's template stands for: a list where it is one field that is a list; None if a field is not given."""
    if template.text == "{" + (template.fields[0] if template.fields else "") + "}":
        return fields.get(template.fields[0])
    try:
        return template.render({name: ", ".join(_listed(fields[name])) for name in template.fields})
    except KeyError:
        return None


def _listed(value: FieldValue) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def present(case: Case) -> Violation | None:
    """The fact is there; with `false`, it is not."""
    wanted = case.rule.operand == "true"
    if case.fact.absent != wanted:
        return None
    whole = case.rewritten() if wanted else None
    return case.violation(shown(case.fact.value), whole or case.fact.name, missing=wanted, rewrite=whole)


def fits(case: Case) -> Violation | None:
    """The fact's text fits a wording of the convention."""
    value = case.fact.value
    if case.variant.identity is None:
        kinds = case.variant.convention.kinds
        return case.violation(case.variant.stem, " or ".join(kind.texts[STEM].full.text for kind in kinds))
    if not isinstance(value, str) or case.text is None or case.text.fit(value) is not None:
        return None
    whole = case.rewritten()
    return case.violation(value, whole or case.text.full.text, rewrite=whole)


def matches(case: Case) -> Violation | None:
    """The fact's text has a shape."""
    value = case.fact.value
    shape = Shape(case.rule.operand)
    if not isinstance(value, str) or Template("{it}", {"it": shape}).parse(value) is not None:
        return None
    part = _part(case)
    return case.violation(value, shape.value, (part.replaced(value),) if part else ())


def equals(case: Case) -> Violation | None:
    """The fact is what the template renders to; a list is the same list."""
    expected = resolve(case.rule.templates[0], case.fields)
    if expected is None:
        return None
    if isinstance(expected, tuple) and case.fact.is_list:
        return _equal_lists(case, expected)
    if isinstance(expected, tuple) or case.fact.is_list:
        return case.violation(shown(case.fact.value), expected) if case.fact.value != expected else None
    return _equal_texts(case, (expected,))


def one_of(case: Case) -> Violation | None:
    """The fact is one of several texts; the first is the one that a fix writes."""
    allowed: list[str] = []
    for template in case.rule.templates:
        value = resolve(template, case.fields)
        if value is None:
            return None
        allowed.extend(_listed(value))
    return _equal_texts(case, tuple(allowed))


def same_set(case: Case) -> Violation | None:
    """The fact's text lists the same names, in any order and with any separator."""
    part = _part(case)
    expected = resolve(case.rule.templates[0], case.fields)
    if part is None or expected is None or set(list_items(part.text)) == set(_listed(expected)):
        return None
    separator = "/" if "/" in part.text or case.text is None else case.text.separator
    if len(list_items(part.text)) > 1:
        separator = ", " if ", " in part.text else "/"
    return case.violation(part.text, expected, (part.replaced(separator.join(_listed(expected))),))


def contains_all(case: Case) -> Violation | None:
    """The fact is a list that has every one of the expected items."""
    expected = [item for template in case.rule.templates for item in _listed(resolve(template, case.fields) or ())]
    have = _listed(case.fact.value or ())
    if all(item in have for item in expected):
        return None
    return case.violation(shown(case.fact.value), tuple(expected))


def missing(case: Case) -> Violation:
    """The fact, or the field of its text that the rule is about, is not there."""
    expected = [item for template in case.rule.templates for item in _listed(resolve(template, case.fields) or ())]
    return case.violation("", tuple(expected), missing=True, rewrite=case.rewritten() if case.rule.field else None)


def field_is_missing(case: Case) -> bool:
    """Whether the fact's text fits a wording that lacks the field which the rule is about."""
    if case.rule.field is None or case.text is None or not isinstance(case.fact.value, str):
        return False
    fields = case.text.fit(case.fact.value)
    return fields is not None and case.rule.field not in fields


class Part(NamedTuple):
    """The text that a rule is about: the whole fact or one field of it, and where it begins in the fact's text."""

    item: NixString
    start: int
    text: str

    def replaced(self, text: str) -> Wrong:
        """The whole part as wrong."""
        return Wrong(self.item, self.start, self.start + len(self.text), text)


def _part(case: Case) -> Part | None:
    if not case.fact.items:
        return None
    item = case.fact.items[0]
    if case.rule.field is None:
        return Part(item, 0, item.text)
    fields = case.text.fit(item.text) if case.text else None
    if not fields or case.rule.field not in fields:
        return None
    field = fields[case.rule.field]
    return Part(item, field.start, field.text)


def shown(value: FieldValue | None) -> FieldValue:
    """A fact's value for a message."""
    return "" if value is None else value


def _equal_lists(case: Case, expected: tuple[str, ...]) -> Violation | None:
    items = case.fact.items or ()
    actual = tuple(item.text for item in items)
    if actual == expected:
        return None
    wrong: Iterator[Wrong] = iter(())
    if len(actual) == len(expected):
        wrong = (
            narrowed(Wrong(item, change.start, change.end, change.text))
            for item, text in zip(items, expected, strict=True)
            for change in changes(item.text, text)
        )
    return case.violation(actual, expected, tuple(wrong))


def _equal_texts(case: Case, allowed: tuple[str, ...]) -> Violation | None:
    part = _part(case)
    if part is None or part.text in allowed or not allowed:
        return None
    whole = part.replaced(allowed[0])
    if case.rule.field is not None and whole.located.form is not None:
        return case.violation(part.text, allowed if len(allowed) > 1 else allowed[0], (whole,))
    wrong = tuple(
        narrowed(Wrong(part.item, part.start + change.start, part.start + change.end, change.text))
        for change in changes(part.text, allowed[0])
    )
    return case.violation(part.text, allowed if len(allowed) > 1 else allowed[0], wrong)


OPERATORS: dict[Operator, Callable[[Case], Violation | None]] = {
    Operator.PRESENT: present,
    Operator.FITS: fits,
    Operator.MATCHES: matches,
    Operator.EQUALS: equals,
    Operator.ONE_OF: one_of,
    Operator.SAME_SET: same_set,
    Operator.CONTAINS_ALL: contains_all,
}
