"""Tables of the convention: rows about the world, and the fields that a row gives to templates."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.keys import TABLE, needed
from nixlint_ort.convention.yaml_tree import YamlNode
from nixlint_ort.template import FIELD_NAME, Template, TemplateError

FieldValue = str | tuple[str, ...]
Fields = dict[str, FieldValue]


class Row(NamedTuple):
    """One row: its cells by column, and as the fields that they are, what it is only for, and where it is written."""

    cells: Mapping[str, FieldValue]
    fields: Mapping[str, FieldValue]
    """The cells that are plain texts, by field."""
    only: Mapping[str, str]
    """The values of fields that this row is for; those of further keys are among them."""
    node: YamlNode
    templates: Mapping[str, tuple[Template, ...]] = {}
    """The cells that are put together from other fields, by field: one template, or one for each item of a list."""
    lists: frozenset[str] = frozenset()
    """Which of them are lists."""
    since: str | None = None
    """The version of nixlint-ort that shipped the row first, where that is stated."""


class Table(NamedTuple):
    """Rows with one key column or more; the cell `x` of a table named `t` is the field `t.x`.

    A key with a dot, such as `cuda.tag`, is a field of another table, and no column of this one.
    """

    path: str
    name: str
    key: str
    rows: tuple[Row, ...]
    by_key: Mapping[str, tuple[Row, ...]]
    """The rows of each first key, keys in the order of their first rows."""
    columns: frozenset[str] = frozenset()
    """The fields that this table gives."""

    @property
    def where(self) -> str:
        """Where the table is, for messages: its file, or how to get at a shipped one."""
        if not self.path.startswith("shipped:"):
            return self.path
        return f"the shipped table `{self.name}` (`nixlint-ort init --convention` makes it yours)"

    @property
    def key_field(self) -> str:
        """The field that chooses a row, such as `cuda.tag`."""
        return _field(self.name, self.key)

    @property
    def owns_key(self) -> bool:
        """Whether its key is a column of its own, so that it says which values the key can have."""
        return "." not in self.key

    @property
    def keys(self) -> Collection[str]:
        """The keys of the rows in their order, each once."""
        return self.by_key.keys()

    def row(self, key: str, fields: Mapping[str, FieldValue]) -> Row | None:
        """The first row with that key whose `only` agrees with the fields; None if there is none."""
        return next((row for row in self.by_key.get(key, ()) if agrees(row.only, fields)), None)


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers in a version or a name, which sort `12.10` after `12.9`; of very long ones, the parts."""
    return tuple(map(int, re.findall(r"[0-9]{1,18}", text)))


def agrees(only: Mapping[str, str], fields: Mapping[str, FieldValue]) -> bool:
    """Whether fields have the values that something is only for."""
    for name, text in only.items():  # noqa: SIM110  # asked some hundred times a file, and a generator takes as long
        if fields.get(name) != text:
            return False
    return True


def read_only(node: YamlNode | None, known: Iterable[str] | None) -> dict[str, str]:
    """The values under a key `only`; raises ConventionError for a field that is not known, unless `known` is None."""
    if node is None:
        return {}
    read: dict[str, str] = {}
    for name, value in node.mapping("only", optional=None).items():
        if known is not None and name not in known:
            (node.entries or {})[name].key.fail(f"unknown field {name!r}{did_you_mean(name, known)}")
        read[name] = value.scalar(name)
        if not read[name]:
            value.fail(f"{name} is empty here, and no variant has an empty value; name the value, or remove {name}")
    return read


def read_table(node: YamlNode, *, templates: bool = True) -> Table:
    """Read a file of `rules/tables/`; raises ConventionError at the line that is wrong.

    With `templates`, a cell may name fields in braces; else braces are plain text.
    """
    known = {name for name in TABLE if name != "replace"}
    keys = node.mapping("a table", required=needed(TABLE), optional=known)
    name = keys["name"].scalar("the table's name")
    if not re.fullmatch(FIELD_NAME, name) or "." in name:
        keys["name"].fail(f"{name!r} is not a valid table name; use letters, digits and underscores")
    first, *others = (keys["key"].items or (keys["key"],)) if keys["key"].items != () else (keys["key"],)
    key, further = first.scalar("the table's key"), [one.scalar("a key") for one in others]
    rows = tuple(_read_row(row, name, (key, *further), templates) for row in keys["rows"].sequence("rows"))
    if not rows:
        keys["rows"].fail("a table must have at least one row")
    by_key: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        text = str(row.cells[key])
        same = by_key.get(text, ())
        twin = next((one for one in same if one.only == row.only), None)
        if twin is not None:
            row.node.fail(f"duplicate row for {key} {text}; the first one is in line {twin.node.line}")
        by_key[text] = (*same, row)
    columns = frozenset(field for row in rows for field in (*row.fields, *row.templates))
    return Table(node.path, name, key, rows, by_key, columns)


@lru_cache(maxsize=1024)
def _field(table: str, column: str) -> str:
    return column if "." in column else f"{table}.{column}"


def _read_row(node: YamlNode, table: str, keys: tuple[str, ...], templates: bool) -> Row:
    entries = node.mapping("a row", required=keys, optional=None)
    only = read_only(entries.pop("only", None), None)
    since = read_since(entries.pop("since", None))
    cells: dict[str, FieldValue] = {}
    made: dict[str, tuple[Template, ...]] = {}
    for column, cell in entries.items():
        if not re.fullmatch(FIELD_NAME, column):
            (node.entries or {})[column].key.fail(
                f"{column!r} is not a valid column name; use letters, digits and underscores"
            )
        value = cells[column] = cell.texts(column) if cell.items is not None else cell.scalar(column)
        texts = (value,) if isinstance(value, str) else value
        if templates and column not in keys and any("{" in text or "}" in text for text in texts):
            made[column] = tuple(_template(one) for one in (cell.items or (cell,)))
    for key in keys:
        entries[key].scalar(key)
    only |= {_field(table, key): str(cells[key]) for key in keys[1:]}
    return Row(
        cells,
        {_field(table, column): cell for column, cell in cells.items() if column not in made and "." not in column},
        only,
        node,
        {_field(table, column): made[column] for column in made},
        frozenset(_field(table, column) for column in made if isinstance(cells[column], tuple)),
        since,
    )


def read_since(node: YamlNode | None) -> str | None:
    """The value of a key `since`; raises ConventionError where it is no version."""
    if node is not None and not re.fullmatch(r"[0-9]+(\.[0-9]+)*", node.scalar("since")):
        node.fail(f"`since` must be a version of nixlint-ort, such as 0.2, not {node.text!r}")
    return node.scalar("since") if node is not None else None


def _template(node: YamlNode) -> Template:
    try:
        return Template(node.scalar("a cell"), {})
    except TemplateError as error:
        node.fail(f"{error} (at character {error.offset + 1} of the cell)")


def filled(fields: Mapping[str, FieldValue], rows: Iterable[Row]) -> Fields:
    """Fields with the cells of rows that are put together from them; one of which a field is not there is left out."""
    full = dict(fields)
    waiting = {name: (row, one) for row in rows for name, one in row.templates.items()}
    while waiting:
        ready = {
            name: tuple(template.render({key: _joined(full[key]) for key in template.fields}) for template in one)
            for name, (_, one) in waiting.items()
            if all(key in full for template in one for key in template.fields)
        }
        if not ready:
            break
        full |= {name: texts if name in waiting[name][0].lists else texts[0] for name, texts in ready.items()}
        waiting = {name: one for name, one in waiting.items() if name not in ready}
    return full


def _joined(value: FieldValue) -> str:
    return value if isinstance(value, str) else ", ".join(value)
