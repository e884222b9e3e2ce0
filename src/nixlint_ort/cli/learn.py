"""The command `learn`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nixlint_ort.cli.output import wants_color, write, write_text
from nixlint_ort.cli.parameters import OneOf, color_option
from nixlint_ort.cli.stop import Stop, note

if TYPE_CHECKING:
    from nixlint_ort.views.learn.sections import Report


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--branches", "every_branch", is_flag=True, help="Read every branch instead of the files on disk.")
@click.option(
    "--write", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Write the draft to this folder."
)
@click.option(
    "--output-format", type=OneOf(["text", "markdown", "json", "html"]), default="text", help="How to show it."
)
@color_option
def learn(paths: tuple[Path, ...], every_branch: bool, folder: Path | None, **options: Any) -> None:
    """Draft a convention from variants that have none, and show what is odd among them.

    It derives each value and each line from as few parts of the names as it can. It does not read rules/.
    """
    from nixlint_ort.learn.unknown import alone
    from nixlint_ort.views.learn import json_document, page, text

    report = _study(paths, every_branch=every_branch)
    few, count = alone(report.study), len(report.study.variants)
    if 2 * few > count:
        kinds = len(report.study.names.kinds)
        why = "with fewer than three of a kind there is nothing to compare"
        note(f"{few} of {count} variants have names of {kinds} kinds; {why}, so hardly anything is odd")
    if folder is not None:
        _write(folder, report)
    output = options["output_format"]
    if output == "text":
        color = wants_color(options["color"])
        write_text(text.as_text(report, color=color), color=color)
    else:
        shown = {"markdown": text.as_markdown, "json": json_document.as_json, "html": page.render}
        write(shown[output](report))


def _study(paths: tuple[Path, ...], *, every_branch: bool) -> Report:
    from nixlint_ort.convention.load import load_shipped
    from nixlint_ort.learn.draft import DraftError, make_draft
    from nixlint_ort.learn.reading import VARIANTS, read_branches, read_variants
    from nixlint_ort.learn.study import study
    from nixlint_ort.repository.git_folder import GitError, current_branch
    from nixlint_ort.repository.repository import RepositoryError
    from nixlint_ort.repository.revision import Objects
    from nixlint_ort.repository.root import find_root
    from nixlint_ort.views.learn.sections import make_report

    if every_branch and paths:
        raise Stop("--branches cannot be combined with paths")
    root = find_root(paths[0] if paths else Path.cwd())
    try:
        if every_branch:
            with Objects(root) as objects:
                read = [(branch, one) for branch, some in read_branches(objects, note) for one in some]
                if not read:
                    raise Stop("no branch has variants")
                found = study([one for _, one in read], [branch for branch, _ in read])
        else:
            variants = read_variants(root, [path for path in paths if path.absolute() != root])
            found = study(variants, [current_branch(root)] * len(variants))
    except (RepositoryError, GitError) as error:
        raise Stop(str(error)) from None
    try:
        return make_report(found, make_draft(found, load_shipped(), VARIANTS))
    except DraftError as error:
        raise Stop(str(error)) from None


def _write(folder: Path, report: Report) -> None:
    """Write the draft into a folder that is not there yet, or is empty."""
    from nixlint_ort.files import WriteError, create_file
    from nixlint_ort.repository.repository import relative_path
    from nixlint_ort.repository.root import outermost_root, tree_around

    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise Stop(f"{folder} already exists; choose a new folder")
    named, around = Path(os.path.abspath(folder)), outermost_root(Path.cwd())  # noqa: PTH100  # links are not followed
    tree = tree_around(named) or (around if named.is_relative_to(around) else None)
    try:
        if tree is None:
            folder.mkdir(parents=True, exist_ok=True)
        top, within = (folder, "") if tree is None else (tree, f"{relative_path(tree, named)}/")
        for path, text in report.draft.files.items():
            create_file(top, f"{within}{path}", text.encode(), folders=True)
    except (WriteError, OSError) as error:
        raise Stop(str(error)) from None
    note(f"wrote {len(report.draft.files)} files to {folder}")
