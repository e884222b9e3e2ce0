"""A limit on the processor time of a run, which ends what no other budget has ended."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH = "NIXLINT_ORT_CPU_SECONDS"
"""The environment variable that sets the limit where no option does; 0 for none."""

DEFAULT = 60.0
"""Seconds. A variant takes about 0.01 of them."""


class OutOfTime(BaseException):  # as KeyboardInterrupt, it is not an Exception that code on its way may handle
    """The run has had all the processor time that it may have."""


MAX_SECONDS = 1e9
"""What a timer takes."""


@contextmanager
def limited_cpu(seconds: float | None = None) -> Iterator[None]:
    """Raise OutOfTime in the main thread once the block has taken so many seconds of processor time.

    None is what the environment says, 0 is no limit. Inside another such block, it replaces the limit of that block,
    which continues after it. Raises ValueError outside the main thread.
    """
    allowed = _of_environment() if seconds is None else seconds

    def end(*_: object) -> None:
        raise OutOfTime(f"stopped after {allowed:g} seconds of processor time; use --cpu-seconds to allow more")

    handler = signal.signal(signal.SIGPROF, end)
    # again each second: Python drops what is raised in a finalizer or a callback of the garbage collector
    before = signal.setitimer(signal.ITIMER_PROF, max(allowed, 0), 1 if allowed > 0 else 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, *before)
        signal.signal(signal.SIGPROF, handler)


def _of_environment() -> float:
    try:
        seconds = float(os.environ.get(SWITCH, ""))
    except ValueError:
        return DEFAULT
    return seconds if seconds <= MAX_SECONDS else DEFAULT  # also where it is not a number
