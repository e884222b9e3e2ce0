"""The requests of the protocol, each handed to what answers it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, TypeVar

from lsprotocol import types

from nixlint_ort.lsp import knowledge
from nixlint_ort.lsp.actions import KINDS, OPEN_RULE, all_safe_fixes, code_actions
from nixlint_ort.lsp.completion import completions
from nixlint_ort.lsp.diagnostics import page_of
from nixlint_ort.lsp.folder import Folder, path_of, root_of
from nixlint_ort.lsp.positions import Lines
from nixlint_ort.lsp.protocol import changed, in_bytes
from nixlint_ort.lsp.server import WATCHED, Server, Workspace
from nixlint_ort.source import Span
from nixlint_ort.variant.variant import Variant

T = TypeVar("T")
_PULLING = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier="nixlint-ort")


def make_server(guard: Callable[[], AbstractContextManager[None]] = nullcontext) -> Server:
    """A server with all its requests; `guard` is around each check."""
    server = Server(guard)
    _life(server)
    _files(server)
    _diagnostics(server)
    _actions(server)
    _values(server)
    _lists(server)
    return server


def _life(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options
        server.with_hints = isinstance(options, dict) and options.get("inlayHints") is True
        documents = params.capabilities.text_document
        server.pulls_documents = bool(documents and documents.diagnostic)

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching is not None and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
            registration = types.Registration(
                "watched-files",
                types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                types.DidChangeWatchedFilesRegistrationOptions(watchers),
            )
            server.client_register_capability(types.RegistrationParams([registration]))
        folders = [one.uri for one in server.workspace.folders.values()]
        add(folders or [uri for uri in (server.workspace.root_uri,) if uri])

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for path in filter(None, (path_of(gone.uri) for gone in params.event.removed)):
            server.workspace_roots.discard(root_of(path) or path)
        add([one.uri for one in params.event.added])

    def add(uris: list[str]) -> None:
        for uri in uris:
            found = server.find(uri)
            if found is not None:
                server.workspace_roots.add(found[0].folder.root)
        server.publish_soon()


def _files(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.typed(document.uri, document.version, lambda _: in_bytes(document.text))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document, changes = params.text_document, list(params.content_changes)
        server.typed(document.uri, document.version, lambda data: changed(data, changes, server.encoding))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.reread(iter([params.text_document.uri]))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        server.reread(change.uri for change in params.changes)


def _diagnostics(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, _PULLING)
    async def pull(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        def ask(workspace: Workspace, path: str) -> types.DocumentDiagnosticReport:
            identifier = workspace.diagnostics.identifier(path)
            if params.previous_result_id == identifier:
                return types.RelatedUnchangedDocumentDiagnosticReport(result_id=identifier)
            return types.RelatedFullDocumentDiagnosticReport(workspace.diagnostics.of(path), result_id=identifier)

        nothing = types.RelatedFullDocumentDiagnosticReport([])
        return await server.of_file(params.text_document.uri, ask, nothing)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def pull_all(params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
        server.pulls_workspace = True
        known = {one.uri: one.value for one in params.previous_result_ids}
        items: list[Any] = []
        for workspace in tuple(server.workspaces.values()):
            items += await server.answer(workspace, partial(_reports, workspace, known))
        return types.WorkspaceDiagnosticReport(items)


def _reports(workspace: Workspace, known: dict[str, str]) -> list[types.WorkspaceDocumentDiagnosticReport]:
    """What is found in each file of a folder, or that it is what the editor knows."""
    reports: list[types.WorkspaceDocumentDiagnosticReport] = []
    folder, shown = workspace.folder, workspace.diagnostics
    for path in sorted({*shown.paths, *folder.open, *filter(None, map(folder.path, known))}):
        uri, identifier = folder.uri(path), shown.identifier(path)
        version = folder.open[path].version if path in folder.open else None
        if known.get(uri) == identifier:
            reports.append(types.WorkspaceUnchangedDocumentDiagnosticReport(uri, result_id=identifier, version=version))
        else:
            reports.append(
                types.WorkspaceFullDocumentDiagnosticReport(uri, shown.of(path), version=version, result_id=identifier)
            )
    return reports


def _actions(server: Server) -> None:
    options = types.CodeActionOptions(code_action_kinds=KINDS, resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        def ask(workspace: Workspace, path: str) -> list[types.CodeAction]:
            return list(code_actions(workspace.folder, path, params, server.editor, workspace.diagnostics.of(path)))

        return await server.of_file(params.text_document.uri, ask, [])

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        def ask(workspace: Workspace, path: str) -> types.CodeAction:
            action.edit = all_safe_fixes(workspace.folder, path, server.editor)
            return action

        return await server.of_file(action.data, ask, action) if isinstance(action.data, str) else action

    @server.command(OPEN_RULE)
    async def open_rule(uri: str, rule: str) -> None:
        def ask(workspace: Workspace, _: str) -> tuple[str | None, str]:
            from nixlint_ort.report.rules import explanation

            session = workspace.folder.session
            found = session.convention.rules.get(rule) if session else None
            return (
                (page_of(found, workspace.folder), explanation(found)) if found else (None, f"there is no rule {rule}")
            )

        nothing: tuple[str | None, str] = (None, "")
        page, text = await server.of_file(uri, ask, nothing)
        window = server.client_capabilities.window
        if page is not None and window is not None and window.show_document and window.show_document.support:
            server.window_show_document(types.ShowDocumentParams(page), lambda _: None)
        elif text:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))


def _values(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        def ask(folder: Folder, variant: Variant) -> types.Hover | None:
            return knowledge.hover(folder, variant, offset_in(variant, params.position), server.encoding)

        return await server.of_variant(params.text_document.uri, ask, None)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> list[types.Location]:
        return await spans(params, knowledge.definition)

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location]:
        return await spans(params, knowledge.references)

    def offset_in(variant: Variant, position: types.Position) -> int:
        return Lines.of(variant.source, server.encoding).offset(position)

    async def spans(params: Any, ask: Callable[[Variant, int], list[Span]]) -> list[types.Location]:
        def asked(folder: Folder, variant: Variant) -> list[types.Location]:
            lines = Lines.of(variant.source, server.encoding)
            found = ask(variant, offset_in(variant, params.position))
            return [types.Location(folder.uri(variant.path), lines.range(span)) for span in found]

        return await server.of_variant(params.text_document.uri, asked, [])


def _lists(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        uri = params.text_document.uri
        return await server.of_variant(uri, lambda _, variant: knowledge.symbols(variant, server.encoding), [])

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def hints(params: types.InlayHintParams) -> list[types.InlayHint]:
        if not server.with_hints:
            return []
        uri = params.text_document.uri
        return await server.of_variant(uri, lambda _, variant: knowledge.hints(variant, server.encoding), [])

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(["[", ",", "#", '"']))
    async def complete(params: types.CompletionParams) -> list[types.CompletionItem]:
        def ask(workspace: Workspace, path: str) -> list[types.CompletionItem]:
            return list(completions(workspace.folder, path, params.position, server.encoding))

        return await server.of_file(params.text_document.uri, ask, [])
