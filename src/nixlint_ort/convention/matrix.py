"""The variants that a release should have: every combination of some fields, as the convention lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.keys import CELLS, needed
from nixlint_ort.convention.language import Language, read_template
from nixlint_ort.convention.tables import Fields, FieldValue, Table
from nixlint_ort.convention.yaml_tree import Budget, YamlNode
from nixlint_ort.template import Template

Expected = Callable[[Mapping[str, str]], Fields]
"""All the fields of a variant, from those that its name states."""

MAX_CELLS = 20_000
"""Combinations in all items of the matrix together, counted at each field; the product of lists has no end."""


class Cells(NamedTuple):
    """Every combination of the values of some fields, less those in which a field is not `within` another's values.

    A field has one template or several; one that stands for a list gives each of its items.
    """

    values: Mapping[str, tuple[Template, ...]]
    within: Mapping[str, Template]
    nodes: Mapping[str, tuple[YamlNode, ...]]
    """Where the templates of a field are written."""

    def combine(self, expected: Expected, fixed: Mapping[str, str], budget: Budget) -> Iterator[dict[str, str]]:
        """The combinations, as the fields that a name states; a `fixed` field has that value instead of its own.

        Raises ConventionError at the field at which they are more than `budget` has left.
        """
        cells: list[dict[str, str]] = [{}]
        for name, templates in self.values.items():
            named = any(one.fields for one in templates)
            more = (
                {**cell, name: value}
                for cell in cells
                for value in _values(name, templates, expected(cell) if named else {}, fixed)
            )
            cells = list(islice(more, budget.left + 1))
            budget.left -= len(cells)
            if budget.left < 0:
                self.nodes[name][0].fail(f"the matrix has more than {MAX_CELLS:,} combinations of fields")
        for cell in cells:
            fields = expected(cell) if self.within else {}
            if all(cell[name] in listed(template, fields) for name, template in self.within.items()):
                yield cell


def _values(name: str, templates: tuple[Template, ...], fields: Fields, fixed: Mapping[str, str]) -> list[str]:
    if name in fixed:
        return [fixed[name]]
    return [value for template in templates for value in listed(template, fields)]


def listed(template: Template, fields: Mapping[str, FieldValue]) -> tuple[str, ...]:
    """What a template stands for: the items where it is one field that is a list; nothing if a field is not given."""
    if not template.offsets:
        return (template.render({}),)
    whole = fields.get(template.fields[0]) if _is_one_field(template) else None
    if isinstance(whole, tuple):
        return whole
    try:
        return (template.render({name: value for name, value in fields.items() if isinstance(value, str)}),)
    except KeyError:
        return ()


def _is_one_field(template: Template) -> bool:
    return template.text == f"{{{''.join(template.fields)}}}"


def read_cells(node: YamlNode, language: Language) -> Cells:
    """An item of `matrix`; raises ConventionError at the line that is wrong."""
    keys = node.mapping("an item of the matrix", required=needed(CELLS), optional=CELLS)
    cells = keys["cells"].mapping("cells", optional=None)
    within = keys["within"].mapping("within", optional=None) if "within" in keys else {}
    for name, value in [*cells.items(), *within.items()]:
        if name not in language.fields:
            value.fail(f"unknown field {name!r}{did_you_mean(name, language.fields)}")
    for name, value in within.items():
        if name not in cells:
            value.fail(f"{name!r} is not a field of these cells")
    nodes = {name: value.items or (value,) for name, value in cells.items()}
    return Cells(
        {name: tuple(read_template(item, language) for item in items) for name, items in nodes.items()},
        {name: read_template(value, language) for name, value in within.items()},
        nodes,
    )


def check_rows(cells: Cells, tables: Mapping[str, Table]) -> None:
    """Raise ConventionError where the key that a cell gives, itself or by a column of a table, has no row."""
    for table in tables.values():
        if not table.owns_key:
            continue
        name = table.key_field
        for node, template in zip(cells.nodes.get(name, ()), cells.values.get(name, ()), strict=True):
            if not template.fields:
                _check_row(table, node, name, template.text)
            elif _is_one_field(template):
                _check_column(table, template.fields[0], tables)


def _check_column(table: Table, field: str, tables: Mapping[str, Table]) -> None:
    for other in tables.values():
        for row in other.rows:
            cell = row.fields.get(field, ())
            for key in (cell,) if isinstance(cell, str) else cell:
                _check_row(table, row.node, field, key)


def _check_row(table: Table, node: YamlNode, field: str, key: str) -> None:
    if key not in table.keys:
        node.fail(f"{field} is {key} here, but {table.path} has no row for it{did_you_mean(key, table.keys)}")
