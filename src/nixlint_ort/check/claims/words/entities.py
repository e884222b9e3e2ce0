"""The rows of the tables as documents speak of them: with what the row that follows from them has besides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.tables import Table

_FIELD = re.compile(r"\{([\w.]+)\}\Z")


class Entity(NamedTuple):
    """A row: its table, its key, its values by field, and the keys of other tables' rows that it lists."""

    subject: str
    key: str
    values: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, tuple[str, ...]]
    """By the key field of the other table, such as `cuda.tag`."""
    variants: tuple[tuple[Mapping[str, str], Mapping[str, tuple[str, ...]]], ...]
    """What each row of this key is only for, and its values."""


class World(NamedTuple):
    """All rows that documents may speak of."""

    entities: Mapping[str, tuple[Entity, ...]]
    """By table; those of a table whose rows follow from another's are with that one."""
    subjects: Mapping[str, str]
    """The table whose rows have a field, by field."""
    keys: Mapping[str, str]
    """The key field of each table."""

    by_key: Mapping[tuple[str, str], Entity]
    """The rows by their table and their key."""
    by_field: Mapping[str, tuple[str, ...]]
    """All values of each field, each once."""

    def entity(self, subject: str, key: str) -> Entity | None:
        """The row of a table by its key; None if it has none."""
        return self.by_key.get((subject, key))

    def values(self, field: str) -> tuple[str, ...]:
        """All values of a field, each once."""
        return self.by_field.get(field, ())


def links(convention: Convention) -> dict[str, str]:
    """The key fields that the matrix takes from other tables' columns, such as `cuda.tag` from `ort.cuda`."""
    found: dict[str, str] = {}
    for kind in convention.kinds:
        for cells in kind.matrix:
            for name, templates in cells.values.items():
                for template in templates:
                    whole = _FIELD.match(template.text)
                    if whole and whole[1] != name:
                        found[whole[1]] = name
    return found


def world_of(convention: Convention) -> World:
    """The rows of a convention's tables."""
    joins = links(convention)
    tables = convention.tables
    by_key_field = {table.key_field: table for table in tables.values() if table.owns_key}
    followers = {
        joins[field]
        for table in tables.values()
        for row in table.rows
        for field, cell in row.fields.items()
        if field in joins and isinstance(cell, str)
    }
    entities: dict[str, tuple[Entity, ...]] = {}
    subjects: dict[str, str] = {}
    for table in tables.values():
        if table.key_field in followers or not table.owns_key:
            continue
        rows = tuple(_rows(table, joins, by_key_field))
        entities[table.name] = rows
        subjects.update({field: table.name for row in rows for field in row.values})
    by_field: dict[str, dict[str, None]] = {}
    for field, subject in subjects.items():
        by_field[field] = dict.fromkeys(value for row in entities[subject] for value in row.values.get(field, ()))
    return World(
        entities,
        subjects,
        {table.name: table.key_field for table in tables.values()},
        {(subject, row.key): row for subject, rows in entities.items() for row in reversed(rows)},
        {field: tuple(values) for field, values in by_field.items()},
    )


def _rows(table: Table, joins: Mapping[str, str], by_key_field: Mapping[str, Table]) -> Iterator[Entity]:
    for key, rows in table.by_key.items():
        variants: list[tuple[Mapping[str, str], dict[str, tuple[str, ...]]]] = []
        lists: dict[str, tuple[str, ...]] = {}
        for row in rows:
            values: dict[str, tuple[str, ...]] = {}
            for field, cell in row.fields.items():
                joined = joins.get(field)
                if joined is None:
                    values[field] = (cell,) if isinstance(cell, str) else cell
                elif isinstance(cell, str):
                    other = by_key_field[joined].by_key.get(cell, ()) if joined in by_key_field else ()
                    for one in other[:1]:
                        values.update({name: (it,) if isinstance(it, str) else it for name, it in one.fields.items()})
                else:
                    lists[joined] = cell
            variants.append((row.only, values))
        merged = {
            field: tuple(dict.fromkeys(value for _, values in variants for value in values.get(field, ())))
            for field in dict.fromkeys(name for _, values in variants for name in values)
        }
        yield Entity(table.name, key, merged, lists, tuple(variants))
