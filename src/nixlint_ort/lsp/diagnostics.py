"""Findings as an editor's diagnostics, those of each file with an id that changes when they do."""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from nixlint_ort.convention.load import find_rules
from nixlint_ort.finding import Severity
from nixlint_ort.lsp.positions import Lines

if TYPE_CHECKING:
    from nixlint_ort.convention import Rule
    from nixlint_ort.finding import Finding, Place
    from nixlint_ort.lsp.folder import Folder
    from nixlint_ort.lsp.wrong import FileError

SOURCE = "nixlint-ort"
UNUSED = "suppression-used"
"""The predicate whose findings an editor shows faded."""
NONE = "0"
"""The id of the diagnostics of a file that never had any."""
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


class Shown(NamedTuple):
    """What an editor is told of one file, the findings that it is made of, and the id by which that is known."""

    findings: list[Finding]
    diagnostics: list[types.Diagnostic]
    identifier: str


class Diagnostics:
    """The diagnostics of a folder's files; those whose findings are the same are not made again."""

    def __init__(self, folder: Folder, encoding: str) -> None:
        self._folder = folder
        self._encoding = encoding
        self._shown: dict[str, Shown] = {}
        self._numbers = count(1)

    def update(self) -> set[str]:
        """Take over what was found when the folder was last settled; gives the paths whose diagnostics are others."""
        found, wrong = self._folder.findings(), self._folder.wrong
        before = {path for path, shown in self._shown.items() if shown.diagnostics}
        changed: set[str] = set()
        for path in before | found.keys() | ({wrong.path} if wrong else set()):
            findings, old = found.get(path, []), self._shown.get(path)
            if wrong is None and old is not None and old.findings == findings and (findings or not old.diagnostics):
                continue
            made = [self._of_wrong(wrong)] if wrong and wrong.path == path else [self._made(one) for one in findings]
            is_same = old is not None and old.diagnostics == made
            if not is_same:
                changed.add(path)
            identifier = old.identifier if old and is_same else str(next(self._numbers))
            self._shown[path] = Shown(findings, made, identifier)
        return changed

    @property
    def paths(self) -> list[str]:
        """The files that have diagnostics, or had some."""
        return sorted(self._shown)

    def of(self, path: str) -> list[types.Diagnostic]:
        """The diagnostics of a file."""
        return self._shown[path].diagnostics if path in self._shown else []

    def identifier(self, path: str) -> str:
        """What the diagnostics of a file are known by."""
        return self._shown[path].identifier if path in self._shown else NONE

    def _of_wrong(self, wrong: FileError) -> types.Diagnostic:
        lines = Lines(self._folder.data(wrong.path), self._encoding)
        at = lines.position_of_column(wrong.line, wrong.column)
        return types.Diagnostic(types.Range(at, at), wrong.message, types.DiagnosticSeverity.Error, source=SOURCE)

    def _made(self, finding: Finding) -> types.Diagnostic:
        rule = self._folder.session.convention.rules.get(finding.rule) if self._folder.session else None
        page = page_of(rule, self._folder) if rule else None
        related = [
            types.DiagnosticRelatedInformation(
                types.Location(self._folder.uri(one.place.path), self._range(one.place)), one.message
            )
            for one in finding.related
        ]
        return types.Diagnostic(
            self._range(finding.place),
            finding.message,
            _SEVERITIES[finding.severity],
            code=finding.rule,
            code_description=types.CodeDescription(page) if page else None,
            source=SOURCE,
            tags=[types.DiagnosticTag.Unnecessary] if rule is not None and rule.check == UNUSED else None,
            related_information=related or None,
            data={"cause": finding.cause},
        )

    def _range(self, place: Place) -> types.Range:
        return Lines.of(place.source, self._encoding).range(place.span)


def page_of(rule: Rule, folder: Folder) -> str | None:
    """The address of a rule's page in the manual where that is beside the program, else of the rule's own file."""
    own = folder.session.convention.folder if folder.session else find_rules()
    return _page(rule.url, f"{rule.family}/{rule.id}.yaml", own)


@lru_cache(maxsize=1024)
def _page(url: str | None, file: str, own: Path) -> str | None:
    shipped = find_rules()
    files = [*([shipped.parent / url] if url else []), own / file, shipped / file]
    return next((one.absolute().as_uri() for one in files if one.is_file()), None)
