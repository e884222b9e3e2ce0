"""Shows the build matrix as one HTML page, in which a cell opens what there is to know of its variant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixlint_ort.finding import Safety
from nixlint_ort.report.html import Html, command, finding_item, join, page, tag
from nixlint_ort.views.facts import came_from, shown
from nixlint_ort.views.matrix.model import State, rows_of
from nixlint_ort.views.matrix.text import LEGEND, SIGNS, about, counted, heading, sign

if TYPE_CHECKING:
    from nixlint_ort.variant.variant import Variant
    from nixlint_ort.views.matrix.model import Grid, Matrix, MatrixCell


def render(matrix: Matrix) -> str:
    """The page."""
    title = f"{heading(matrix)}: build matrix"
    panels = [_panel(grid, cell) for grid in matrix.grids for cell in _cells(matrix, grid) if _opens(cell)]
    return page(
        title,
        tag("h1", heading(matrix)),
        tag("p", f"Build matrix of the release {matrix.branch}" if matrix.branch else "Build matrix", class_="sub"),
        _counts(matrix),
        *(_section(matrix, grid) for grid in matrix.grids),
        _legend(matrix),
        _findings(matrix),
        *panels,
    )


def _counts(matrix: Matrix) -> Html:
    numbers = [(count, f"{kind.upper()} variants") for kind, count in matrix.kinds.items()]
    numbers += [(matrix.count(State.MISSING), "missing"), (matrix.unbuildable, "cannot be built")]
    items = [tag("li", tag("b", str(count)), " ", what) for count, what in numbers]
    parts = [part.partition(" ") for part in counted([*matrix.findings, *matrix.elsewhere]).split(", ")]
    items += [tag("li", tag("b", number), " ", what) for number, _, what in parts]
    return tag("ul", *items, class_="counts")


def _section(matrix: Matrix, grid: Grid) -> Html:
    name = f"{grid.kind.name}-{grid.stack}"
    head = tag("tr", tag("td"), *(tag("th", isa, scope="col") for isa in matrix.columns))
    rows = [
        tag(
            "tr",
            tag(
                "th",
                f"{row.title} " if row.target else row.title,
                tag("small", row.architecture) if row.target else "",
                scope="row",
            ),
            *(tag("td", _cell(grid, cell)) for cell in cells),
        )
        for row, cells in rows_of(matrix, grid)
    ]
    table = tag("table", tag("thead", head), tag("tbody", *rows), class_="grid")
    return tag(
        "section",
        tag("h2", grid.title, id=name),
        tag("p", about(grid), class_="sub"),
        tag("div", table, class_="scroll"),
        aria_labelledby=name,
    )


def _cells(matrix: Matrix, grid: Grid) -> Iterator[MatrixCell]:
    for _, cells in rows_of(matrix, grid):
        yield from cells


def _opens(cell: MatrixCell) -> bool:
    return cell.state is not State.UNPLANNED


def _cell(grid: Grid, cell: MatrixCell) -> Html:
    words = _words(cell)
    if not _opens(cell):
        return tag("span", SIGNS[cell.state], class_="cell", title=words, aria_label=words)
    label = f"{grid.title_of(cell.target)}, {cell.target.isa}: {words}"
    number, space, noun = sign(cell).partition(" ")
    return tag(
        "button",
        number,
        tag("span", space + noun, class_="wide") if noun else "",
        type="button",
        class_=f"cell {_class(cell)}",
        popovertarget=_id(grid, cell),
        aria_label=label,
        title=label,
    )


def _words(cell: MatrixCell) -> str:
    if cell.state is State.PRESENT:
        return counted(cell.findings)
    return LEGEND[cell.state]


def _class(cell: MatrixCell) -> str:
    if cell.state is State.PRESENT:
        return str(cell.worst) if cell.worst else "good"
    return cell.state.value


def _id(grid: Grid, cell: MatrixCell) -> str:
    return f"of-{grid.kind.name}-{grid.stack}-{cell.target.gpu}-{cell.target.isa}"


def _legend(matrix: Matrix) -> Html:
    used = {cell.state for grid in matrix.grids for cell in _cells(matrix, grid)}
    classes = {State.PRESENT: "good", State.UNPLANNED: ""}
    items = [
        tag("li", tag("span", SIGNS[state], class_=f"cell {classes.get(state, state.value)}"), LEGEND[state])
        for state in State
        if state in used
    ]
    return tag("ul", *items, class_="legend")


def _findings(matrix: Matrix) -> Html:
    items = [finding_item(finding, with_path=True) for finding in (*matrix.findings, *matrix.elsewhere)]
    if not items:
        return Html("")
    return tag("section", tag("h2", "Findings"), tag("ul", *items, class_="findings"))


def _panel(grid: Grid, cell: MatrixCell) -> Html:
    name = _id(grid, cell)
    title = cell.variants[0].stem if cell.variants else cell.stem or f"{grid.title}, {grid.title_of(cell.target)}"
    close = tag("button", "✕", type="button", class_="close", popovertarget=name, aria_label="Close", autofocus=True)
    parts: list[Html] = [
        close,
        tag("h2", title, id=f"{name}-title"),
        tag("p", _words(cell), class_="sub"),
        _to_do(cell),
    ]
    if cell.state is State.UNBUILDABLE:
        parts.append(tag("p", f"The toolkit of {grid.title} cannot compile for {grid.title_of(cell.target)}."))
    if cell.findings:
        items = [finding_item(finding, with_path=False) for finding in cell.findings]
        parts += [tag("h3", "Findings"), tag("ul", *items, class_="findings")]
    parts += [_facts(variant) for variant in cell.variants]
    return tag("div", *parts, id=name, popover=True, role="dialog", aria_labelledby=f"{name}-title")


def _to_do(cell: MatrixCell) -> Html:
    lines: list[str] = []
    if cell.state is State.MISSING:
        lines = [f"nixlint-ort new {cell.stem}"]
    for variant in cell.variants:
        fixes = {finding.fix.safety for finding in cell.findings if finding.fix}
        if fixes:
            unsafe = " --unsafe-fixes" if Safety.UNSAFE in fixes else ""
            lines += [f"nixlint-ort --diff{unsafe} {variant.path}", f"nixlint-ort --fix{unsafe} {variant.path}"]
        elif cell.findings:
            lines.append(f"nixlint-ort {variant.path}")
        else:
            lines += [f"flox build {variant.stem}", f"flox publish {variant.stem}"]
    if not lines:
        return Html("")
    return join(tag("h3", "What to type"), *(command(line) for line in lines))


def _facts(variant: Variant) -> Html:
    if not variant.judgeable:
        return tag("p", "The file cannot be read as Nix, so it has no facts.")
    rows = [
        tag("tr", tag("th", name, scope="row"), tag("td", came_from(variant, fact), class_="from"), _value(shown(fact)))
        for name, fact in variant.facts.items()
    ]
    return join(tag("h3", "Facts"), tag("p", variant.path, class_="place"), tag("table", *rows, class_="facts"))


def _value(text: str) -> Html:
    return tag("td", text, class_="absent" if text.startswith("(") else None)
