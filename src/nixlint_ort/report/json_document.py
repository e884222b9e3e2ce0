"""The `json` format: one document, stable as version 1; columns in code points from 1, offsets in bytes from 0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nixlint_ort.finding import Edit, Finding, Fix, Place, Related, Severity
from nixlint_ort.report.escape import json_parts
from nixlint_ort.source import Position

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result, Suppressed

VERSION = 1


def render(result: Result) -> Iterator[str]:
    """The report as a JSON object, in parts."""
    document: dict[str, Any] = {
        "version": VERSION,
        "summary": {
            "files": result.files,
            **{severity.value: result.count(severity) for severity in Severity},
            "fixable": result.fixable,
            **({"baseline": len(result.known)} if result.known else {}),
        },
        "findings": map(finding_object, result.findings),
    }
    if result.suppressed:
        document["suppressed"] = map(suppressed_object, result.suppressed)
    return json_parts(document)


def finding_object(finding: Finding) -> dict[str, Any]:
    """A finding as it is in JSON."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "url": finding.url,
        "arguments": dict(finding.arguments),
        "cause": finding.cause,
        "path": finding.place.path,
        "range": range_object(finding.place),
        "expected": finding.expected,
        "actual": finding.actual,
        "related": [_related_object(related) for related in finding.related],
        "fix": _fix_object(finding.fix),
    }


def suppressed_object(suppressed: Suppressed) -> dict[str, Any]:
    """A suppressed finding: the same, and the reason that the file gives, or null."""
    return {**finding_object(suppressed.finding), "reason": suppressed.reason}


def range_object(place: Place) -> dict[str, dict[str, int]]:
    """Where a place starts and ends; the end is the position after its last byte."""
    return {"start": _position_object(place.start), "end": _position_object(place.end)}


def _position_object(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "offset": position.offset}


def _related_object(related: Related) -> dict[str, Any]:
    return {"path": related.place.path, "range": range_object(related.place), "message": related.message}


def _fix_object(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [_edit_object(edit) for edit in fix.edits]
    return {"safety": fix.safety.value, "edits": edits, "rename": fix.rename}


def _edit_object(edit: Edit) -> dict[str, Any]:
    return {"path": edit.path, "start": edit.start, "end": edit.end, "text": edit.text}
