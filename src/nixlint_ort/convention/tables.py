"""Tables of the convention: rows about the world, and the fields that a row gives to templates."""

from __future__ import annotations

from collections.abc import Mapping
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

    @property
    def key_field(self) -> str:
        """The field that chooses a row, such as `cuda.tag`."""
        return f"{self.name}.{self.key}"

    @property
    def columns(self) -> set[str]:
        """The fields that this table gives."""
        return {field for row in self.rows for field in row.fields}

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the rows in their order, each once."""
        return tuple(dict.fromkeys(str(row.cells[self.key]) for row in self.rows))

    def row(self, key: str, fields: Mapping[str, FieldValue]) -> Row | None:
        """The first row with that key whose `only` agrees with the fields; None if there is none."""
        for row in self.rows:
            if row.cells[self.key] == key and all(fields.get(name) == text for name, text in row.only.items()):
                return row
        return None


def read_table(node: Node) -> Table:
    """Read a file of `rules/tables/`; raises ConventionError at the line that is wrong."""
    keys = node.mapping("a table", required=("name", "key", "rows"), optional=("summary", "source"))
    name = keys["name"].scalar("the table's name")
    key = keys["key"].scalar("the table's key")
    rows = tuple(_read_row(row, name, key) for row in keys["rows"].sequence("rows"))
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Row] = {}
    for row in rows:
        identity = (str(row.cells[key]), tuple(sorted(row.only.items())))
        if identity in seen:
            row.node.fail(f"a row for {key} {identity[0]} stands in line {seen[identity].node.line} already")
        seen[identity] = row
    return Table(node.path, name, key, rows)


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
