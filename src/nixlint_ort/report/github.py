"""The `github` format: workflow commands of GitHub Actions, which annotate the lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.finding import Finding, Severity
from nixlint_ort.report.escape import visible, without_hash_commands

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(result: Result) -> str:
    """The report as one command a line, none for a clean run."""
    return without_hash_commands("".join(_command(finding) + "\n" for finding in result.findings))


def _command(finding: Finding) -> str:
    place = finding.place
    properties = {"file": visible(place.path), "line": place.start.line, "endLine": place.end.line}
    if place.start.line == place.end.line:  # GitHub refuses columns for more than one line
        properties |= {"col": place.start.column, "endColumn": place.end.column}
    properties["title"] = f"nixlint-ort: {visible(finding.rule)}"
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(finding.message)}"


def _data(text: str) -> str:
    """Text after the second `::`, in which the lines of a message are kept."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "%0A".join(visible(line).replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return text.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
