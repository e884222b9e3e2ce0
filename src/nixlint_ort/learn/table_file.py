"""Writes the files of the tables that are proposed."""

from __future__ import annotations

from collections import Counter

from nixlint_ort.learn.dependence import Key
from nixlint_ort.learn.study import BRANCH
from nixlint_ort.learn.tables import KEY, RELEASE, Cell, Table
from nixlint_ort.learn.yaml_text import flow, plain_template, scalar, value


def table_file(table: Table) -> str:
    """The text of a table's file."""
    keys = key_columns(table)
    lines = [
        f"summary: {scalar(_summary(table))}",
        "source: what most variants have, by `nixlint-ort learn`",
        f"name: {table.name}",
        f"key: {keys[0] if len(keys) == 1 else value(tuple(keys))}",
        "rows:",
    ]
    for only, cells in rows_of(table):
        guard = f"only: {flow(only)}, " if only else ""
        plain = {name: _plain(cell) for name, cell in cells.items()}
        lines.append(f"  - {{{guard}{flow(plain)[1:]}")
    return "\n".join(lines) + "\n"


def key_columns(table: Table) -> list[str]:
    """The columns that choose a row."""
    if table.name == RELEASE:
        return [BRANCH]
    return [KEY] if len(table.parts) == 1 else [f"{part}.{KEY}" for part in table.parts]


def rows_of(table: Table) -> list[tuple[dict[str, str], dict[str, Cell]]]:
    """Each row: what it is only for, and its cells by column, the key's first."""
    field = next((one.only for one in table.columns.values() if one.only), None)
    rows = []
    for key in table.keys:
        *special, usual = _guards(table, key)
        for guard in (*special, usual):
            cells: dict[str, Cell] = {name: str(text) for name, text in zip(key_columns(table), key, strict=True)}
            for column in table.columns.values():
                cell = column.cells.get((key, guard if column.only else None))
                if cell is not None:
                    cells[column.name] = cell
            is_special = guard is not usual and field is not None and guard is not None
            rows.append(({field: guard} if is_special and field and guard else {}, cells))
    return rows


def _guards(table: Table, key: Key) -> list[str | None]:
    """For which values of another field a key has rows of its own; the last one is that of most variants."""
    support: Counter[str | None] = Counter()
    cells: dict[str | None, list[str]] = {}
    for column in table.columns.values():
        for (own, guard), cell in column.cells.items():
            if column.only and own == key:
                support[guard] += column.support[own, guard].total
                cells.setdefault(guard, []).append(f"{column.name}: {cell}")
    if len(set(map(tuple, cells.values()))) < 2:
        return [support.most_common(1)[0][0]] if support else [None]
    return [guard for guard, _ in reversed(support.most_common())]


def _plain(cell: Cell) -> Cell:
    return plain_template(cell) if isinstance(cell, str) else tuple(map(plain_template, cell))


def _summary(table: Table) -> str:
    if table.name == RELEASE:
        return "A branch and what is released from it."
    return f"What follows from the {' and the '.join(table.parts)} of the file name."
