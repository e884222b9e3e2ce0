"""Notes on stderr, and the one line that ends a run that cannot go on."""

from __future__ import annotations

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
