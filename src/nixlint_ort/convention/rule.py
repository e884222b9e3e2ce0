"""A rule: one fact, one expectation, and what to say where it does not hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from nixlint_ort.convention.example import Example
from nixlint_ort.convention.vocabulary import precedence
from nixlint_ort.finding import Safety, Severity
from nixlint_ort.template import Template

FAMILIES = (
    "syntax",
    "naming",
    "header",
    "meta",
    "toolchain",
    "target",
    "nixpkgs",
    "repository",
    "documents",
    "commits",
    "suppression",
)
KindName = str
"""What a convention calls a kind of variant, such as `gpu`."""


class Operator(StrEnum):
    """How a fact is compared with its expectation; weaker demands come first, as causes come before effects."""

    PRESENT = "present"
    FITS = "fits"
    MATCHES = "matches"
    CHECK = "check"
    EQUALS = "equals"
    ONE_OF = "one_of"
    FIELDS = "fields"
    CONTAINS_ALL = "contains_all"


class Check(NamedTuple):
    """What a rule has to know of the predicate that it names."""

    arguments: Collection[str]
    """What it gives the messages of its rules by name."""
    needs_fact: bool


class Rule(NamedTuple):
    """One rule as read from its file, which is named after `id` in the folder of its `family`."""

    id: str
    family: str
    path: str
    summary: str
    why: str
    applies: frozenset[KindName]
    """The kinds of variant that it is about."""
    operator: Operator
    operand: str
    templates: tuple[Template, ...]
    severities: Mapping[KindName, Severity]
    message: Template
    example: Example
    facts: tuple[str, ...] = ()
    field: str | None = None
    default: Template | None = None
    missing: Template | None = None
    unwanted: Template | None = None
    """What to say where the text of a kind has the field that only texts of another kind have."""
    cases: Mapping[str, Template] = MappingProxyType({})
    """What to say in the cases that its predicate tells apart, by name."""
    fix: Safety | None = None
    only: Mapping[str, str] = {}
    """The values of fields that a variant has which it is about."""
    per: str | None = None
    """The field by which variants are peers: what most have in common is asked for among those with one value."""
    since: str | None = None
    """The version of nixlint-ort that shipped it first; None for the first version of all."""
    is_shipped: bool = False
    """Whether it comes with this program, whose manual has a page for it."""
    after: tuple[str, ...] = ()
    """Rules that are the cause where they do not hold: this one is then only an effect."""
    fix_after: tuple[str, ...] = ()
    """Rules that hold, or have a fix themselves, wherever this one's fix is offered."""

    @property
    def severity(self) -> Severity:
        """The worst of its severities, which is that for all kinds where the rule makes no difference."""
        return min(self.severities.values(), key=list(Severity).index)

    @property
    def url(self) -> str | None:
        """The rule's page, from the manual's root; None for a rule that a repository adds."""
        return f"docs/rules/{self.id}.md" if self.is_shipped else None

    @property
    def check(self) -> str | None:
        """The predicate that it names; None where it compares a fact by an operator."""
        return self.operand if self.operator is Operator.CHECK else None

    @property
    def precedence(self) -> tuple[int, int, str]:
        """Where two rules blame the same place, the lower one is the cause."""
        rank = precedence(self.facts[0]) if self.facts else -1
        return (list(Operator).index(self.operator), rank, self.id)
