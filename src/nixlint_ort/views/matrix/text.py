"""Shows the build matrix, a grid for each stack: as text, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nixlint_ort.finding import Severity
from nixlint_ort.report.escape import json_parts, visible, without_commands
from nixlint_ort.report.json_document import finding_object
from nixlint_ort.report.table import TableCell, columns, markdown, markdown_text
from nixlint_ort.report.terminal import BOLD, DIM, GREEN, SEVERITY_STYLES, YELLOW, Painter, headline
from nixlint_ort.views.matrix.markers import between
from nixlint_ort.views.matrix.model import State, rows_of

if TYPE_CHECKING:
    from nixlint_ort.views.matrix.model import Grid, Matrix, MatrixCell

SIGNS = {State.PRESENT: "✓", State.MISSING: "○", State.UNBUILDABLE: "✗", State.UNPLANNED: "·"}
LEGEND = {
    State.PRESENT: "present",
    State.MISSING: "missing",
    State.UNBUILDABLE: "cannot be built: the toolkit does not know the architecture",
    State.UNPLANNED: "not planned",
}
_STYLES = {State.PRESENT: GREEN, State.MISSING: YELLOW, State.UNBUILDABLE: DIM, State.UNPLANNED: DIM}


def heading(matrix: Matrix) -> str:
    """The package with its version."""
    return f"{matrix.package} {matrix.version}" if matrix.version else matrix.package


def summary(matrix: Matrix) -> str:
    """How many variants there are, of each kind, how many the matrix has of them, and what a check finds."""
    kinds = ", ".join(f"{count} {kind.upper()}" for kind, count in matrix.kinds.items())
    parts = [f"{sum(matrix.kinds.values())} variants ({kinds})"]
    if matrix.planned:
        parts.append(f"{matrix.present} of {matrix.planned} planned")
    parts += [f"{matrix.duplicates} {'duplicate' if matrix.duplicates == 1 else 'duplicates'}"] * bool(
        matrix.duplicates
    )
    parts += [f"{matrix.unbuildable} cannot be built"] * bool(matrix.unbuildable)
    parts += [f"{matrix.unplanned} not planned"] * bool(matrix.unplanned)
    return "; ".join([*parts, counted([*matrix.findings, *matrix.elsewhere])])


def counted(findings: list[Any]) -> str:
    """How many findings there are of each severity, in words."""
    words = []
    for severity, plural in ((Severity.ERROR, "errors"), (Severity.WARNING, "warnings"), (Severity.INFO, "info")):
        count = sum(finding.severity is severity for finding in findings)
        if count:
            words.append(f"{count} {severity if count == 1 else plural}")
    return ", ".join(words) or "no findings"


def sign(cell: MatrixCell) -> str:
    """A cell in a few characters: a sign, or how many findings of the worst severity there are."""
    worst = cell.worst
    if worst is None:
        return SIGNS[cell.state]
    return counted([finding for finding in cell.findings if finding.severity is worst])


def as_text(matrix: Matrix, *, color: bool = False) -> str:
    """A grid for each stack, then what the signs mean and what was found."""
    paint = Painter(color=color)
    blocks = [f"{paint(visible(heading(matrix)), BOLD)}  {summary(matrix)}\n"]
    blocks += [_grid_text(matrix, grid, paint) for grid in matrix.grids]
    blocks.append(legend(matrix) + "\n")
    if everything := [*matrix.findings, *matrix.elsewhere]:
        blocks.append("".join(f"{headline(finding, paint)}\n" for finding in everything))
    return without_commands("\n".join(blocks))


def _grid_text(matrix: Matrix, grid: Grid, paint: Painter) -> str:
    title = f"{paint(visible(grid.title), BOLD)}  {paint(visible(about(grid)), DIM)}\n"
    widest = max(len(row.label) for one in matrix.grids for row in one.rows)
    rows = [[TableCell(" " * widest), *(TableCell(isa.ljust(wide), DIM) for isa, wide in _columns(matrix))]]
    for row, cells in rows_of(matrix, grid):
        rows.append([TableCell(row.label), *(TableCell(sign(cell), style(cell)) for cell in cells)])
    return title + columns(rows, paint, "  ")


def _columns(matrix: Matrix) -> Iterator[tuple[str, int]]:
    """Each column with the width that it has in all grids, so that they line up."""
    rows = [cells for grid in matrix.grids for _, cells in rows_of(matrix, grid)]
    for at, isa in enumerate(matrix.columns):
        yield isa, max(len(sign(cells[at])) for cells in rows)


def about(grid: Grid) -> str:
    """What there is to say of a stack beside its title."""
    missing = grid.count(State.MISSING)
    count = sum(len(cell.variants) for cell in grid.cells.values())
    parts = [grid.details] if grid.details else []
    return ", ".join(
        [*parts, f"{count} {'variant' if count == 1 else 'variants'}", *([f"{missing} missing"] if missing else [])]
    )


def style(cell: MatrixCell) -> str:
    """The colour of a cell in a terminal."""
    return SEVERITY_STYLES[cell.worst] if cell.worst is not None else _STYLES[cell.state]


def legend(matrix: Matrix) -> str:
    """What the signs mean that the matrix has."""
    used = {cell.state for grid in matrix.grids for _, cells in rows_of(matrix, grid) for cell in cells}
    return "   ".join(f"{SIGNS[state]} {LEGEND[state]}" for state in State if state in used)


def as_markdown(matrix: Matrix) -> str:
    """The same as tables of Markdown, without the findings themselves."""
    blocks = [f"{markdown_text(heading(matrix))}: {markdown_text(summary(matrix))}.\n"]
    for grid in matrix.grids:
        rows = [
            [markdown_text(row.label), *(markdown_text(sign(cell)) for cell in cells)]
            for row, cells in rows_of(matrix, grid)
        ]
        header = ["", *(f"`{isa}`" for isa in matrix.columns)]
        blocks.append(f"**{markdown_text(grid.title)}**, {markdown_text(about(grid))}\n")
        blocks.append(markdown(header, rows))
    blocks.append(legend(matrix) + "\n")
    return without_commands("\n".join(blocks))


def updated(document: str, matrix: Matrix) -> str:
    """A document with the matrix between its two markers, each on a line of its own.

    Raises MarkerError where it does not have them.
    """
    return between(document, "matrix", as_markdown(matrix))


def as_json(matrix: Matrix) -> Iterator[str]:
    """The matrix as JSON, version 1, in parts."""
    everything = [*matrix.findings, *matrix.elsewhere]
    document = {
        "version": 1,
        "release": {"branch": matrix.branch, "version": matrix.version},
        "package": matrix.package,
        "summary": {
            "kinds": dict(matrix.kinds),
            "planned": matrix.planned,
            "present": matrix.present,
            "missing": matrix.count(State.MISSING),
            "unbuildable": matrix.unbuildable,
            "unplanned": matrix.unplanned,
            **{level.value: sum(one.severity is level for one in everything) for level in Severity},
        },
        "columns": matrix.columns,
        "stacks": (_grid_object(matrix, grid) for grid in matrix.grids),
        "elsewhere": map(finding_object, matrix.elsewhere),
    }
    return json_parts(document)


def _grid_object(matrix: Matrix, grid: Grid) -> dict[str, Any]:
    cells = [cell for _, row in rows_of(matrix, grid) for cell in row]
    return {
        "kind": grid.kind.name,
        "tag": grid.stack,
        "title": grid.title,
        "details": grid.details,
        "cells": (_cell_object(cell) for cell in cells if cell.state is not State.UNPLANNED),
    }


def _cell_object(cell: MatrixCell) -> dict[str, Any]:
    return {
        "gpu": cell.target.gpu or None,
        "isa": cell.target.isa,
        "state": cell.state.value,
        "planned": cell.is_planned,
        "buildable": cell.is_buildable,
        "name": cell.stem or None,
        "paths": [variant.path for variant in cell.variants],
        "findings": map(finding_object, cell.findings),
    }
