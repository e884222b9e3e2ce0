"""Runs the command as a user does, in scratch repositories."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.support import forks
from tests.support.linting import GPU, ROOT

OF_THE_PLACE = (
    *("GITHUB_BASE_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
    *("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR"),
)
"""Variables that change what a run does, and may be set where the tests run."""


CLEAN = "58 files checked, 22 warnings\n"
"""The last line about this repository's own variants: nixpkgs dropped CUDA 12.4 before their pin."""


def last_line(text: str) -> str:
    """The last line of what a run printed, which counts the findings."""
    return text.splitlines(keepends=True)[-1]


class Ran(NamedTuple):
    """What a run printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def clean_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without what would change a run, and with some variables."""
    kept = {name: value for name, value in os.environ.items() if name not in OF_THE_PLACE}
    return {**kept, **(environment or {})}


def run(
    *arguments: str | bytes, cwd: Path = ROOT, environment: Mapping[str, str] | None = None, stdin: bytes = b""
) -> Ran:
    """Run the command; never a traceback, whatever the arguments. What is no UTF-8 is read as surrogates."""
    assert not any(name.startswith(("PYTHON", "LANG", "LC_")) for name in environment or ()), "use run_program"
    return _ran(*forks.run(arguments, cwd, clean_environment(environment), stdin))


def run_program(
    *arguments: str | bytes, cwd: Path = ROOT, environment: Mapping[str, str] | None = None, stdin: bytes = b""
) -> Ran:
    """Start the command as a program of its own: for what happens while Python starts, and for what a run costs."""
    done = subprocess.run(
        [sys.executable, "-m", "nixlint_ort", *arguments],
        cwd=cwd,
        env=clean_environment(environment),
        input=stdin,
        capture_output=True,
        check=False,
    )
    return _ran(done.returncode, done.stdout, done.stderr)


def _ran(returncode: int, *streams: bytes) -> Ran:
    texts = [stream.decode("utf-8", "surrogateescape") for stream in streams]
    assert not any("Traceback" in text for text in texts)
    return Ran(returncode, *texts)


def replace_in(path: Path, good: str, bad: str) -> Path:
    """Write a file anew with one text for another."""
    data = path.read_bytes()
    assert good.encode() in data
    path.write_bytes(data.replace(good.encode(), bad.encode()))
    return path


def break_driver(scratch: Path) -> Path:
    """State a wrong driver in one variant: an error with a safe fix."""
    return replace_in(scratch / GPU, "driver 560+", "driver 535+")
