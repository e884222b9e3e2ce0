"""The command `check`, which is what runs without a command."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nixlint_ort.cli.opening import choose_rules, convention_options, open_repository, release_of
from nixlint_ort.cli.output import Stop, color_option, note, wants_color, write

if TYPE_CHECKING:
    from nixlint_ort.check.release import Release
    from nixlint_ort.check.result import Result
    from nixlint_ort.convention import Rule
    from nixlint_ort.variant.repository import Repository


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Apply safe fixes: headers and descriptions.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes that change what is built.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option("--output-format", "output_format", default="full", metavar="FORMAT", help="How to show findings.")
@click.option("--select", metavar="RULES", help="Only these rules or families, separated by commas.")
@click.option("--ignore", metavar="RULES", help="All but these rules or families, separated by commas.")
@click.option("--strict", is_flag=True, help="Warnings fail the run too.")
@color_option
@click.option("-q", "--quiet", is_flag=True, help="Only findings: no summary and no notes.")
@convention_options
def check(paths: tuple[Path, ...], **options: Any) -> None:
    """Check variants; this is what runs without a command."""
    from nixlint_ort.report import FORMATS

    if options["output_format"] not in FORMATS:
        raise Stop(f"--output-format is one of {', '.join(FORMATS)}, not {options['output_format']!r}")
    repository = open_repository(paths, options["rules_folder"])
    rules = choose_rules(repository.convention.rules, options["select"], options["ignore"])
    release = release_of(repository, options["branch"])
    if options["fix"] or options["diff"]:
        result = _fix(repository, release, rules, options)
    else:
        result = _lint(repository, release, rules)
    _show(result, options)
    sys.exit(1 if result.failed(strict=options["strict"]) else 0)


def _lint(repository: Repository, release: Release, rules: Mapping[str, Rule]) -> Result:
    from nixlint_ort.check.run import check as run
    from nixlint_ort.fix.suggest import suggest

    return suggest(run(repository, release, rules))


def _fix(repository: Repository, release: Release, rules: Mapping[str, Rule], options: Mapping[str, Any]) -> Result:
    from nixlint_ort.fix.apply import fix_all
    from nixlint_ort.fix.diff import unified
    from nixlint_ort.fix.write import WriteError, write_file
    from nixlint_ort.report.escape import visible

    before = {variant.path: variant.source.data for variant in repository.variants}
    fixed = fix_all(repository, lambda one: _lint(one, release, rules), unsafe=options["unsafe_fixes"])
    if options["diff"]:
        write("".join(unified(before, fixed.contents)))
        sys.exit(1 if fixed.contents else 0)
    for path, data in fixed.contents.items():
        try:
            write_file(repository.root / path, before[path], data)
        except WriteError as error:
            raise Stop(str(error)) from None
        click.echo(f"fixed {visible(path)}", err=True)
    assert fixed.remaining is not None  # noqa: S101  # for the type checker: fix_all sets it
    return fixed.remaining


def _show(result: Result, options: Mapping[str, Any]) -> None:
    from nixlint_ort.report import render

    if not options["quiet"]:
        for text in result.notes:
            note(text)
    write(render(options["output_format"], result, color=wants_color(options["color"])))
