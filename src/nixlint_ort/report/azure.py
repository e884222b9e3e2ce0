"""The `azure` format: logging commands that Azure Pipelines shows as errors and warnings of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.finding import Severity
from nixlint_ort.report.escape import visible, without_hash_commands

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.finding import Finding

_TYPES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "warning"}
"""Azure Pipelines knows no notices: an info is a warning there."""


def render(result: Result) -> str:
    """The report as a command a finding."""
    return "".join(f"{_command(finding)}\n" for finding in result.findings)


def _command(finding: Finding) -> str:
    start = finding.place.start
    properties = {
        "type": _TYPES[finding.severity],
        "sourcepath": visible(finding.place.path),
        "linenumber": str(start.line),
        "columnnumber": str(start.column),
        "code": visible(finding.rule),
    }
    told = "".join(f"{name}={_property(value)};" for name, value in properties.items())
    return f"##vso[task.logissue {told}]{_data(visible(finding.message))}"


def _data(text: str) -> str:
    """A text after a command, as the agent reads it back; nothing within it is another command."""
    return without_hash_commands(text).replace("%", "%AZP25")


def _property(text: str) -> str:
    return _data(text).replace("]", "%5D").replace(";", "%3B")
