"""A rule: one fact, one expectation, and what to say where it does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.statements import Statement, read_statements
from nixlint_ort.convention.vocabulary import FACTS
from nixlint_ort.convention.wordings import check_fields, read_template
from nixlint_ort.convention.yaml_tree import Node
from nixlint_ort.finding import Safety, Severity
from nixlint_ort.template import Shape, Template

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

MESSAGE_FIELDS = frozenset({"actual", "expected"})


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


TEMPLATE_OPERATORS = (Operator.EQUALS, Operator.ONE_OF, Operator.CONTAINS_ALL)
CHECKS = {
    "syntax": "the file is Nix as this tool reads it",
    "readable": "the file can be read as text",
    "resolved": "every fact that a rule needs is known",
    "known-target": "each part of the file's name is in its table",
    "fact-of-peers": "the fact is the one that most variants have",
    "separator-of-peers": "the field's names are separated as most variants separate them",
    "pinned": "everything is taken from the nixpkgs that the wrapper pins",
    "matrix-gap": "every variant of the release's matrix has a file",
    "not-a-variant": "every file is a variant",
    "duplicate-name": "no two files call themselves the same",
    "tracked": "git tracks the file",
    "commit-subject": "a commit's subject is of the form that the guide asks for",
    "document": "what documents state is what the tables say",
    "document-names": "every variant that documents name is there",
    "suppression-known": "a suppression names rules that there are",
    "suppression-used": "a suppression silences something",
    "code-of-peers": "the code is what most variants of its stack have, but for what follows from the name",
}
"""Predicates in Python for rules that compare more than one fact with one expectation."""

SWITCHES = {Operator.PRESENT: ("true", "false"), Operator.FITS: ("true",)}


class ExampleScope(StrEnum):
    """What an example's `bad` text is put in place of."""

    TEXT = "text"
    NAME = "name"
    EVERY = "every"
    COPY = "copy"
    REMOVED = "removed"
    UNTRACKED = "untracked"
    COMMIT = "commit"
    DOCUMENT = "document"


class Example(NamedTuple):
    """A mutation of a known good variant: where `good` stands in it, `bad` breaks the rule.

    `scope` says whether that is a text in the file, the file's name, or a text in every variant at once; or whether
    there is a copy of the file by the name `bad`, no such file, or one that git does not track. `bad` is written in
    `encoding`, UTF-8 unless it is the encoding that is wrong.
    """

    variant: str
    scope: ExampleScope
    good: str
    bad: str
    branch: str | None = None
    encoding: str = "utf-8"
    also: tuple[tuple[str, str], ...] = ()
    """Texts of the file, each with what is put in its place first, so that only the rule's own fault shows."""

    def mended(self, data: bytes) -> bytes:
        """The bytes of the variant in which the example puts `bad` in the place of `good`."""
        for good, bad in self.also:
            data = data.replace(good.encode(), bad.encode())
        return data

    def broken(self, data: bytes) -> bytes:
        """The bytes of the variant with the example's fault in them, unless the fault is the file's name."""
        data = self.mended(data)
        if self.scope in (ExampleScope.TEXT, ExampleScope.EVERY):
            data = data.replace(self.good.encode(), self.bad.encode(self.encoding))
        return data


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
    fix: Safety | None = None
    statements: tuple[Statement, ...] = ()
    after: tuple[str, ...] = ()
    """Rules that are the cause where they do not hold: this one is then only an effect."""

    @property
    def severity(self) -> Severity:
        """The worst of its severities, which is that for all kinds where the rule makes no difference."""
        return min(self.severities.values(), key=list(Severity).index)

    @property
    def check(self) -> str | None:
        """The predicate that it names; None where it compares a fact by an operator."""
        return self.operand if self.operator is Operator.CHECK else None

    @property
    def precedence(self) -> tuple[int, int, str]:
        """Where two rules blame the same place, the lower one is the cause."""
        rank = list(FACTS).index(self.facts[0]) if self.facts else -1
        return (list(Operator).index(self.operator), rank, self.id)


class Vocabulary(NamedTuple):
    """What the rules of one convention may name: its fields, and the fields of each fact that is a text."""

    shapes: Mapping[str, Shape]
    fields: frozenset[str]
    text_fields: Mapping[str, frozenset[str]]
    kinds: tuple[KindName, ...]


def read_rule(node: Node, family: str, stem: str, vocabulary: Vocabulary) -> Rule:
    """Read a file of `rules/<family>/`; raises ConventionError at the line that is wrong."""
    operators = [operator.value for operator in Operator]
    keys = node.mapping(
        "a rule",
        required=("id", "summary", "severity", "message", "why", "example"),
        optional=(
            "applies",
            "fact",
            "field",
            "default",
            "missing",
            "unwanted",
            "fix",
            "statements",
            "after",
            *operators,
        ),
    )
    identifier = keys["id"].scalar("id")
    if identifier != stem:
        keys["id"].fail(f"the id is {identifier!r}, but the file is named {stem!r}: they are the same")
    facts = _read_facts(keys["fact"]) if "fact" in keys else ()
    applies = _read_applies(keys.get("applies"), vocabulary.kinds)
    operator, operand, templates = _read_operator(node, keys, facts, vocabulary)
    if not facts and operator is not Operator.CHECK:
        node.fail("a rule without `check` needs a `fact`")
    return Rule(
        id=identifier,
        family=family,
        path=node.path,
        summary=keys["summary"].scalar("summary").strip(),
        why=keys["why"].scalar("why").strip(),
        applies=applies,
        operator=operator,
        operand=operand,
        templates=templates,
        severities=_read_severities(keys["severity"], applies),
        message=_message(keys["message"], vocabulary),
        example=_read_example(keys["example"]),
        facts=facts,
        field=_read_field(keys["field"], facts, vocabulary) if "field" in keys else None,
        default=read_template(keys["default"], vocabulary.shapes, vocabulary.fields) if "default" in keys else None,
        missing=_message(keys["missing"], vocabulary) if "missing" in keys else None,
        statements=read_statements(keys["statements"], vocabulary.shapes, vocabulary.fields)
        if "statements" in keys
        else (),
        unwanted=_message(keys["unwanted"], vocabulary) if "unwanted" in keys else None,
        fix=_read_fix(keys.get("fix")),
        after=keys["after"].texts("after") if "after" in keys else (),
    )


def _message(node: Node, vocabulary: Vocabulary) -> Template:
    template = read_template(node, vocabulary.shapes)
    check_fields(node, template, vocabulary.fields | MESSAGE_FIELDS)
    return template


def _read_operator(
    node: Node, keys: Mapping[str, Node], facts: tuple[str, ...], vocabulary: Vocabulary
) -> tuple[Operator, str, tuple[Template, ...]]:
    given = [operator for operator in Operator if operator.value in keys]
    if len(given) != 1:
        names = ", ".join(operator.value for operator in Operator)
        node.fail(f"a rule has exactly one operator out of {names}; this one has {len(given)}")
    operator = given[0]
    value = keys[operator.value]
    if operator in TEMPLATE_OPERATORS:
        nodes = value.items if value.items is not None else (value,)
        templates = tuple(read_template(item, vocabulary.shapes, vocabulary.fields) for item in nodes)
        return operator, "", templates
    if operator is Operator.FIELDS:
        fields = [_read_field(item, facts, vocabulary) for item in value.sequence("fields")]
        return operator, "", tuple(Template(f"{{{field}}}", vocabulary.shapes) for field in fields)
    allowed: Mapping[Operator, tuple[str, ...]] = {
        **SWITCHES,
        Operator.MATCHES: tuple(shape.value for shape in Shape),
        Operator.CHECK: tuple(CHECKS),
    }
    return operator, value.word(operator.value, allowed[operator]), ()


def _read_facts(node: Node) -> tuple[str, ...]:
    nodes = node.items if node.items is not None else (node,)
    return tuple(one.word("fact", FACTS) for one in nodes)


def _read_field(node: Node, facts: tuple[str, ...], vocabulary: Vocabulary) -> str:
    field = node.scalar("field")
    for fact in facts:
        known = vocabulary.text_fields.get(fact, frozenset())
        if field not in known:
            node.fail(f"the text of {fact} has no field {field!r}{did_you_mean(field, known)}")
    return field


def _read_applies(node: Node | None, kinds: tuple[KindName, ...]) -> frozenset[KindName]:
    if node is None:
        return frozenset(kinds)
    nodes = node.items if node.items is not None else (node,)
    return frozenset(one.word("applies", kinds) for one in nodes)


def _read_severities(node: Node, applies: frozenset[KindName]) -> dict[KindName, Severity]:
    if node.entries is None:
        return dict.fromkeys(sorted(applies), Severity(node.word("severity", Severity)))
    kinds = node.mapping("severity", required=sorted(applies))
    return {kind: Severity(value.word("severity", Severity)) for kind, value in kinds.items()}


def _read_fix(node: Node | None) -> Safety | None:
    if node is None:
        return None
    word = node.word("fix", (*Safety, "none"))
    return None if word == "none" else Safety(word)


def _read_example(node: Node) -> Example:
    keys = node.mapping(
        "example", required=("variant", "good", "bad"), optional=("scope", "branch", "encoding", "also")
    )
    scope = keys["scope"].word("scope", ExampleScope) if "scope" in keys else ExampleScope.TEXT
    return Example(
        variant=keys["variant"].scalar("variant"),
        scope=ExampleScope(scope),
        good=keys["good"].scalar("good"),
        bad=keys["bad"].scalar("bad"),
        branch=keys["branch"].scalar("branch") if "branch" in keys else None,
        encoding=keys["encoding"].word("encoding", ("utf-8", "latin-1")) if "encoding" in keys else "utf-8",
        also=tuple(
            (good, bad.scalar("a replacement"))
            for good, bad in (keys["also"].mapping("also", optional=None) if "also" in keys else {}).items()
        ),
    )
