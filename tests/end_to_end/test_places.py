"""The files by which hooks and CI run this tool: valid, safe, and doing what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.linting import GPU, ROOT
from tests.support.running import break_driver, clean_environment, run

BIN = Path(sys.executable).parent


def read(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((ROOT / name).read_text())


def test_this_repository_uses_the_hooks_that_it_ships() -> None:
    shipped = {hook.pop("id"): hook for hook in read(".pre-commit-hooks.yaml")}
    (repository,) = read(".pre-commit-config.yaml")["repos"]
    used = {hook.pop("id"): hook for hook in repository["hooks"]}
    for hook in shipped.values():
        del hook["description"]
    for hook in used.values():
        assert hook.pop("language") == "system"
        hook["entry"] = hook["entry"].removeprefix(".venv/bin/")
    for hook in shipped.values():
        assert hook.pop("language") == "python"
    assert used == shipped
    assert set(used) == {"nixlint-ort", "nixlint-ort-fix", "nixlint-ort-commit-msg"}


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        (GPU, True),
        ("rules/tables/stacks.yaml", True),
        ("rules/header/header-driver.yaml", True),
        ("nixlint-ort.yaml", True),
        ("README.md", True),
        ("CLAUDE.md", True),
        ("flake.nix", False),
        ("src/x.py", False),
        (".flox/env/manifest.toml", False),
    ],
)
def test_the_hooks_run_when_variants_rules_or_documents_change(path: str, runs: bool) -> None:
    for hook in read(".pre-commit-hooks.yaml")[:2]:
        assert bool(re.search(hook["files"], path)) == runs
        assert hook["pass_filenames"] is False


def test_zizmor_finds_nothing() -> None:
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", ROOT / ".github", ROOT / "action.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("schema", "name"),
    [("vendor.github-workflows", ".github/workflows/ci.yml"), ("vendor.github-actions", "action.yml")],
)
def test_github_files_fit_their_schemas(schema: str, name: str) -> None:
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", schema, ROOT / name], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_gitlab_snippet_fits_its_schema(tmp_path: Path) -> None:
    text = (ROOT / "docs/hooks-and-ci.md").read_text()
    (snippet,) = [one for one in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "codequality" in one]
    (tmp_path / ".gitlab-ci.yml").write_text(snippet)
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", tmp_path / ".gitlab-ci.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_python_that_is_supported_is_tested() -> None:
    tested = read(".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    classifiers = re.findall(r"Programming Language :: Python :: (\d+\.\d+)", (ROOT / "pyproject.toml").read_text())
    assert tested == classifiers


def run_action(scratch: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the step of the action that checks, as GitHub's runner does, with the tool as it is here."""
    (scratch / "temp/nixlint-ort/bin").mkdir(parents=True)
    (scratch / "temp/nixlint-ort/bin/nixlint-ort").symlink_to(BIN / "nixlint-ort")
    output = scratch / "temp/output"
    action = read("action.yml")
    step = action["runs"]["steps"][1]
    defaults = {name: value["default"] for name, value in action["inputs"].items()}
    variables = {
        name: {**defaults, **inputs}[re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", value)[1]]  # type: ignore[index]
        for name, value in step["env"].items()
    }
    there = {
        **clean_environment({"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(scratch / "temp")}),
        "GITHUB_OUTPUT": str(output),
        **variables,
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=scratch,
        env=there,
        capture_output=True,
        text=True,
        check=False,
    )
    return done, Path(output.read_text().strip().removeprefix("sarif="))


def test_the_action_annotates_and_writes_sarif(scratch: Path) -> None:
    break_driver(scratch)
    done, sarif = run_action(scratch)
    assert done.returncode == 1
    assert f"\n::error file={GPU},line=2," in done.stdout
    (result,) = json.loads(sarif.read_text())["runs"][0]["results"]
    assert result["ruleId"] == "header-driver"


def test_the_inputs_of_the_action_are_never_run(scratch: Path) -> None:
    break_driver(scratch)
    hostile = scratch / ".flox/pkgs/$(touch temp; touch owned) --config=evil.nix"
    hostile.write_text("{}\n")
    done, sarif = run_action(
        scratch,
        paths=f"{hostile.relative_to(scratch)}\n",
        args="--select\nfilename-format\n--strict",
        format="concise",
    )
    assert done.returncode == 1
    assert done.stdout.count("\n") == 2
    assert "error[filename-format]" in done.stdout
    assert not (scratch / "owned").exists()
    assert len(json.loads(sarif.read_text())["runs"][0]["results"]) == 1


def test_the_action_passes_over_a_clean_repository(scratch: Path) -> None:
    done, sarif = run_action(scratch, format="json")
    assert (done.returncode, json.loads(done.stdout)["findings"]) == (0, [])
    assert json.loads(sarif.read_text())["runs"][0]["results"] == []


HOSTILE_NAMES = [
    b"--config=evil.nix",
    b"--fix.nix",
    b"-q.nix",
    b"a\nb::error::x.nix",
    b"\xff\xfe.nix",
    b"\x1b[31m.nix",
    b"$(touch owned).nix",
    "\u202egpj.nix".encode(),
]


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=ascii)
def test_a_file_list_may_hold_any_name(name: bytes, scratch: Path) -> None:
    """As pre-commit passes it: from the root, with no `--` before it."""
    (scratch / os.fsdecode(name)).write_text("{}\n")
    done = run(name, GPU, "--output-format", "json", cwd=scratch)
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["summary"]["files"] == 2
    assert {os.fsencode(one["path"]) for one in document["findings"]} == {name}
    assert (scratch / os.fsdecode(name)).read_text() == "{}\n"
    assert all(char.isprintable() or char == "\n" for char in run(name, cwd=scratch).stdout)


def test_lists_may_be_split_and_run_at_once(scratch: Path) -> None:
    break_driver(scratch)
    names = sorted(str(path.relative_to(scratch)) for path in (scratch / ".flox/pkgs").iterdir())
    program = [sys.executable, "-m", "nixlint_ort", "--fix"]
    parts = [names[at::4] for at in range(4)]
    running = [
        subprocess.Popen([*program, *part], cwd=scratch, env=clean_environment(), stdout=subprocess.PIPE, text=True)
        for part in parts
    ]
    said = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert sum(int(text.split()[0]) for text in said) == 58
    assert (scratch / GPU).read_bytes() == (ROOT / GPU).read_bytes()
