"""Fixes and suppressions as an editor's code actions."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from nixlint_ort.finding import Safety
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.lsp.diagnostics import SOURCE, all_diagnostics
from nixlint_ort.lsp.positions import Lines
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.finding import Finding, Fix
    from nixlint_ort.lsp.folder import Folder

FIX_ALL = f"source.fixAll.{SOURCE}"
EXPLAIN = f"{SOURCE}.explain"
KINDS = [types.CodeActionKind.QuickFix, FIX_ALL]


def code_actions(
    folder: Folder, path: str, where: types.Range, only: list[str] | None, encoding: str
) -> Iterator[types.CodeAction]:
    """What can be done at a place: each fix, a suppression whose reason is to be written, and all safe fixes."""
    lines = Lines(folder.data(path), encoding)
    start, end = lines.offset(where.start), lines.offset(where.end)
    diagnostics = all_diagnostics(folder, encoding).get(path, [])
    if _wanted(types.CodeActionKind.QuickFix, only):
        for finding, diagnostic in zip(folder.findings().get(path, []), diagnostics, strict=True):
            if finding.place.span.start <= end and start <= finding.place.span.end:
                yield from _of_finding(folder, finding, diagnostic, encoding)
    if _wanted(FIX_ALL, only):
        whole = _fix_all(folder, path, encoding)
        if whole is not None:
            yield whole


def _wanted(kind: str, only: list[str] | None) -> bool:
    return only is None or any(kind == one or kind.startswith(f"{one}.") for one in only)


def _of_finding(
    folder: Folder, finding: Finding, diagnostic: types.Diagnostic, encoding: str
) -> Iterator[types.CodeAction]:
    fix = finding.fix
    if fix is not None:
        unsafe = "" if fix.safety is Safety.SAFE else " (changes what is built)"
        yield types.CodeAction(
            f"Fix {finding.rule}{unsafe}",
            types.CodeActionKind.QuickFix,
            [diagnostic],
            is_preferred=fix.safety is Safety.SAFE,
            edit=_workspace_edit(folder, fix, finding.place.path, encoding),
        )
    yield types.CodeAction(
        f"Suppress {finding.rule} here",
        types.CodeActionKind.QuickFix,
        [diagnostic],
        edit=_suppression(folder, finding, encoding),
    )
    yield types.CodeAction(
        f"Explain {finding.rule}",
        types.CodeActionKind.QuickFix,
        [diagnostic],
        command=types.Command(f"Explain {finding.rule}", EXPLAIN, arguments=[str(folder.root), finding.rule]),
    )


def _workspace_edit(folder: Folder, fix: Fix, path: str, encoding: str) -> types.WorkspaceEdit:
    changes: list[Any] = []
    for changed in sorted({edit.path for edit in fix.edits}):
        lines = Lines(folder.data(changed), encoding)
        edits = [
            types.TextEdit(lines.range(Span(edit.start, edit.end)), edit.text)
            for edit in fix.edits
            if edit.path == changed
        ]
        changes.append(_of_document(folder, changed, edits))
    if fix.rename is not None:
        changes.append(types.RenameFile(folder.uri(path), folder.uri(fix.rename), kind="rename"))
    return types.WorkspaceEdit(document_changes=changes)


def _of_document(folder: Folder, path: str, edits: list[types.TextEdit]) -> types.TextDocumentEdit:
    document = types.OptionalVersionedTextDocumentIdentifier(folder.uri(path), folder.versions.get(path))
    return types.TextDocumentEdit(document, list(edits))


def _suppression(folder: Folder, finding: Finding, encoding: str) -> types.WorkspaceEdit:
    """A comment alone above the line of a finding; in the header it stands behind the line."""
    source = finding.place.source
    start = source.line_span(finding.place.start.line)
    words = f"nixlint-ort: ignore[{finding.rule}] say why"
    blanks = source.text(start)[: len(source.text(start)) - len(source.text(start).lstrip())]
    if source.path.endswith(".md"):
        at, text = start.start, f"{blanks}<!-- {words} -->{source.newline}"
    elif source.text(start).startswith("#"):
        at, text = start.end, f" # {words}"
    else:
        at, text = start.start, f"{blanks}# {words}{source.newline}"
    where = Lines(source.data, encoding).range(Span(at, at))
    return types.WorkspaceEdit(document_changes=[_of_document(folder, source.path, [types.TextEdit(where, text)])])


def _fix_all(folder: Folder, path: str, encoding: str) -> types.CodeAction | None:
    """All safe fixes of one file; None where nothing changes."""
    repository, session = folder.repository, folder.session
    if repository is None or session is None or path not in folder.findings():
        return None
    if path.endswith(".nix"):
        repository = copy(repository)
        repository.chosen = repository.chosen & {path}
    fixed = fix_all(repository, session.lint).files.get(path)
    if fixed is None or fixed.renamed:
        return None
    edit = types.TextEdit(Lines(fixed.before, encoding).whole, fixed.after.decode("utf-8"))
    changes = types.WorkspaceEdit(document_changes=[_of_document(folder, path, [edit])])
    return types.CodeAction("Apply all safe fixes of this file", FIX_ALL, edit=changes)
