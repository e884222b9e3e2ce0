"""The `concise` format: one line for each finding, and one that sums up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.report.escape import without_commands
from nixlint_ort.report.terminal import Painter, headline, summary_line, suppressed_line

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result


def render(result: Result, *, color: bool = False) -> str:
    """The report as text."""
    paint = Painter(color=color)
    lines = [headline(finding, paint) for finding in result.findings]
    lines += [suppressed_line(suppressed, paint) for suppressed in result.suppressed]
    lines.append(summary_line(result, paint))
    return without_commands("\n".join(lines) + "\n")
