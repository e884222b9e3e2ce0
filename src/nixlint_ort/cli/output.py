"""What a command says: text on stdout, notes on stderr, and the one line that ends a run that cannot go on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import click


class Stop(click.ClickException):
    """Ends the run with exit code 2 and one line."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line."""
        note(self.message, file)


def note(text: str, file: Any = None) -> None:
    """Say something on stderr, on one line."""
    from nixlint_ort.report.escape import visible

    click.echo(f"nixlint-ort: {visible(text)}", err=True, file=file)


def write(text: str) -> None:
    """Write to stdout in UTF-8, whatever the locale says."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def color_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of every command that may show colour; `wants_color` says what it comes to."""
    choice = click.Choice(["auto", "always", "never"])
    return click.option("--color", type=choice, default="auto", help="When to use colour.")(command)


def wants_color(choice: str) -> bool:
    """Whether stdout is to have colour: by the option, else on a terminal unless NO_COLOR is set."""
    if choice == "auto":
        return "NO_COLOR" not in os.environ and sys.stdout.isatty()
    return choice == "always"
