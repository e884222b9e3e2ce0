"""The operators of rules: each compares one fact of one variant with what the rule expects of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.case import Case, listed, resolve
from nixlint_ort.check.violation import Replacement, Violation, narrowed
from nixlint_ort.check.word_diff import changes
from nixlint_ort.convention import Operator
from nixlint_ort.convention.errors import nearest
from nixlint_ort.convention.vocabulary import HEADER_LINES, NAME_FACT, STEM
from nixlint_ort.nix.values import Form
from nixlint_ort.source import Span
from nixlint_ort.template import Shape, Template, list_items, separators_in
from nixlint_ort.variant.fact import locate
from nixlint_ort.variant.identity import identify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.convention.convention import Convention
    from nixlint_ort.convention.tables import FieldValue
    from nixlint_ort.convention.wordings import Wording
    from nixlint_ort.nix.values import NixString
    from nixlint_ort.variant.variant import Variant


def present(case: Case) -> Violation | None:
    """The fact is there; with `false`, it is not."""
    wanted = case.rule.operand == "true"
    if case.fact.absent != wanted:
        return None
    whole = case.rewritten() if wanted else None
    return case.violation(case.fact.value, whole, missing=wanted, rewrite=whole)


def fits(case: Case) -> Violation | None:
    """The fact's text fits a wording of the convention."""
    value = case.fact.value
    if case.variant.identity is None:
        return _misnamed(case)
    if not isinstance(value, str) or case.text is None:
        return None
    if case.fact.reason is not None:
        above = case.variant.fact(HEADER_LINES[0])
        if above is not case.fact and above.items and above.reason is not None:
            return None  # the header as a whole is out of place, which its first line says
        whole = case.rewritten()
        return case.violation(value, whole, case="misplaced", arguments={"reason": case.fact.reason})
    if case.fitted is None:
        whole = case.rewritten()
        forms = (whole or form(case.text, case.fields, case.variant.convention),)
        return case.violation(value, whole, rewrite=whole, arguments={"forms": forms})
    mark = case.fact.items[0].pieces[0] if case.fact.items else None
    if mark is not None and mark.form is Form.DERIVED and case.fact.name in HEADER_LINES:
        return case.violation(value, case.rewritten(), case="spaced", at=(mark.origin.span,))
    if case.fact.further:
        extra = case.fact.further[0]
        return case.violation(case.variant.source.text(extra), None, case="repeated", at=(extra,))
    return None


def _misnamed(case: Case) -> Violation:
    """The file's name is that of no variant; where the file calls itself one, that is its name."""
    variant = case.variant
    own = variant.fact(NAME_FACT).value if variant.judgeable else None
    wrong: tuple[Replacement, ...] = ()
    if isinstance(own, str) and case.fact.items and identify(own, variant.convention) is not None:
        wrong = (Replacement(case.fact.items[0], 0, len(variant.stem), own),)
    near = own if wrong else nearest_stem(variant)
    convention = variant.convention
    forms = tuple(form(kind.texts[STEM].first, convention.fields, convention) for kind in convention.kinds)
    hint = f"{near}.nix" if near else None
    return case.violation(variant.stem, near, wrong, hint=hint, arguments={"forms": forms})


def form(wording: Wording, fields: Mapping[str, FieldValue], convention: Convention) -> str:
    """A wording as people read it: with what is known, and the name of each other field in angle brackets.

    A key has the name of its table alone.
    """
    named = {table.key_field: name for name, table in convention.tables.items()}
    known = {name: value for name, value in fields.items() if isinstance(value, str)}
    return Template(wording.text, {}).render(
        {name: known.get(name, f"<{named.get(name, name)}>") for name in wording.fields}
    )


def nearest_stem(variant: Variant) -> str | None:
    """The name of a variant of any release that is most like a file's own."""
    return nearest(variant.stem, variant.convention.stems_of_all(), likeness=0.75)


@cache
def _of_shape(shape: Shape) -> Template:
    return Template("{it}", {"it": shape})


def matches(case: Case) -> Violation | None:
    """The fact's text has a shape."""
    value = case.fact.value
    shape = Shape(case.rule.operand)
    if not isinstance(value, str) or _of_shape(shape).parse(value) is not None:
        return None
    part = _part(case)
    wrong = (part.replaced(value),) if part else ()
    return case.violation(value, None, wrong, arguments={"expected": shape.value})


def equals(case: Case) -> Violation | None:
    """The fact is what the template renders to; a list is the same list."""
    expected = resolve(case.rule.templates[0], case.fields)
    if expected is None:
        return None
    if isinstance(expected, tuple) or case.fact.is_list:
        return _equal_lists(case, listed(expected))
    return _equal_texts(case, (expected,))


def one_of(case: Case) -> Violation | None:
    """The fact is one of several texts; the first is the one that a fix writes."""
    allowed: list[str] = []
    for template in case.rule.templates:
        value = resolve(template, case.fields)
        if value is None:
            return None
        allowed.extend(listed(value))
    return _equal_texts(case, tuple(allowed))


def fields(case: Case) -> Violation | None:
    """Each of the named fields of the fact's text is what the tables say; a list is the same set of names."""
    if case.text is None or not case.fact.items:
        return None
    item = case.fact.items[0]
    wrong: list[Replacement] = []
    actual: list[str] = []
    for template in case.rule.templates:
        field, expected = case.parsed.get(template.fields[0]), resolve(template, case.fields)
        if field is None or expected is None:
            continue
        text = expected if isinstance(expected, str) else _listing(field.text, expected, case.text.separators)
        if text != field.text:
            wrong.append(Replacement(item, field.start, field.end, text))
            actual.append(field.text)
    if not wrong:
        return None
    wrong.sort(key=lambda one: one.start)
    return case.violation(
        tuple(actual), tuple(one.text for one in wrong), tuple(wrong), arguments=_stretch(case, item.text, wrong)
    )


def _stretch(case: Case, text: str, wrong: list[Replacement]) -> dict[str, FieldValue]:
    """From the first to the last of the fields that the rule is about, as written and as wanted."""
    parts = [case.parsed[one.fields[0]] for one in case.rule.templates if one.fields[0] in case.parsed]
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    end += text[end:].startswith(")") and "(" in text[start:end]
    wanted = text
    for part in reversed(wrong):
        wanted = wanted[: part.start] + part.text + wanted[part.end :]
    return {"written": text[start:end], "wanted": wanted[start : len(wanted) - len(text) + end]}


def _listing(actual: str, expected: tuple[str, ...], separators: tuple[str, ...]) -> str:
    """The names as they should be listed: as they are where only their order or an allowed separator differs."""
    used = separators_in(actual)
    if set(list_items(actual)) == set(expected) and all(one in separators for one in used):
        return actual
    return next((one for one in used if one in separators), separators[0]).join(expected)


def wanted_items(case: Case) -> tuple[str, ...]:
    """All items of the values that the rule's templates stand for."""
    return tuple(item for template in case.rule.templates for item in listed(resolve(template, case.fields) or ()))


def contains_all(case: Case) -> Violation | None:
    """The fact is a list that has every one of the expected items."""
    expected = wanted_items(case)
    have = listed(case.fact.value or ())
    if all(item in have for item in expected):
        return None
    return case.violation(case.fact.value, expected)


def missing(case: Case) -> Violation:
    """The fact, or the field of its text that the rule is about, is not there."""
    expected = wanted_items(case)
    return case.violation(
        None,
        expected if len(expected) != 1 else expected[0],
        missing=True,
        rewrite=case.rewritten(in_part=True) if case.rule.field else None,
    )


def field_is_missing(case: Case) -> bool:
    """Whether the fact's text fits a wording that lacks the field which the rule is about."""
    if case.rule.field is None or case.text is None:
        return False
    fitted = case.fitted
    return fitted is not None and case.rule.field not in fitted and case.rule.field in case.text.needed_fields


def field_is_unwanted(case: Case) -> bool:
    """Whether the fact's text has the field which the rule is about, though its kind of variant has none."""
    if case.rule.field is None or case.text is None:
        return False
    return case.rule.field in case.parsed and not case.text.has(case.rule.field)


def unwanted(case: Case) -> Violation:
    """The field of the text that the rule is about should not be there."""
    item = case.fact.items[0] if case.fact.items else None
    field = case.parsed[case.rule.field or ""]
    at = (locate(item, field.start, field.end).span,) if item else ()
    return case.violation(field.text, None, at=at, unwanted=True, rewrite=case.rewritten(in_part=True))


class RuledText(NamedTuple):
    """The text that a rule is about: the whole fact or one field of it, and where it begins in the fact's text."""

    item: NixString
    start: int
    text: str

    def replaced(self, text: str) -> Replacement:
        """The whole part as wrong."""
        return Replacement(self.item, self.start, self.start + len(self.text), text)


def _part(case: Case) -> RuledText | None:
    if not case.fact.items:
        return None
    item = case.fact.items[0]
    if case.rule.field is None:
        return RuledText(item, 0, item.text)
    field = case.parsed.get(case.rule.field)
    return RuledText(item, field.start, field.text) if field else None


def _equal_lists(case: Case, expected: tuple[str, ...]) -> Violation | None:
    items = case.fact.items or ()
    actual = tuple(item.text for item in items)
    if actual == expected:
        return None
    if len(actual) != len(expected):
        return case.violation(actual, expected, at=_first_difference(items, expected))
    wrong = (
        narrowed(Replacement(item, change.start, change.end, change.text))
        for item, text in zip(items, expected, strict=True)
        for change in changes(item.text, text)
    )
    return case.violation(actual, expected, tuple(wrong))


def _first_difference(items: tuple[NixString, ...], expected: tuple[str, ...]) -> tuple[Span, ...]:
    """Where the first item is written that should not be there, or that stands where one is missing."""
    if not items:
        return ()
    same = sum(1 for _ in takewhile(lambda pair: pair[0].text == pair[1], zip(items, expected, strict=False)))
    item = items[min(same, len(items) - 1)]
    return (locate(item, 0, len(item.text)).span,)


def _equal_texts(case: Case, allowed: tuple[str, ...]) -> Violation | None:
    part = _part(case)
    if part is None or part.text in allowed or not allowed:
        return None
    whole = part.replaced(allowed[0])
    if len(allowed) > 1 and case.rule.fix is None:
        return case.violation(part.text, allowed, at=(whole.pointed,))
    if case.rule.field is not None and whole.located.form is not None:
        return case.violation(part.text, allowed if len(allowed) > 1 else allowed[0], (whole,))
    wrong = tuple(
        narrowed(Replacement(part.item, part.start + change.start, part.start + change.end, change.text))
        for change in changes(part.text, allowed[0])
    )
    return case.violation(part.text, allowed if len(allowed) > 1 else allowed[0], wrong)


OPERATORS: dict[Operator, Callable[[Case], Violation | None]] = {
    Operator.PRESENT: present,
    Operator.FITS: fits,
    Operator.MATCHES: matches,
    Operator.EQUALS: equals,
    Operator.ONE_OF: one_of,
    Operator.FIELDS: fields,
    Operator.CONTAINS_ALL: contains_all,
}
