"""Which missing variant a file is by its contents, where these contradict its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.check.judge import judge, unknown_parts
from nixlint_ort.check.violation import TextViolation, Violation
from nixlint_ort.convention.vocabulary import FACTS, NAME_FACT, STEM, WORDED, Subject, Writing
from nixlint_ort.finding import Finding, Safety
from nixlint_ort.source import Source
from nixlint_ort.variant.identity import identify
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.variant.identity import Identity

Broken = tuple[str, str, object]
"""What a violation is, whichever name it was judged by: its rule, its fact and what is expected."""


def missing_variants(context: Context) -> list[Identity]:
    """The variants of the release's matrix that have no file."""
    have = context.repository.names
    found = (identify(stem, context.convention) for stem in context.planned if stem not in have)
    return [one for one in found if one is not None]


def renamed_from(
    variant: Variant, missing: list[Identity], context: Context
) -> tuple[Identity, list[Violation]] | None:
    """The missing variant that a file is by everything in it, and the violations that its name alone makes.

    None where the file's name is not that of a variant, or where one of its facts, such as its header, says otherwise.
    """
    name = context.value(variant, NAME_FACT)
    other = next((one for one in missing if one.stem == name), None)
    if other is None or variant.identity is None or any(unknown_parts(variant, context.convention)):
        return None
    rules = tuple(context.convention.rules.values())
    moved = Variant(Source(context.convention.path_of(other.stem), variant.source.data), context.convention)
    here = list(judge(variant, rules, context.expected(variant)))
    if any(one.corrected_stem is not None for one in here):
        return None  # a rule about names says what the right one is
    there = {_broken(one) for one in judge(moved, rules, other.expected(context.convention, context.branch))}
    by_name = [one for one in here if _broken(one) not in there]
    if not there <= {_broken(one) for one in here} or not any(_is_code(one.rule) for one in by_name):
        return None
    return other, by_name


@dataclass(slots=False)
class Disputes:
    """Which files have a name and code that contradict each other, where nothing tells which of them is right."""

    context: Context
    known: dict[str, bool] = field(default_factory=dict)

    def settled(self, finding: Finding, violation: Violation | TextViolation) -> Finding:
        """A finding; without its fix where that is safe and would follow a name that is disputed."""
        if finding.fix is None or finding.fix.safety is not Safety.SAFE or isinstance(violation, TextViolation):
            return finding
        variant = violation.variant
        if not _depends_on_name(violation.rule, self.context):
            return finding
        if variant.path not in self.known:
            self.known[variant.path] = self._is_disputed(variant)
        return finding._replace(fix=None) if self.known[variant.path] else finding

    def _is_disputed(self, variant: Variant) -> bool:
        """Whether a file's code is that of another variant, which has no file, or one whose code is not its own either.

        Whether its name or its code is right, nobody can tell then. A file with the code of one that is as it should be
        was copied from that, so its name is right.
        """
        if variant.identity is None or self._has_code_of(variant, variant.identity):
            return False
        alike = [
            one
            for one in self._namesakes
            if one.stems - {variant.stem} and self._has_code_of(variant, one.variants[0].identity)
        ]
        if any(self._right(one) - {variant.stem} for one in alike):
            return False
        return bool(alike) or any(self._has_code_of(variant, one) for one in self._missing if one.stem != variant.stem)

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        rules = self.context.convention.rules.values()
        return tuple(one for one in rules if _is_code(one) and _depends_on_name(one, self.context))

    @cached_property
    def _missing(self) -> list[Identity]:
        """The variants of the matrix that have no file."""
        return missing_variants(self.context)

    @cached_property
    def _namesakes(self) -> list[_Namesakes]:
        """The files by what the rules expect of their code, which is the same for many names."""
        named = {name for rule in self._rules for one in rule.templates for name in one.fields}
        by_name = STEM in named or any(STEM in rule.only or set(WORDED) & set(rule.facts) for rule in self._rules)
        found: dict[object, _Namesakes] = {}
        for one in self.context.judgeable:
            if one.identity is not None:
                fields = self.context.expected(one)
                asked = sorted((name, value) for name, value in fields.items() if by_name or name != STEM)
                found.setdefault((one.identity.kind.name, *asked), _Namesakes()).variants.append(one)
        return list(found.values())

    def _right(self, namesakes: _Namesakes) -> frozenset[str]:
        """The names of those of which the code is their own."""
        if namesakes.right is None:
            right = (one for one in namesakes.variants if self._has_code_of(one, one.identity))
            namesakes.right = frozenset(one.stem for one in right)
        return namesakes.right

    def _has_code_of(self, variant: Variant, other: Identity | None) -> bool:
        """Whether a file's code is right by a name."""
        if variant.identity is None or other is None or other.kind is not variant.identity.kind:
            return False
        return not any(judge(variant, self._rules, other.expected(self.context.convention, self.context.branch)))


@dataclass(eq=False)
class _Namesakes:
    """Files of which the rules expect the same code."""

    variants: list[Variant] = field(default_factory=list)
    right: frozenset[str] | None = None

    @cached_property
    def stems(self) -> frozenset[str]:
        """Their names."""
        return frozenset(one.stem for one in self.variants)


def _depends_on_name(rule: Rule, context: Context) -> bool:
    """Whether what a rule expects follows from a variant's name, and not from the release or the pin alone."""
    roles = context.convention.roles
    of_all = {role.key.partition(".")[0] for role in (roles.release, roles.pin) if role is not None}
    fields = {name for template in rule.templates for name in template.fields}
    return not fields or any(name.partition(".")[0] not in of_all for name in fields)


def _is_code(rule: Rule) -> bool:
    """Whether a rule is about what is built, and not about names, headers and `meta`."""
    kinds = [FACTS.get(name) for name in rule.facts]
    return bool(kinds) and all(
        kind is not None
        and kind.subject in (Subject.WRAPPER, Subject.LAYER)
        and not kind.in_meta
        and kind.writing is not Writing.NAME
        for kind in kinds
    )


def _broken(violation: Violation) -> Broken:
    return violation.rule.id, violation.fact.name, violation.expected
