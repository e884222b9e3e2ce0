"""The `concise` format: one line for each finding, and one that sums up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.report.escape import without_commands
from nixlint_ort.report.layout import WHOLE, Layout
from nixlint_ort.report.terminal import Painter, headline, summary_line, suppressed_line

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result


def render(result: Result, *, color: bool = False, layout: Layout = WHOLE) -> str:
    """The report as text; a finding has one line, however wide."""
    paint = Painter(color=color)
    lines = [headline(finding, paint) for finding in result.findings]
    lines += [suppressed_line(suppressed, paint) for suppressed in result.suppressed]
    if layout.summary:
        lines.append(summary_line(result, paint))
    return without_commands("".join(line + "\n" for line in lines))
