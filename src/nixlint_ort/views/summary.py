"""A run in one page of Markdown, as GitHub shows it beside a job: what was found, by cause, and the build matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.report.escape import without_commands
from nixlint_ort.report.full import causes
from nixlint_ort.report.table import markdown, markdown_code, markdown_text
from nixlint_ort.report.terminal import Painter, counted, place_text, summary_line
from nixlint_ort.views.matrix.model import lay_out
from nixlint_ort.views.matrix.text import as_markdown

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.finding import Finding
    from nixlint_ort.lint import Session

MAX_CAUSES = 200
"""Causes that are shown, each in a line; GitHub refuses a summary of more than 1 MiB."""


def render(session: Session, result: Result) -> str:
    """What a run of a session found, as Markdown: a line for each cause, then the matrix of the release."""
    found = causes(result.findings)
    blocks = [f"**nixlint-ort**: {markdown_text(summary_line(result, Painter(color=False)))}\n"]
    if found:
        blocks.append(markdown(["", "what is wrong", "where", "rule"], [_row(group) for group in found[:MAX_CAUSES]]))
    if len(found) > MAX_CAUSES:
        blocks.append(f"{len(found) - MAX_CAUSES} more causes are in the log.\n")
    matrix = lay_out(session.repository, session.release.branch, result.findings)
    blocks.append(as_markdown(matrix))
    return without_commands("\n".join(blocks))


def _row(group: list[Finding]) -> list[str]:
    first, *others = group
    more = f" and {counted(len(others), 'more place')}" if others else ""
    where = markdown_code(place_text(first.place)) + more
    return [str(first.severity), markdown_text(first.message), where, markdown_code(first.rule)]
