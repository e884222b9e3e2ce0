"""Write a command's text to stdout, and decide about colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from io import BytesIO
from typing import TextIO

from nixlint_ort.cli.stop import Stop


def encoded(parts: Iterable[str]) -> bytes:
    """The parts of a text in UTF-8, of which one at a time is held besides the bytes of all."""
    data = BytesIO()
    for part in parts:
        data.write(part.encode("utf-8", "surrogateescape"))
    return data.getvalue()


def write(text: str | Iterable[str], stream: TextIO | None = None) -> None:
    """Write a text, or its parts, to stdout, or another stream, in UTF-8, whatever the locale says.

    Exits with 2 where nobody reads it any more: an exit code of 1 would speak of findings. Where it cannot be
    written for another reason, such as a full disk, that is said.
    """
    stream = stream or sys.stdout
    data = encoded([text] if isinstance(text, str) else text)
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except OSError as error:
        stop = not_written(error, stream)
        if isinstance(error, BrokenPipeError):
            sys.exit(2)
        raise stop from None


def write_text(text: str, *, color: bool = False) -> None:
    """The same for a text for people, in which nothing drives a terminal or a CI system but our colours."""
    from nixlint_ort.report.escape import harmless

    write(harmless(text, color=color))


def not_written(error: OSError, stream: TextIO) -> Stop:
    """What to raise where stdout, or another stream, cannot be written; what is left for it goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return Stop(f"stdout could not be written: {error.strerror}")


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


def columns_for(chosen: int | None, stream: TextIO | None = None) -> int | None:
    """How many columns lines may have: what was chosen, where 0 is no limit, else those of the stream's terminal.

    None where there is no limit: also where the stream goes elsewhere than to a terminal, or nobody knows its width.
    """
    if chosen is not None or stream is None:
        return chosen or None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None
