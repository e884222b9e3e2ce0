"""Shows every branch in one table, and below it what is wrong on each: as text, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from nixlint_ort.finding import Finding, Severity
from nixlint_ort.report.escape import json_text, visible, without_commands
from nixlint_ort.report.json_document import finding_object
from nixlint_ort.report.table import TableCell, columns, markdown, markdown_code, markdown_text
from nixlint_ort.report.terminal import BOLD, DIM, GREEN, SEVERITY_STYLES, Painter, place_text

if TYPE_CHECKING:
    from nixlint_ort.views.branches.model import BranchState

HEADER = ("branch", "release", "CUDA", "driver", "pin", "variants", "errors", "warnings")
NUMBERS = frozenset({5, 6, 7})
_PIN_LENGTH = 12  # hex digits of a commit that are shown in a table


class Fault(NamedTuple):
    """One thing that is wrong on a branch, perhaps at many places: the first of them stands for all."""

    id: str
    severity: Severity
    message: str
    times: int
    finding: Finding | None


def faults(state: BranchState) -> list[Fault]:
    """What is wrong on a branch, worst first: what is wrong of it as a whole, then its findings by rule."""
    whole = [Fault(one.id, Severity.ERROR, one.message, 1, None) for one in state.problems]
    by_rule: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in state.findings:
        by_rule.setdefault((finding.rule, finding.severity), []).append(finding)
    rank = list(Severity)
    ordered = sorted(by_rule.items(), key=lambda item: (rank.index(item[0][1]), -len(item[1]), item[0][0]))
    return whole + [Fault(rule, level, found[0].message, len(found), found[0]) for (rule, level), found in ordered]


def row(state: BranchState) -> list[str]:
    """The cells of a branch, as HEADER names them."""
    if state.commit is None:
        return [state.name, state.release or "none", "", "", state.note or "", "", "", ""]
    pin = (state.pin or "none")[:_PIN_LENGTH] + (f" and {len(state.pins) - 1} more" if len(state.pins) > 1 else "")
    return [
        state.name,
        state.release or "none",
        "  ".join(state.stacks),
        "  ".join("/".join(f"{driver}+" for driver in drivers) or "?" for drivers in state.stacks.values()),
        pin,
        str(state.variants),
        str(state.count(Severity.ERROR) or "–"),
        str(state.count(Severity.WARNING) or "–"),
    ]


def as_text(states: Sequence[BranchState], *, color: bool = False) -> str:
    """The table, and what is wrong on each branch."""
    paint = Painter(color=color)
    rows = [[TableCell(name, BOLD) for name in HEADER]]
    rows += [
        [TableCell(text, style) for text, style in zip(row(state), _styles(state), strict=True)] for state in states
    ]
    blocks = [columns(rows, paint, right=NUMBERS)]
    blocks += ["".join(_fault_lines(state, paint)) for state in states if faults(state)]
    return without_commands("\n".join([*blocks, f"{summary(states)}\n"]))


def _styles(state: BranchState) -> list[str]:
    if state.commit is None:
        return [DIM] * len(HEADER)
    ids = {problem.id for problem in state.problems}
    error, warning = SEVERITY_STYLES[Severity.ERROR], SEVERITY_STYLES[Severity.WARNING]
    return [
        BOLD,
        error if "branch-release" in ids else "",
        "",
        "",
        error if "branch-pin" in ids or len(state.pins) > 1 else DIM,
        "",
        error if state.count(Severity.ERROR) else GREEN,
        warning if state.count(Severity.WARNING) else GREEN,
    ]


def _fault_lines(state: BranchState, paint: Painter) -> Iterator[str]:
    yield f"{paint(visible(state.name), BOLD)}\n"
    for fault in faults(state):
        times = f" ×{fault.times}" if fault.times > 1 else ""
        label = f"{paint(fault.severity, SEVERITY_STYLES[fault.severity])}[{visible(fault.id)}]{times}"
        yield f"  {label} {visible(fault.message)}\n"
        if fault.finding is not None:
            first = "first at " if fault.times > 1 else "at "
            yield f"    {paint(first + visible(state.name) + ':' + place_text(fault.finding.place), DIM)}\n"


def summary(states: Sequence[BranchState]) -> str:
    """How many branches there are, and how many of them have errors."""
    there = [state for state in states if state.commit is not None or state.problems]
    wrong = sum(bool(state.count(Severity.ERROR)) for state in there)
    variants = sum(state.variants for state in there)
    counted = f"{len(there)} {'branch' if len(there) == 1 else 'branches'}, {variants} variants"
    return f"{counted}, {f'{wrong} with errors' if wrong else 'no errors'}"


def as_markdown(states: Sequence[BranchState]) -> str:
    """The table and the list below it as Markdown."""
    rows = [[markdown_text(text) for text in row(state)] for state in states]
    lines = [markdown(HEADER, rows, NUMBERS)]
    for state in states:
        for fault in faults(state):
            times = f" ×{fault.times}" if fault.times > 1 else ""
            name = f"{markdown_code(state.name)} {fault.severity} {markdown_code(fault.id)}{times}"
            lines.append(f"- {name}: {markdown_text(fault.message)}\n")
    return without_commands(lines[0] + ("\n" + "".join(lines[1:]) if lines[1:] else ""))


def as_json(states: Sequence[BranchState]) -> str:
    """The branches as JSON, version 1."""
    return json_text({"version": 1, "branches": [_object(state) for state in states]}, indent=2) + "\n"


def _object(state: BranchState) -> dict[str, Any]:
    return {
        "branch": state.name,
        "ref": state.ref,
        "commit": state.commit,
        "release": dict(state.row.cells) if state.row else None,
        "note": state.note,
        "variants": state.variants,
        "stacks": [{"cuda": cuda, "drivers": drivers} for cuda, drivers in state.stacks.items()],
        "targets": state.targets,
        "pins": dict(state.pins),
        "versions": dict(state.versions),
        "summary": {severity.value: state.count(severity) for severity in Severity},
        "problems": [{"rule": problem.id, "message": problem.message} for problem in state.problems],
        "findings": [finding_object(finding) for finding in state.findings],
    }
