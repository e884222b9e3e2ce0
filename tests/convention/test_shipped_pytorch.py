"""The shipped convention for PyTorch: its own variants are clean by it, each rule's example runs, and kinds are three."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixlint_ort.convention.load import load_shipped, shipped_names
from nixlint_ort.lint import Session
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository
from nixlint_ort.variant.identity import identify
from nixlint_ort.views.examples import run_examples
from tests.support.linting import FIXTURES
from tests.support.running import run

PYTORCH = FIXTURES / "pytorch"


def session() -> Session:
    convention = load_shipped("pytorch")
    one = Session(PYTORCH, convention, convention.rules)
    one.repository = Repository(PYTORCH, convention)
    one.release = Release("main")
    return one


def test_both_conventions_are_shipped() -> None:
    assert shipped_names() == ["onnxruntime", "pytorch"]


def test_its_variants_are_clean() -> None:
    result = session().lint()
    assert (result.findings, result.files) == ((), 4)


@pytest.mark.parametrize("rule", load_shipped("pytorch").rules.values(), ids=lambda rule: rule.id)
def test_the_example_of_a_rule(rule: object) -> None:
    one = session()
    assert [
        problem.message for problem in run_examples(one, [one.convention.rules[str(getattr(rule, "id", ""))]])
    ] == []


@pytest.mark.parametrize(
    ("stem", "kind"),
    [
        ("pytorch-python313-cuda12_8-sm90-avx512", "gpu"),
        ("pytorch-python312-cpu-avx2", "cpu"),
        ("pytorch-python313-macos", "macos"),
        ("pytorch-python313-rocm", None),
    ],
)
def test_the_kinds(stem: str, kind: str | None) -> None:
    identity = identify(stem, load_shipped("pytorch"))
    assert (identity.kind.name if identity else None) == kind


def test_a_repository_names_it_in_its_settings(tmp_path: Path) -> None:
    target = tmp_path / ".flox/pkgs"
    target.mkdir(parents=True)
    for path in sorted((PYTORCH / ".flox/pkgs").glob("*.nix")):
        (target / path.name).write_bytes(path.read_bytes())
    (tmp_path / "nixlint-ort.yaml").write_text("convention: shipped:pytorch\nbranch: main\n")
    done = run(cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "4 files checked, no findings\n")
    (tmp_path / "nixlint-ort.yaml").unlink()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/convention.yaml").write_text("format: 2\nextends: shipped:pytorch\noff: [pname]\n")
    assert run("--branch", "main", cwd=tmp_path).stdout == "4 files checked, no findings\n"
