"""The command `matrix`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nixlint_ort.cli.output import wants_color, write, write_text
from nixlint_ort.cli.parameters import OneOf, color_option, convention_options
from nixlint_ort.cli.stop import Stop, note

if TYPE_CHECKING:
    from nixlint_ort.views.matrix.model import Matrix


@click.command()
@click.option(
    "--output-format",
    type=OneOf(["text", "markdown", "json", "html"]),
    default="text",
    help="Format of the output (default text).",
)
@click.option(
    "--update",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the matrix between the markers in this file.",
)
@click.option(
    "--check", "check_only", is_flag=True, help="With --update: write nothing; exit with 1 if the file is out of date."
)
@color_option
@convention_options
def matrix(output_format: str, update: Path | None, check_only: bool, color: str, **options: Any) -> None:
    """Show the build matrix of the release: which variants exist, are missing, cannot be built or are wrong."""
    from nixlint_ort.views.matrix import text as report

    if check_only and update is None:
        raise Stop("--check needs --update")
    found = _lay_out(options["convention_folder"], options["branch"])
    if update is not None:
        sys.exit(_update(update, found, check_only=check_only))
    if output_format == "text":
        colored = wants_color(color)
        write_text(report.as_text(found, color=colored), color=colored)
    elif output_format == "html":
        from nixlint_ort.views.matrix import page as matrix_page

        write(matrix_page.render(found))
    else:
        write(report.as_markdown(found) if output_format == "markdown" else report.as_json(found))


def _lay_out(folder: Path | None, branch: str | None) -> Matrix:
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.views.matrix.model import lay_out

    session = Session.open((), Options(folder, branch, remember=True))
    result = session.lint()
    for one in result.notes:
        note(one)
    return lay_out(session.repository, session.release.branch, result.findings)


def _update(path: Path, found: Matrix, *, check_only: bool) -> int:
    """Bring a document up to date; returns the exit code."""
    from nixlint_ort.files import WriteError, read_plain, replace_file
    from nixlint_ort.repository.repository import RepositoryError, relative_path
    from nixlint_ort.repository.root import outermost_root
    from nixlint_ort.source import MAX_BYTES
    from nixlint_ort.views.matrix.markers import MarkerError
    from nixlint_ort.views.matrix.text import updated

    root = outermost_root(Path.cwd())  # not the one around the path: a link may lead into another
    try:
        before = read_plain(path, MAX_BYTES, below=root)
        after = updated(before.decode("utf-8"), found).encode("utf-8")
        if before == after:
            return 0
        if check_only:
            note(f"{path} is out of date; run: nixlint-ort matrix --update {path}")
            return 1
        replace_file(root, relative_path(root, path), before, after, links=False)
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}") from None
    except RepositoryError as error:
        raise Stop(str(error)) from None
    except UnicodeDecodeError:
        raise Stop(f"{path} is not UTF-8") from None
    except MarkerError as error:
        raise Stop(f"{path} {error}") from None
    except WriteError as error:
        raise Stop(str(error)) from None
    note(f"updated {path}")
    return 0
