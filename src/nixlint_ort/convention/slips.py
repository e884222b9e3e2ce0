"""What a convention says that cannot be right, though each of its files can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from nixlint_ort.convention.convention import Kind
from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.tables import Row, Table
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.convention.yaml_tree import YamlNode
from nixlint_ort.files import GIT_FOLDER
from nixlint_ort.glob import problem_of

_COMMIT = re.compile(r"[0-9a-f]{40}")


def check_tables(tables: Mapping[str, Table], known: frozenset[str], trees: Iterable[YamlNode]) -> None:
    """Raise ConventionError for a field that nothing gives, and for a column that is misspelt in one row."""
    named = {found for tree in trees for found in re.findall(r"\w+\.\w+", " ".join(_texts(tree)))}
    for table in tables.values():
        if not table.owns_key and table.key_field not in known:
            table.rows[0].node.fail(f"the key {table.key!r} is not a field{did_you_mean(table.key, known)}")
        for row in table.rows:
            for name in row.only:
                if name not in known:
                    row.node.fail(f"unknown field {name!r}{did_you_mean(name, known)}")
            for field, templates in row.templates.items():
                for name in (name for one in templates for name in one.fields):
                    if name not in known:
                        _cell(row.node, field).fail(f"unknown field {name!r}{did_you_mean(name, known)}")
            _check_columns(table, row, named)


def _check_columns(table: Table, row: Row, named: set[str]) -> None:
    """Raise ConventionError for a column that only this row has, that nothing names, and that is like one it lacks."""
    others = [one for one in table.rows if one is not row]
    lacking = {one for other in others for one in other.cells if one not in row.cells}
    for column in row.cells:
        if f"{table.name}.{column}" in named or any(column in one.cells for one in others):
            continue
        hint = did_you_mean(column, lacking)
        if hint:
            (row.node.entries or {})[column].key.fail(f"no other row has a column {column!r}{hint}")


def _cell(row: YamlNode, field: str) -> YamlNode:
    entries = row.entries or {}
    return entries[field if field in entries else field.partition(".")[2]].value


def _texts(node: YamlNode) -> Iterator[str]:
    if node.text is not None:
        yield node.text
    for item in node.items or ():
        yield from _texts(item)
    for name, entry in (node.entries or {}).items():
        yield name
        yield from _texts(entry.value)


def check_names(
    keys: Mapping[str, YamlNode], fields: Mapping[str, str], kinds: Iterable[Kind], tables: Mapping[str, Table]
) -> None:
    """Raise ConventionError where a file's name, as templates and tables make it, could be a path elsewhere."""
    message = "this becomes part of a file's name, which can hold no slash and no zero byte"
    for kind in kinds:
        name = kind.texts[STEM].first
        texts = [one.text for one in (*name.whole, *name.accepted)] + list(kind.fields.values())
        texts += [text for field, text in fields.items() if field in name.fields]
        if any(_breaks_out(text) for text in texts):
            keys["kinds"].fail(message)
        for table in tables.values():
            for row in table.rows:
                made = [one.text for field, some in row.templates.items() if field in name.fields for one in some]
                if any(map(_breaks_out, made)) or any(
                    _breaks_out("".join(cell)) for field, cell in row.fields.items() if field in name.fields
                ):
                    row.node.fail(message)


def _breaks_out(text: str) -> bool:
    return "/" in text or "\0" in text


def check_pin(node: YamlNode, key: str, fields: Mapping[str, str]) -> None:
    """Raise ConventionError for a pin that is not a commit of git: a shortened one would be written everywhere."""
    if key in fields and not _COMMIT.fullmatch(fields[key]):
        (node.entries or {})[key].value.fail(
            f"{key} must be the full hash of a commit of nixpkgs (40 hex digits), not {fields[key]!r}"
        )


def check_pins(tables: Mapping[str, Table], column: str | None) -> None:
    """The same for the pins that the rows of another table have in a column."""
    for row in (row for table in tables.values() for row in table.rows if column in row.fields):
        cell = row.fields[column or ""]
        if not isinstance(cell, str) or not _COMMIT.fullmatch(cell):
            _cell(row.node, column or "").fail(
                f"{column} must be the full hash of a commit of nixpkgs (40 hex digits), not {cell!r}"
            )


_ELSEWHERE = {".", "..", GIT_FOLDER}
"""Parts of a path that lead to no file of the repository."""


def read_glob(node: YamlNode, what: str) -> str:
    """A pattern of `.nix` files; raises ConventionError for one that leads elsewhere, or has more than one `**`."""
    glob = node.scalar(what)
    parts = glob.split("/")
    if "" in parts or _ELSEWHERE.intersection(parts) or "\0" in glob or not glob.endswith(".nix"):
        node.fail(f"{what} must be a pattern of `.nix` files in the repository, such as .flox/pkgs/*.nix")
    if parts.count("**") > 1 or any("**" in part and part != "**" for part in parts):
        node.fail(f"{what} may have `**` only once, between slashes")
    if problem := problem_of((glob,)):
        node.fail(problem)
    return glob


def read_document(node: YamlNode) -> str:
    """A pattern of documents; raises ConventionError for one that leads elsewhere, or has more than one `**`."""
    pattern = node.scalar("a document")
    parts = pattern.split("/")
    if "" in parts or _ELSEWHERE.intersection(parts) or "\0" in pattern:
        node.fail("a document must be a path or a pattern in the repository, such as README.md or docs/*.md")
    if parts.count("**") > 1 or any("**" in part and part != "**" for part in parts) or parts[-1] == "**":
        node.fail("a document may have `**` only once, between slashes")
    return pattern


def read_helper(node: YamlNode) -> str:
    """A pattern of files or folders; raises ConventionError for one that leads out of the repository."""
    pattern = node.scalar("a helper")
    parts = pattern.removesuffix("/").split("/")
    if "" in parts or _ELSEWHERE.intersection(parts) or "\0" in pattern:
        node.fail("a helper must be a pattern of files or folders in the repository, such as .flox/pkgs/lib/")
    return pattern
