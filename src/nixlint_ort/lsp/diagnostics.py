"""Findings as an editor's diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from nixlint_ort.finding import Severity
from nixlint_ort.lsp.positions import Lines

if TYPE_CHECKING:
    from nixlint_ort.finding import Finding
    from nixlint_ort.lsp.folder import Folder

SOURCE = "nixlint-ort"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
UNUSED = "suppression-used"
"""The predicate whose findings an editor shows faded."""


def all_diagnostics(folder: Folder, encoding: str) -> dict[str, list[types.Diagnostic]]:
    """The diagnostics of each file that has some, by path."""
    if folder.wrong is not None:
        at = types.Position(folder.wrong.line - 1, max(folder.wrong.column - 1, 0))
        error = types.DiagnosticSeverity.Error
        what = types.Diagnostic(types.Range(at, at), folder.wrong.message, error, source=SOURCE)
        return {folder.wrong.path: [what]}
    return {path: [_diagnostic(one, folder, encoding) for one in found] for path, found in folder.findings().items()}


def _diagnostic(finding: Finding, folder: Folder, encoding: str) -> types.Diagnostic:
    source = finding.place.source
    rule = folder.session.convention.rules.get(finding.rule) if folder.session else None
    related = [
        types.DiagnosticRelatedInformation(
            types.Location(folder.uri(one.place.path), Lines(one.place.source.data, encoding).range(one.place.span)),
            one.message,
        )
        for one in finding.related
    ]
    return types.Diagnostic(
        Lines(source.data, encoding).range(finding.place.span),
        finding.message,
        _SEVERITIES[finding.severity],
        code=finding.rule,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if rule is not None and rule.check == UNUSED else None,
        related_information=related or None,
        data={"cause": finding.cause},
    )
