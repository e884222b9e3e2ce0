"""Judges many inputs in batches, and narrows a batch that breaks something to the inputs that do."""

from __future__ import annotations

import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

SECONDS = 3.0
"""CPU seconds that one input may take."""

SHOWN = 3
"""Faults of one kind that are printed; the others are counted."""

PROGRESS = 10.0
"""Seconds between two lines that say how far it is."""

_HERE = str(Path(__file__).resolve().parent)


class Target(NamedTuple):
    """What is fuzzed: how an input is drawn, how many are judged together, and how."""

    name: str
    draw: Callable[[random.Random], bytes]
    judge: Callable[[Sequence[bytes], bool], None]
    """Raises what is wrong with some inputs; the second argument says whether all of it is to be tried."""
    batch: int
    full: int
    """One batch of so many is also fixed and shown in every format."""
    alone: int | None = None
    """One input of so many is judged so by itself too; None where no input is."""


class Fault(NamedTuple):
    """Inputs that break something only together, or one that does so by itself."""

    inputs: tuple[bytes, ...]
    error: Exception

    @property
    def kind(self) -> str:
        """The class of the exception and the place that raised it."""
        place = traceback.extract_tb(self.error.__traceback__)[-1]
        return f"{type(self.error).__name__} at {Path(place.filename).name}:{place.lineno}"


class Campaign:
    """So many inputs of one target, the same for the same seed."""

    def __init__(self, target: Target, number: int, seed: int) -> None:
        self.target = target
        self.number = number
        self.seed = seed
        self.judged = 0
        self.in_full = 0
        self.kinds: Counter[str] = Counter()
        self._begin = self._said = time.monotonic()
        self._cpu = time.process_time()

    def run(self) -> int:
        """Judges all inputs and prints how it goes; the number of faults."""
        batches = 0
        while self.judged < self.number:
            chance = random.Random(f"{self.target.name} {self.seed} {batches}")  # only to make inputs
            inputs = [self.target.draw(chance) for _ in range(min(self.target.batch, self.number - self.judged))]
            self._judge(inputs, in_full=batches % self.target.full == 0)
            for number, one in enumerate(inputs, self.judged):
                if self.target.alone is not None and number % self.target.alone == 0:
                    self._judge([one], in_full=True)
            self.judged += len(inputs)
            batches += 1
            if time.monotonic() - self._said > PROGRESS:
                self._said = time.monotonic()
                self._say("so far")
        self._say("done")
        return self.kinds.total()

    def _judge(self, inputs: Sequence[bytes], *, in_full: bool) -> None:
        self.in_full += len(inputs) if in_full else 0
        for fault in faults(self.target, inputs, in_full=in_full):
            self.kinds[fault.kind] += 1
            if self.kinds[fault.kind] <= SHOWN:
                sys.stdout.write(f"{fault.kind}: {_one_line(fault.error)}\n  {reproduction(self.target, fault)}\n")

    def _say(self, word: str) -> None:
        cpu, wall = time.process_time() - self._cpu, time.monotonic() - self._begin
        kinds = "".join(f"; {count} × {kind}" for kind, count in self.kinds.most_common())
        sys.stdout.write(
            f"{self.target.name}, seed {self.seed}, {word}: {self.judged:,} of {self.number:,} inputs,"
            f" {self.in_full:,} of them in full; {cpu:.0f} s CPU, {wall:.0f} s,"
            f" {1000 * cpu / max(self.judged, 1):.2f} ms CPU each; {self.kinds.total()} faults{kinds}\n"
        )
        sys.stdout.flush()


def faults(target: Target, inputs: Sequence[bytes], *, in_full: bool) -> list[Fault]:
    """What some inputs break: by themselves where they do so, else the fewest that do so together.

    Halves are judged again until all that is wrong is found, so that one bad input hides no other.
    """
    error = _error(target, inputs, in_full=in_full)
    if error is None:
        return []
    if len(inputs) == 1:
        return [Fault((inputs[0],), error)]
    half = len(inputs) // 2
    found = [fault for part in (inputs[:half], inputs[half:]) for fault in faults(target, part, in_full=in_full)]
    return found or [_fewest(target, list(inputs), error, in_full=in_full)]


def _fewest(target: Target, inputs: list[bytes], error: Exception, *, in_full: bool) -> Fault:
    """Inputs of which each is needed for the fault."""
    for one in [*inputs]:
        rest = [other for other in inputs if other is not one]
        less = _error(target, rest, in_full=in_full) if rest else None
        if less is not None:
            inputs, error = rest, less
    return Fault(tuple(inputs), error)


def _error(target: Target, inputs: Sequence[bytes], *, in_full: bool) -> Exception | None:
    begin = time.process_time()
    try:
        target.judge(inputs, in_full)
    except Exception as error:
        return error
    seconds = time.process_time() - begin
    most = SECONDS * (1 + len(inputs) / 10)
    return None if seconds < most else TimeoutError(f"{len(inputs)} inputs took {seconds:.1f} CPU seconds")


def reproduction(target: Target, fault: Fault) -> str:
    """The command that judges the inputs of a fault again."""
    return f"python fuzz/fuzz.py one {target.name} {' '.join(one.hex() or '-' for one in fault.inputs)}"


def _one_line(error: Exception) -> str:
    return " ".join(f"{error}".split())[:300]
