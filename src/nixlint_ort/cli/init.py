"""The commands that set a repository or a shell up: `init`, `schema` and `completion`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from nixlint_ort.cli.output import write
from nixlint_ort.cli.parameters import OneOf
from nixlint_ort.cli.stop import Stop


@click.command()
@click.option(
    "--convention/--no-convention",
    default=None,
    help="Also write rules/, which extends the shipped convention.",
)
def init(convention: bool | None) -> None:
    """Write a commented nixlint-ort.yaml, with snippets for hooks and CI."""
    from nixlint_ort.convention.load import load_shipped
    from nixlint_ort.convention.starter import starter_files
    from nixlint_ort.files import WriteError, create_file
    from nixlint_ort.repository.root import find_root
    from nixlint_ort.settings import FILE_NAME
    from nixlint_ort.settings.starter import starter

    root = find_root(Path.cwd())
    if convention is None and sys.stdin.isatty() and not (root / "rules").exists():
        convention = click.confirm("Also write rules/, which extends the shipped convention?", err=True)
    files = [(FILE_NAME, starter())]
    if convention:
        files += [(f"rules/{path}", text) for path, text in starter_files(load_shipped())]
        if (root / FILE_NAME).exists():
            del files[0]
    for path, text in files:
        try:
            create_file(root, path, text.encode(), folders=True)
        except (WriteError, OSError) as error:
            raise Stop(str(error)) from None
        write(f"wrote {root / path}\n")


@click.command()
@click.option("--convention", is_flag=True, help="Print the schema of the files of a convention.")
@click.option("--findings", is_flag=True, help="Print the schema of `--output-format json`.")
def schema(convention: bool, findings: bool) -> None:
    """Print the JSON Schema of nixlint-ort.yaml, for editors."""
    from nixlint_ort.convention.schema import schema_text as of_a_convention
    from nixlint_ort.report.json_schema import schema_text as of_findings
    from nixlint_ort.settings.schema import schema_text

    if convention and findings:
        raise Stop("--convention cannot be combined with --findings")
    write(of_findings() if findings else of_a_convention() if convention else schema_text())


@click.command()
@click.argument("shell", type=OneOf(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a completion script for a shell; load it in the shell's start-up file."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise Stop(f"{shell} is not supported")
    made = kind(ctx.find_root().command, {}, "nixlint-ort", "_NIXLINT_ORT_COMPLETE")
    write(made.source_template % made.source_vars())  # its `source` would run bash to ask for its version
