"""Puts in an attribute that is missing, where it belongs among its siblings, and takes out one that is not needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nixlint_ort.check.case import resolve
from nixlint_ort.convention.vocabulary import FACTS, NAME_BINDING, NAME_FACT, Writing
from nixlint_ort.finding import Edit
from nixlint_ort.fix.bindings import binding_at, bindings
from nixlint_ort.fix.comments import above_comments, below_comments
from nixlint_ort.fix.literals import quoted
from nixlint_ort.nix.syntax import Name
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


def is_in_meta(fact: Fact) -> bool:
    """Whether a fact is an attribute of `meta`."""
    kind = FACTS.get(fact.name)
    return kind is not None and kind.in_meta


def insertion(violation: Violation) -> list[Edit] | None:
    """The attribute that sets a missing fact, in the layout of its siblings; None where it has no place."""
    kind = FACTS.get(violation.fact.name)
    siblings = violation.fact.siblings
    value = value_to_write(violation)
    if kind is None or value is None or kind.attribute in siblings:
        return None
    text = f"{kind.attribute} = {value};"
    if not siblings:
        return _alone(violation.variant, violation.fact.empty, text)
    following = [span for name, span in siblings.items() if name in kind.before]
    if following:
        return [_before(violation.variant, min(following), text)]
    return _after(violation.variant, max(siblings.values()), text)


def value_to_write(violation: Violation) -> str | None:
    """What is expected of a fact as it is written behind the `=` of its attribute; None where it is not written so."""
    kind = FACTS.get(violation.fact.name)
    return _WRITERS[kind.writing](violation) if kind and kind.writing and _texts(violation) else None


def _alone(variant: Variant, empty: Sequence[Span], text: str) -> list[Edit] | None:
    """The first attribute of the last of some sets without attributes, one step further in than its closing brace.

    It goes behind the comments in the line of the opening brace, and above all others in the set.
    """
    if not empty:
        return None
    tokens = [one for one in variant.document.tokens if one.text == "{" and empty[-1].start <= one.span.start]
    start, end = below_comments(variant, tokens[0].span.end), empty[-1].end - 1
    indent = indent_of(variant, Span(end, end))
    line = None if indent is None else variant.source.newline + indent
    before, after = (" ", " ") if line is None else (f"{line}  ", line)
    if variant.source.text(Span(start, end)).strip():  # comments stay
        return [Edit(variant.path, start, start, before + text)]
    return [Edit(variant.path, start, end, before + text + after)]


def removal(violation: Violation) -> list[Edit] | None:
    """Takes out an attribute whose default is right; None where it is not, or where the attribute stands elsewhere."""
    kind, rule, fact = FACTS.get(violation.fact.name), violation.rule, violation.fact
    if kind is None or not kind.only_if_needed or rule.default is None or not fact.items:
        return None
    right = (violation.expected,) if isinstance(violation.expected, str) else violation.expected or ()
    if resolve(rule.default, violation.fields) not in right:
        return None
    origin = fact.items[0].origin
    used = origin.through[-1] if origin.through else origin.span
    around = [one for one in bindings(violation.variant.document) if one.start <= used.start and used.end <= one.end]
    innermost = max(around, key=lambda one: one.start, default=None)
    if innermost is None or not isinstance(innermost.name, Name) or innermost.name.text != kind.attribute:
        return None
    return [_without(violation.variant, innermost.span)]


def _without(variant: Variant, span: Span) -> Edit:
    """A binding taken out: with its line where it has one to itself, else with the blanks that set it off."""
    source = variant.source
    start = source.line_span(source.position(span.start).line).start
    end = source.data.find(b"\n", span.end) + 1 or len(source.data)
    before, after = source.data[start : span.start], source.data[span.end : end]
    if before.strip():
        start, end = start + len(before.rstrip()), span.end
    elif after.strip():
        start, end = span.start, end - len(after.lstrip())
    return Edit(variant.path, start, end, "")


def _before(variant: Variant, name: Span, text: str) -> Edit:
    at = above_comments(variant, name.start)
    indent = indent_of(variant, Span(at, at))
    gap = " " if indent is None else variant.source.newline + indent
    return Edit(variant.path, at, at, text + gap)


def _after(variant: Variant, name: Span, text: str) -> list[Edit] | None:
    binding = binding_at(variant.document, name)
    if binding is None:
        return None
    at, indent = below_comments(variant, binding.end), indent_of(variant, name)
    gap = " " if indent is None else variant.source.newline + indent
    return [Edit(variant.path, at, at, gap + text)]


def indent_of(variant: Variant, name: Span) -> str | None:
    """The blanks before what is the first thing in its line; None where it is not."""
    line = variant.source.line_span(variant.source.position(name.start).line)
    before = variant.source.text(Span(line.start, name.start))
    return None if before.strip() else before


def _texts(violation: Violation) -> tuple[str, ...]:
    """What is to be set; nothing where a rule asks only that something is."""
    if violation.rewrite is not None:
        return (violation.rewrite,)
    if not isinstance(violation.expected, str):
        return violation.expected or ()
    is_whole = violation.rule.field is None and violation.rule.templates
    return (violation.expected,) if is_whole or not violation.missing else ()


def _first(violation: Violation) -> str:
    return _texts(violation)[0]


def _as_text(violation: Violation) -> str:
    return quoted(_first(violation))


def _as_list(violation: Violation) -> str:
    return f"[ {' '.join(map(quoted, _texts(violation)))} ]"


def _as_switch(violation: Violation) -> str | None:
    return _first(violation) if _first(violation) in ("true", "false") else None


def _as_name(violation: Violation) -> str:
    """A reference to the binding variantName where it says the same."""
    same = violation.variant.fact(NAME_FACT).value == _first(violation)
    return NAME_BINDING if same else _as_text(violation)


def _as_package_set(violation: Violation) -> str | None:
    """A package set of the nixpkgs that the wrapper is taken from, by the name that the file has for it."""
    variant = violation.variant
    wrapper = variant.fact("python_packages")
    tokens = variant.document.tokens
    at = next((number for number, token in enumerate(tokens) if token.span == wrapper.span), None)
    if at is None:
        return None
    start = at
    while tokens[start - 1].text == "." and tokens[start - 2].kind == "identifier":
        start -= 2
    if start == at or tokens[start - 1].text == ".":
        return None
    return "".join(token.text for token in tokens[start:at]) + _first(violation)


_WRITERS: dict[Writing, Callable[[Violation], str | None]] = {
    Writing.TEXT: _as_text,
    Writing.LIST: _as_list,
    Writing.SWITCH: _as_switch,
    Writing.NAME: _as_name,
    Writing.PACKAGE_SET: _as_package_set,
}
