"""Judges one variant by all rules about a single fact, so that one cause gives one violation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nixlint_ort.check.case import Case, applies, resolve
from nixlint_ort.check.operators import (
    OPERATORS,
    field_is_missing,
    field_is_unwanted,
    missing,
    unwanted,
    wanted_items,
)
from nixlint_ort.check.violation import Violation
from nixlint_ort.convention import Operator
from nixlint_ort.convention.vocabulary import STEM, WORDED, precedence
from nixlint_ort.nix.values import Form, NixString, Origin, Piece
from nixlint_ort.variant.fact import place_of

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.convention.tables import Fields, Table
    from nixlint_ort.nix.values import Unknown
    from nixlint_ort.template import Field
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


def judge(variant: Variant, rules: Sequence[Rule], fields: Fields) -> Iterator[Violation]:
    """The violations of a variant's own facts by rules with an operator, causes before effects."""
    for rule in rules:
        if rule.operator is Operator.CHECK or not applies(rule, variant, fields):
            continue
        found = [violation for name in rule.facts for violation in _judge_fact(rule, name, variant, rules, fields)]
        yield from _gather(found)


def needed_facts(variant: Variant, rules: Iterable[Rule], fields: Fields) -> dict[str, Fact]:
    """The facts that the rules ask of a variant, in the vocabulary's order.

    A rule that holds by what is known of a list asks for no more of it.
    """
    names = {
        name
        for rule in rules
        if applies(rule, variant)
        for name in rule.facts
        if _has(variant, name) and not _holds_in_any_case(Case(rule, variant, variant.fact(name), fields))
    }
    return {name: variant.fact(name) for name in sorted(names, key=precedence)}


def _holds_in_any_case(case: Case) -> bool:
    """Whether a list has all that a rule requires in it, whatever else there is that is not known."""
    return (
        case.rule.operator is Operator.CONTAINS_ALL
        and bool(case.fact.at_least)
        and set(case.fact.at_least).issuperset(wanted_items(case))
    )


def _has(variant: Variant, name: str) -> bool:
    """Whether this kind of variant is meant to have a fact: a text only where its kind has a wording for it."""
    if variant.identity is None:
        return name == STEM
    return name not in WORDED or name in variant.identity.kind.texts


def _judge_fact(rule: Rule, name: str, variant: Variant, rules: Sequence[Rule], fields: Fields) -> Iterator[Violation]:
    forbidden = rule.operator is Operator.PRESENT and rule.operand == "false"
    if not _has(variant, name) and not forbidden:
        return
    fact = variant.fact(name)
    if fact.unknown is not None:
        return
    case = Case(rule, variant, fact, fields)
    if fact.absent and rule.operator is not Operator.PRESENT:
        if _is_wanted(case) and not _presence_is_judged(case, rules) and not _is_right_by_default(case):
            yield missing(case)
        return
    if field_is_missing(case):
        yield missing(case)
        return
    if field_is_unwanted(case):
        yield unwanted(case)
        return
    violation = OPERATORS[rule.operator](case)
    if violation is not None:
        yield violation


def _is_wanted(case: Case) -> bool:
    """Whether the tables say what a fact that is not set should be: a stack without an overlay wants none."""
    return case.rule.missing is not None and all(
        resolve(template, case.fields) is not None for template in case.rule.templates
    )


def _presence_is_judged(case: Case, rules: Sequence[Rule]) -> bool:
    """Whether another rule says that a fact is missing which is not set: one that is about this variant too."""
    return any(
        rule.operator is Operator.PRESENT
        and rule.operand == "true"
        and case.fact.name in rule.facts
        and applies(rule, case.variant, case.fields)
        for rule in rules
    )


def _is_right_by_default(case: Case) -> bool:
    """Whether the value that a fact has where the file does not set it is the right one, or cannot be determined."""
    if case.rule.default is None:
        return False
    default = resolve(case.rule.default, case.fields)
    if not isinstance(default, str):
        return True
    origin = Origin(case.fact.span)
    text = NixString((Piece(default, origin, Form.DERIVED),), origin)
    assumed = case._replace(fact=case.fact._replace(items=(text,)))
    return OPERATORS[case.rule.operator](assumed) is None


def _gather(found: list[Violation]) -> Iterator[Violation]:
    """Several facts that one rule misses at one place are one violation, such as both header lines."""
    while found:
        first, *others = found
        same = [one for one in others if first.rewrite and one.rewrite and one.span == first.span and one.missing]
        found = [one for one in others if one not in same]
        if same and first.missing:
            lines = tuple(one.rewrite for one in (first, *same) if one.rewrite)
            first.rewrite, first.expected = "\n".join(lines), lines
        yield first


def unknown_facts(facts: Mapping[str, Fact]) -> list[tuple[Unknown, list[str]]]:
    """What cannot be known of a variant's facts, each cause with the names of those that hang on it."""
    causes: list[tuple[Unknown, list[str]]] = []
    for name, fact in facts.items():
        if fact.unknown is None:
            continue
        for cause, names in causes:
            if place_of(cause) == place_of(fact.unknown):
                names.append(name)
                break
        else:
            causes.append((fact.unknown, [name]))
    return causes


def unknown_parts(variant: Variant, convention: Convention) -> Iterator[tuple[Field, Table]]:
    """Each field of the name that its table has no row for."""
    by_field = {table.key_field: table for table in convention.tables.values()}
    for name, field in variant.identity.fields.items() if variant.identity else ():
        table = by_field.get(name)
        if table is not None and field.text not in table.keys:
            yield field, table
