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


RUN = """
import gc, os, signal, sys, time, weakref
from nixlint_ort import __main__ as program

def main():
    {body}
    print("went on")

program._main = main
program.main()
"""
IN_A_CALLBACK = """
    class One: pass
    one = One()
    kept = weakref.ref(one, lambda _: os.kill(os.getpid(), signal.SIGINT))
    del one
    for _ in range(100): time.sleep(0.1)
"""
WITH_SOMETHING_TO_TIDY_UP = """
    try:
        os.kill(os.getpid(), signal.{signal})
        time.sleep(10)
    finally:
        print("tidied up", flush=True)
"""
# What a run does, and its exit code with what it prints and says.
ENDINGS = {
    "an interrupt in a callback of Python's": (IN_A_CALLBACK, 130, "", ""),
    "an interrupt": (WITH_SOMETHING_TO_TIDY_UP.format(signal="SIGINT"), 130, "tidied up\n", ""),
    "a request to end": (WITH_SOMETHING_TO_TIDY_UP.format(signal="SIGTERM"), -signal.SIGTERM, "tidied up\n", ""),
    "a terminal that is closed": (WITH_SOMETHING_TO_TIDY_UP.format(signal="SIGHUP"), -signal.SIGHUP, "tidied up\n", ""),
    "a broken installation": ("raise ImportError('no x')", 2, "", "nixlint-ort: internal error: ImportError: no x\n"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_whatever_ends_a_run_ends_it_in_order(name: str) -> None:
    body, *expected = ENDINGS[name]
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(body=body)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=clean_environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert [done.returncode, done.stdout, done.stderr] == expected


def test_a_hangup_that_is_ignored_stays_ignored() -> None:
    ignoring = 'sh -c \'trap "" HUP; exec "$@"\' sh "$@"'
    body = "os.kill(os.getpid(), signal.SIGHUP)"
    command = ["sh", "-c", ignoring, "sh", sys.executable, "-c", RUN.format(body=body)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment())
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_ended_while_it_writes_leaves_no_temporary_file(number: signal.Signals, tmp_path: Path) -> None:
    body = f"""
    from nixlint_ort import files
    files.os.fsync = lambda _: os.kill(os.getpid(), {int(number)})
    files.write_report({str(tmp_path / "report")!r}, b"x", {str(tmp_path)!r})
    """
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(body=body)], capture_output=True, check=False, env=clean_environment()
    )
    assert done.returncode == (130 if number == signal.SIGINT else -number)
    assert list(tmp_path.iterdir()) == []
