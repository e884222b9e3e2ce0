"""What commands print: nothing in it drives a terminal or a CI system, and what cannot be printed changes no exit code."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nixlint_ort.convention import find_rules
from nixlint_ort.report.escape import harmless
from tests.report.test_report_hostile import HOSTILE
from tests.support import scratch
from tests.support.linting import GPU, original
from tests.support.running import Ran, clean_environment, run

PAYLOAD = "\x1b[2J\x1b]0;owned\x07\u202e##[error]x ##vso[task.prependpath]/evil"
COMMANDS = [
    *(["rules"], ["explain", "header-driver"], ["audit"], ["facts", GPU], ["facts", "--list"], ["matrix"]),
    *(["matrix", "--output-format", "markdown"], ["branches", "--all"], ["branches", "--output-format", "markdown"]),
    *(
        ["compare", "HEAD"],
        ["commits", "HEAD"],
        ["--diff", "--unsafe-fixes"],
        ["--statistics"],
        ["claims"],
        ["claims", "--proposals", "--branch", "main"],
        ["nosuch"],
        ["explain", "x"],
    ),
    *(
        ["--select", PAYLOAD],
        ["--branch", PAYLOAD],
        ["new", PAYLOAD],
        ["--output-file", f"{PAYLOAD}/x"],
        [f"{PAYLOAD}.nix"],
    ),
]


def assert_harmless(text: str) -> None:
    assert [char for char in text if not char.isprintable() and char != "\n"] == []
    assert re.search(r"##\w*\[", text) is None
    assert not [line for line in text.splitlines() if line.strip().startswith("::")]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_text_for_people_drives_a_terminal_or_ci(text: str) -> None:
    kept = harmless(text).replace("\t", " ")
    assert [char for char in kept if not (char.isprintable() or char.isspace())] == []
    assert re.search(r"##\w*\[", kept) is None
    assert not [line for line in kept.splitlines() if line.strip().startswith("::")]


@pytest.mark.parametrize("text", ["a\tb\r\n", "  é \u00a0\u3000x\n", "+::error\n", "#[a]\n"])
def test_a_text_that_is_harmless_stays(text: str) -> None:
    assert harmless(text) == text


def test_colours_stay_where_they_are_wanted() -> None:
    assert harmless("\x1b[1;31mred\x1b[0m\n", color=True) == "\x1b[1;31mred\x1b[0m\n"
    assert harmless("\x1b[1;31mred\x1b[0m\n") == "\\x1b[1;31mred\\x1b[0m\n"
    assert harmless("\x1b[2J\x1b[8m", color=True) == "\\x1b[2J\x1b[8m"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose convention, settings, variants, branches and commits hold what drives terminals and CI."""
    root = scratch.init(tmp_path_factory.mktemp("hostile") / "r")
    shutil.copytree(find_rules(), root / "rules")
    quoted = '"' + PAYLOAD.replace("\x1b", "\\e").replace("\x07", "\\a").replace("\u202e", "\\u202e") + '"'
    for path in root.glob("rules/*/*.yaml"):
        text = path.read_text("utf-8")
        text = re.sub(
            r"(?m)^(summary|why): (?!>).*$", rf"\1: {quoted}".replace("\\", "\\\\").replace("\\\\1", r"\1"), text
        )
        path.write_text(re.sub(r"(?m)^why: >\n(  .*\n)+", lambda _: f"why: {quoted}\n", text), "utf-8")
    vendor = root / "rules/tables/vendor.yaml"
    vendor.write_text(re.sub(r'driver: "[0-9.]+"', lambda _: f"driver: {quoted}", vendor.read_text("utf-8")), "utf-8")
    data = original(GPU).replace(b"driver 560+", b"driver 535+")
    lines = f"/*\n::error file=README.md,line=1::forged\n {PAYLOAD}\n*/\n".encode()
    first, second, rest = data.split(b"\n", 2)
    table = f"| Branch | ORT |\n|---|---|\n| main | 1.23.2 |\n| ort-1.24 | 1.24.2 |\n\n::error::x\n\n{PAYLOAD}\n"
    files = {GPU: b"\n".join([first, second, lines + rest]), "README.md": table.encode()}
    scratch.commit(root, files, message=f"::error::x {PAYLOAD}")
    scratch.git(root, "branch", "topic-__error__x\u202e")
    return root


@pytest.mark.parametrize("arguments", COMMANDS, ids=ascii)
def test_no_command_prints_what_drives_a_terminal_or_ci(arguments: list[str], hostile: Path) -> None:
    for more in ([], ["--branch", "main"] if arguments[0] in ("matrix", "facts", "--diff") else []):
        ran = run(*arguments, *more, cwd=hostile)
        assert_harmless(ran.stdout)
        assert_harmless(ran.stderr)


def test_the_payload_is_there(hostile: Path) -> None:
    assert "\\x1b[2J" in run("rules", cwd=hostile).stdout
    assert "\\x1b]0;owned" in run("explain", "header-driver", cwd=hostile).stdout
    assert "\\x3a:error file=README.md" in run("--diff", "--branch", "main", cwd=hostile).stdout


@pytest.mark.parametrize("select", ["##vso[task.prependpath]x", "::error::x", "\x1b[2J"])
def test_a_word_of_the_settings_is_said_harmlessly(select: str, hostile: Path) -> None:
    settings = hostile / "nixlint-ort.yaml"
    settings.write_text(f'select: ["{select}"]\n'.replace("\x1b", "\\e"))
    try:
        ran = run(cwd=hostile)
    finally:
        settings.unlink()
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert_harmless(ran.stderr)


CLEAN = ["--branch", "main", "--ignore", "matrix-gap"]
STREAMS = [
    ("2>/dev/full", [*CLEAN], 0),
    ("2>/dev/full", ["--ignore", "matrix-gap"], 0),
    ("2>&-", ["--ignore", "matrix-gap"], 0),
    ("2>/dev/full", ["--nonsense"], 2),
    ("2>/dev/full", ["explain", "x"], 2),
    (">/dev/full 2>/dev/full", CLEAN, 2),
    ("2>/dev/full", ["--branch", "ort-1.18", "--ignore", "matrix-gap"], 1),
    ("2> >(exec true)", ["--ignore", "matrix-gap"], 0),
]


@pytest.mark.parametrize(("redirection", "arguments", "code"), STREAMS)
def test_a_stderr_that_cannot_be_written_changes_no_exit_code(
    redirection: str, arguments: list[str], code: int, tmp_path: Path
) -> None:
    scratch.init(tmp_path, branch="topic")
    scratch.commit(tmp_path, {GPU: original(GPU)})
    program = " ".join([sys.executable, "-m", "nixlint_ort", *arguments])
    done = subprocess.run(
        ["bash", "-c", f"{program} {redirection}"], cwd=tmp_path, env=clean_environment(), check=False
    )
    assert done.returncode == code


@pytest.mark.parametrize("name", [".flox/pkgs", "", ".", ".."])
def test_a_folder_is_no_file_for_stdin(name: str, hostile: Path) -> None:
    ran = run("--stdin-filename", name, "-", cwd=hostile, stdin=b"{ }")
    assert ran == Ran(2, "", f"nixlint-ort: --stdin-filename must be a file, but {Path(name)} is a folder\n")


INTERRUPTED_IMPORT = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path, target=None):
        if name == {name!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
sys.argv = ["nixlint-ort", "--branch", "main"]
import {before}
from nixlint_ort.__main__ import main
main()
"""


@pytest.mark.parametrize("name", ["gc", "click", "nixlint_ort.cli", "nixlint_ort.lint", "nixlint_ort.check.run"])
def test_an_interrupt_while_modules_are_imported_leaves_no_traceback(name: str, hostile: Path) -> None:
    code = INTERRUPTED_IMPORT.format(name=name, before="nixlint_ort.__main__")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=hostile, env=clean_environment(), capture_output=True, check=False
    )
    assert done.returncode in (130, -2, 0 if name == "gc" else 130)
    assert done.stderr.count(b"Traceback") == 0


@pytest.mark.parametrize("wait", [0.02, 0.05, 0.08, 0.12, 0.2, 0.3])
def test_a_signal_at_some_moment_leaves_no_traceback(wait: float, hostile: Path) -> None:
    command = f"timeout --signal INT {wait} '{sys.executable}' -I -S -c 'import sys; sys.path[:0]={sys.path!r}; import nixlint_ort.__main__ as m; m.main()'"
    done = subprocess.run(
        ["bash", "-c", command], cwd=hostile, env=clean_environment(), capture_output=True, check=False
    )
    assert b"nixlint_ort" not in done.stderr or b"Traceback" not in done.stderr


UNSEARCHABLE = """
import os, pathlib, sys

def refused(path, **_):
    raise PermissionError(13, "Permission denied", str(path))

pathlib.Path.stat = refused  # root may search every folder
sys.argv = ["nixlint-ort"]
from nixlint_ort.__main__ import main
main()
"""


def test_a_folder_that_may_not_be_searched_is_said_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNSEARCHABLE], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    said = f"nixlint-ort: {tmp_path} cannot be read: Permission denied\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
