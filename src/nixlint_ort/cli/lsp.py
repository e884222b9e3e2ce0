"""The command `lsp`, which serves editors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from nixlint_ort.cli.cpu import OutOfTime, limited_cpu
from nixlint_ort.cli.stop import Stop


@click.command()
def lsp() -> int:
    """Run the language server on stdin and stdout."""
    try:
        from nixlint_ort.lsp.requests import make_server
    except ImportError:
        raise Stop("lsp needs the package pygls; run: pip install 'nixlint-ort[lsp]'") from None
    with limited_cpu(0):  # each check has a limit of its own
        return make_server(_limited).serve()


@contextmanager
def _limited() -> Iterator[None]:
    try:
        with limited_cpu():
            yield
    except OutOfTime as error:
        raise TimeoutError(str(error)) from None
