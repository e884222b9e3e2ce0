"""A run of `--fix` that is killed at any step of its writing leaves every file whole; `make kill` kills at random moments."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.fix.kill import COMMAND, SELECT, look, run, stale_files
from tests.support.running import clean_environment

FILES = 3
STEPS = 2 * FILES
"""For each file one is made beside it, and put in its place."""

PROGRAM = """
import os, signal, sys
left = int(sys.argv.pop(1))

def step(event, arguments):
    global left
    if event in ("open", "os.rename") and str(arguments[0]).endswith(".tmp"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(step)
from nixlint_ort.__main__ import main
main()
"""
"""Kills itself right before a step."""


@pytest.mark.parametrize("step", range(1, STEPS + 2))
def test_killed_runs_leave_every_file_whole(step: int, tmp_path: Path) -> None:
    paths, old, new = stale_files(tmp_path, FILES)
    options = COMMAND[COMMAND.index("nixlint_ort") + 1 :]
    program = [sys.executable, "-c", PROGRAM, str(step), *options, *SELECT, str(tmp_path)]
    ended = subprocess.run(program, stdout=subprocess.DEVNULL, env=clean_environment(), check=False).returncode
    counts: Counter[str] = Counter()
    look(paths, old, new, counts)
    done = (step - 1) // 2
    assert [path.read_bytes() == new for path in paths] == [number < done for number in range(FILES)]
    assert ended == (-signal.SIGKILL if step <= STEPS else 0)
    assert counts["with a file left to clear"] == (step % 2 == 0 and step <= STEPS)


def test_a_kill_at_a_random_moment() -> None:
    assert run(kills=1, files=12)["kills"] == 1
