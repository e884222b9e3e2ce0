"""The commands that set a repository or a shell up: `init`, `schema` and `completion`."""

from __future__ import annotations

from pathlib import Path

import click

from nixlint_ort.cli.output import write
from nixlint_ort.cli.parameters import Word
from nixlint_ort.cli.stop import Stop


@click.command()
def init() -> None:
    """Write a commented nixlint-ort.yaml, with snippets for hooks and CI."""
    from nixlint_ort.files import WriteError, create_file
    from nixlint_ort.repository.repository import find_root
    from nixlint_ort.settings import FILE_NAME
    from nixlint_ort.settings.starter import starter

    root = find_root(Path.cwd())
    try:
        create_file(root, FILE_NAME, starter().encode())
    except WriteError as error:
        raise Stop(str(error)) from None
    write(f"wrote {root / FILE_NAME}\n")


@click.command()
@click.option("--convention", is_flag=True, help="That of the files of a convention.")
def schema(convention: bool) -> None:
    """Print the JSON Schema of nixlint-ort.yaml, for editors."""
    from nixlint_ort.convention.schema import schema_text as of_a_convention
    from nixlint_ort.settings.schema import schema_text

    write(of_a_convention() if convention else schema_text())


@click.command()
@click.argument("shell", type=Word(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands, options and rules; evaluate it in the shell's start-up file."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise Stop(f"there is no completion for {shell}")
    write(kind(ctx.find_root().command, {}, "nixlint-ort", "_NIXLINT_ORT_COMPLETE").source())
