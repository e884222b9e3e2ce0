"""An interrupt at any time ends the program without a traceback: while it starts, while it runs, and a second time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.running import clean_environment

INTERRUPT = "lambda *_: os.kill(os.getpid(), signal.SIGINT)"
PROGRAM = (
    "import os, signal, time; from nixlint_ort import __main__ as program; {change}; program.main(); time.sleep(5)"
)

# At which moment an interrupt comes, and the exit code: of a signal where nothing is there yet that could say 130.
MOMENTS = {
    "before its streams are open": (f"program._open_closed_streams = {INTERRUPT}", -signal.SIGINT),
    "while the working directory is looked for": (f"program.os.getcwd = {INTERRUPT}", -signal.SIGINT),
    "while it runs": (f"program._main = {INTERRUPT}", 130),
    "while an earlier one is handled": (f"program._main = program.sys.exit = {INTERRUPT}", -signal.SIGINT),
}


@pytest.mark.parametrize(("change", "code"), MOMENTS.values(), ids=MOMENTS)
def test_an_interrupt_leaves_no_traceback(change: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(change=change)],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # there are no threads
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def interrupted(after: float, folder: Path) -> tuple[int, str]:
    """The exit code of a run that is interrupted so many seconds after it began, and what it says on stderr."""
    with subprocess.Popen(
        [Path(sys.executable).with_name("nixlint-ort"), "--version"],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        time.sleep(after)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
        return process.returncode, said


@pytest.mark.parametrize("number", range(12))
def test_an_interrupt_while_the_program_starts_shows_nothing_of_it(number: int, tmp_path: Path) -> None:
    """What Python itself says before the first line of the program is not in its hands."""
    code, said = interrupted(number * 0.02, tmp_path)
    assert code in {0, 1, 130, -signal.SIGINT}
    assert "nixlint_ort/" not in said.replace(os.sep, "/")
