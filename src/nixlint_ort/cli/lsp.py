"""The command `lsp`, which serves editors."""

from __future__ import annotations

import click

from nixlint_ort.cli.cpu import limited_cpu
from nixlint_ort.cli.stop import Stop


@click.command()
def lsp() -> None:
    """Serve an editor over stdin and stdout by the language server protocol."""
    try:
        from nixlint_ort.lsp.server import make_server
    except ImportError:
        raise Stop("lsp needs the package pygls; run: pip install 'nixlint-ort[lsp]'") from None
    with limited_cpu(0):  # a server runs as long as its editor
        make_server().start_io()
