"""Runs commands in turn and measures each: wall time, CPU time and peak memory of the whole process."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
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


def _run(one: Contender) -> Measured:
    environment = {**os.environ, **one.environment}
    with open(os.devnull, "wb") as nothing:
        begin = time.perf_counter()
        process = subprocess.Popen(one.command, cwd=one.folder, env=environment, stdout=nothing, stderr=nothing)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in one.expected:
        raise SystemExit(f"{one.name} ended with {process.returncode}: {' '.join(one.command)}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
