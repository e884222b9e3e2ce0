"""The command `facts`."""

from __future__ import annotations

from pathlib import Path

import click

from nixlint_ort.cli.opening import convention_options, open_repository, release_of
from nixlint_ort.cli.output import write


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--list", "list_only", is_flag=True, help="List the facts there are.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to show the facts.")
@convention_options
def facts(
    paths: tuple[Path, ...], list_only: bool, output_format: str, rules_folder: Path | None, branch: str | None
) -> None:
    """Show what each variant evaluates to, and where each fact comes from."""
    from nixlint_ort.report import facts as report

    if list_only:
        write(report.vocabulary())
        return
    repository = open_repository(paths, rules_folder)
    release = release_of(repository, branch)
    chosen = [variant for variant in repository.variants if variant.path in repository.chosen]
    write(report.as_json(chosen, release.branch) if output_format == "json" else report.as_text(chosen))
