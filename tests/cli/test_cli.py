"""The command line as a user meets it: exit codes, streams, and one clear line for whatever is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nixlint_ort.convention import Rule
from tests.support.linting import GPU, ROOT, convention
from tests.support.running import CLEAN, break_driver, clean_environment, last_line, run


def test_the_variants_of_this_repository_are_clean() -> None:
    done = run("--branch", "main")
    assert (done.returncode, last_line(done.stdout), done.stderr) == (0, CLEAN, "")


def test_a_fault_is_found_diffed_and_fixed(scratch: Path) -> None:
    path = break_driver(scratch)
    good = (ROOT / GPU).read_bytes()
    found = run(cwd=scratch)
    assert found.returncode == 1
    assert f"{GPU}:2:38: error[header-driver]" in found.stdout
    diff = run("--diff", cwd=scratch)
    assert diff.returncode == 1
    assert "-# CUDA 12.9 — Requires NVIDIA driver 535+\n+# CUDA 12.9 — Requires NVIDIA driver 560+\n" in diff.stdout
    assert path.read_bytes() != good
    assert run("--fix", cwd=scratch).returncode == 0
    assert path.read_bytes() == good
    assert run("--diff", cwd=scratch).stdout == ""


def test_json_is_the_contract(scratch: Path) -> None:
    break_driver(scratch)
    document = json.loads(run("--ignore", "nixpkgs", "--output-format", "json", cwd=scratch).stdout)
    assert document == {
        "version": 1,
        "summary": {"files": 58, "error": 1, "warning": 0, "info": 0, "fixable": 1},
        "findings": [
            {
                "rule": "header-driver",
                "severity": "error",
                "message": "header says driver 535+, but CUDA 12.9 needs 560+",
                "url": "docs/rules/header-driver.md",
                "arguments": {"actual": "535", "cuda.version": "12.9", "expected": "560"},
                "cause": "header-driver-65a600a6",
                "path": GPU,
                "range": {
                    "start": {"line": 2, "column": 38, "offset": 108},
                    "end": {"line": 2, "column": 41, "offset": 111},
                },
                "expected": "560",
                "actual": "535",
                "related": [],
                "fix": {
                    "safety": "safe",
                    "edits": [{"path": GPU, "start": 108, "end": 111, "text": "560"}],
                    "rename": None,
                },
            }
        ],
    }


def test_one_file_is_judged_beside_its_peers_and_alone_reported(scratch: Path) -> None:
    path = break_driver(scratch)
    other = scratch / ".flox/pkgs/onnxruntime-python313-cpu-avx2.nix"
    other.write_bytes(other.read_bytes().replace(b"ed142ab1b3", b"fd142ab1b3"))
    assert "pin-inconsistent" in run(str(other), cwd=scratch).stdout
    alone = run(str(path), cwd=scratch)
    assert "header-driver" in alone.stdout
    assert "pin-inconsistent" not in alone.stdout
    assert "1 file checked" in alone.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nosuch.nix"], "no such file or folder: nosuch.nix"),
        (["--select", "header-drivr"], "unknown rule or family 'header-drivr'; did you mean header-driver?"),
        (["--ignore", "hedder"], "unknown rule or family 'hedder'; did you mean header?"),
        (["explain", "pnam"], "unknown rule or family 'pnam'; did you mean pname?"),
        (["--branch", "ort-1.21"], "the table of releases has no branch 'ort-1.21'; did you mean"),
        (["--fxi"], "No such option '--fxi'. Did you mean '--fix'?"),
        (["facts", "--colour"], "No such option '--colour'. Did you mean '--color'?"),
        (["explan", "pname"], "no such file, folder or command: explan; did you mean explain?"),
        (["--output-format", "jsn"], "not 'jsn'; did you mean json?"),
        (["--color", "alway"], "not 'alway'; did you mean always?"),
        (["completion", "basch"], "not 'basch'; did you mean bash?"),
        (["--convention", "nosuch"], "nosuch: cannot be read: No such file or directory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_and_exit_code_2(arguments: list[str], line: str, scratch: Path) -> None:
    done = run(*arguments, cwd=scratch)
    assert done.returncode == 2
    assert done.stdout == ""
    assert line in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_is_no_variant_has_no_facts(scratch: Path) -> None:
    """Nothing was shown, and nothing said."""
    (scratch / "README.md").write_text("")
    for paths, said in (
        (["README.md"], "README.md is not a variant, so it has no facts"),
        (
            ["README.md", GPU, ".git/HEAD"],
            ".git/HEAD, README.md are not variants, so they have no facts",
        ),
    ):
        done = run("facts", *paths, cwd=scratch)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"nixlint-ort: {said}\n")
    assert run("facts", GPU, cwd=scratch).returncode == 0


def test_a_reader_that_goes_away_is_no_traceback(scratch: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "nixlint_ort", "--no-cache", "--branch", "ort-1.24"],
        cwd=scratch,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 2


@pytest.mark.parametrize("traceback", [False, True])
def test_a_fault_of_the_tool_is_one_line_unless_more_is_asked_for(traceback: bool, scratch: Path) -> None:
    program = "from nixlint_ort import lint; from nixlint_ort.cli import main; lint.Session.lint = lambda *_: {}['a\\nb']; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=scratch,
        env=clean_environment({"NIXLINT_ORT_TRACEBACK": "1"} if traceback else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("Traceback" in done.stderr) == traceback
    if not traceback:
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "internal error: KeyError: " in done.stderr


def test_a_folder_without_variants_is_exit_code_2_and_says_where_it_looked(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"nixlint-ort: no variants found: looked for .flox/pkgs/**/*.nix in {tmp_path}\n"


@pytest.mark.parametrize("command", [(), ("--fix",), ("matrix",), ("README.md",)])
def test_a_repository_of_another_package_gets_one_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / ".flox/pkgs").mkdir(parents=True)
    for name in ("ollama", "ollama-cuda"):
        (tmp_path / f".flox/pkgs/{name}.nix").write_text("{ pkgs ? import <nixpkgs> { } }: pkgs.ollama\n")
    (tmp_path / "README.md").write_text("12 variants for CUDA 12.9, which needs driver 535+.\n")
    done = run(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "nixlint-ort: no variants of onnxruntime: none of the files in .flox/pkgs has or uses this name;"
        " `convention:` in nixlint-ort.yaml names the convention of another package\n"
    )


def test_a_file_that_is_not_utf8_is_a_finding(scratch: Path) -> None:
    (scratch / GPU).write_bytes((scratch / GPU).read_bytes().replace(b"Hopper", b"H\xf6pper"))
    done = run(cwd=scratch)
    assert done.returncode == 1
    assert f"{GPU}:1:35: error[unreadable-file] the byte 0xf6 here is not UTF-8" in done.stdout


def test_select_and_ignore(scratch: Path) -> None:
    break_driver(scratch)
    assert run("--select", "header", cwd=scratch).returncode == 1
    assert run("--select", "header-format,naming", cwd=scratch).returncode == 0
    assert run("--ignore", "header-driver", cwd=scratch).returncode == 0


def test_strict_fails_on_warnings(scratch: Path) -> None:
    path = scratch / ".flox/pkgs/onnxruntime-python313-cpu-avx2.nix"
    path.write_bytes(path.read_bytes().replace(b'"ONNX Runtime 1.23.2 CPU', b'"ONNX Runtime CPU'))
    done = run(cwd=scratch)
    assert done.returncode == 0
    assert "warning[description-ort-version]" in done.stdout
    assert run("--strict", cwd=scratch).returncode == 1


@pytest.mark.parametrize(
    ("environment", "note"),
    [
        ({"GITHUB_REF_NAME": "main"}, ""),
        ({"GITHUB_REF_NAME": "topic", "GITHUB_BASE_REF": "main"}, ""),
        ({"CI_COMMIT_REF_NAME": "ort-1.23"}, ""),
        ({}, "branch 'topic' is not a release; checking against main"),
    ],
    ids=str,
)
def test_the_release_is_the_branch_or_what_most_variants_state(
    environment: dict[str, str], note: str, scratch: Path
) -> None:
    (scratch / ".git/HEAD").write_text("ref: refs/heads/topic\n")
    done = run(cwd=scratch, environment=environment)
    assert done.returncode == 0
    assert note in done.stderr
    assert bool(note) == bool(done.stderr)


def test_another_release_wants_another_version(scratch: Path) -> None:
    done = run("--branch", "ort-1.24", "--select", "header-ort-version", "--output-format", "concise", cwd=scratch)
    assert done.returncode == 1
    assert done.stdout.count("but release ort-1.24 is 1.24.2") == 58


@pytest.mark.parametrize("rule", convention().rules.values(), ids=lambda rule: rule.id)
def test_explain_shows_all_of_a_rule(rule: Rule) -> None:
    text = run("explain", rule.id).stdout
    shown = (rule.summary, rule.why, str(rule.severity), f"Fix: {rule.fix or 'none'}")
    assert all(part in text for part in shown)
    assert all(line.strip() in text for line in f"{rule.example.good}\n{rule.example.bad}".splitlines())


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        ("header-driver", "Bad, in onnxruntime-python313-cuda12_9-sm90-avx512.nix:", "Good:"),
        ("pin-undeclared", "Bad, in every variant:", "Good:"),
        ("filename-format", "Bad, as the name of the file:", "Good:"),
        ("not-a-variant", "Bad, as the name of one more file:", "Good:"),
        ("matrix-gap", "Bad, where there is no such file:", "Good, where there is:"),
        ("untracked-variant", "Bad, where git does not track the file:", "Good, once it is added:"),
        ("commit-subject", "Bad, as the subject of a commit:", "Good:"),
        ("document-count", "Bad, in README.md:", "Good:"),
    ],
)
def test_explain_says_where_the_example_stands(rule: str, bad: str, good: str) -> None:
    lines = run("explain", rule).stdout.splitlines()
    assert lines.index(bad) < lines.index(good)


def test_facts_as_json_is_the_contract() -> None:
    document = json.loads(run("facts", GPU, "--branch", "main", "--output-format", "json").stdout)
    (variant,) = document["variants"]
    assert (document["version"], variant["path"]) == (1, GPU)
    assert variant["identity"]["cuda.driver"] == "560"
    assert variant["facts"]["pname"] == {
        "value": "onnxruntime-python313-cuda12_9-sm90-avx512",
        "range": {"start": {"line": 18, "column": 17, "offset": 526}, "end": {"line": 18, "column": 61, "offset": 570}},
    }
    assert variant["facts"]["ort_version"]["unknown"] == "set by nixpkgs"
