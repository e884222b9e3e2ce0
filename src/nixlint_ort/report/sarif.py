"""The `sarif` format, 2.1.0: columns in code points, URIs relative to the repository's root."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nixlint_ort import __version__
from nixlint_ort.finding import Finding, Fix, Place, Severity
from nixlint_ort.report.escape import json_parts, path_bytes
from nixlint_ort.report.rules import example_markdown, shown_example
from nixlint_ort.source import Source, Span

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result, Suppressed
    from nixlint_ort.convention import Rule

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "SRCROOT"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(result: Result) -> Iterator[str]:
    """The report as a SARIF log of one run, in parts."""
    shown = [*result.findings, *(suppressed.finding for suppressed in result.suppressed), *result.known]
    ids = sorted({*result.rules, *(finding.rule for finding in shown)})
    index = {rule: at for at, rule in enumerate(ids)}
    sources = {place.path: place.source for finding in shown for place in _places(finding)}
    driver = {
        "name": "nixlint-ort",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule, result.rules.get(rule)) for rule in ids],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "results": _results(result, index, sources),
    }
    return json_parts({"$schema": _SCHEMA, "version": "2.1.0", "runs": iter([run])})


def _results(result: Result, index: dict[str, int], sources: dict[str, Source]) -> Iterator[dict[str, Any]]:
    """What is found, then what is suppressed, then what the baseline has."""
    new = {"baselineState": "new"} if result.known or result.gone else {}
    for finding in result.findings:
        yield {**_result(finding, index, sources), **new}
    for suppressed in result.suppressed:
        item = _result(suppressed.finding, index, sources)
        yield {**item, "suppressions": [_suppression(suppressed)], **new}
    for finding in result.known:
        yield {**_result(finding, index, sources), "baselineState": "unchanged"}


def _rule(rule_id: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": rule_id}
    text = f"{rule.why}\n\n" + "\n\n".join(f"{shown.where}:\n{shown.text}" for shown in shown_example(rule))
    markdown = f"{rule.why}\n\n{example_markdown(rule)}"
    return {
        "id": rule_id,
        "name": "".join(word.capitalize() for word in rule_id.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.family]},
    }


def _result(finding: Finding, index: dict[str, int], sources: dict[str, Source]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message),
        "locations": [_location(finding.place)],
        "suppressions": [],
    }
    if finding.related:
        item["relatedLocations"] = [
            {"id": at, **_location(related.place), "message": _message(related.message)}
            for at, related in enumerate(finding.related, 1)
        ]
    changes = _changes(finding.fix, sources) if finding.fix else []
    if changes:
        item["fixes"] = [{"artifactChanges": changes}]
    item["properties"] = {
        "expected": finding.expected,
        "actual": finding.actual,
        "arguments": dict(finding.arguments),
        "cause": finding.cause,
    }
    if finding.fix:
        item["properties"] |= {"fixSafety": finding.fix.safety.value, "rename": finding.fix.rename}
    return item


def _suppression(suppressed: Suppressed) -> dict[str, str]:
    reason = {"justification": suppressed.reason} if suppressed.reason else {}
    return {"kind": "inSource", **reason}


def _message(text: str) -> dict[str, str]:
    """A message in which brackets and parentheses make no link."""
    return {"text": text.replace("](", "\\](")}


def _places(finding: Finding) -> list[Place]:
    return [finding.place, *(related.place for related in finding.related)]


def _location(place: Place) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(place.path), "region": _region(place)}}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path_bytes(path), safe="/"), "uriBaseId": _ROOT}


def _region(place: Place) -> dict[str, int]:
    start, end = place.start, place.end
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": start.offset,
        "byteLength": end.offset - start.offset,
    }


def _changes(fix: Fix, sources: dict[str, Source]) -> list[dict[str, Any]]:
    """The edits by file; none at all if one is in a file of which the lines are not known here."""
    paths = sorted({edit.path for edit in fix.edits})
    if not all(path in sources for path in paths):
        return []
    return [
        {
            "artifactLocation": _artifact(path),
            "replacements": [
                {
                    "deletedRegion": _region(Place(sources[path], Span(edit.start, edit.end))),
                    "insertedContent": {"text": edit.text},
                }
                for edit in sorted(fix.edits)
                if edit.path == path
            ],
        }
        for path in paths
    ]
