"""The steps of CONTRIBUTING.md for a new rule, a new fact and a new predicate, followed to the letter."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from nixlint_ort.convention import Convention, Rule, load
from nixlint_ort.convention.example import ExampleScope
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.repository.repository import Repository
from tests.support.linting import GPU, ROOT, convention, lint_repository, original, path_of
from tests.support.running import Ran, run, run_program

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
    named = {
        word for words in re.findall(r"`make ([a-z -]+)", TEXT) for word in words.split() if not word.startswith("-")
    }
    assert len(named) > 10
    assert named <= made
    for path in re.findall(r"`((?:tests|manual|docs|rules|src|check)/[\w/.-]+)`", TEXT):
        assert (ROOT / path).exists() or (ROOT / "src/nixlint_ort" / path).exists() or path == PATH, path


INSERTED = re.findall(r"<!-- insert into (\S+) above: (.+?) -->\n *```\w+\n(.*?) *```", TEXT, re.DOTALL)
WRITTEN = re.findall(r"<!-- (?:file|rule): (src/\S+|rules/syntax/\S+) -->\n *```\w+\n(.*?) *```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository with the new fact and the new predicate in it."""
    folder = tmp_path_factory.mktemp("extended")
    for name in ("src", "rules", "conventions", ".flox"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".git").mkdir()
    (folder / ".git/HEAD").write_text("ref: refs/heads/main\n")
    for path, above, block in INSERTED:
        lines = (folder / path).read_text("utf-8").splitlines(keepends=True)
        (at,) = [number for number, line in enumerate(lines) if line.strip() == above]
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines[at:at] = [f"{indent}{line}\n" for line in dedent(block).splitlines()]
        (folder / path).write_text("".join(lines), "utf-8")
    for path, block in WRITTEN:
        (folder / path).write_text(dedent(block), "utf-8")
    return folder


def run_in(extended: Path, *arguments: str) -> Ran:
    return run_program(*arguments, cwd=extended, environment={"PYTHONPATH": str(extended / "src")})


def test_there_are_steps_for_both() -> None:
    assert {path.rpartition("/")[2] for path, *_ in INSERTED} == {"vocabulary.py", "readers.py", "all_predicates.py"}
    assert {path.rpartition("/")[2] for path, _ in WRITTEN} == {"blanks.py", "trailing-blanks.yaml"}


def test_the_new_fact_is_listed_shown_and_read(extended: Path) -> None:
    assert "homepage" in run_in(extended, "facts", "--list").stdout
    document = json.loads(run_in(extended, "facts", GPU, "--output-format", "json").stdout)
    assert "homepage" in document["variants"][0]["facts"]
    there = original(GPU).replace(b"platforms =", b'homepage = "https://example.org";\n    platforms =')
    (extended / GPU).write_bytes(there)
    (variant,) = json.loads(run_in(extended, "facts", GPU, "--output-format", "json").stdout)["variants"]
    assert variant["facts"]["homepage"]["value"] == "https://example.org"
    (extended / GPU).write_bytes(original(GPU))


def test_the_new_predicate_finds_what_its_rule_is_about(extended: Path) -> None:
    select = ("--select", "trailing-blanks", "--output-format", "concise", "--strict")
    assert run_in(extended, *select).returncode == 0
    (extended / GPU).write_bytes(original(GPU).replace(b"let\n", b"let  \n"))
    ran = run_in(extended, *select)
    assert (ran.returncode, ran.stdout.count("warning[trailing-blanks] this line ends in blanks; remove them")) == (
        1,
        1,
    )
    (extended / GPU).write_bytes(original(GPU))


def test_the_new_code_passes_the_linter_once_it_is_formatted(extended: Path) -> None:
    changed = [path for path, *_ in (*INSERTED, *WRITTEN) if path.endswith(".py")]
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    in_order = subprocess.run(
        [*ruff, "--select", "I", "--fix", *changed], cwd=extended, capture_output=True, check=False
    )
    assert in_order.returncode == 0, in_order.stdout
    done = subprocess.run([*ruff, *changed], cwd=extended, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
