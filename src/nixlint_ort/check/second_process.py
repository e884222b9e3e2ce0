"""Judges some of many variants in a second process, a copy of this one that starts nothing and reports back.

Whatever becomes of it, what it does not report is judged in this process: it saves time and changes nothing else.
"""

from __future__ import annotations

import marshal
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nixlint_ort.variant.variant import Variant

MIN_VARIANTS = 24
"""Variants for which it is worth while."""
MAX_IN_VAIN = 24
"""Variants that break something, and so are judged by the other process again, before the rest is left to it."""


def is_worth_while(count: int) -> bool:
    """Whether there are so many variants, a second processor, and no thread that a copy of this process would lack."""
    if count < MIN_VARIANTS or not hasattr(os, "fork"):
        return False
    threading = sys.modules.get("threading")
    if threading is not None and threading.active_count() > 1:
        return False
    processors = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    return len(processors) > 1


class SecondProcess:
    """The process that judges some variants; use it with `with`, so that it ends in any case."""

    def __init__(self, variants: Sequence[Variant], judge: Callable[[Variant], object]) -> None:
        """`judge` makes of a variant what `marshal` can write. Raises OSError where no process can be started."""
        self.variants = variants
        self._limit, _ = signal.getitimer(signal.ITIMER_PROF)
        self._reading, writing = os.pipe()
        # An interrupt that comes before the copy knows that it is one must not run this process' code in it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._child = os.fork()
            if not self._child:
                _serve(writing, self._limit / 2, variants, judge)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.close(writing)

    def __enter__(self) -> SecondProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
        os.close(self._reading)

    def reports(self) -> list[Any]:
        """What `judge` made of each variant, in their order; None for each where the process did not come to its end.

        The processor time that it took counts as that of this one, where that is limited.
        """
        pieces = []
        while piece := os.read(self._reading, 1 << 20):
            pieces.append(piece)
        _, status, usage = os.wait4(self._child, 0)
        self._child = 0
        if self._limit:
            left, again = signal.getitimer(signal.ITIMER_PROF)
            signal.setitimer(signal.ITIMER_PROF, max(left - usage.ru_utime - usage.ru_stime, 0.001), again)
        if status != 0:
            return [None] * len(self.variants)
        reports: list[Any] = marshal.loads(b"".join(pieces))  # noqa: S302  # a copy of this process wrote it
        return reports


def _serve(writing: int, seconds: float, variants: Sequence[Variant], judge: Callable[[Variant], object]) -> None:
    """Be the second process, and end: no line after this runs in it, and nothing that was to be done at the end."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.setitimer(signal.ITIMER_PROF, seconds, 1 if seconds else 0)
        data = memoryview(marshal.dumps(reports_of(variants, judge)))
        while data:
            data = data[os.write(writing, data) :]
        code = 0
    finally:
        os._exit(code)


def reports_of(variants: Sequence[Variant], judge: Callable[[Variant], object]) -> list[object]:
    """What `judge` makes of each variant; None for those that are left to the other process."""
    reports: list[object] = []
    for variant in variants:
        in_vain = reports.count(None)
        reports.append(judge(variant) if in_vain < MAX_IN_VAIN else None)
    return reports
