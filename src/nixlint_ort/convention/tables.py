"""Tables of the convention: rows about the world, and the fields that a row gives to templates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from nixlint_ort.convention.yaml_tree import Node

FieldValue = str | tuple[str, ...]
Fields = dict[str, FieldValue]


class Row(NamedTuple):
    """One row: its cells by column, and as the fields that they are, what it is only for, and where it is written."""

    cells: Mapping[str, FieldValue]
    fields: Mapping[str, FieldValue]
    only: Mapping[str, str]
    node: Node


class Table(NamedTuple):
    """Rows with one key column; the cell `x` of a table named `t` is the field `t.x`."""

    path: str
    name: str
    key: str
    rows: tuple[Row, ...]
    by_key: Mapping[str, tuple[Row, ...]]
    """The rows of each key, keys in the order of their first rows."""

    @property
    def key_field(self) -> str:
        """The field that chooses a row, such as `cuda.tag`."""
        return f"{self.name}.{self.key}"

    @property
    def columns(self) -> set[str]:
        """The fields that this table gives."""
        return {field for row in self.rows for field in row.fields}

    @property
    def keys(self) -> Collection[str]:
        """The keys of the rows in their order, each once."""
        return self.by_key.keys()

    def row(self, key: str, fields: Mapping[str, FieldValue]) -> Row | None:
        """The first row with that key whose `only` agrees with the fields; None if there is none."""
        for row in self.by_key.get(key, ()):
            if all(fields.get(name) == text for name, text in row.only.items()):
                return row
        return None


def read_table(node: Node) -> Table:
    """Read a file of `rules/tables/`; raises ConventionError at the line that is wrong."""
    keys = node.mapping("a table", required=("name", "key", "rows"), optional=("summary", "source"))
    name = keys["name"].scalar("the table's name")
    key = keys["key"].scalar("the table's key")
    rows = tuple(_read_row(row, name, key) for row in keys["rows"].sequence("rows"))
    by_key: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        text = str(row.cells[key])
        same = by_key.get(text, ())
        twin = next((one for one in same if one.only == row.only), None)
        if twin is not None:
            row.node.fail(f"a row for {key} {text} stands in line {twin.node.line} already")
        by_key[text] = (*same, row)
    return Table(node.path, name, key, rows, by_key)


def _read_row(node: Node, name: str, key: str) -> Row:
    entries = node.mapping("a row", required=(key,), optional=None)
    only = entries.pop("only", None)
    guards = only.mapping("only", optional=None) if only else {}
    cells: dict[str, FieldValue] = {
        column: cell.texts(column) if cell.items is not None else cell.scalar(column)
        for column, cell in entries.items()
    }
    entries[key].scalar(key)
    fields = {f"{name}.{column}": cell for column, cell in cells.items()}
    return Row(cells, fields, {name: guard.scalar(name) for name, guard in guards.items()}, node)
