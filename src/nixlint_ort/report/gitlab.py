"""The `gitlab` format: a Code Quality report, which GitLab shows in a merge request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from nixlint_ort.finding import Finding, Severity
from nixlint_ort.report.escape import json_parts, path_bytes

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(result: Result) -> Iterator[str]:
    """The report as a JSON array, in parts."""
    return json_parts(_issues(result))


def _issues(result: Result) -> Iterator[dict[str, object]]:
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in result.findings:
        identity = (finding.place.path, finding.rule, finding.message)
        seen[identity] += 1
        yield _issue(finding, _fingerprint(*identity, str(seen[identity])))


def _issue(finding: Finding, fingerprint: str) -> dict[str, object]:
    place = finding.place
    return {
        "description": finding.message,
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": place.path,
            "lines": {"begin": place.start.line, "end": place.end.line},
        },
    }


def _fingerprint(*parts: str) -> str:
    """Unlike any other finding's, and the same when lines above move: it says nothing of the line."""
    return sha256(b"\0".join(map(path_bytes, parts))).hexdigest()
