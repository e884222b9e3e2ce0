"""The `json-lines` format: each finding as in `json`, on a line of its own; a suppressed one has a `reason`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.report.escape import json_text
from nixlint_ort.report.json_document import finding_object, suppressed_object

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result


def render(result: Result) -> str:
    """The report as lines of JSON, none for a clean run."""
    objects = [finding_object(finding) for finding in result.findings]
    objects += [suppressed_object(suppressed) for suppressed in result.suppressed]
    return "".join(json_text(value) + "\n" for value in objects)
