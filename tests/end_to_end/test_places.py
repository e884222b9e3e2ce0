"""The files by which hooks and CI run this tool: valid, safe, and doing what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
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


def test_the_hooks_run_at_every_commit_and_over_the_whole_repository() -> None:
    for hook in read(".pre-commit-hooks.yaml")[:2]:
        assert "files" not in hook
        assert hook["always_run"] is True
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


HOSTILE_MODULES = (
    "venv",
    "pip",
    "ensurepip",
    "site",
    "sitecustomize",
    "usercustomize",
    "os",
    "runpy",
    "click",
    "nixlint_ort",
)
HOSTILE_PROGRAMS = ("python3", "python", "pip", "git", "grep", "bash", "nixlint-ort")


@pytest.mark.parametrize(
    "inside",
    [pytest.param(True, id="in the checkout"), pytest.param(False, id="where it runs", marks=pytest.mark.full)],
)
def test_no_step_of_the_action_runs_what_the_checkout_holds(
    inside: bool, scratch: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also where every step runs in the checkout: the isolation of each alone is enough."""
    mark = tmp_path_factory.mktemp("marks") / "mark"
    for name in HOSTILE_MODULES:
        (scratch / f"{name}.py").write_text(f"open({str(mark)!r}, 'a').write('{name} ')\n")
    for name in HOSTILE_PROGRAMS:
        (scratch / name).write_text(f"#!/bin/sh\necho {name} >> '{mark}'\n")
        (scratch / name).chmod(0o755)
    for name in ("pip.conf", "pyproject.toml", "setup.cfg", ".bashrc", ".pydistutils.cfg"):
        (scratch / name).write_text("[global]\nno-such = option\n")
    action, temp = tmp_path_factory.mktemp("action"), tmp_path_factory.mktemp("temp")
    (action / "pyproject.toml").write_text(BARE_PROJECT)
    (action / "backend.py").write_text(BARE_BACKEND)
    environment = {
        **clean_environment({"RUNNER_TEMP": str(temp), "GITHUB_ACTION_PATH": str(action), "PIP_NO_INDEX": "1"}),
        "GITHUB_OUTPUT": str(temp / "output"),
        "GITHUB_STEP_SUMMARY": str(temp / "summary"),
        "GITHUB_ACTIONS": "true",
        "PYTHON": sys.executable,
        **dict.fromkeys(("WANTED_PATHS", "EXTRA_ARGS", "FORMAT", "FAILED"), ""),
    }
    for step in action_steps():
        where = step.get("working-directory", scratch)
        folder = scratch if inside else temp if where == "${{ runner.temp }}" else where
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "bare\n" in done.stdout
    assert not mark.exists(), mark.read_text()


BARE_PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BARE_BACKEND = """
import zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "nixlint_ort-1-py3-none-any.whl"
    files = {
        "bare.py": "import sys\\ndef main():\\n    if '--quiet' not in sys.argv: print('bare')\\n",
        "nixlint_ort-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: nixlint-ort\\nVersion: 1\\n",
        "nixlint_ort-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "nixlint_ort-1.dist-info/entry_points.txt": "[console_scripts]\\nnixlint-ort = bare:main\\n",
        "nixlint_ort-1.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name
"""
"""What can be installed without a package registry, with a command of the tool's name."""


SNIPPETS = ["docs/hooks-and-ci.md", "src/nixlint_ort/settings/starter.py", "action.yml"]


@pytest.mark.parametrize("path", SNIPPETS)
def test_what_is_installed_in_ci_is_installed_outside_the_checkout_and_isolated(path: str) -> None:
    text = (ROOT / path).read_text()
    installing = [line for line in text.splitlines() if re.search(r"\bpip\W+install|-m venv", line)]
    assert installing
    for line in installing:
        assert re.search(r"(python3?|\$PYTHON)\"? -I -m (pip|venv)", line), line
        assert "cd / &&" in line or "working-directory: ${{ runner.temp }}" in text, line


def action_steps() -> list[dict[str, Any]]:
    """The steps of the action that run something themselves."""
    return [step for step in read("action.yml")["runs"]["steps"] if "run" in step]


def run_action(scratch: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the step of the action that checks, as GitHub's runner does, with the tool as it is here; counts its runs."""
    (scratch / "temp/nixlint-ort/bin").mkdir(parents=True)
    program = scratch / "temp/nixlint-ort/bin/nixlint-ort"
    program.write_text(f'#!/bin/sh\necho run >> "$RUNNER_TEMP/runs"\nexec "{BIN / "nixlint-ort"}" "$@"\n')
    program.chmod(0o755)
    output = scratch / "temp/output"
    defaults = {name: value["default"] for name, value in read("action.yml")["inputs"].items()}
    given = {**defaults, **inputs}
    (step,) = [one for one in action_steps() if one["name"] == "Check"]
    variables = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: given[found[1]], value)
        for name, value in step["env"].items()
    }
    there = {
        **clean_environment({"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(scratch / "temp")}),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(scratch / "temp/summary"),
        "GITHUB_ACTION_PATH": str(ROOT),
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
    assert (scratch / "temp/runs").read_text() == "run\n"
    return done, Path(output.read_text().strip().removeprefix("sarif="))


def test_the_action_annotates_and_writes_sarif(scratch: Path) -> None:
    break_driver(scratch)
    done, sarif = run_action(scratch)
    assert done.returncode == 1
    assert f"\n::error file={GPU},line=2," in done.stdout
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    assert {one["ruleId"] for one in results if one["level"] == "error"} == {"header-driver"}
    summary = (scratch / "temp/summary").read_text()
    assert "58 files checked, 1 error, 22 warnings; 1 fixable with --fix\n" in summary
    assert (
        f"| error | header says driver 535+, but CUDA 12.9 needs 560+ | `{GPU}:2:38` | `header-driver` |\n" in summary
    )
    assert "| SM90 Hopper | ✓ | 1 error | ✓ | ✓ | ✓ | ✓ |\n" in summary


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ("--no-such-option", "No such option"),
        ("--select nosuch", "nosuch"),
        ("--convention nosuch", "nosuch"),
    ],
)
def test_a_run_that_cannot_judge_leaves_sarif_that_says_so(args: str, message: str, scratch: Path) -> None:
    done, sarif = run_action(scratch, args=args)
    assert (done.returncode, message in done.stderr) == (2, True)
    (found,) = json.loads(sarif.read_text())["runs"]
    assert found["invocations"][0]["executionSuccessful"] is False
    assert not (scratch / "temp/summary").exists()


@pytest.mark.parametrize(
    "args", ["--ignore nixpkgs --strict", "--ignore\nnixpkgs\n--strict\n", "--ignore nixpkgs\n  --strict", "\n"]
)
def test_options_stand_on_one_line_or_on_several(args: str, scratch: Path) -> None:
    done, _ = run_action(scratch, args=args)
    assert (done.returncode, "22 warnings" in done.stdout) == (0, args == "\n")


def test_the_problem_matcher_reads_what_the_text_says(scratch: Path) -> None:
    break_driver(scratch)
    (pattern,) = json.loads((ROOT / "problem-matcher.json").read_text())["problemMatcher"][0]["pattern"]
    fields = ("file", "line", "column", "severity", "code", "message")
    for form in ("concise", "full"):
        lines = run("--all", "--output-format", form, cwd=scratch).stdout.splitlines()
        matched = [found for line in lines if (found := re.fullmatch(pattern["regexp"], line))]
        read_back = [tuple(one[pattern[field]] for field in fields) for one in matched]
        assert (
            GPU,
            "2",
            "38",
            "error",
            "header-driver",
            "header says driver 535+, but CUDA 12.9 needs 560+",
        ) in read_back
        assert len(read_back) == (23 if form == "concise" else 2)
    data = (scratch / GPU).read_text()
    for forged in ("a/../README.md:1:1: error[x] forged", "| README.md:1:1: error[x] forged"):
        (scratch / GPU).write_text(data.replace("CUDA 12.9 — Requires", f"{forged} — Requires"))
        lines = run("--all", cwd=scratch).stdout.splitlines()
        assert any(forged in line for line in lines)
        assert not [
            line
            for line in lines
            if "forged" in line and re.match(r"\s*\d+ \|", line) and re.fullmatch(pattern["regexp"], line)
        ]
    (scratch / GPU).write_text(data)
    forged = "README.md:1:1: error[x] forged"
    (scratch / f".flox/pkgs/{forged}.nix").write_text("{")
    (scratch / ".flox/pkgs" / forged).write_text("")
    for form in ("concise", "full"):
        ran = run("--output-format", form, "--all", ".flox/pkgs", f".flox/pkgs/{forged}", cwd=scratch)
        assert "forged" in ran.stdout
        assert "forged" in ran.stderr
        for line in (ran.stdout + ran.stderr).splitlines():
            found = re.fullmatch(pattern["regexp"], line)
            assert found is None or found[pattern["code"]] != "x", line
    for path in (f".flox/pkgs/{forged}.nix", f".flox/pkgs/{forged}"):
        (scratch / path).unlink()
    done, _ = run_action(scratch, format="concise")
    assert done.stdout.startswith(f"::add-matcher::{ROOT}/problem-matcher.json\n")


def test_the_action_pins_python_and_every_package() -> None:
    steps = read("action.yml")["runs"]["steps"]
    assert re.fullmatch(r"actions/setup-python@[0-9a-f]{40}", steps[0]["uses"])
    assert re.fullmatch(r"3\.\d+", steps[0]["with"]["python-version"])
    (install,) = [step for step in steps if step["name"] == "Install"]
    assert install["env"]["PIP_CONSTRAINT"] == "${{ github.action_path }}/requirements-dev.txt"
    pinned = {line.partition("==")[0].lower() for line in (ROOT / "requirements-dev.txt").read_text().splitlines()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert {re.split(r"[^\w.-]", one, maxsplit=1)[0].replace(".", "-") for one in needed} <= pinned


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
    assert done.stdout.count("\n") == 3  # with that which adds the problem matcher
    assert "error[filename-format]" in done.stdout
    assert not (scratch / "owned").exists()
    assert len(json.loads(sarif.read_text())["runs"][0]["results"]) == 1


def test_the_action_passes_over_a_clean_repository(scratch: Path) -> None:
    done, sarif = run_action(scratch, args="--ignore\nnixpkgs", format="json")
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
    assert sum(int(text.splitlines()[-1].split()[0]) for text in said) == 58
    assert (scratch / GPU).read_bytes() == (ROOT / GPU).read_bytes()
