"""The command `new`, which makes variants."""

from __future__ import annotations

import sys
from pathlib import PurePosixPath
from typing import Any

import click

from nixlint_ort.cli.output import wants_color, write
from nixlint_ort.cli.parameters import convention_options
from nixlint_ort.cli.stop import Stop, note


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option(
    "--stack", "--cuda", "stack", metavar="VERSION", help="Every variant of this stack that the release lacks."
)
@click.option("--from", "source", metavar="NAME", help="Copy this variant instead of the nearest one.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@convention_options
def new(names: tuple[str, ...], stack: str | None, source: str | None, dry_run: bool, **options: Any) -> None:
    """Make variants: copy the nearest one, and bring every fact to the new name."""
    from nixlint_ort.files import WriteError, create_file
    from nixlint_ort.fix.new import NewError, make, missing_of_stack, stem_of
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.report import render
    from nixlint_ort.report.escape import visible

    if not names and stack is None:
        raise Stop("name the variants to make, or a CUDA line with --cuda")
    session = Session.open((), Options(options["convention_folder"], options["branch"]))
    repository, release = session.repository, session.release
    every = session.with_rules(session.convention.rules)  # what is made is right by every rule, also by ignored ones
    try:
        stems = [stem_of(name) for name in names]
        if stack is not None:
            stems += missing_of_stack(repository, stack, release.branch)
        made, fixed = make(
            repository,
            list(dict.fromkeys(stems)),
            release.branch,
            every.lint,
            source,
        )
        for one in made:
            if not dry_run:
                create_file(repository.root, one.path, one.data)
            write(visible(f"{'would make' if dry_run else 'made'} {one.path} from {one.source}") + "\n")
            if one.left:
                lines = ", ".join(map(str, one.left))
                note(
                    visible(
                        f"{one.path}: look at line {lines}, which may still be about {PurePosixPath(one.source).stem}"
                    )
                )
    except (NewError, WriteError) as error:
        raise Stop(str(error)) from None
    if not made or not dry_run:
        what = "`git add` what was made: `flox build` sees only what git tracks"
        note(what if made else "there is nothing to make")
    for dropped in fixed.dropped:
        note(f"the fix of {dropped.finding.rule} was not applied: {dropped.reason}")
    remaining = fixed.remaining.without(session.ignores)
    if remaining.findings:
        write(render("full", remaining, color=wants_color("auto")))
    sys.exit(1 if remaining.failed(strict=False) else 0)
