"""Reads a rule from its file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.example import NO_EXAMPLE, read_example
from nixlint_ort.convention.keys import OPERATORS, OWN_FACT, RULE, needed
from nixlint_ort.convention.language import Language, read_template
from nixlint_ort.convention.rule import Check, KindName, Operator, Rule
from nixlint_ort.convention.tables import read_only, read_since
from nixlint_ort.convention.vocabulary import FACTS, SUBJECTS, attribute_fact, binding_fact
from nixlint_ort.convention.yaml_tree import YamlNode
from nixlint_ort.finding import Safety, Severity
from nixlint_ort.template import Shape, Template

COMPARED = frozenset({"actual", "expected", "stack"})
"""What every message may name besides the convention's fields."""
GIVEN_BY_OPERATOR = {Operator.FITS: ("reason", "forms"), Operator.FIELDS: ("written", "wanted")}
"""What the messages of a rule with that operator may name besides."""
MESSAGES = ("message", "missing", "unwanted")
ATTRIBUTE_PATH = re.compile(r"[A-Za-z_][\w'-]*(?:\.[A-Za-z_][\w'-]*)*")
TEMPLATE_OPERATORS = (Operator.EQUALS, Operator.ONE_OF, Operator.CONTAINS_ALL)
SWITCHES = {Operator.PRESENT: ("true", "false"), Operator.FITS: ("true",)}


class Vocabulary(NamedTuple):
    """What the rules of one convention may name."""

    language: Language
    text_fields: Mapping[str, frozenset[str]]
    """The fields of each fact that is worded."""
    kinds: tuple[KindName, ...]
    checks: Mapping[str, Check] | None
    """The predicates in Python, each with the arguments that it gives; None where any name will do."""


def read_rule(node: YamlNode, family: str, stem: str, vocabulary: Vocabulary) -> Rule:
    """Read a file of `rules/<family>/`; raises ConventionError at the line that is wrong."""
    keys = node.mapping("a rule", required=needed(RULE), optional=(*RULE, *OPERATORS))
    identifier = keys["id"].scalar("id")
    if identifier != stem:
        keys["id"].fail(f"the id is {identifier!r}, but the file is named {stem!r}; use the same name for both")
    facts = _read_facts(keys["fact"]) if "fact" in keys else ()
    applies = _read_applies(keys.get("applies"), vocabulary.kinds)
    operator, operand, templates = _read_operator(node, keys, facts, vocabulary)
    if not facts and operator is not Operator.CHECK:
        node.fail("a rule without `check` needs a `fact`")
    if not facts and operator is Operator.CHECK and vocabulary.checks and vocabulary.checks[operand].needs_fact:
        node.fail(f"a rule with the check {operand} needs a `fact`")
    messages, cases = _read_messages(keys, _given(operator, operand, vocabulary), vocabulary.language)
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
        severities=_read_severities(keys["severity"], [kind for kind in vocabulary.kinds if kind in applies]),
        message=messages["message"],
        example=read_example(keys["example"]) if "example" in keys else NO_EXAMPLE,
        facts=facts,
        field=_read_field(keys["field"], facts, vocabulary) if "field" in keys else None,
        default=read_template(keys["default"], vocabulary.language) if "default" in keys else None,
        missing=messages.get("missing"),
        unwanted=messages.get("unwanted"),
        cases=cases,
        fix=_read_fix(keys.get("fix")),
        only=read_only(keys.get("only"), vocabulary.language.fields),
        per=keys["per"].word("per", sorted(vocabulary.language.fields)) if "per" in keys else None,
        since=read_since(keys.get("since")),
        after=keys["after"].texts("after") if "after" in keys else (),
        fix_after=keys["fix_after"].texts("fix_after") if "fix_after" in keys else (),
    )


def _given(operator: Operator, operand: str, vocabulary: Vocabulary) -> Collection[str] | None:
    """What the rule's predicate or operator gives its messages; None where any name will do."""
    if operator is not Operator.CHECK:
        return GIVEN_BY_OPERATOR.get(operator, ())
    return vocabulary.checks[operand].arguments if vocabulary.checks is not None else None


def _read_messages(
    keys: Mapping[str, YamlNode], given: Collection[str] | None, language: Language
) -> tuple[dict[str, Template], dict[str, Template]]:
    """The rule's messages by their keys, and those of its cases; all that they name is under `arguments`."""
    node = keys.get("arguments")
    items = node.sequence("arguments") if node else ()
    listed = [item.scalar("an item of arguments") for item in items]
    more = COMPARED.union(listed if given is None else given)
    known = language.fields | more
    for item in items:
        if item.text not in known:
            item.fail(f"unknown argument {item.text!r}{did_you_mean(str(item.text), known)}")
    nodes = {name: keys[name] for name in MESSAGES if name in keys}
    case_nodes = keys["cases"].mapping("cases", optional=None) if "cases" in keys else {}
    messages = {name: read_template(one, language, more) for name, one in nodes.items()}
    cases = {name: read_template(one, language, more) for name, one in case_nodes.items()}
    named = list(dict.fromkeys(name for one in (*messages.values(), *cases.values()) for name in one.fields))
    if set(named) != set(listed) or len(listed) != len(set(listed)):
        wanted = f"write `arguments: [{', '.join(named)}]`" if named else "remove `arguments`"
        (node or keys["message"]).fail(f"`arguments` must list what the messages name in braces; {wanted}")
    return messages, cases


def _read_operator(
    node: YamlNode, keys: Mapping[str, YamlNode], facts: tuple[str, ...], vocabulary: Vocabulary
) -> tuple[Operator, str, tuple[Template, ...]]:
    given = [operator for operator in Operator if operator.value in keys]
    if len(given) != 1:
        names = ", ".join(operator.value for operator in Operator)
        node.fail(f"a rule must have exactly one operator ({names}); this rule has {len(given)}")
    operator = given[0]
    value = keys[operator.value]
    if operator in TEMPLATE_OPERATORS:
        nodes = value.items if value.items is not None else (value,)
        templates = tuple(read_template(item, vocabulary.language) for item in nodes)
        return operator, "", templates
    if operator is Operator.FIELDS:
        fields = [_read_field(item, facts, vocabulary) for item in value.sequence("fields")]
        return operator, "", tuple(Template(f"{{{field}}}", vocabulary.language.shapes) for field in fields)
    if operator is Operator.CHECK and vocabulary.checks is None:
        return operator, value.scalar(operator.value), ()
    allowed: Mapping[Operator, Collection[str]] = {
        **SWITCHES,
        Operator.CHECK: vocabulary.checks or (),
        Operator.MATCHES: tuple(shape.value for shape in Shape),
    }
    return operator, value.word(operator.value, allowed[operator]), ()


def _read_facts(node: YamlNode) -> tuple[str, ...]:
    nodes = node.items if node.items is not None else (node,)
    return tuple(_read_fact(one) for one in nodes)


def _read_fact(node: YamlNode) -> str:
    """A fact of the vocabulary, or any attribute or binding."""
    if node.entries is None:
        return node.word("fact", FACTS)
    keys = node.mapping("fact", optional=OWN_FACT)
    if ("attribute" in keys) == ("binding" in keys):
        node.fail("`fact` must have either `attribute` or `binding`")
    if "binding" in keys:
        if "of" in keys:
            keys["of"].fail("`of` is only for attributes; a binding belongs to the whole file")
        return binding_fact(_path(keys["binding"], "binding"))
    of = keys["of"].word("of", SUBJECTS) if "of" in keys else next(iter(SUBJECTS))
    return attribute_fact(_path(keys["attribute"], "attribute"), of)


def _path(node: YamlNode, what: str) -> str:
    path = node.scalar(what)
    if not ATTRIBUTE_PATH.fullmatch(path) or (what == "binding" and "." in path):
        example = "`gpuArch`" if what == "binding" else "`passthru.cpuISA`"
        node.fail(f"{path!r} is not the name of {'a' if what == 'binding' else 'an'} {what}, such as {example}")
    return path


def _read_field(node: YamlNode, facts: tuple[str, ...], vocabulary: Vocabulary) -> str:
    field = node.scalar("field")
    for fact in facts:
        known = vocabulary.text_fields.get(fact, frozenset())
        if field not in known:
            node.fail(f"the text of {fact} has no field {field!r}{did_you_mean(field, known)}")
    return field


def _read_applies(node: YamlNode | None, kinds: tuple[KindName, ...]) -> frozenset[KindName]:
    if node is None:
        return frozenset(kinds)
    nodes = node.items if node.items is not None else (node,)
    return frozenset(one.word("applies", kinds) for one in nodes)


def _read_severities(node: YamlNode, applies: list[KindName]) -> dict[KindName, Severity]:
    if node.entries is None:
        return dict.fromkeys(applies, Severity(node.word("severity", Severity)))
    nodes = node.mapping("severity", optional=applies)
    if not nodes:
        node.fail("`severity` must be a word, or one word for each kind")
    given = {kind: Severity(value.word("severity", Severity)) for kind, value in nodes.items()}
    worst = min(given.values(), key=list(Severity).index)
    return {kind: given.get(kind, worst) for kind in applies}


def _read_fix(node: YamlNode | None) -> Safety | None:
    if node is None:
        return None
    word = node.word("fix", (*Safety, "none"))
    return None if word == "none" else Safety(word)
