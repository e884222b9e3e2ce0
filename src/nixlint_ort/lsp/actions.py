"""Fixes and suppressions as an editor's code actions."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from nixlint_ort.finding import Safety
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.lsp.diagnostics import SOURCE
from nixlint_ort.lsp.positions import Lines
from nixlint_ort.source import Span
from nixlint_ort.variant.path import package_of

if TYPE_CHECKING:
    from nixlint_ort.finding import Finding, Fix
    from nixlint_ort.lsp.folder import Folder

FIX_ALL = f"source.fixAll.{SOURCE}"
OPEN_RULE = f"{SOURCE}.openRule"
KINDS = [types.CodeActionKind.QuickFix, FIX_ALL]


class Editor(NamedTuple):
    """What an editor can do with an edit, and how it counts columns."""

    encoding: str
    has_document_changes: bool = True
    """Whether it knows edits of versions of documents."""
    can_rename: bool = True
    """Whether an edit may rename a file."""
    resolves: bool = False
    """Whether it asks for the edit of an action when that is chosen."""


def code_actions(
    folder: Folder, path: str, params: types.CodeActionParams, editor: Editor, diagnostics: list[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    """What can be done at a place: each fix, a suppression whose reason is to be written, and all safe fixes.

    `diagnostics` are those of the file, one for each finding; wrong settings have one without a finding.
    """
    lines = Lines(folder.data(path), editor.encoding)
    start, end = lines.offset(params.range.start), lines.offset(params.range.end)
    only = [str(getattr(one, "value", one)) for one in params.context.only] if params.context.only else None
    found = folder.findings().get(path, [])
    if _is_wanted(types.CodeActionKind.QuickFix, only):
        for finding, diagnostic in zip(found, diagnostics if found else [], strict=True):
            if finding.place.span.start <= end and start <= finding.place.span.end:
                yield from _of_finding(folder, finding, diagnostic, editor)
    if _is_wanted(FIX_ALL, only) and any(one.fix is not None and one.fix.safety is Safety.SAFE for one in found):
        action = types.CodeAction("Apply all safe fixes of this file", FIX_ALL, data=folder.uri(path))
        if editor.resolves:
            yield action
        elif (edit := all_safe_fixes(folder, path, editor)) is not None:
            action.edit = edit
            yield action


def _is_wanted(kind: str, only: list[str] | None) -> bool:
    return only is None or any(kind == one or kind.startswith(f"{one}.") for one in only)


def _of_finding(
    folder: Folder, finding: Finding, diagnostic: types.Diagnostic, editor: Editor
) -> Iterator[types.CodeAction]:
    fix = finding.fix
    if fix is not None and (fix.rename is None or (editor.can_rename and editor.has_document_changes)):
        unsafe = "" if fix.safety is Safety.SAFE else " (changes what is built)"
        yield types.CodeAction(
            f"Fix {finding.rule}{unsafe}",
            types.CodeActionKind.QuickFix,
            [diagnostic],
            is_preferred=fix.safety is Safety.SAFE,
            edit=_edit_of_fix(folder, fix, finding.place.path, editor),
        )
    yield types.CodeAction(
        f"Suppress {finding.rule} here",
        types.CodeActionKind.QuickFix,
        [diagnostic],
        edit=_suppression(folder, finding, editor),
    )
    yield types.CodeAction(
        f"Open the rule {finding.rule}",
        types.CodeActionKind.QuickFix,
        [diagnostic],
        command=types.Command(
            f"Open the rule {finding.rule}", OPEN_RULE, arguments=[folder.uri(finding.place.path), finding.rule]
        ),
    )


def _edit_of_fix(folder: Folder, fix: Fix, path: str, editor: Editor) -> types.WorkspaceEdit:
    edits: dict[str, list[types.TextEdit]] = {}
    for changed in sorted({edit.path for edit in fix.edits}):
        lines = Lines(folder.data(changed), editor.encoding)
        own = [edit for edit in fix.edits if edit.path == changed]
        edits[changed] = [types.TextEdit(lines.range(Span(edit.start, edit.end)), edit.text) for edit in own]
    return _workspace_edit(folder, edits, editor, (path, fix.rename) if fix.rename is not None else None)


def _workspace_edit(
    folder: Folder, edits: dict[str, list[types.TextEdit]], editor: Editor, rename: tuple[str, str] | None = None
) -> types.WorkspaceEdit:
    """Edits by path, and then a rename from one path to another."""
    if not editor.has_document_changes:
        return types.WorkspaceEdit(changes={folder.uri(path): list(own) for path, own in edits.items()})
    changes: list[Any] = []
    for path, own in edits.items():
        version = folder.open[path].version if path in folder.open else None
        document = types.OptionalVersionedTextDocumentIdentifier(folder.uri(path), version)
        changes.append(types.TextDocumentEdit(document, list(own)))
    if rename is not None:
        old, new = map(package_of, rename)
        changes.append(types.RenameFile(folder.uri(old), folder.uri(new), kind="rename"))
    return types.WorkspaceEdit(document_changes=changes)


def _suppression(folder: Folder, finding: Finding, editor: Editor) -> types.WorkspaceEdit:
    """A comment alone above the line of a finding; in the header it is behind the line."""
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
    where = Lines.of(source, editor.encoding).range(Span(at, at))
    return _workspace_edit(folder, {source.path: [types.TextEdit(where, text)]}, editor)


def all_safe_fixes(folder: Folder, path: str, editor: Editor) -> types.WorkspaceEdit | None:
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
    edit = types.TextEdit(Lines(fixed.before, editor.encoding).whole, fixed.after.decode("utf-8"))
    return _workspace_edit(folder, {path: [edit]}, editor)
