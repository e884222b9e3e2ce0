"""Each rule's own example, run both ways: `bad` gives that finding and no other, and the fix gives `good` back.

What each finding says, word for word, is in tests/fixtures/examples/findings.json. After a change that is meant to change
it, `python -m tests.check.test_rule_examples` writes it anew; read the difference before it is committed.
"""

import json
import shutil
from functools import cache
from pathlib import Path

import pytest

from nixlint_ort.check.commits import Message, judge_messages
from nixlint_ort.convention import Rule, find_rules, load
from nixlint_ort.convention.example import ExampleScope
from nixlint_ort.finding import Finding, Place, Safety
from nixlint_ort.repository.commit_message import Cleanup, subject_of
from nixlint_ort.repository.repository import Repository
from nixlint_ort.source import Source
from tests.support.linting import (
    FIXTURES,
    ROOT,
    convention,
    fix,
    lint,
    lint_repository,
    original,
    path_of,
    replace_once,
    repository,
)

RULES = [
    rule
    for rule in convention().rules.values()
    if rule.example.scope not in (ExampleScope.COMMIT, ExampleScope.DOCUMENT, ExampleScope.TABLE)
]


EXPECTED = FIXTURES / "examples/findings.json"


def at(place: Place) -> str:
    return f"{place.start.line}:{place.start.column} {place.source.text(place.span)}".rstrip()


def described(finding: Finding) -> dict[str, object]:
    """All that a finding says, its places with the text that stands there."""
    said = {
        "severity": finding.severity,
        "message": finding.message,
        "at": at(finding.place),
        "expected": finding.expected,
        "actual": finding.actual,
        "related": [f"{one.message}: {at(one.place)}" for one in finding.related],
    }
    return {key: list(value) if isinstance(value, tuple) else value for key, value in said.items() if value}


def broken(rule: Rule) -> dict[str, bytes | None]:
    """The files as the rule's example breaks them."""
    example = rule.example
    path = path_of(example.variant)
    data = original(path, branch_of(rule))
    if example.scope is ExampleScope.NAME:
        return {path_of(example.good): None, path_of(example.bad): example.broken(data)}
    if example.scope is ExampleScope.COPY:
        return {path_of(example.bad): example.broken(data)}
    if example.scope is ExampleScope.REMOVED:
        return {path: None}
    if example.scope is ExampleScope.EVERY:
        return {one.path: example.broken(one.source.data) for one in repository().variants}
    assert example.mended(data).count(example.good.encode()) == 1
    return {path: example.broken(data)}


def branch_of(rule: Rule) -> str:
    return rule.example.branch or "main"


def found(rule: Rule) -> tuple[Finding, ...]:
    """The findings on the files as the rule's example breaks them."""
    return _found(rule.id)


@cache
def _found(name: str) -> tuple[Finding, ...]:
    rule = convention().rules[name]
    files, branch = broken(rule), branch_of(rule)
    if rule.example.scope is not ExampleScope.UNTRACKED:
        return lint(files, branch).findings
    tracked = {variant.path for variant in repository(branch).variants} - files.keys()
    return lint(files, branch, frozenset(tracked)).findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_bad_gives_this_finding_and_no_other(rule: Rule) -> None:
    files = broken(rule)
    findings = found(rule)
    renamed = rule.example.scope is ExampleScope.NAME
    touched = {path for path, data in files.items() if data is not None or not renamed}
    assert {(one.rule, one.place.path) for one in findings} == {(rule.id, path) for path in touched}
    assert len(findings) == len(touched)
    assert all(edit.path == one.place.path for one in findings if one.fix for edit in one.fix.edits)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_finding_word_for_word(rule: Rule) -> None:
    expected = json.loads(EXPECTED.read_text("utf-8"))
    assert rule.id in expected, "python -m tests.check.test_rule_examples writes down what its example says"
    assert described(found(rule)[0]) == expected[rule.id]


def test_nothing_is_written_down_of_rules_that_are_gone() -> None:
    assert list(json.loads(EXPECTED.read_text("utf-8"))) == [rule.id for rule in RULES]


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if rule.fix is not None and rule.example.scope is not ExampleScope.NAME],
    ids=lambda rule: rule.id,
)
def test_the_fix_gives_good_back(rule: Rule) -> None:
    files = broken(rule)
    fixed = fix(files, branch_of(rule), unsafe=rule.fix is Safety.UNSAFE)
    assert fixed.remaining is not None
    assert fixed.remaining.findings == ()
    assert fixed.contents == {path: rule.example.mended(original(path)) for path in files}


def test_the_example_of_a_commit() -> None:
    rule = convention().rules["commit-subject"]
    for text, expected in ((rule.example.good, []), (rule.example.bad, [rule.id])):
        source = Source("COMMIT_EDITMSG", text.encode())
        message = Message(source, subject_of(source, Cleanup()))
        result = judge_messages(convention(), [], [message], convention().rules)
        assert [one.rule for one in result.findings] == expected


@pytest.mark.parametrize(
    "rule",
    [one for one in convention().rules.values() if one.example.scope is ExampleScope.TABLE],
    ids=lambda one: one.id,
)
def test_the_example_of_a_table(rule: Rule, tmp_path: Path) -> None:
    shutil.copytree(find_rules(), tmp_path / "rules")
    table = tmp_path / rule.example.variant
    table.write_bytes(replace_once(table.read_bytes(), rule.example.good, rule.example.bad))
    one = Repository(ROOT, load(tmp_path / "rules"))
    found = [
        finding for finding in lint_repository(one).findings if finding.place.path not in ("README.md", "CLAUDE.md")
    ]
    assert {finding.rule for finding in found} == {rule.id}  # documents state what the table stated


def test_the_variants_themselves_are_clean() -> None:
    result = lint()
    assert result.findings == ()
    assert result.files == 58


def write_expected() -> None:
    said = {rule.id: described(found(rule)[0]) for rule in RULES}
    EXPECTED.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_expected()
