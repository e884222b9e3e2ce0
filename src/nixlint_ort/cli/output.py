"""What a command says: text on stdout, notes on stderr, and the one line that ends a run that cannot go on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

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


def write(text: str, stream: TextIO | None = None) -> None:
    """Write to stdout, or another stream, in UTF-8, whatever the locale says.

    Exits with 2 where nobody reads it any more: an exit code of 1 would speak of findings. Where it cannot be
    written for another reason, such as a full disk, that is said.
    """
    stream = stream or sys.stdout
    try:
        stream.flush()
        stream.buffer.write(text.encode("utf-8", "surrogateescape"))
        stream.buffer.flush()
    except OSError as error:
        stop = not_written(error, stream)
        if isinstance(error, BrokenPipeError):
            sys.exit(2)
        raise stop from None


def not_written(error: OSError, stream: TextIO) -> Stop:
    """What to raise where stdout, or another stream, cannot be written; what is left for it goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return Stop(f"stdout could not be written: {error.strerror}")


def color_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of every command that may show colour; `wants_color` says what it comes to."""
    from nixlint_ort.cli.words import Word

    choice = Word(["auto", "always", "never"])
    return click.option("--color", type=choice, default="auto", help="When to use colour.")(command)


def wants_color(choice: str, stream: TextIO | None = None) -> bool:
    """Whether to colour stdout, or another stream.

    What was chosen decides, else NO_COLOR, else FORCE_COLOR, else whether it is a terminal that has colours.
    As no-color.org and force-color.org define these variables, an empty one counts as not set.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"
