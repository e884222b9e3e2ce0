"""The `rdjson` format of reviewdog, with suggestions; its columns count bytes of UTF-8 from 1."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nixlint_ort.finding import Finding, Place, Severity
from nixlint_ort.report.escape import json_parts
from nixlint_ort.source import Position, Source, Span

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(result: Result) -> Iterator[str]:
    """The report as a JSON object, in parts."""
    return json_parts({"source": {"name": "nixlint-ort"}, "diagnostics": map(_diagnostic, result.findings)})


def _diagnostic(finding: Finding) -> dict[str, Any]:
    diagnostic: dict[str, Any] = {
        "message": finding.message,
        "location": _location(finding.place),
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.rule},
    }
    if finding.related:
        diagnostic["related_locations"] = [
            {"message": related.message, "location": _location(related.place)} for related in finding.related
        ]
    if (suggestion := _suggestion(finding)) is not None:
        diagnostic["suggestions"] = [suggestion]
    return diagnostic


def _location(place: Place) -> dict[str, Any]:
    return {"path": place.path, "range": _range(place)}


def _range(place: Place) -> dict[str, Any]:
    return {"start": _position(place.source, place.start), "end": _position(place.source, place.end)}


def _position(source: Source, position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.offset - source.line_span(position.line).start + 1}


def _suggestion(finding: Finding) -> dict[str, Any] | None:
    """A fix as one piece of text in the place of another, or None if it is not within the finding's file.

    The edits of a fix belong together, and each suggestion is offered alone: so what lies between is repeated,
    unless it is not UTF-8 and so cannot be.
    """
    source = finding.place.source
    edits = sorted(finding.fix.edits) if finding.fix else []
    if not edits or any(edit.path != source.path for edit in edits):
        return None
    text = edits[0].text
    for before, edit in pairwise(edits):
        between = source.text(Span(before.end, edit.start))
        if between.encode() != source.data[before.end : edit.start]:
            return None
        text += between + edit.text
    return {"range": _range(Place(source, Span(edits[0].start, edits[-1].end))), "text": text}
