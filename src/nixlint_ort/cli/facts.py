"""The command `facts`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nixlint_ort.cli.output import wants_color, write, write_text
from nixlint_ort.cli.parameters import OneOf, color_option, convention_options
from nixlint_ort.cli.stop import Stop


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--list", "list_only", is_flag=True, help="List all facts by name.")
@click.option(
    "--output-format", type=OneOf(["text", "json"]), default="text", help="Format of the output (default text)."
)
@color_option
@convention_options
def facts(paths: tuple[Path, ...], **options: Any) -> None:
    """Show the facts of each variant, and where each value is written."""
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.views import facts as report

    if options["list_only"]:
        write(report.vocabulary())
        return
    session = Session.open(paths, Options(options["convention_folder"], options["branch"]))
    repository = session.repository
    others = [path for path in repository.passed_over if path not in repository.asked]
    if others:
        what = "is not a variant, so it has no facts" if len(others) == 1 else "are not variants, so they have no facts"
        raise Stop(f"{', '.join(others)} {what}")
    chosen = [variant for variant in repository.variants if variant.path in repository.asked]
    if options["output_format"] == "json":
        write(report.as_json(chosen, session.release.branch))
    else:
        color = wants_color(options["color"])
        write_text(report.as_text(chosen, color=color), color=color)
