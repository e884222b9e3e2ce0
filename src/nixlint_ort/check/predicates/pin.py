"""Predicates about what nixpkgs has at the pin: attributes that variants take, and arguments that they give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import Scope, predicate
from nixlint_ort.check.violation import Violation
from nixlint_ort.convention.pins import pin_of, table_of_pins
from nixlint_ort.source import Span
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.convention.pins import Lack, Pin
    from nixlint_ort.variant.variant import Variant


@predicate(
    "pin-has", "nixpkgs has, at the pin, what the variant takes from it", Scope.REPOSITORY, ("words",), needs_fact=True
)
def pin_has(rule: Rule, context: Context) -> Iterator[Violation]:
    """One violation for each place where a variant takes what nixpkgs does not have, or what throws."""
    lacks: dict[tuple[str, tuple[str, ...]], Lack | None] = {}
    for variant, pin in _pinned(rule, context):
        seen: set[Span] = set()
        for path, places in context.nixpkgs_use(variant).taken:
            asked = (pin.revision, tuple(path))
            if asked not in lacks:
                lacks[asked] = pin.lack_of(path)
            lack = lacks[asked]
            span = Span(*places[lack.path.count(".")]) if lack else None
            if lack is not None and span is not None and span not in seen:
                seen.add(span)
                fact = Fact(rule.facts[0], span)
                arguments = {"words": lack.words}
                case = "inferred" if not pin.is_read else "words" if lack.words else "throws" if lack.throws else None
                fields = context.expected(variant)
                violation = Violation(rule, variant, fact, lack.path, None, fields, arguments, case, lack.nearest)
                violation.at, violation.inferred, violation.is_outside = (span,), not pin.is_read, True
                yield violation


@predicate(
    "pin-takes",
    "functions of nixpkgs take, at the pin, what the variant gives them",
    Scope.REPOSITORY,
    ("function", "table"),
    needs_fact=True,
)
def pin_takes(rule: Rule, context: Context) -> Iterator[Violation]:
    """One violation for each argument that an override gives to a function of nixpkgs that does not take it."""
    table = _table(context)
    unknown: dict[tuple[str, tuple[str, ...], str], list[tuple[str, str | None]]] = {}
    for variant, pin in _pinned(rule, context):
        for path, name, place in context.nixpkgs_use(variant).given:
            asked = (pin.revision, tuple(path), name)
            if asked not in unknown:
                unknown[asked] = pin.unknown_arguments(path, [name])
            for wrong, near in unknown[asked]:
                span = Span(*place)
                fact = Fact(rule.facts[0], span)
                arguments = {"function": ".".join(path), "table": table}
                case = None if pin.is_read else "inferred"
                fields = context.expected(variant)
                violation = Violation(rule, variant, fact, wrong, None, fields, arguments, case, near)
                violation.at, violation.inferred = (span,), not pin.is_read
                yield violation


@predicate("pin-known", "the tables say what nixpkgs has at the pin", Scope.REPOSITORY, ("table",), needs_fact=True)
def pin_known(rule: Rule, context: Context) -> Iterator[Violation]:
    """One violation for each revision of nixpkgs that variants pin and that the table of pins has no row for."""
    table = table_of_pins(context.convention)
    if table is None:
        return
    first: dict[str, Variant] = {}
    for variant in context.variants:
        revision = _revision(rule, variant, context)
        if revision is not None and revision not in table.keys:
            first.setdefault(revision, variant)
    for revision, variant in first.items():
        span = variant.fact(rule.facts[0]).span
        fact = Fact(rule.facts[0], span)
        fields = context.expected(variant)
        arguments = {"table": table.where}
        yield Violation(rule, variant, fact, revision, None, fields, arguments, at=(span,), is_outside=True)


def _table(context: Context) -> str:
    table = table_of_pins(context.convention)
    return table.where if table else ""


def _pinned(rule: Rule, context: Context) -> Iterator[tuple[Variant, Pin]]:
    """Each variant with what nixpkgs has at its own pin; those of which that is not known are left out."""
    pins: dict[str, Pin | None] = {}
    for variant in context.variants:
        revision = _revision(rule, variant, context)
        if revision is not None:
            if revision not in pins:
                pins[revision] = pin_of(context.convention, revision)
            pin = pins[revision]
            if pin is not None:
                yield variant, pin


def _revision(rule: Rule, variant: Variant, context: Context) -> str | None:
    is_known = variant.identity is not None and context.is_judgeable(variant)
    value = context.value(variant, rule.facts[0]) if is_known else None
    return value if isinstance(value, str) else None
