"""Every option of every command does something: what a run shows with it, it does not show without."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from nixlint_ort.cli import cli
from nixlint_ort.cli.watch import run_on_change
from tests.support.linting import CPU, GPU, OLDER, ROOT, original
from tests.support.running import Ran, break_driver, clean_environment, replace_in, run
from tests.support.scratch import commit, git, init

GONE = ".flox/pkgs/onnxruntime-python312-cuda12_4-sm90-avx2.nix"
STEM = Path(GPU).stem
MESSAGE = "header says driver 535+, but CUDA 12.9 needs 560+"


def says_nothing(ran: Ran, _: Path) -> bool:
    """Whether a run succeeds without a word."""
    return ran.stdout == "" and ran.returncode == 0


def nothing(scratch: Path) -> None:
    """Leave the scratch repository as it is."""


def warn(scratch: Path) -> None:
    """Break what is only a warning."""
    replace_in(scratch / CPU, '"ONNX Runtime 1.23.2 CPU', '"ONNX Runtime CPU')


def break_pname(scratch: Path) -> None:
    """Break what has an unsafe fix."""
    replace_in(scratch / GPU, "pname = variantName", 'pname = "onnxruntime"')


def own_convention(scratch: Path) -> None:
    """Another convention, in which CUDA 12.9 goes with driver 999."""
    subprocess.run(["cp", "-r", ROOT / "rules", scratch / "other"], check=True)
    replace_in(scratch / "other/tables/stacks.yaml", '"560"', '"999"')


def other_why(scratch: Path) -> None:
    """Another convention with another reason."""
    own_convention(scratch)
    replace_in(scratch / "other/header/header-driver.yaml", "With an older driver", "A new why")


def without_pname(scratch: Path) -> None:
    """Another convention without one of the rules."""
    own_convention(scratch)
    (scratch / "other/naming/pname.yaml").unlink()


def broken_convention(scratch: Path) -> None:
    """Another convention that cannot be read."""
    own_convention(scratch)
    replace_in(scratch / "other/convention.yaml", "shapes:", "shape:")


def two_branches(scratch: Path) -> None:
    """A repository of git whose branch main has the variants, as has one that is no release's."""
    (scratch / ".git/HEAD").unlink()
    init(scratch)
    commit(scratch, {})
    git(scratch, "branch", "topic")
    own_convention(scratch)


def without_one(scratch: Path) -> None:
    """One variant of CUDA 12.4 is missing."""
    (scratch / GONE).unlink()


def broken_convention_without_one(scratch: Path) -> None:
    """Another convention that cannot be read, and a variant to make."""
    broken_convention(scratch)
    without_one(scratch)


def broken_convention_and_commit(scratch: Path) -> None:
    """Another convention that cannot be read, a commit, and a message."""
    two_branches(scratch)
    replace_in(scratch / "other/convention.yaml", "shapes:", "shape:")
    (scratch / "message").write_text("onnxruntime: init\n")


def refuses_the_other(ran: Ran, _: Path) -> bool:
    """Whether the other convention is said to be wrong."""
    return ran.returncode == 2 and "other/convention.yaml" in ran.stderr


class Case(NamedTuple):
    """An option of a command, and what only a run with it shows."""

    command: str
    option: str
    words: tuple[str, ...]
    shows: Callable[[Ran, Path], bool]
    set_up: Callable[[Path], object] = nothing
    base: tuple[str, ...] = ()
    stdin: bytes = b""
    environment: Mapping[str, str] = {}


def break_two_drivers(scratch: Path) -> None:
    break_driver(scratch)
    replace_in(scratch / GONE, "driver 550+", "driver 535+")


CASES = [
    Case("check", "--fix", ("--fix",), lambda _, root: (root / GPU).read_bytes() == original(GPU), break_driver),
    Case(
        "check",
        "--unsafe-fixes",
        ("--unsafe-fixes",),
        lambda ran, _: re.search(r"^\+ *pname = variantName", ran.stdout, re.MULTILINE) is not None,
        break_pname,
        ("--diff",),
    ),
    Case(
        "check",
        "--color",
        ("--diff", "--color", "always"),
        lambda ran, _: f"\n\x1b[1m+++ b/{GPU}\x1b[0m\n" in ran.stdout and "\x1b[32m+# CUDA 12.9" in ran.stdout,
        break_driver,
    ),
    Case("check", "--diff", ("--diff",), lambda ran, _: f"+++ b/{GPU}" in ran.stdout, break_driver),
    Case("check", "--output-format", ("--output-format", "json"), lambda ran, _: ran.stdout[0] == "{"),
    Case(
        "check",
        "--output-file",
        ("--output-file", "out.txt"),
        lambda ran, root: ran.stdout == "" and "header-driver" in (root / "out.txt").read_text(),
        break_driver,
    ),
    Case("check", "--select", ("--select", "naming"), lambda ran, _: ran.returncode == 0, break_driver),
    Case("check", "--ignore", ("--ignore", "header"), lambda ran, _: ran.returncode == 0, break_driver),
    Case("check", "--strict", ("--strict",), lambda ran, _: ran.returncode == 1, warn),
    Case(
        "check",
        "--exit-zero",
        ("--exit-zero",),
        lambda ran, _: ran.returncode == 0 and "header-driver" in ran.stdout,
        break_driver,
    ),
    Case(
        "check",
        "--statistics",
        ("--statistics",),
        lambda ran, _: "1  error[header-driver]  1 fixable\n" in ran.stdout,
        break_driver,
    ),
    Case(
        "check",
        "--stdin-filename",
        ("--stdin-filename", GPU, "-"),
        lambda ran, _: ran.stdout.count("error[header-driver]") == 1 and "1 file checked" in ran.stdout,
        stdin=original(GPU).replace(b"560+", b"535+"),
    ),
    Case("check", "--color", ("--color", "always"), lambda ran, _: "\x1b[" in ran.stdout, break_driver),
    Case("check", "--quiet", ("--quiet",), says_nothing, base=("--ignore", "nixpkgs")),
    Case("check", "--all", ("--all",), lambda ran, _: f"also {GPU}" in ran.stdout, break_two_drivers),
    Case(
        "check",
        "--report",
        ("--report", "json=out.json", "--report", "markdown=out.md"),
        lambda ran, root: (
            "header-driver" in (root / "out.json").read_text()
            and "| `header-driver` |" in (root / "out.md").read_text()
            and "header-driver" in ran.stdout
        ),
        break_driver,
    ),
    Case(
        "check",
        "--cache-dir",
        ("--cache-dir", "../kept"),
        lambda _, root: any(one.name.startswith("sound-") for one in (root.parent / "kept").iterdir()),
    ),
    Case("check", "--width", ("--width", "40"), lambda ran, _: "\n    warning[pin-lacks-attribute]" in ran.stdout),
    Case(
        "explain",
        "--width",
        ("--width", "40"),
        lambda ran, _: "The header states the driver that its\nCUDA" in ran.stdout,
        base=("header-driver",),
    ),
    Case("schema", "--findings", ("--findings",), lambda ran, _: '"title": "Findings of' in ran.stdout),
    Case("check", "-q", ("-q",), says_nothing, base=("--ignore", "nixpkgs")),
    Case("check", "--convention", ("--convention", "other"), lambda ran, _: "needs 999+" in ran.stdout, own_convention),
    Case("check", "--branch", ("--branch", "ort-1.24"), lambda ran, _: "is 1.24.2" in ran.stdout),
    Case(
        "explain",
        "--convention",
        ("--convention", "other"),
        lambda ran, _: "A new why" in ran.stdout,
        other_why,
        ("header-driver",),
    ),
    Case(
        "rules",
        "--convention",
        ("--convention", "other"),
        lambda ran, _: "header-driver" in ran.stdout and "pname" not in ran.stdout,
        without_pname,
    ),
    Case("facts", "--list", ("--list",), lambda ran, _: GPU not in ran.stdout and "pname" in ran.stdout, base=(GPU,)),
    Case("facts", "--output-format", ("--output-format", "json"), lambda ran, _: ran.stdout[0] == "{", base=(GPU,)),
    Case("facts", "--color", ("--color", "always"), lambda ran, _: "\x1b[" in ran.stdout, base=(GPU,)),
    Case(
        "facts",
        "--convention",
        ("--convention", "other"),
        lambda ran, _: '"cuda.driver": "999"' in ran.stdout,
        own_convention,
        (GPU, "--output-format", "json"),
    ),
    Case(
        "facts",
        "--branch",
        ("--branch", "ort-1.24"),
        lambda ran, _: '"ort.version": "1.24.2"' in ran.stdout,
        base=(GPU, "--output-format", "json"),
    ),
    Case(
        "compare", "--output-format", ("--output-format", "json"), lambda ran, _: ran.stdout[0] == "{", base=(GPU, CPU)
    ),
    Case("compare", "--color", ("--color", "always"), lambda ran, _: "\x1b[" in ran.stdout, base=(GPU, CPU)),
    Case(
        "compare",
        "--convention",
        ("--convention", "other"),
        lambda ran, _: ran.returncode == 2,
        broken_convention,
        (GPU, CPU),
    ),
]
CASES += [
    Case("matrix", "--output-format", ("--output-format", "html"), lambda ran, _: ran.stdout.startswith("<!DOCTYPE")),
    Case("matrix", "--color", ("--color", "always"), lambda ran, _: "\x1b[" in ran.stdout),
    Case("matrix", "--branch", ("--branch", "ort-1.24"), lambda ran, _: "onnxruntime 1.24.2" in ran.stdout),
    Case(
        "matrix", "--convention", ("--convention", "other"), lambda ran, _: "driver 999+" in ran.stdout, own_convention
    ),
    Case("branches", "--all", ("--all",), lambda ran, _: "topic" in ran.stdout, two_branches),
    Case("branches", "--output-format", ("--output-format", "json"), lambda ran, _: ran.stdout[0] == "{", two_branches),
    Case("branches", "--color", ("--color", "always"), lambda ran, _: "\x1b[" in ran.stdout, two_branches),
    Case("branches", "--convention", ("--convention", "other"), lambda ran, _: ran.returncode == 1, two_branches),
]


CASES += [
    Case("new", "--cuda", ("--cuda", "12.4"), lambda ran, _: f"created {GONE}" in ran.stdout, without_one),
    Case(
        "check",
        "--exit-non-zero-on-fix",
        ("--fix", "--exit-non-zero-on-fix"),
        lambda ran, root: ran.returncode == 1 and (root / GPU).read_bytes() == original(GPU),
        break_driver,
    ),
    Case("new", "--stack", ("--stack", "12_4"), lambda ran, _: f"created {GONE}" in ran.stdout, without_one),
    Case(
        "new",
        "--from",
        ("--from", "onnxruntime-python312-cuda12_4-sm80-avx2"),
        lambda ran, _: "from .flox/pkgs/onnxruntime-python312-cuda12_4-sm80-avx2.nix" in ran.stdout,
        without_one,
        ("--dry-run", Path(GONE).stem),
    ),
    Case(
        "new",
        "--dry-run",
        ("--dry-run", Path(GONE).stem),
        lambda ran, root: "would create" in ran.stdout and not (root / GONE).exists(),
        without_one,
    ),
    Case(
        "new",
        "--branch",
        ("--branch", "ort-1.24"),
        lambda ran, _: "is 1.24.2" in ran.stdout,
        without_one,
        ("--dry-run", Path(GONE).stem),
    ),
    Case(
        "new",
        "--convention",
        ("--convention", "other"),
        lambda ran, _: ran.returncode == 2 and "other" in ran.stderr,
        broken_convention_without_one,
        ("--dry-run", Path(GONE).stem),
    ),
]
CASES += [
    Case("learn", "--color", ("--color", "always"), lambda ran, _: "\x1b[" in ran.stdout),
    Case("learn", "--output-format", ("--output-format", "json"), lambda ran, _: ran.stdout.startswith("{")),
    Case("learn", "--write", ("--write", "mine"), lambda _, root: (root / "mine/convention.yaml").is_file()),
    Case("learn", "--branches", ("--branches",), lambda ran, _: "topic" in ran.stdout, two_branches),
]
CASES += [
    Case(command, "--convention", ("--convention", "other"), refuses_the_other, broken_convention_and_commit, base)
    for command, base in (("commit-msg", ("message",)), ("commits", ("HEAD",)), ("audit", ()))
]
ELSEWHERE = {
    *(
        ("check", option)
        for option in ("--watch", "--show-suppressed", "--no-cache", "--cpu-seconds", "--verbose", "-v")
    ),
    *(("check", option) for option in ("--baseline", "--write-baseline", "--extend-select")),
    *(("matrix", option) for option in ("--update", "--check")),
    *(("pin", option) for option in ("--from", "--write", "--diff", "--verify", "--compare")),
    *(("pin", option) for option in ("--output-format", "--convention", "--color")),
    *(("claims", option) for option in ("--output-format", "--branch", "--convention", "--color", "--proposals")),
    *(("rules", option) for option in ("--check", "--new-since", "--output-format")),
    ("new", "--replace"),
    *(("explain", "--output-format"), ("init", "--convention"), ("schema", "--convention")),
}
"""Options that have a test of their own: below, in test_cpu.py, test_causes.py, test_matrix.py, test_baseline.py, test_pin.py,
test_replace.py, test_claims.py, test_guide_walked.py, test_own_convention.py and test_schema.py."""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("--report", "sarif"),
            "Invalid value for '--report': it is a format and a file, such as sarif=out.sarif, not 'sarif'",
        ),
        (
            ("--report", "sraif=x"),
            "Invalid value for '--report': it is a format and a file, such as sarif=out.sarif, not 'sraif=x'; did you mean sarif?",
        ),
        (("--report", "sarif=no/x"), "no/x could not be written: No such file or directory"),
        (("--no-cache", "--cache-dir", "x"), "--no-cache cannot be combined with --cache-dir"),
        (("--width", "-1"), "Invalid value for '--width': -1 is not in the range x>=0."),
    ],
)
def test_what_cannot_be_is_said_in_one_line(words: tuple[str, ...], says: str, scratch: Path) -> None:
    ran = run(*words, "--branch", "main", cwd=scratch)
    assert (ran.returncode, ran.stderr) == (2, f"nixlint-ort: {says}\n")


@pytest.mark.parametrize(
    ("name", "excluded"), [("README.md", ""), (GPU, f"exclude: [{GPU}]\n")], ids=["a document", "an excluded file"]
)
def test_what_is_not_fixed_from_stdin_comes_out_as_it_was(name: str, excluded: str, scratch: Path) -> None:
    (scratch / "nixlint-ort.yaml").write_text(excluded)
    given = b"# Variants\n" if name == "README.md" else original(GPU).replace(b"560+", b"535+")
    done = run("--stdin-filename", name, "--fix", "-", cwd=scratch, stdin=given)
    assert (done.returncode, done.stdout.encode()) == (0, given)


def test_a_cache_inside_the_repository_is_not_used_even_if_it_is_asked_for(scratch: Path) -> None:
    ran = run("--cache-dir", "kept", "--branch", "main", cwd=scratch)
    assert (ran.returncode, ran.stderr) == (
        0,
        f"nixlint-ort: the cache {scratch / 'kept'} is not used: it is inside the repository\n",
    )
    assert not (scratch / "kept").exists()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.command} {case.option}")
def test_an_option_does_what_no_run_without_it_does(case: Case, scratch: Path) -> None:
    case.set_up(scratch)
    base = (case.command, *case.base)
    assert not shows(case, run(*base, cwd=scratch), scratch)
    ran = run(*base, *case.words, cwd=scratch, stdin=case.stdin, environment=case.environment)
    assert shows(case, ran, scratch), ran


def shows(case: Case, ran: Ran, scratch: Path) -> bool:
    try:
        return case.shows(ran, scratch)
    except (FileNotFoundError, IndexError):
        return False


def test_every_option_has_a_case() -> None:
    options = {
        (name, word)
        for name in cli.modules
        for option in cli.command_named(name).params
        if isinstance(option, click.Option)
        for word in option.opts
    }
    assert options == {(case.command, case.option) for case in CASES} | ELSEWHERE


def test_each_option_of_check_works_without_its_name_and_is_in_help() -> None:
    text = run("--help").stdout
    assert all(re.search(rf"{case.option}\b", text) for case in CASES if case.command == "check")
    assert run("-h").stdout == text
    assert run("--version").stdout.startswith("nixlint-ort ")


def on_a_terminal(*arguments: str, cwd: Path, environment: Mapping[str, str] | None = None) -> str:
    """What a run prints, stdout and stderr, where both are one terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=cwd,
        env=clean_environment({"TERM": "xterm", **(environment or {})}),
        stdout=theirs,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
    ):
        os.close(theirs)
        said = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not data:
                break
            said += data
    os.close(ours)
    return said.decode()


SUPPRESSING = """
from nixlint_ort.check.result import Suppressed
from nixlint_ort.lint import Session
real = Session.lint
def suppress(*arguments):
    result = real(*arguments)
    return result._replace(findings=(), suppressed=tuple(Suppressed(one, "old wheel") for one in result.findings))
Session.lint = suppress
from nixlint_ort.cli import main
main()
"""
"""Runs the command line with every finding suppressed."""


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ((), False),
        (("--show-suppressed",), True),
        (("--output-format", "concise"), False),
        (("--output-format", "concise", "--show-suppressed"), True),
        (("--output-format", "json-lines"), False),
        (("--output-format", "json-lines", "--show-suppressed"), True),
        (("--output-format", "json"), True),
        (("--output-format", "sarif"), True),
        (("--output-format", "gitlab", "--show-suppressed"), False),
        (("--output-format", "github", "--show-suppressed"), False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_suppressed_findings_are_shown_with_their_reason_where_asked(
    arguments: tuple[str, ...], shown: bool, scratch: Path
) -> None:
    break_driver(scratch)
    done = subprocess.run(
        [sys.executable, "-c", SUPPRESSING, *arguments],
        cwd=scratch,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ("old wheel" in done.stdout) == shown


@pytest.mark.parametrize(
    ("terminal", "environment", "option", "coloured"),
    [
        (True, {}, "auto", True),
        (True, {"NO_COLOR": "1"}, "auto", False),
        (True, {"NO_COLOR": ""}, "auto", True),
        (True, {"TERM": "dumb"}, "auto", False),
        (True, {}, "never", False),
        (True, {"NO_COLOR": "1"}, "always", True),
        (False, {}, "auto", False),
        (False, {"FORCE_COLOR": "1"}, "auto", True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False),
        (False, {"FORCE_COLOR": "1"}, "never", False),
    ],
    ids=str,
)
def test_colour(terminal: bool, environment: dict[str, str], option: str, coloured: bool, scratch: Path) -> None:
    break_driver(scratch)
    arguments = ("--color", option)
    if terminal:
        text = on_a_terminal("-m", "nixlint_ort", *arguments, cwd=scratch, environment=environment)
    else:
        text = run(*arguments, cwd=scratch, environment=environment).stdout
    assert "header-driver" in text
    assert (re.search(r"\x1b\[[\d;]*m", text) is not None) == coloured


def test_a_file_gets_no_colour_codes_from_the_terminal(scratch: Path) -> None:
    break_driver(scratch)
    on_a_terminal("-m", "nixlint_ort", "--output-file", "out.txt", cwd=scratch)
    assert "\x1b" not in (scratch / "out.txt").read_text()


def test_a_report_to_a_file_is_whole_or_not_there(scratch: Path) -> None:
    break_driver(scratch)
    (scratch / "out").mkdir()
    (scratch / "out/real.json").write_text("before")
    (scratch / "out/real.json").chmod(0o640)
    assert run("--output-format", "json", "--output-file", "out/real.json", cwd=scratch).returncode == 1
    assert json.loads((scratch / "out/real.json").read_text())["summary"]["error"] == 1
    assert (scratch / "out/real.json").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in (scratch / "out").iterdir()] == ["real.json"]
    failed = run("--output-file", "nosuch/out.txt", cwd=scratch)
    assert (failed.returncode, failed.stderr) == (
        2,
        "nixlint-ort: nosuch/out.txt could not be written: No such file or directory\n",
    )
    assert "header-driver" in run("--output-file", "/dev/stdout", cwd=scratch).stdout


def test_github_actions_gets_annotations_besides_the_text(scratch: Path) -> None:
    break_driver(scratch)
    there = {"GITHUB_ACTIONS": "true"}
    lines = run(cwd=scratch, environment=there).stdout.splitlines()
    assert any(line.startswith(f"{GPU}:2:38: error[header-driver]") for line in lines)
    assert [line for line in lines if line.startswith("::error")] == [
        f"::error file={GPU},line=2,endLine=2,col=38,endColumn=41,title=nixlint-ort%3A header-driver::{MESSAGE}"
    ]
    for explicit in ("full", "json"):
        assert "\n::" not in run("--output-format", explicit, cwd=scratch, environment=there).stdout
    assert "\n::" not in run(cwd=scratch).stdout
    assert "\n::" not in run("--diff", cwd=scratch, environment=there).stdout


def test_statistics_are_a_table_for_people(scratch: Path) -> None:
    for one in (scratch / ".flox/pkgs").glob("*cuda12_9*"):
        replace_in(one, "driver 560+", "driver 535+")
    warn(scratch)
    replace_in(scratch / OLDER, "ONNX Runtime 1.23.2 for NVIDIA H100", "ONNX Runtime 1.23.1 for NVIDIA H100")
    assert run("--statistics", cwd=scratch).stdout == (
        "30  error[header-driver]  30 fixable\n"
        "22  warning[pin-lacks-attribute]\n"
        " 1  error[description-ort-version]  1 fixable\n"
        " 1  warning[description-ort-version]  1 fixable\n"
        "58 files checked, 31 errors, 23 warnings; 32 fixable with --fix\n"
    )
    refused = run("--statistics", "--output-format", "json", cwd=scratch)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_stdin_is_judged_as_the_file_it_stands_for(scratch: Path) -> None:
    broken = original(GPU).replace(b"560+", b"535+")
    checked = run("--stdin-filename", GPU, "-", cwd=scratch, stdin=broken)
    assert checked.stdout.startswith(f"{GPU}:2:38: error[header-driver]")
    fixed = run("--stdin-filename", GPU, "--fix", "-", cwd=scratch, stdin=broken)
    assert (fixed.returncode, fixed.stdout.encode()) == (0, original(GPU))
    assert "1 file checked, no findings" in fixed.stderr
    assert (scratch / GPU).read_bytes() == original(GPU)
    new = f".flox/pkgs/{STEM}.nix".replace("sm90", "sm89")
    (scratch / new).unlink()
    absent = run("--stdin-filename", new, "-", "--output-format", "concise", cwd=scratch, stdin=original(GPU))
    assert absent.returncode == 1
    assert {line.split(":")[0] for line in absent.stdout.splitlines()[:-1]} == {new}
    whole = run("--stdin-filename", GPU, "--fix", "-", cwd=scratch, stdin=b"\xff not Nix")
    assert (whole.returncode, whole.stdout) == (1, "\udcff not Nix")


@pytest.mark.parametrize(
    "arguments",
    [("-",), ("--stdin-filename", GPU), ("--stdin-filename", GPU, "-", CPU), ("--stdin-filename", GPU, "-", "--watch")],
    ids=" ".join,
)
def test_stdin_needs_one_name(arguments: tuple[str, ...], scratch: Path) -> None:
    ran = run(*arguments, cwd=scratch)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)


def test_watch_checks_again_on_change(scratch: Path) -> None:
    out = scratch / "out.txt"
    with (
        out.open("wb") as stream,
        subprocess.Popen(
            [sys.executable, "-m", "nixlint_ort", "--watch"],
            cwd=scratch,
            env=clean_environment(),
            stdout=stream,
            stderr=subprocess.STDOUT,
            preexec_fn=heed_interrupts,  # noqa: PLW1509  # this test starts no threads
        ) as process,
    ):
        try:
            await_text(out, "watching ")
            assert "58 files checked, 22 warnings" in out.read_text()
            break_driver(scratch)
            await_text(out, "header-driver")
            (scratch / "nixlint-ort.yaml").write_text("selct: [header]\n")
            await_text(out, "did you mean select?")
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 2
        finally:  # or leaving the block would wait for ever after a failure
            process.kill()
    assert "Traceback" not in out.read_text()


@pytest.mark.parametrize(("earlier", "expected"), [([], None), ([1], 1), ([1, 0], 0)])
def test_an_interrupt_during_a_run_of_watch_leaves_the_code_of_the_run_before(
    earlier: list[int], expected: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> int:
        if not codes:
            raise KeyboardInterrupt
        return codes.pop(0)

    codes = list(earlier)
    monkeypatch.setattr("watchfiles.watch", lambda *_, **__: repeat({("modified", "x.nix")}))
    if expected is None:
        with pytest.raises(KeyboardInterrupt):
            run_on_change(tmp_path, run)
    else:
        assert run_on_change(tmp_path, run) == expected


def heed_interrupts() -> None:
    """A shell starts what runs in the background with interrupts ignored, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def await_text(path: Path, text: str) -> None:
    end = time.monotonic() + 30
    while text not in path.read_text():
        assert time.monotonic() < end, path.read_text()
        time.sleep(0.05)


def test_watch_says_what_it_lacks(scratch: Path) -> None:
    program = "import sys; sys.modules['watchfiles'] = None; from nixlint_ort.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--watch"], cwd=scratch, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nixlint-ort: --watch needs the package watchfiles; run: pip install 'nixlint-ort[watch]'\n"


@pytest.mark.parametrize(
    ("patience", "terminal", "bar"), [("0", "xterm", True), ("0", "dumb", False), ("1000", "xterm", False)]
)
def test_a_slow_run_on_a_terminal_shows_a_bar(patience: str, terminal: str, bar: bool, scratch: Path) -> None:
    program = (
        "import sys; from nixlint_ort.report import progress; from nixlint_ort.cli import main;"
        f"progress.PATIENCE = {patience}; sys.argv[1:] = ['--color', 'never']; main()"
    )
    said = on_a_terminal("-c", program, cwd=scratch, environment={"TERM": terminal})
    assert ("Reading variants" in said) == bar
    assert ("100%" in said) == bar
    assert "58 files checked, 22 warnings" in said
    piped = subprocess.run([sys.executable, "-c", program], cwd=scratch, capture_output=True, text=True, check=True)
    assert piped.stderr == ""
