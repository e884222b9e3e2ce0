"""A limit on the processor time of a run, which ends what no other budget has ended."""

from __future__ import annotations

import os
import signal

SWITCH = "NIXLINT_ORT_CPU_SECONDS"
"""The environment variable that sets the limit where no option does; 0 for none."""

DEFAULT = 60.0
"""Seconds. A variant takes about 0.01 of them."""


class OutOfTime(BaseException):  # as KeyboardInterrupt, it is no Exception that code on its way may handle
    """The run has had all the processor time that it may have."""


def limit_cpu(seconds: float | None = None) -> None:
    """Raise OutOfTime in the main thread after so many seconds from now.

    None is what the environment says, 0 ends the limit.
    """
    allowed = _of_environment() if seconds is None else seconds

    def end(*_: object) -> None:
        raise OutOfTime(f"this run was ended after {allowed:g} seconds of processor time; --cpu-seconds allows more")

    signal.signal(signal.SIGPROF, end)
    # again each second: Python drops what is raised in a finalizer or a callback of the garbage collector
    signal.setitimer(signal.ITIMER_PROF, max(allowed, 0), 1 if allowed > 0 else 0)


def _of_environment() -> float:
    try:
        return float(os.environ.get(SWITCH, ""))
    except ValueError:
        return DEFAULT
