"""Words a violation as a finding: the message with its values, the places, and the cause that it shares with others."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from nixlint_ort.check.violation import TextViolation, Violation, first_line
from nixlint_ort.convention import Operator
from nixlint_ort.finding import Finding, Place, Related

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from nixlint_ort.convention.tables import FieldValue
    from nixlint_ort.template import Template
    from nixlint_ort.variant.variant import Variant

CHOICES = ("expected", "forms")
"""Values of which a rule that allows several wants one."""
IMPLIED = ("expected", "wanted")
"""Values that follow from the variant's own name."""
_MAX_ITEMS = 4  # of a list that the predicate gives the message


def word(violation: Violation | TextViolation) -> Finding:
    """The finding of a violation, without its fix."""
    return _word(violation) if isinstance(violation, Violation) else _word_text(violation)


def _word(violation: Violation) -> Finding:
    rule = violation.rule
    message = _message(violation)
    values: dict[str, FieldValue] = {**violation.fields, **violation.arguments}
    if "stack" in message.fields:
        values["stack"] = stack_in_words(violation.variant)
    values |= _compared(violation)
    named = {name: values[name] for name in message.fields if name in values}
    is_choice = rule.operator in (Operator.ONE_OF, Operator.FITS)
    text = _rendered(message, named, given=violation.arguments, is_choice=is_choice)
    cause = _cause(violation, message, named)
    place = Place(violation.variant.source, violation.span)
    return _finding(violation, place, text, named, cause)._replace(
        severity=violation.severity, related=_related(violation)
    )


def _word_text(violation: TextViolation) -> Finding:
    message = violation.message or violation.rule.message
    values = {**violation.arguments, **_compared(violation)}
    named = {name: values[name] for name in message.fields if name in values}
    text = _rendered(message, named, given=(), is_choice=False)
    cause = repr((violation.rule.id, message.text, sorted(named.items())))
    found = _finding(violation, violation.place, " ".join(text.split()), named, cause)
    return found._replace(related=violation.notes)


def _finding(
    violation: Violation | TextViolation, place: Place, text: str, named: dict[str, FieldValue], cause: str
) -> Finding:
    rule = violation.rule
    if violation.hint is not None:
        named["hint"] = violation.hint
        text += f" (did you mean {violation.hint}?)"
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=text,
        place=place,
        expected=violation.expected,
        actual=violation.actual,
        arguments=named,
        cause=f"{rule.id}-{zlib.crc32(cause.encode()):08x}",
        url=rule.url,
    )


def in_words(value: FieldValue, *, joint: str = "and", mark: str = "", most: int | None = None) -> str:
    """A value as a message says it: several items as `a, b and c`, of more than `most` the first ones and how many.

    `mark` is what is before and behind each item.
    """
    if isinstance(value, str):
        return f"{mark}{value}{mark}"
    items = [f"{mark}{item}{mark}" for item in value] or ["empty"]
    if most is not None and len(items) > most + 1:
        items = [*items[:most], f"{len(items) - most} more"]
    *others, last = items
    return f"{', '.join(others)} {joint} {last}" if others else last


def stack_in_words(variant: Variant) -> str:
    """The variants that a variant is one of, such as `CUDA 12.9`."""
    if variant.identity is None:
        return ""
    title = variant.convention.roles.stack_title(variant.identity.expected(variant.convention, None))
    return title or variant.identity.kind.name.upper()


def _compared(violation: Violation | TextViolation) -> dict[str, FieldValue]:
    """What there is and what is expected, where those are values."""
    both = {"actual": violation.actual, "expected": violation.expected}
    return {name: value for name, value in both.items() if value is not None}


def _message(violation: Violation) -> Template:
    rule = violation.rule
    if violation.case is not None:
        return rule.cases.get(violation.case, rule.message)
    return (violation.missing and rule.missing) or (violation.unwanted and rule.unwanted) or rule.message


def _rendered(message: Template, values: Mapping[str, FieldValue], *, given: Container[str], is_choice: bool) -> str:
    """A message with its values; each item of a list that is between backticks gets its own."""
    words: dict[str, str] = {}
    for name in message.fields:
        mark = "`" if f"`{{{name}}}`" in message.text else ""
        joint = "or" if is_choice and name in CHOICES else "and"
        most = _MAX_ITEMS if name in given else None
        text = in_words(values.get(name, "nothing"), joint=joint, mark=mark, most=most)
        words[name] = text.removeprefix(mark).removesuffix(mark)  # which the message has itself
    return message.render(words)


def _related(violation: Violation) -> tuple[Related, ...]:
    source, rule = violation.variant.source, violation.rule
    related = [Related(Place(source, span), "used here") for span in violation.through]
    related += violation.notes
    related += [
        Related(Place(source, first_line(one.variant, one.fact.span)), f"this also breaks rule {one.rule.id}")
        for one in violation.reaches
        if one.rule.facts != rule.facts and not one.weak
    ]
    return tuple(dict.fromkeys(related))


def _cause(violation: Violation, message: Template, values: Mapping[str, FieldValue]) -> str:
    """What findings of one cause have in common: all but what follows from each variant's own name.

    What is expected follows from the name by the tables, so it tells no two causes apart; of what there is, the parts
    that are in the name are left out, and of two lists the items that both have.
    """
    named = violation.variant.identity.fields if violation.variant.identity else {}
    own = sorted({violation.variant.stem, *(field.text for field in named.values())}, key=len, reverse=True)

    def without_own(value: FieldValue) -> str:
        text = in_words(value)
        for part in own:
            text = text.replace(part, "\0")
        return text

    kept = {name: without_own(value) for name, value in values.items() if name not in {*IMPLIED, *violation.fields}}
    if "actual" in kept and isinstance(violation.actual, tuple) and isinstance(violation.expected, tuple):
        have, wanted = violation.actual, violation.expected
        kept["actual"] = repr(([one for one in have if one not in wanted], [one for one in wanted if one not in have]))
    return repr((violation.rule.id, message.text, sorted(kept.items())))
