"""The command `claims`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nixlint_ort.cli.output import wants_color, write, write_text
from nixlint_ort.cli.parameters import OneOf, color_option, convention_options
from nixlint_ort.cli.stop import Stop


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--output-format", type=OneOf(["text", "json", "html"]), default="text", help="Format of the output (default text)."
)
@click.option(
    "--proposals",
    is_flag=True,
    help="Print the lines that tables and lists lack, as a patch for `git apply`; read them first.",
)
@color_option
@convention_options
def claims(files: tuple[Path, ...], output_format: str, proposals: bool, color: str, **options: Any) -> None:
    """Show what documents say: which statements are right, wrong or not understood."""
    from nixlint_ort.fix.diff import unified
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.repository.repository import RepositoryError
    from nixlint_ort.views.claims import text
    from nixlint_ort.views.claims.model import NoClaimsError, claims_of, with_proposals

    session = Session.open((), Options(options["convention_folder"], options["branch"]))
    try:
        found = claims_of(session, files)
    except (NoClaimsError, RepositoryError) as error:
        raise Stop(str(error)) from None
    if proposals:
        write_text("".join(unified(with_proposals(one) for one in found)))
    elif output_format == "html":
        from nixlint_ort.views.claims import page

        write(page.render(found))
    elif output_format == "json":
        write(text.as_json(found))
    else:
        colored = wants_color(color)
        write_text(text.as_text(found, color=colored), color=colored)
