"""What can go wrong around a run: streams that close, disks that fill, interrupts, other runs, and odd states of git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import scratch
from tests.support.linting import GPU, ROOT, original
from tests.support.representative import representative
from tests.support.running import CLEAN, break_driver, clean_environment, last_line, run, run_program

COMMAND = [sys.executable, "-m", "nixlint_ort"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository of git with this repository's variants, on main."""
    root = scratch.init(tmp_path / "r")
    shutil.copytree(ROOT / ".flox/pkgs", root / ".flox/pkgs")
    scratch.commit(root, {})
    return root


def test_a_reader_that_leaves_early_is_no_traceback(place: Path) -> None:
    command = f"'{sys.executable}' -m nixlint_ort --branch ort-1.24 --output-format json | head -c 10"
    ran = subprocess.run(["sh", "-c", command], cwd=place, capture_output=True, check=True)
    assert ran.stdout == b'{\n  "versi'
    assert ran.stderr == b""


def test_an_output_file_on_a_full_disk_is_one_line() -> None:
    ran = run("--branch", "ort-1.24", "--output-file", "/dev/full")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[-1] == "nixlint-ort: /dev/full could not be written: No space left on device"


TO_STDOUT = ("", "--output-format json", "matrix", "facts", "--help", "check --help", "--version")


@pytest.mark.parametrize("words", representative(TO_STDOUT, ["", "facts", "--help"]))
def test_a_full_disk_behind_stdout_is_one_line(words: str, place: Path) -> None:
    ran = shell(f"{{}} {words} > /dev/full", place)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "nixlint-ort: stdout could not be written: No space left on device\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_one_that_nobody_reads(closed: str, place: Path) -> None:
    assert shell(f"{{}} {closed}", place).returncode == 0
    assert shell(f"{{}} --nothing {closed}", place).returncode == 2
    break_driver(place)
    ran = shell(f"{{}} {closed}", place)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ("header-driver" in ran.stdout) == (">&-" not in closed.replace("2>&-", ""))


def test_a_closed_stdin_is_an_empty_file(place: Path) -> None:
    ran = shell(f"{{}} --stdin-filename {GPU} - <&-", place)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "has no expression" in ran.stdout


@pytest.mark.parametrize("words", ["", "matrix", "commits HEAD"])
def test_a_working_directory_that_is_gone_is_one_line(words: str, tmp_path: Path) -> None:
    ran = shell(f"mkdir gone; cd gone; rmdir ../gone; {{}} {words}", tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "nixlint-ort: the working directory cannot be read: No such file or directory\n"


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the shell, in which `{}` is the program."""
    program = f"'{sys.executable}' -m nixlint_ort"
    return subprocess.run(
        ["sh", "-c", command.format(program)],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "where",
    [
        "nixlint_ort.check.run.check",
        "nixlint_ort.fix.apply_to_disk.carry_out",
        "os.fsync",
    ],
)
def test_an_interrupt_ends_with_130_and_writes_nothing_by_halves(where: str, place: Path) -> None:
    broken = break_driver(place).read_bytes()
    module, _, name = where.rpartition(".")
    program = (
        f"import {module} as m\ndef stop(*_, **__): raise KeyboardInterrupt\n"
        f"m.{name} = stop\nfrom nixlint_ort.__main__ import main\nmain()"
    )
    command = [sys.executable, "-c", program, "--fix"]
    ran = subprocess.run(command, cwd=place, env=clean_environment(), capture_output=True, check=False)
    assert ran.returncode == 130
    assert b"Traceback" not in ran.stderr
    assert (place / GPU).read_bytes() == broken
    assert [path.name for path in (place / ".flox/pkgs").iterdir() if not path.name.endswith(".nix")] == []


STOPPED_IMPORT = """
import sys

class Stopping:
    def __set_name__(self, owner, name):
        raise KeyboardInterrupt

class Finder:
    def find_spec(self, name, path, target=None):
        if name == module:
            sys.meta_path.remove(self)
            {stop}

from nixlint_ort.__main__ import main
module = sys.argv.pop(1)
sys.meta_path.insert(0, Finder())
main()
"""
"""Runs the program, with an interrupt while the module is imported that the first argument names."""


@pytest.mark.parametrize("stop", ["raise KeyboardInterrupt", "type('Class', (), {'field': Stopping()})"])
@pytest.mark.parametrize(
    "module",
    representative(
        ["nixlint_ort.cache.store", "click", "nixlint_ort.cli.check", "tree_sitter"], ["click", "tree_sitter"]
    ),
)
def test_an_interrupt_while_a_module_is_imported_ends_with_130(module: str, stop: str, place: Path) -> None:
    command = [sys.executable, "-c", STOPPED_IMPORT.replace("{stop}", stop), module, "--no-cache"]
    ran = subprocess.run(command, cwd=place, env=clean_environment(), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr.strip()) == (130, "", "")


def test_two_runs_that_fix_at_once_both_leave_whole_files(place: Path) -> None:
    for path in (place / ".flox/pkgs").glob("*.nix"):
        path.write_bytes(path.read_bytes().replace(b"driver 560+", b"driver 535+"))
    runs = [subprocess.Popen([*COMMAND, "--fix", "--no-cache"], cwd=place, env=clean_environment(), stderr=subprocess.PIPE) for _ in range(2)]  # fmt: skip
    said = [one.communicate()[1] for one in runs]
    assert all(one.returncode in (0, 2) for one in runs), said
    assert b"Traceback" not in b"".join(said)
    for path in (place / ".flox/pkgs").iterdir():
        assert path.read_bytes() == original(f".flox/pkgs/{path.name}")


def test_without_git_the_files_are_judged_all_the_same(place: Path, tmp_path: Path) -> None:
    ran = run("--branch", "main", cwd=place, environment={"PATH": str(tmp_path)})
    assert (ran.returncode, ran.stderr) == (
        0,
        "nixlint-ort: git could not list the files that it tracks: git is not installed\n",
    )
    ran = run("compare", "HEAD", cwd=place, environment={"PATH": str(tmp_path)})
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "git is not installed" in ran.stderr


def test_a_detached_head_is_judged_by_what_most_variants_state(place: Path) -> None:
    scratch.git(place, "checkout", "--quiet", "--detach")
    ran = run(cwd=place)
    assert ran.returncode == 0
    assert "there is no branch; checking against main" in ran.stderr


def test_a_work_tree_has_its_own_branch(place: Path) -> None:
    scratch.git(place, "worktree", "add", "--quiet", "-b", "ort-1.23", "../w")
    ran = run(cwd=place.parent / "w")
    assert (ran.returncode, last_line(ran.stdout), ran.stderr) == (0, CLEAN, "")


def test_a_submodule_has_its_own_branch(place: Path, tmp_path: Path) -> None:
    outer = scratch.init(tmp_path / "outer", branch="topic")
    scratch.git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(place), "inner")
    ran = run(cwd=outer / "inner")
    assert (ran.returncode, last_line(ran.stdout), ran.stderr) == (0, CLEAN, "")


def test_a_shallow_clone_is_judged_and_compared_as_far_as_it_goes(place: Path, tmp_path: Path) -> None:
    scratch.commit(place, {"README.txt": b""})
    scratch.git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{place}", "shallow")
    shallow = tmp_path / "shallow"
    assert run(cwd=shallow).returncode == 0
    assert run("compare", "HEAD", cwd=shallow).returncode == 0
    ran = run("compare", "HEAD~1", cwd=shallow)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)


def test_a_bare_clone_has_no_files_to_judge(place: Path, tmp_path: Path) -> None:
    scratch.git(tmp_path, "clone", "--quiet", "--bare", str(place), "bare.git")
    ran = run(cwd=tmp_path / "bare.git")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "no variants found" in ran.stderr


def test_windows_line_ends_are_kept_by_fixes(place: Path) -> None:
    path = break_driver(place)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    run("--fix", cwd=place)
    assert path.read_bytes() == original(GPU).replace(b"\n", b"\r\n")


@pytest.mark.parametrize("name", representative(["full", "concise", "github", "json"], ["full", "json"]))
def test_a_run_in_the_c_locale_says_the_same(name: str, place: Path) -> None:
    break_driver(place)
    (place / ".flox/pkgs" / os.fsdecode(b"caf\xe9.nix")).write_bytes(b"{ }")
    usual = run("--output-format", name, cwd=place)
    plain = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert usual.returncode == 1
    assert run_program("--output-format", name, cwd=place, environment=plain) == usual


def test_an_error_in_the_tool_itself_is_one_line_and_exit_code_2(place: Path) -> None:
    program = "import nixlint_ort.check.run as r\nr.check = None\nfrom nixlint_ort.__main__ import main\nmain()"
    command = [sys.executable, "-c", program, "--no-cache"]
    ran = subprocess.run(command, cwd=place, env=clean_environment(), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert "internal error: TypeError" in ran.stderr
    loud = clean_environment({"NIXLINT_ORT_TRACEBACK": "1"})
    ran = subprocess.run(command, cwd=place, env=loud, capture_output=True, text=True, check=False)
    assert "Traceback" in ran.stderr
