"""A client of the language server: it starts the server as an editor does, and waits for what it publishes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from nixlint_ort.lsp.positions import Lines

_Result = TypeVar("_Result")
PATIENCE = 60.0


class Client(LanguageClient):
    """A client that keeps the last diagnostics of each file."""

    def __init__(self) -> None:
        super().__init__("tests", "1")
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}
        self.messages: list[str] = []
        self.shown: list[str] = []
        """The addresses that the server wanted to be shown."""
        self.typed = 0
        self.encoding = "utf-16"

        self.published: Callable[[types.PublishDiagnosticsParams], None] = lambda _: None
        """Is told what is published."""

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]  # of pygls
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics[params.uri] = list(params.diagnostics)
            self.published(params)

        @self.feature(types.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator]
        def shown(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @self.feature(types.WINDOW_SHOW_DOCUMENT)  # type: ignore[untyped-decorator]
        def asked(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.shown.append(params.uri)
            return types.ShowDocumentResult(success=True)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so; fails where that takes too long."""
        async with asyncio.timeout(PATIENCE):
            while not is_so():
                await asyncio.sleep(0.01)

    def codes(self, uri: str) -> list[str]:
        """The rules of a file's diagnostics."""
        return [str(one.code) for one in self.diagnostics.get(uri, [])]

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a file, with other text than is on disk where that is given."""
        self.typed += 1
        uri = path.as_uri()
        words = path.read_text("utf-8") if text is None else text
        item = types.TextDocumentItem(uri, "nix", self.typed, words)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, text: str) -> None:
        """Replace the text of an open file."""
        self.typed += 1
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.typed, uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def close(self, uri: str) -> None:
        """Close a file without saving it."""
        self.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def tell(self, path: Path) -> None:
        """Say that a file on disk has changed."""
        change = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
        self.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))

    def cancel_last_request(self) -> None:
        """Say that the last request need not be answered."""
        *_, last = self.protocol._request_futures
        self.protocol.notify(types.CANCEL_REQUEST, types.CancelParams(last))

    def replace(self, uri: str, text: str, part: tuple[int, int], new: str) -> None:
        """Replace a part of the text of an open file, in code points; `text` is what it was."""
        self.typed += 1
        lines = Lines(text.encode(), self.encoding)
        start, end = (lines.position(len(text[:at].encode())) for at in part)
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.typed, uri),
                [types.TextDocumentContentChangePartial(types.Range(start, end), new)],
            )
        )


def with_client(  # noqa: PLR0917
    roots: Path | list[Path],
    use: Callable[[Client], Awaitable[_Result]],
    encoding: str = "utf-16",
    options: dict[str, Any] | None = None,
    capabilities: types.ClientCapabilities | None = None,
    command: Sequence[str] = ("-m", "nixlint_ort", "lsp"),
) -> _Result:
    """Run a server for one folder or several, and use it; `command` is what Python runs."""
    folders = [roots] if isinstance(roots, Path) else roots

    async def run() -> _Result:
        client = Client()
        client.encoding = encoding
        await client.start_io(sys.executable, *command)
        given = capabilities or types.ClientCapabilities()
        given.general = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind(encoding)])
        await client.initialize_async(
            types.InitializeParams(
                given,
                workspace_folders=[types.WorkspaceFolder(root.as_uri(), root.name) for root in folders],
                initialization_options=options,
            )
        )
        client.initialized(types.InitializedParams())
        try:
            return await use(client)
        finally:
            await client.shutdown_async(None)
            client.exit(None)
            await client.stop()  # type: ignore[no-untyped-call]

    return asyncio.run(run())


def applied(data: bytes, edits: list[types.TextEdit], encoding: str) -> bytes:
    """A text with edits of the protocol, as an editor applies them."""

    lines = Lines(data, encoding)
    for edit in sorted(edits, key=lambda one: lines.offset(one.range.start), reverse=True):
        start, end = lines.offset(edit.range.start), lines.offset(edit.range.end)
        data = data[:start] + edit.new_text.encode() + data[end:]
    return data
