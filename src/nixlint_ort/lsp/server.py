"""The server: which folders an editor works in, what each of them is told, and that no request ends it."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams, JsonRpcMethodNotFound
from pygls.lsp.server import LanguageServer

from nixlint_ort import __version__
from nixlint_ort.lsp.actions import Editor
from nixlint_ort.lsp.diagnostics import Diagnostics
from nixlint_ort.lsp.folder import Folder, Superseded, Text, path_of, root_of
from nixlint_ort.lsp.inbox import Inbox
from nixlint_ort.lsp.protocol import Protocol, Writer, handle
from nixlint_ort.variant.variant import Variant

T = TypeVar("T")
WATCHED = ("**/*.nix", "**/*.yaml", "**/*.yml", "**/*.md", "**/.git/HEAD", "**/.git/index")

_THRESHOLDS = (10_000, 5, 5)
"""Of the garbage collector: each edit leaves some hundred objects in cycles, and a day has many edits."""


class Workspace:
    """A folder with what its editor was told of it."""

    def __init__(self, folder: Folder, encoding: str) -> None:
        self.folder = folder
        self.diagnostics = Diagnostics(folder, encoding)
        self.typed: set[str] = set()
        """The open files that were typed in since something was last published."""
        self.told: set[str] = set()
        """The files whose diagnostics changed since something was last published."""


class Server(LanguageServer):
    """The server, with the repositories that its editor works in. All of it runs in one thread."""

    def __init__(self, guard: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        """`guard` is around each check, and may end one that takes too long by an exception."""
        super().__init__("nixlint-ort", __version__, types.TextDocumentSyncKind.Incremental, protocol_cls=Protocol)
        self.workspaces: dict[Path, Workspace] = {}
        self.workspace_roots: set[Path] = set()
        self.with_hints = False
        self.pulls_documents = False
        """Whether the editor asks for the diagnostics of open files itself."""
        self.pulls_workspace = False
        """Whether it asks for those of all files itself."""
        self._guard = guard
        self._inbox: Inbox | None = None
        self._publishing: asyncio.Task[None] | None = None

    def serve(self) -> int:
        """Serve over stdin and stdout until the editor says that it leaves; 0 where it said so in order, else 1."""
        gc.set_threshold(*_THRESHOLDS)
        logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)  # what is to be said goes to the editor, in one line
        self.protocol.set_writer(Writer(sys.stdout.buffer))
        with suppress(BrokenPipeError):
            asyncio.run(self._serve())
        return 0 if self.protocol._shutdown else 1  # pygls says it nowhere else

    async def _serve(self) -> None:
        self._inbox = Inbox(sys.stdin.buffer)
        with suppress(SystemExit):  # so pygls leaves
            while (body := await self._inbox.next()) is not None:
                handle(self.protocol, body)

    @property
    def encoding(self) -> str:
        """How the editor counts the columns of a line."""
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    @property
    def editor(self) -> Editor:
        """What the editor can do with an edit."""
        given = self.client_capabilities
        edits = given.workspace.workspace_edit if given.workspace else None
        action = given.text_document.code_action if given.text_document else None
        resolved = action.resolve_support.properties if action and action.resolve_support else []
        operations = edits.resource_operations or [] if edits else []
        return Editor(
            self.encoding,
            has_document_changes=edits is None or bool(edits.document_changes or operations),
            can_rename=edits is None or types.ResourceOperationKind.Rename in operations,
            resolves="edit" in resolved and bool(action and action.data_support),
        )

    def find(self, uri: str) -> tuple[Workspace, str] | None:
        """The workspace of a file, made where it is new, and its path there; None for a file of no repository."""
        path = path_of(uri)
        root = root_of(path) if path is not None else None
        if root is None:
            return None
        if root not in self.workspaces:
            self.workspaces[root] = Workspace(Folder(root, self._is_superseded), self.encoding)
        workspace = self.workspaces[root]
        inside = workspace.folder.path(uri)
        return (workspace, inside) if inside is not None else None

    def typed(self, uri: str, version: int | None, change: Callable[[bytes], bytes]) -> None:
        """An open file is another one now; what follows from it is published once no message waits."""
        found = self.find(uri)
        if found is not None:
            workspace, path = found
            before = workspace.folder.open[path].data if path in workspace.folder.open else b""
            workspace.folder.type(path, Text(uri, version, change(before)))
            workspace.typed.add(path)
            self.publish_soon()

    def closed(self, uri: str) -> None:
        """A file is no longer open."""
        found = self.find(uri)
        if found is not None:
            workspace, path = found
            workspace.folder.close(path)
            workspace.typed.discard(path)
            workspace.told.add(path)
            self.publish_soon()

    def reread(self, uris: Iterator[str]) -> None:
        """Files on disk have changed."""
        for found in filter(None, map(self.find, uris)):
            found[0].folder.reread()
        self.publish_soon()

    def publish_soon(self) -> None:
        """Publish what is found in each folder, once no message waits."""
        if self._publishing is None or self._publishing.done():
            self._publishing = asyncio.ensure_future(self._publish())

    async def _publish(self) -> None:
        for root, workspace in tuple(self.workspaces.items()):
            with suppress(JsonRpcException):  # which was shown
                await self.answer(workspace, lambda: None)
            if not workspace.folder.open and root not in self.workspace_roots:
                self.forget(root)

    def _tell(self, workspace: Workspace) -> None:
        """Publish what has changed in a folder, except for what the editor asks for itself."""
        folder = workspace.folder
        others = workspace.told - workspace.typed
        for path in sorted(workspace.told | workspace.typed):
            if not self.pulls_workspace and not (self.pulls_documents and path in folder.open):
                version = folder.open[path].version if path in folder.open else None
                params = types.PublishDiagnosticsParams(folder.uri(path), workspace.diagnostics.of(path), version)
                self.text_document_publish_diagnostics(params)
        workspace.typed.clear()
        workspace.told.clear()
        if others and self.pulls_documents and self._can_be_refreshed:
            self.workspace_diagnostic_refresh(None, lambda _: None)

    @property
    def _can_be_refreshed(self) -> bool:
        workspace = self.client_capabilities.workspace
        return bool(workspace and workspace.diagnostics and workspace.diagnostics.refresh_support)

    def forget(self, root: Path) -> None:
        """Nobody works in a folder any more: nothing is said of it."""
        workspace = self.workspaces.pop(root)
        for path in workspace.diagnostics.paths:
            if workspace.diagnostics.of(path):
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(workspace.folder.uri(path), []))

    async def answer(self, workspace: Workspace, ask: Callable[[], T]) -> T:
        """Ask a folder something once it is checked and no message waits.

        What has changed is published first. Raises JsonRpcInternalError for whatever goes wrong, in one line, which is
        shown to the user too.
        """
        while True:
            while self._inbox is not None and not self._inbox.is_empty:
                await asyncio.sleep(0)
            try:
                with self._guard():
                    workspace.folder.settle()
                    workspace.told |= workspace.diagnostics.update()
                    self._tell(workspace)
                    return ask()
            except Superseded:
                await asyncio.sleep(0)
            except JsonRpcException:
                raise
            except Exception as error:
                raise self._failed(error) from None

    def _failed(self, error: Exception) -> JsonRpcInternalError:
        message = " ".join(f"internal error: {type(error).__name__}: {error}".split())
        self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"nixlint-ort: {message}"))
        return JsonRpcInternalError(message)

    async def of_file(self, uri: str, ask: Callable[[Workspace, str], T], otherwise: T) -> T:
        """What is known of a file; `otherwise` for what is not a file of a repository."""
        found = self.find(uri)
        return await self.answer(found[0], lambda: ask(*found)) if found else otherwise

    async def of_variant(self, uri: str, ask: Callable[[Folder, Variant], T], otherwise: T) -> T:
        """What is known of a variant; `otherwise` for a file that is none, or that cannot be judged."""

        def asked(workspace: Workspace, path: str) -> T:
            variant = workspace.folder.variant(path)
            return ask(workspace.folder, variant) if variant is not None and variant.judgeable else otherwise

        return await self.of_file(uri, asked, otherwise)

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002  # as pygls calls it
        """Tell the user of an error that no request is answered with, in one line."""
        if not isinstance(error, (JsonRpcMethodNotFound, JsonRpcInvalidParams, JsonRpcInternalError)):
            self._failed(error)

    def _is_superseded(self) -> bool:
        return self._inbox is not None and self._inbox.has_change
