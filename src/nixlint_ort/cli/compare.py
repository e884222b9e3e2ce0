"""The command `compare`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nixlint_ort.cli.output import wants_color, write, write_text
from nixlint_ort.cli.parameters import VARIANT, OneOf, color_option, convention_option
from nixlint_ort.cli.stop import Stop

if TYPE_CHECKING:
    from nixlint_ort.lint import Session
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.repository.revision import Objects
    from nixlint_ort.variant.variant import Variant

WORK_TREE = "the work tree"


@click.command("compare")
@click.argument("before", type=VARIANT)
@click.argument("after", required=False, type=VARIANT)
@click.option(
    "--output-format", type=OneOf(["text", "json"]), default="text", help="Format of the output (default text)."
)
@convention_option
@color_option
def compare(before: str, after: str | None, **options: Any) -> None:
    """Compare the facts of two variants or two revisions.

    Each is a file, a variant's name, a revision of git, or REVISION:NAME for a variant in a revision. With one
    revision, the files on disk are compared with it; with one variant, the file on disk with the one in HEAD.
    Exits with 1 where facts differ.
    """
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.repository.git_folder import GitError
    from nixlint_ort.repository.repository import RepositoryError
    from nixlint_ort.repository.revision import Objects

    existing = [Path(word) for word in (before, after) if word and os.path.lexists(word)]
    session = Session.open(existing[:1], Options(options["convention_folder"]))
    try:
        with Objects(session.root) as objects:
            finder = _Finder(session, objects)
            same = _show(finder, before, after, options)
    except (GitError, RepositoryError) as error:
        raise Stop(str(error)) from None
    sys.exit(0 if same else 1)


def _show(finder: _Finder, before: str, after: str | None, options: dict[str, Any]) -> bool:
    from nixlint_ort.views.comparison import model
    from nixlint_ort.views.comparison import text as report

    as_json, color = options["output_format"] == "json", wants_color(options["color"])
    old, new = finder.variant(before), finder.variant(after) if after else None
    if old is not None and after is None:
        before, after = f"HEAD:{old.stem}", before
        old, new = finder.variant(before), old
    if old is not None and new is not None and after is not None:
        found = list(model.differences(old, new))
        if as_json:
            write(report.variants_as_json(before, after, found))
        else:
            write_text(report.variants_as_text(before, after, found, color=color), color=color)
        return not found
    if old is not None or new is not None:
        raise Stop(
            f"{(after if new is None else before)!r} is not a variant, as {(before if new is None else after)!r} is"
        )
    compared = model.compare(finder.revision(before), finder.revision(after) if after else finder.repository)
    after = after or WORK_TREE
    if as_json:
        write(report.as_json(before, after, compared))
    else:
        write_text(report.as_text(before, after, compared, color=color), color=color)
    return compared.same


class _Finder:
    """Finds what a word of the command line means."""

    def __init__(self, session: Session, objects: Objects) -> None:
        from nixlint_ort.repository.tree import WorkTree

        self.session = session
        self.repository = session.read(WorkTree(session.root))
        self.objects = objects

    def variant(self, word: str) -> Variant | None:
        """The variant of that path or name, or the one that `REVISION:NAME` means; None if it means none."""
        from nixlint_ort.repository.tree import WorkTree

        if os.path.lexists(word) and not Path(word).is_dir():
            one = self.session.read(WorkTree(self.session.root), [Path(word)])
            asked = next((variant for variant in one.variants if variant.path in one.asked), None)
            if asked is not None:  # another file may be named like a branch
                return asked
        revision, colon, name = word.partition(":")
        repository = self.revision(revision) if colon else self.repository
        wanted = name if colon else word
        found = next((one for one in repository.variants if wanted in (one.path, one.stem)), None)
        if found is None and colon:
            raise Stop(f"{revision} has no variant {name!r}")
        return found

    def revision(self, name: str) -> Repository:
        """The repository as it is in a revision."""
        from nixlint_ort.repository.revision import Revision, UnknownRevisionError

        try:
            tree = Revision(self.objects, name)
        except UnknownRevisionError:
            raise Stop(f"no variant or revision is called {name!r}") from None
        return self.session.read(tree)
