"""The server: requests of the protocol in; diagnostics, actions and knowledge out. It never ends with a request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from nixlint_ort import __version__
from nixlint_ort.lsp import knowledge
from nixlint_ort.lsp.actions import EXPLAIN, KINDS, code_actions
from nixlint_ort.lsp.completion import completions
from nixlint_ort.lsp.diagnostics import all_diagnostics
from nixlint_ort.lsp.folder import Folder, folder_of
from nixlint_ort.lsp.positions import Lines
from nixlint_ort.source import Span
from nixlint_ort.variant.variant import Variant

WATCHED = ("**/*.nix", "**/*.yaml", "**/*.md", "**/.git/HEAD")


class Server(LanguageServer):
    """The server, with the repositories that its editor works in."""

    def __init__(self) -> None:
        super().__init__("nixlint-ort", __version__, types.TextDocumentSyncKind.Incremental)
        self.folders: dict[Path, Folder] = {}
        self.shown: dict[Path, set[str]] = {}
        """The files for which diagnostics were published, by root."""
        self.with_hints = False

    @property
    def encoding(self) -> str:
        """How the editor counts the columns of a line."""
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    def find(self, uri: str) -> tuple[Folder, str] | None:
        """The folder of a file, and its path there; None for what is in no folder."""
        folder = folder_of(uri, self.folders)
        path = folder.path(uri) if folder else None
        return (folder, path) if folder is not None and path is not None else None

    def find_variant(self, uri: str) -> tuple[Folder, Variant] | None:
        """The variant of an address; None where it is none that can be judged."""
        found = self.find(uri)
        variant = found[0].variant(found[1]) if found else None
        return (found[0], variant) if found and variant is not None and variant.judgeable else None

    def publish(self, folder: Folder) -> None:
        """Publish what is found in a folder, also in files that are not open, and clear what is mended."""
        found = all_diagnostics(folder, self.encoding)
        for path in sorted(self.shown.get(folder.root, set()) | found.keys() | folder.open.keys()):
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(folder.uri(path), found.get(path, []), folder.versions.get(path))
            )
        self.shown[folder.root] = set(found)

    def locations(self, uri: str, spans: list[Span], data: bytes) -> list[types.Location]:
        """Spans of one file as locations."""
        lines = Lines(data, self.encoding)
        return [types.Location(uri, lines.range(span)) for span in spans]


def make_server() -> Server:  # noqa: C901, PLR0915  # one function a request
    """A server with all its requests."""
    server = Server()

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options
        server.with_hints = isinstance(options, dict) and options.get("inlayHints") is True

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        capabilities = server.client_capabilities.workspace
        watching = capabilities.did_change_watched_files if capabilities else None
        if watching is not None and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
            registration = types.Registration(
                "watched-files",
                types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                types.DidChangeWatchedFilesRegistrationOptions(watchers),
            )
            server.client_register_capability(types.RegistrationParams([registration]))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        typed(params.text_document.uri, params.text_document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        typed(params.text_document.uri, params.text_document.version)

    def typed(uri: str, version: int) -> None:
        found = server.find(uri)
        if found is not None:
            folder, path = found
            folder.versions[path] = version
            folder.type(path, server.workspace.get_text_document(uri).source.encode("utf-8", "surrogatepass"))
            server.publish(folder)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        found = server.find(params.text_document.uri)
        if found is not None:
            found[0].refresh()
            server.publish(found[0])

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        found = server.find(params.text_document.uri)
        if found is not None:
            found[0].versions.pop(found[1], None)
            found[0].close(found[1])
            server.publish(found[0])

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        touched = {id(one): one for change in params.changes if (one := folder_of(change.uri, server.folders))}
        for folder in touched.values():
            folder.refresh()
            server.publish(folder)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for gone in params.event.removed:
            folder = folder_of(gone.uri, server.folders)
            if folder is not None and not folder.open:
                server.folders.pop(folder.root, None)
                server.shown.pop(folder.root, None)

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, types.DiagnosticOptions(True, False, "nixlint-ort"))
    def pull(params: types.DocumentDiagnosticParams) -> types.RelatedFullDocumentDiagnosticReport:
        found = server.find(params.text_document.uri)
        items = all_diagnostics(found[0], server.encoding).get(found[1], []) if found else []
        return types.RelatedFullDocumentDiagnosticReport(items)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=KINDS))
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        found = server.find(params.text_document.uri)
        only = [str(getattr(one, "value", one)) for one in params.context.only] if params.context.only else None
        return list(code_actions(*found, params.range, only, server.encoding)) if found else []

    @server.command(EXPLAIN)
    def explain(root: str, rule: str) -> None:
        from nixlint_ort.report.rules import explanation

        folder = server.folders.get(Path(root))
        rules: Any = folder.session.convention.rules if folder and folder.session else {}
        if rule in rules:
            text = explanation(rules[rule])
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        found = server.find_variant(params.text_document.uri)
        if found is None:
            return None
        offset = Lines(found[1].source.data, server.encoding).offset(params.position)
        return knowledge.hover(*found, offset, server.encoding)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def definition(params: types.DefinitionParams) -> list[types.Location]:
        return _spans(server, params, knowledge.definition)

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def references(params: types.ReferenceParams) -> list[types.Location]:
        return _spans(server, params, knowledge.references)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        found = server.find_variant(params.text_document.uri)
        return knowledge.symbols(found[1], server.encoding) if found else []

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def hints(params: types.InlayHintParams) -> list[types.InlayHint]:
        found = server.find_variant(params.text_document.uri) if server.with_hints else None
        return knowledge.hints(found[1], server.encoding) if found else []

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(["[", ",", "#", '"']))
    def complete(params: types.CompletionParams) -> list[types.CompletionItem]:
        found = server.find(params.text_document.uri)
        return list(completions(*found, params.position, server.encoding)) if found else []

    return server


def _spans(server: Server, params: Any, ask: Any) -> list[types.Location]:
    found = server.find_variant(params.text_document.uri)
    if found is None:
        return []
    data = found[1].source.data
    spans = ask(found[1], Lines(data, server.encoding).offset(params.position))
    return server.locations(params.text_document.uri, spans, data)
