"""Shows the build matrix as one HTML page, in which a cell opens what there is to know of its variant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nixlint_ort.finding import Finding, Safety
from nixlint_ort.report.html import Html, command, element, finding_item, join, page_parts, tag
from nixlint_ort.views.facts import came_from, shown
from nixlint_ort.views.matrix.model import State, rows_of
from nixlint_ort.views.matrix.text import LEGEND, SIGNS, about, counted, heading, sign

if TYPE_CHECKING:
    from nixlint_ort.variant.variant import Variant
    from nixlint_ort.views.matrix.model import Grid, Matrix, MatrixCell


def render(matrix: Matrix) -> Iterator[str]:
    """The page, in parts."""
    return page_parts(f"{heading(matrix)}: build matrix", _body(matrix))


def _body(matrix: Matrix) -> Iterator[str]:
    yield tag("h1", heading(matrix))
    yield tag("p", f"Build matrix of the release {matrix.branch}" if matrix.branch else "Build matrix", class_="sub")
    yield _counts(matrix)
    for grid in matrix.grids:
        yield _section(matrix, grid)
    yield _legend(matrix)
    yield from _findings(matrix)
    for grid in matrix.grids:
        for cell in _cells(matrix, grid):
            if _opens(cell):
                yield from _panel(grid, cell)


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


def _findings(matrix: Matrix) -> Iterator[Html]:
    findings = (*matrix.findings, *matrix.elsewhere)
    if findings:
        yield from element("section", _listed(findings, tag("h2", "Findings"), with_path=True))


def _listed(findings: Sequence[Finding], title: Html, *, with_path: bool) -> Iterator[Html]:
    yield title
    yield from element("ul", (finding_item(one, with_path=with_path) for one in findings), class_="findings")


def _panel(grid: Grid, cell: MatrixCell) -> Iterator[Html]:
    name = _id(grid, cell)
    yield from element("div", _about(grid, cell), id=name, popover=True, role="dialog", aria_labelledby=f"{name}-title")


def _about(grid: Grid, cell: MatrixCell) -> Iterator[Html]:
    name = _id(grid, cell)
    title = cell.variants[0].stem if cell.variants else cell.stem or f"{grid.title}, {grid.title_of(cell.target)}"
    yield tag("button", "✕", type="button", class_="close", popovertarget=name, aria_label="Close", autofocus=True)
    yield tag("h2", title, id=f"{name}-title")
    yield tag("p", _words(cell), class_="sub")
    yield _to_do(cell)
    if cell.state is State.UNBUILDABLE:
        yield tag("p", f"The toolkit of {grid.title} cannot compile for {grid.title_of(cell.target)}.")
    if cell.findings:
        yield from _listed(cell.findings, tag("h3", "Findings"), with_path=False)
    yield from map(_facts, cell.variants)


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
