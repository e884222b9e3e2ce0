"""Shows every branch on one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nixlint_ort.finding import Severity
from nixlint_ort.report.html import Html, badge, finding_item, join, page, tag
from nixlint_ort.views.branches.text import HEADER, NUMBERS, faults, row, summary

if TYPE_CHECKING:
    from nixlint_ort.views.branches.model import BranchState


def render(states: Sequence[BranchState]) -> str:
    """The page: the table, and what is wrong on each branch."""
    head = tag("tr", *(tag("th", name, scope="col", class_=_class(at)) for at, name in enumerate(HEADER)))
    body = join(*(tag("tr", *_cells(state)) for state in states))
    table = tag("table", tag("thead", head), tag("tbody", body), class_="plain cards")
    return page(
        "Branches",
        tag("h1", "Branches"),
        tag("p", summary(states), class_="sub"),
        tag("div", table, class_="scroll", tabindex="0", role="region", aria_label="Branches"),
        *(_section(state) for state in states if faults(state)),
    )


def _class(at: int) -> str | None:
    return "number" if at in NUMBERS else None


def _cells(state: BranchState) -> Iterator[Html]:
    wrong = {problem.id for problem in state.problems}
    styles = {
        1: "error" if "branch-release" in wrong else None,
        4: "error" if "branch-pin" in wrong or len(state.pins) > 1 else "faint",
        6: "number error" if state.count(Severity.ERROR) else "number good",
        7: "number warning" if state.count(Severity.WARNING) else "number good",
    }
    if state.commit is None:
        styles = dict.fromkeys(range(len(HEADER)), "faint")
    for at, text in enumerate(row(state)):
        style = styles.get(at, _class(at))
        if at == 0:
            yield tag("th", tag("a", text, href=f"#{state.name}") if faults(state) else text, scope="row", class_=style)
        else:
            yield tag("td", text, class_=style, data_label=HEADER[at])


def _section(state: BranchState) -> Html:
    items: list[Html] = []
    for fault in faults(state):
        if fault.finding is None:
            words = tag("p", badge(fault.severity), " ", tag("code", fault.id), " ", fault.message)
            items.append(tag("li", words, class_="finding"))
        else:
            note = f"{fault.times} times, first at " if fault.times > 1 else ""
            items.append(finding_item(fault.finding, with_path=True, note=note))
    return tag("section", tag("h2", state.name), tag("ul", *items, class_="findings"), id=state.name)
