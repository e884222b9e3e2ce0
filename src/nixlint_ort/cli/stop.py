"""Notes on stderr, and the one line that ends a run that cannot go on."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

import click


class Stop(click.ClickException):
    """Ends the run with exit code 2 and one line."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line."""
        note(self.message, file)


def note(text: str, file: Any = None) -> None:
    """Say something on stderr, on one line. Where nobody can read it, the run goes on all the same."""
    from nixlint_ort.report.escape import visible, without_commands

    try:
        click.echo(without_commands(f"nixlint-ort: {visible(text)}"), err=True, file=file)
    except (OSError, ValueError):  # a full disk, a closed pipe
        silence_stderr()


def silence_stderr() -> None:
    """Let what is still said on stderr go nowhere: what is left in its buffer would else fail at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
