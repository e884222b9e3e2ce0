"""Shows a row of the table of pins as the table has it, and what changes from one row to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nixlint_ort.report.escape import json_text, visible, without_commands
from nixlint_ort.report.table import TableCell, columns, markdown, markdown_code, markdown_text
from nixlint_ort.report.terminal import BOLD, DIM, GREEN, RED, Painter

if TYPE_CHECKING:
    from nixlint_ort.convention.tables import FieldValue
    from nixlint_ort.nixpkgs_tree.row import TreeRow
    from nixlint_ort.views.pin.model import Change

_WIDTH = 120
_NOTHING = "the variants are not affected: everything that they use is the same\n"


def row_as_yaml(cells: Mapping[str, FieldValue]) -> str:
    """A row as `rules/tables/` has it, indented as an item of `rows`."""
    lines = []
    for field, value in cells.items():
        column = field.rpartition(".")[2]
        if isinstance(value, str):
            lines.append(f"{column}: {_scalar(value)}")
            continue
        short = f"{column}: [{', '.join(map(_scalar, value))}]"
        lines += [short] if len(short) < _WIDTH - 4 else [f"{column}:", *(f"  - {_scalar(one)}" for one in value)]
    return "".join(f"  {'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines))


def _scalar(text: str) -> str:
    """A text of YAML that is read back as it is: plain where it is a name, else in quotes."""
    return text if text.replace(".", "").replace("_", "").isalnum() and not text[0].isdigit() else json_text(text)


def row_as_json(row: TreeRow) -> str:
    """A row as JSON, version 1."""
    cells = {field.rpartition(".")[2]: value for field, value in row.cells.items()}
    return (
        json_text({"version": 1, "row": cells, "untold": dict(row.untold), "problems": row.problems}, indent=2) + "\n"
    )


def changes_as_text(before: str, after: str, changes: Sequence[Change], *, color: bool = False) -> str:
    """What changes, as columns; `before` and `after` name the rows."""
    paint = Painter(color=color)
    head = f"{paint(visible(before), RED)} → {paint(visible(after), GREEN)}\n"
    rows = [
        [
            TableCell(one.what, BOLD),
            TableCell(_gone(one), RED),
            TableCell(_new(one), GREEN),
            TableCell(_variants(one), DIM),
        ]
        for one in changes
    ]
    return without_commands(head + (columns(rows, paint, "  ") if rows else f"  {_NOTHING}"))


def changes_as_markdown(before: str, after: str, changes: Sequence[Change]) -> str:
    """What changes, as a table."""
    if not changes:
        return f"From {markdown_code(before)} to {markdown_code(after)}, {_NOTHING}"
    rows = [
        [
            markdown_text(one.what),
            *(markdown_code(text) if text else "" for text in (_gone(one), _new(one))),
            _variants(one),
        ]
        for one in changes
    ]
    return markdown(("", markdown_code(before), markdown_code(after), "variants that use what is gone"), rows)


def changes_as_json(before: str, after: str, changes: Sequence[Change]) -> str:
    """What changes, as JSON, version 1."""
    document = {"version": 1, "before": before, "after": after, "changes": [one._asdict() for one in changes]}
    return json_text(document, indent=2) + "\n"


def _gone(one: Change) -> str:
    return _listed(one.before, "-")


def _new(one: Change) -> str:
    return _listed(one.after, "+")


def _listed(value: FieldValue | None, sign: str) -> str:
    if value is None:
        return "not known"
    return value if isinstance(value, str) else " ".join(f"{sign}{one}" for one in value)


def _variants(one: Change) -> str:
    count = len(one.variants)
    return f"used by {count} {'variant' if count == 1 else 'variants'}" if count else ""
