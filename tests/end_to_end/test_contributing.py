"""The steps of CONTRIBUTING.md for a new rule, followed to the letter."""

import re
import shutil
from pathlib import Path
from textwrap import dedent

import pytest

from nixlint_ort.convention import Convention, Rule, load
from nixlint_ort.convention.example import ExampleScope
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.repository.repository import Repository
from tests.support.linting import GPU, ROOT, convention, lint_repository, original, path_of
from tests.support.running import run

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
((PATH, BLOCK),) = re.findall(r"<!-- file: (\S+) -->\n *```yaml\n(.*?) *```", TEXT, re.DOTALL)
RULE = Path(PATH).stem
OTHERS = [
    rule
    for rule in convention().rules.values()
    if rule.family == "nixpkgs" and rule.id != RULE and rule.example.scope is ExampleScope.TEXT
]
"""Those whose examples are about the same fact."""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The convention of this repository with the new rule in it."""
    folder = tmp_path_factory.mktemp("convention") / "rules"
    shutil.copytree(ROOT / "rules", folder)
    new = folder.parent / PATH
    new.write_text(dedent(BLOCK), "utf-8")
    return folder


@pytest.fixture(scope="module")
def widened(rules: Path) -> Convention:
    return load(rules)


def repository(widened: Convention, data: bytes | None = None, path: str = GPU) -> Repository:
    return Repository(ROOT, widened).with_files({} if data is None else {path: data})


def test_the_fact_is_one_that_there_is(widened: Convention) -> None:
    (fact,) = widened.rules[RULE].facts
    assert re.search(rf"^{fact} ", run("facts", "--list").stdout, re.MULTILINE)
    assert f"`{fact}`" in TEXT


def test_the_variants_are_clean_by_the_new_rule_too(widened: Convention) -> None:
    assert lint_repository(repository(widened)).findings == ()


def test_its_example_gives_its_finding_alone_and_the_fix_gives_good_back(widened: Convention) -> None:
    example = widened.rules[RULE].example
    assert original(GPU).count(example.good.encode()) == 1
    broken = repository(widened, example.broken(original(GPU)))
    assert [one.rule for one in lint_repository(broken).findings] == [RULE]
    fixed = fix_all(broken, lint_repository, unsafe=True)
    assert fixed.remaining.findings == ()
    assert fixed.contents == {GPU: original(GPU)}


@pytest.mark.parametrize("rule", OTHERS, ids=lambda rule: rule.id)
def test_the_examples_of_other_rules_stay_one_finding(rule: Rule, widened: Convention) -> None:
    path = path_of(rule.example.variant)
    broken = repository(widened, rule.example.broken(original(path)), path)
    assert {one.rule for one in lint_repository(broken).findings} == {rule.id}


def test_explain_shows_it(rules: Path) -> None:
    done = run("explain", RULE, "--convention", str(rules))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{RULE} (nixpkgs)\n")


def test_every_command_that_is_named_is_one_that_there_is() -> None:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {word for words in re.findall(r"`make ([a-z -]+)", TEXT) for word in words.split()}
    assert len(named) > 10
    assert named <= made
    for path in re.findall(r"`((?:tests|manual|docs|rules|src|check)/[\w/.-]+)`", TEXT):
        assert (ROOT / path).exists() or (ROOT / "src/nixlint_ort" / path).exists() or path == PATH, path
