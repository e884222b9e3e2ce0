"""A progress bar on stderr for a run that takes a person's time, and nothing otherwise."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TypeVar

PATIENCE = 1.0
"""Seconds before a bar is shown."""

_Item = TypeVar("_Item")


def tracked(items: Sequence[_Item], label: str) -> Iterator[_Item]:
    """The items one by one; on a terminal, a bar shows how far they are once they have taken over a second.

    A terminal without cursor codes gets none: a bar hides the cursor and writes over itself.
    """
    begun = monotonic()
    rest = iter(items)
    done = 0
    for item in rest:
        yield item
        done += 1
        if monotonic() - begun > PATIENCE and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            break
    if done == len(items):
        return
    import click

    with click.progressbar(length=len(items), label=label, file=sys.stderr) as bar:
        bar.update(done)
        for item in rest:
            yield item
            bar.update(1)
