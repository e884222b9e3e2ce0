"""The command `pin`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nixlint_ort.cli.output import wants_color, write, write_text
from nixlint_ort.cli.parameters import OneOf, color_option, convention_option
from nixlint_ort.cli.stop import Stop, note

if TYPE_CHECKING:
    from nixlint_ort.convention.roles import PinRole
    from nixlint_ort.convention.tables import Table
    from nixlint_ort.lint import Session
    from nixlint_ort.nixpkgs_tree.attributes import Attributes
    from nixlint_ort.nixpkgs_tree.row import TreeRow
    from nixlint_ort.nixpkgs_tree.trees import Tree
    from nixlint_ort.views.pin.model import Cells, Used

_HASH = re.compile(r"[0-9a-f]{40}")
_MIN_HASH = 7


@click.command()
@click.argument("revision", required=False, metavar="[REV]")
@click.option(
    "--from",
    "origin",
    type=click.Path(path_type=Path),
    metavar="TREE",
    help="Read this nixpkgs: a folder, a .tar.gz or a git checkout.",
)
@click.option("--write", "writes", is_flag=True, help="Write the row into the table of pins.")
@click.option("--diff", "diffs", is_flag=True, help="Show what --write would change.")
@click.option("--verify", is_flag=True, help="Compare with what Nix says; this evaluates the nixpkgs in the folder.")
@click.option("--compare", nargs=2, metavar="OLD NEW", help="Compare two trees, two revisions of TREE or two rows.")
@click.option(
    "--output-format",
    type=OneOf(["text", "markdown", "json"]),
    default="text",
    help="Format of the output (default text).",
)
@convention_option
@color_option
def pin(revision: str | None, **options: Any) -> None:
    """Show what nixpkgs has at a revision, of all that the variants use.

    The tree is read and nothing of it is run: names, throws, arguments of functions and versions. Without --from it
    is the nixpkgs of NIX_PATH. REV is the declared pin unless another one is named. Exits with 1 where --verify finds
    that Nix says something else.
    """
    from nixlint_ort.convention.pins import table_of_pins
    from nixlint_ort.lint import Options, Session

    session = Session.open((), Options(options["convention_folder"]))
    role, table = session.convention.roles.pin, table_of_pins(session.convention)
    if role is None or table is None:
        raise Stop("the convention has no table whose key is the pin, which this command needs")
    reading = _Reading(session, role, table)
    if options["compare"]:
        _compare(reading, options)
        return
    origin = options["origin"] or _at_hand()
    with _opened(origin, revision or _declared(session, role)) as (tree, found):
        row = reading.row(tree, revision, found)
        if options["verify"]:
            sys.exit(_verify(reading, tree))
    for problem in row.problems:
        note(f"not read in full: {problem}")
    for path, reason in row.untold.items():
        note(f"unknown: {path}: {reason}")
    _show(reading, row, options)


def _declared(session: Session, role: PinRole) -> str:
    """The pin that the convention declares for all variants."""
    pin = session.convention.fields.get(role.key)
    if not isinstance(pin, str):
        raise Stop("the convention declares no single pin; name the revision")
    return pin


class _Reading:
    """The variants of a repository, the table of pins, and trees that are read for them."""

    def __init__(self, session: Session, role: PinRole, table: Table) -> None:
        from nixlint_ort.views.pin.model import used_by

        self.session, self.role, self.table = session, role, table
        self.used: Used = used_by(session.repository)
        self.attributes: Attributes | None = None

    def row(self, tree: Tree, revision: str | None, found: str | None) -> TreeRow:
        """The row of a tree; `found` is the revision that the tree itself names, if it does."""
        from nixlint_ort.nixpkgs_tree.attributes import Attributes
        from nixlint_ort.nixpkgs_tree.row import TreeName, read_row

        convention = self.session.convention
        wanted = found or revision or _declared(self.session, self.role)
        if not _HASH.fullmatch(wanted):
            raise Stop(f"{wanted} is not the full hash of a commit (40 hex digits)")
        if found and revision and not found.startswith(revision) and _HASH.fullmatch(revision):
            raise Stop(f"the tree has revision {found}, not {revision}")
        release = (tree.read(".version") or tree.read("lib/.version") or b"").decode("utf-8", "replace").strip()
        today = datetime.now(UTC).date().isoformat()
        source = f"read on {today} from a tree of nixpkgs {_known_release(release)}".rstrip()
        self.attributes = Attributes(tree)
        return read_row(convention, self.attributes, TreeName(wanted, source), self.used.together)

    def cells(self, word: str, origin: Path | None) -> Cells:
        """The cells that OLD or NEW names: a tree's, those of a revision of the tree, or a row's."""
        if origin is not None:
            with _opened(origin, word) as (tree, found):
                return self.row(tree, found or word, found).cells
        if os.path.lexists(word):
            with _opened(Path(word), None) as (tree, found):
                return self.row(tree, None, found).cells
        keys = [key for key in self.table.keys if key.startswith(word)] if len(word) >= _MIN_HASH else []
        if len(keys) != 1:
            raise Stop(f"{word} is neither a tree nor in the table of pins; use --from with a checkout that has it")
        return self.table.by_key[keys[0]][0].fields


def _known_release(release: str) -> str:
    """A release such as `25.11`, or nothing where the text is no such."""
    return release if re.fullmatch(r"[0-9]{2}\.[0-9]{2}[a-z0-9.-]*", release) else ""


@contextmanager
def _opened(path: Path, revision: str | None) -> Iterator[tuple[Tree, str | None]]:
    """A tree, and the revision that it names itself."""
    from nixlint_ort.nixpkgs_tree.trees import RevisionTree, TreeError, open_tree, revision_in

    try:
        tree = open_tree(path, revision)
        with closing(tree) if isinstance(tree, RevisionTree) else nullcontext():
            yield tree, revision_in(tree)
    except TreeError as error:
        raise Stop(str(error)) from None


def _at_hand() -> Path:
    """The nixpkgs of NIX_PATH, where that is a folder."""
    for entry in os.environ.get("NIX_PATH", "").split(":"):
        name, equals, path = entry.partition("=")
        if equals and name == "nixpkgs" and Path(path).is_dir():
            return Path(path)
        if not equals and name and Path(name, "nixpkgs").is_dir():
            return Path(name, "nixpkgs")
    raise Stop("NIX_PATH has no nixpkgs; use --from with a folder, an archive or a checkout of nixpkgs")


def _verify(reading: _Reading, tree: Tree) -> int:
    from nixlint_ort.nixpkgs_tree.trees import FolderTree
    from nixlint_ort.nixpkgs_tree.verify import verify

    if not isinstance(tree, FolderTree) or reading.attributes is None:
        raise Stop("--verify needs a folder, since Nix cannot evaluate an archive or git's objects")
    use = reading.used.together
    found = verify(reading.attributes, tree.root, use.attributes, use.functions)
    write("".join(f"{line}\n" for line in found) or f"Nix says the same of all {len(use.attributes)} attributes\n")
    return 1 if found else 0


def _show(reading: _Reading, row: TreeRow, options: dict[str, Any]) -> None:
    from nixlint_ort.views.pin import text

    as_yaml = text.row_as_yaml(row.cells)
    if not options["writes"] and not options["diffs"]:
        shown = {"text": as_yaml, "markdown": f"```yaml\n{as_yaml}```\n", "json": text.row_as_json(row)}
        write(shown[options["output_format"]])
        return
    from nixlint_ort.convention import ConventionError
    from nixlint_ort.files import WriteError, is_below, replace_file
    from nixlint_ort.fix.apply import FixedFile
    from nixlint_ort.fix.diff import unified
    from nixlint_ort.views.pin.table_file import with_row

    session = reading.session
    file = session.convention.folder / "tables" / Path(reading.table.path).name
    if not is_below(file, session.root):
        raise Stop(f"{file} is not in this repository; run: nixlint-ort init --convention")
    path, before = file.relative_to(session.root).as_posix(), file.read_bytes()
    try:
        after = with_row(reading.table, str(row.cells[reading.role.key]), before, as_yaml)
        if options["diffs"]:
            write_text("".join(unified([FixedFile(path, path, before, after)])))
        else:
            replace_file(session.root, path, before, after)
            note(f"wrote the row of {row.cells[reading.role.key]} to {path}")
    except (ConventionError, WriteError) as error:
        raise Stop(str(error)) from None


def _compare(reading: _Reading, options: dict[str, Any]) -> None:
    from nixlint_ort.views.pin import text
    from nixlint_ort.views.pin.model import changes

    old, new = options["compare"]
    before, after = (reading.cells(word, options["origin"]) for word in (old, new))
    found = changes(reading.role, before, after, reading.used)
    if options["output_format"] == "text":
        write(text.changes_as_text(old, new, found, color=wants_color(options["color"])))
    else:
        shown = {"markdown": text.changes_as_markdown, "json": text.changes_as_json}
        write(shown[options["output_format"]](old, new, found))
