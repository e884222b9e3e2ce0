"""Counts work in calls of functions and bytes, which no machine's speed changes."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Callable


def steps(run: Callable[[], object]) -> int:
    """How many calls `run` makes in this thread, of Python's functions and of built-in ones."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event.endswith("call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


def most_memory(run: Callable[[], object]) -> int:
    """How many bytes `run` has at most at once, of those that Python counts."""
    gc.collect()
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
