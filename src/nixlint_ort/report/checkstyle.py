"""The `checkstyle` format: XML that many CI systems and code hosts read; columns in code points from 1."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from nixlint_ort.report.escape import xml_text

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.finding import Finding


def render(result: Result) -> str:
    """The report as one document, with an element for each file that has findings."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">']
    for path, findings in groupby(result.findings, key=lambda finding: finding.place.path):
        lines += [f'  <file name="{xml_text(path)}">', *map(_error, findings), "  </file>"]
    return "\n".join([*lines, "</checkstyle>", ""])


def _error(finding: Finding) -> str:
    start = finding.place.start
    return (
        f'    <error line="{start.line}" column="{start.column}" severity="{finding.severity.value}"'
        f' message="{xml_text(finding.message)}" source="nixlint-ort.{xml_text(finding.rule)}" />'
    )
