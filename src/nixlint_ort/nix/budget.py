"""How much work the evaluation of one file may do: steps, depth and sizes, with a limit of CPU seconds behind them.

A step is about two microseconds and at most some three hundred bytes: one expression evaluated, one item made, a few
items or some hundred characters walked over. What is shared is paid for each time that it is walked over.
"""

from __future__ import annotations

import sys
import time

from nixlint_ort.nix.stuck import gave_up
from nixlint_ort.source import Span

MAX_STEPS = 200_000
"""Of one file; real variants take fewer than 300."""

MAX_DEPTH = 400
"""Evaluations inside evaluations."""

MAX_LENGTH = 200_000
"""Characters of one string or path: as many as the largest file has bytes."""

MAX_PIECES = 10_000
"""Pieces of one string."""

MAX_SECONDS = 2.0
"""CPU seconds of one file. The steps end sooner; this is for what they do not know of."""

UNMEASURED = 0.1
"""Seconds of one file for which its CPU time is not asked for: that takes longer than most questions."""

_RESERVE = 500
"""Steps that a question gets after others used up all: it need not suffer for what does not concern it."""

_MAX_RESERVE = 30_000
"""Steps that all reserves together may have."""

_STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 2_000
_MAX_FRAMES = 20_000
_NOWHERE = Span(0, 0)


class Budget:
    """The work that is left for one file."""

    def __init__(self) -> None:
        self.left = MAX_STEPS
        self.depth = 0
        self.next_look = MAX_STEPS - _STEPS_BETWEEN_LOOKS_AT_THE_CLOCK
        self._reserve = _MAX_RESERVE
        self._unmeasured = UNMEASURED
        self._seconds = MAX_SECONDS
        self._start = 0.0
        self._questions = 0
        if sys.getrecursionlimit() < _MAX_FRAMES:
            # The depth budget stops evaluation well before this many frames.
            sys.setrecursionlimit(_MAX_FRAMES)

    def spend(self, steps: int = 1, span: Span = _NOWHERE) -> None:
        """Counts steps. Raises Stuck when there are none left."""
        self.left -= steps
        if self.left < self.next_look:
            self.look(span)

    def spend_on_text(self, characters: int, span: Span = _NOWHERE) -> None:
        """Counts the steps of walking over so many characters. Raises Stuck."""
        self.spend(characters // 256, span)

    def look(self, span: Span) -> None:
        """Raises Stuck if the steps or the seconds are used up."""
        self.next_look = self.left - _STEPS_BETWEEN_LOOKS_AT_THE_CLOCK
        if self.left < 0:
            self.next_look = 0
            raise gave_up(f"this takes more than {MAX_STEPS:,} steps to evaluate", span)
        if self._questions and self._is_late():
            self.left, self._reserve, self.next_look = -1, 0, 0
            raise gave_up(f"this takes more than {MAX_SECONDS:.0f} seconds to evaluate", span)
        self.next_look = max(self.next_look, 0)

    def __enter__(self) -> None:
        """Begins a question about the file, asked from outside: the clock runs, and there is at least a reserve."""
        self._questions += 1
        if self._questions > 1:
            return
        if self.left < _RESERVE and self._reserve:
            more = min(_RESERVE - max(self.left, 0), self._reserve)
            self._reserve -= more
            self.left, self.next_look = max(self.left, 0) + more, 0
        self._start = time.perf_counter() if self._unmeasured > 0 else time.process_time()

    def __exit__(self, *_: object) -> None:
        """Ends the question."""
        self._questions -= 1
        if self._questions:
            return
        self.depth = 0
        if self._unmeasured > 0:
            self._unmeasured -= time.perf_counter() - self._start
        else:
            self._seconds -= time.process_time() - self._start

    def _is_late(self) -> bool:
        """Whether the seconds are used up, of which the unmeasured ones are none."""
        if self._unmeasured <= 0:
            return time.process_time() - self._start > self._seconds
        if time.perf_counter() - self._start > self._unmeasured:
            self._unmeasured, self._start = 0.0, time.process_time()
        return False

    def descend(self, span: Span) -> None:
        """Counts one level of depth, which the caller takes back. Raises Stuck when it is one too many."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise gave_up(f"this is nested more than {MAX_DEPTH} evaluations deep", span)
