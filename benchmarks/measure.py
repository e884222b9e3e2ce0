"""Runs commands in turn and measures each: wall time, CPU time and peak memory of all its processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Contender:
    """A command, where it runs, and what to do before each of its runs."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None
    expected: tuple[int, ...] = (0,)
    again: bool = False
    """Whether it is about what a run leaves to the next: it runs once before it is measured."""
    alone: bool = False
    """Whether it gets one processor only, so that it has no second process."""


@dataclass
class Measured:
    """The medians of a contender's runs: seconds, seconds and MiB."""

    wall: float
    cpu: float
    memory: float


def measure(contenders: Sequence[Contender], rounds: int) -> dict[str, Measured]:
    """Every contender once a round, in turn, so that what disturbs the machine disturbs all; the medians."""
    runs: dict[str, list[Measured]] = {one.name: [] for one in contenders}
    for one in contenders:
        if one.again:
            _run(one)
    for _ in range(rounds):
        for one in contenders:
            one.before()
            runs[one.name].append(_run(one))
    return {
        name: Measured(*(statistics.median(getattr(run, what) for run in taken) for what in ("wall", "cpu", "memory")))
        for name, taken in runs.items()
    }


def peak_memory(one: Contender) -> float:
    """MiB of all processes of a contender together, at most, looked at again and again; what they share counts once."""
    one.before()
    process = _start(one)
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(_share_of_memory, _family(str(process.pid)))))
        time.sleep(0.05)
    return most / 1024


def _share_of_memory(number: str) -> int:
    """The KiB that a process has, of what it shares with others its part ("proportional set size")."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{number}/smaps_rollup").read_text("utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return 0


def _family(number: str) -> list[str]:
    """A process and those that it has started."""
    children: list[str] = []
    with suppress(OSError):
        children = Path(f"/proc/{number}/task/{number}/children").read_text("utf-8").split()
    return [number, *(one for child in children for one in _family(child))]


def _start(one: Contender) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **one.environment}
    processors = os.sched_getaffinity(0)
    if one.alone:
        os.sched_setaffinity(0, [max(processors)])  # what is started has the same
    try:
        with open(os.devnull, "wb") as nothing:
            return subprocess.Popen(one.command, cwd=one.folder, env=environment, stdout=nothing, stderr=nothing)
    finally:
        os.sched_setaffinity(0, processors)


def _run(one: Contender) -> Measured:
    begin = time.perf_counter()
    process = _start(one)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in one.expected:
        raise SystemExit(f"{one.name} ended with {process.returncode}: {' '.join(one.command)}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
