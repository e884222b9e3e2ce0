"""The command `branches`."""

from __future__ import annotations

import sys
from typing import Any

import click

from nixlint_ort.cli.output import wants_color, write, write_text
from nixlint_ort.cli.parameters import OneOf, color_option, convention_option
from nixlint_ort.cli.stop import Stop


@click.command()
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Check every branch, not only those of releases.")
@click.option(
    "--output-format",
    type=OneOf(["text", "markdown", "json", "html"]),
    default="text",
    help="Format of the output (default text).",
)
@convention_option
@color_option
def branches(names: tuple[str, ...], **options: Any) -> None:
    """Check the branch of every release, without checking it out.

    All branches are checked against one convention: that of the files on disk. Exits with 1 if a branch has errors.
    """
    from nixlint_ort.convention.errors import did_you_mean
    from nixlint_ort.finding import Severity
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.repository.git_folder import GitError
    from nixlint_ort.repository.revision import MAX_BRANCHES
    from nixlint_ort.repository.revision import branches as branches_of
    from nixlint_ort.views.branches import page as branches_page
    from nixlint_ort.views.branches import text as report
    from nixlint_ort.views.branches.model import chosen_branches, judge_branches

    session = Session.open((), Options(options["convention_folder"], remember=True))
    try:
        known = branches_of(session.root)
        for name in names:
            if name not in known:
                raise Stop(f"unknown branch {name!r}{did_you_mean(name, known)}")
        chosen = chosen_branches(session.convention, known, names, everything=options["everything"])
        count = sum(name in known for name in chosen)
        if count > MAX_BRANCHES:
            raise Stop(f"there are {count:,} branches; nixlint-ort checks at most {MAX_BRANCHES}, so name some")
        if not count:
            raise Stop("this repository has no branch of a release; use --all to check other branches")
        states = judge_branches(session, known, chosen)
    except GitError as error:
        raise Stop(str(error)) from None
    if options["output_format"] == "text":
        color = wants_color(options["color"])
        write_text(report.as_text(states, color=color), color=color)
    else:
        shown = {"markdown": report.as_markdown, "json": report.as_json, "html": branches_page.render}
        write(shown[options["output_format"]](states))
    sys.exit(1 if any(state.count(Severity.ERROR) for state in states) else 0)
