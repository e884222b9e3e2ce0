"""The JSON Schema of the findings document, and what it promises of each finding's values."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft7Validator

from nixlint_ort.check.result import Result
from nixlint_ort.convention import Rule, find_rules
from nixlint_ort.report import render
from nixlint_ort.report.json_schema import schema, schema_text
from tests.check.test_rule_examples import RULES, broken, found
from tests.support.linting import ROOT, repository
from tests.support.report.cases import CASES

CONVENTION = "\n".join(path.read_text("utf-8") for path in sorted(find_rules().rglob("*.yaml")))
VARIANTS = "\n".join(f"{one.path}\n{one.source.data.decode()}" for one in repository().variants)


def problems(result: Result) -> list[str]:
    """What the schema refuses in the report of a result."""
    document = json.loads(render("json", result))
    return [f"{one.json_path}: {one.message}" for one in Draft7Validator(schema()).iter_errors(document)]


def test_the_schema_in_the_repository_is_current() -> None:
    file = ROOT / "nixlint-ort-findings.schema.json"
    assert file.read_text("utf-8") == schema_text(), "`make schema` writes it anew"
    Draft7Validator.check_schema(schema())


@pytest.mark.parametrize("name", CASES)
def test_every_report_is_valid(name: str) -> None:
    assert problems(CASES[name]) == []


@pytest.mark.parametrize(
    ("key", "value"), [("cause", None), ("expected", 560), ("actual", {"driver": "535"}), ("arguments", [])]
)
def test_what_it_refuses(key: str, value: object) -> None:
    document = json.loads(render("json", CASES["one-wrong-header"]))
    document["findings"][0][key] = value
    assert not Draft7Validator(schema()).is_valid(document)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_expected_and_actual_are_values_that_stand_somewhere(rule: Rule) -> None:
    """Each is in the broken file or its name, in a variant as it should be, or in the convention."""
    findings = found(rule)
    assert problems(Result(tuple(findings), 1)) == []
    files = "\n".join(f"{path}\n{(data or b'').decode('latin-1')}" for path, data in broken(rule).items())
    for finding in findings:
        for value in (finding.expected, finding.actual):
            for item in (value,) if isinstance(value, str) else value or ():
                assert item in files or item in VARIANTS or item in CONVENTION, item
