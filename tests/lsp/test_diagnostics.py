"""Diagnostics: what each says, those that are asked for, and when they are sent."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from lsprotocol import types

from tests.support.linting import GPU, original
from tests.support.lsp.client import Client, with_client

BROKEN = original(GPU).replace(b"driver 560+", b"driver 535+").decode()
PULLING = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities())
)


def document(uri: str, known: str | None = None) -> types.DocumentDiagnosticParams:
    return types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=known)


def test_what_a_diagnostic_says(folder: Path) -> None:
    silenced = f"# nixlint-ort: ignore[header-driver] once\n{original(GPU).decode()}"
    odd = original(GPU).decode().replace("allowUnfree = true", "allowUnfree = false")

    async def use(client: Client) -> None:
        uri = client.open(folder / GPU, BROKEN)
        await client.until(lambda: client.codes(uri) == ["header-driver"])
        (found,) = client.diagnostics[uri]
        assert (found.severity, found.source) == (types.DiagnosticSeverity.Error, "nixlint-ort")
        assert found.code_description is not None
        assert found.code_description.href.endswith("/docs/rules/header-driver.md")
        client.change(uri, silenced)
        await client.until(lambda: "unused-suppression" in client.codes(uri))
        (unused,) = (one for one in client.diagnostics[uri] if one.code == "unused-suppression")
        assert [*(unused.tags or ())] == [types.DiagnosticTag.Unnecessary]
        client.change(uri, odd)
        await client.until(lambda: "odd-one-out" in client.codes(uri))
        (strange,) = client.diagnostics[uri]
        (related,) = strange.related_information or ()
        assert related.location.uri != uri
        assert related.message == "most peers have this"

    with_client(folder, use)


def test_what_is_asked_for_has_an_id_and_is_not_sent_twice(folder: Path) -> None:
    async def use(client: Client) -> None:
        uri = client.open(folder / GPU, BROKEN)
        first = await client.text_document_diagnostic_async(document(uri))
        assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
        assert [one.code for one in first.items] == ["header-driver"]
        client.change(uri, f"{BROKEN}# a comment\n")
        same = await client.text_document_diagnostic_async(document(uri, first.result_id))
        assert isinstance(same, types.RelatedUnchangedDocumentDiagnosticReport)
        client.change(uri, original(GPU).decode())
        mended = await client.text_document_diagnostic_async(document(uri, first.result_id))
        assert isinstance(mended, types.RelatedFullDocumentDiagnosticReport)
        assert (list(mended.items), mended.result_id != first.result_id) == ([], True)
        assert uri not in client.diagnostics  # an open file is not published where it is asked for
        others = [one for one in client.diagnostics if client.codes(one)]
        assert len(others) == 22
        all_files = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
        kinds = {(one.uri, one.kind) for one in all_files.items}
        assert {(one, "full") for one in others} <= kinds
        known = [types.PreviousResultId(one.uri, str(one.result_id)) for one in all_files.items]
        again = await client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(known))
        assert {one.kind for one in again.items} == {"unchanged"}

    with_client(folder, use, capabilities=PULLING)


def test_diagnostics_are_of_the_version_that_they_name(folder: Path) -> None:
    versions: list[tuple[int | None, int]] = []

    async def use(client: Client) -> None:
        def published(params: Any) -> None:
            if params.uri == (folder / GPU).as_uri():
                versions.append((params.version, len(params.diagnostics)))

        client.published = published
        uri = client.open(folder / GPU, BROKEN)
        for number in range(40):
            client.change(uri, BROKEN if number % 2 else original(GPU).decode())
        last = client.typed
        await client.until(lambda: bool(versions) and versions[-1][0] == last)
        assert versions[-1] == (last, 1)
        assert len(versions) < 20  # what is typed while a check runs is checked once
        assert [one for one, _ in versions] == sorted(one for one, _ in versions if one is not None)

    with_client(folder, use)


def test_changes_on_disk_and_of_the_branch(folder: Path) -> None:
    async def use(client: Client) -> None:
        uri = (folder / GPU).as_uri()
        await client.until(lambda: bool(client.diagnostics))
        assert client.codes(uri) == []
        (folder / GPU).write_text(BROKEN)
        client.tell(folder / GPU)
        await client.until(lambda: client.codes(uri) == ["header-driver"])
        (folder / ".git/HEAD").write_text("ref: refs/heads/ort-1.22\n")
        client.tell(folder / ".git/HEAD")
        await client.until(lambda: "header-ort-version" in client.codes(uri))
        (folder / ".git/HEAD").write_text("ref: refs/heads/main\n")
        (folder / GPU).unlink()
        client.tell(folder / ".git/HEAD")
        await client.until(lambda: client.codes(uri) == ["matrix-gap"])

    with_client(folder, use)


def test_several_workspace_folders(folder: Path, tmp_path_factory: Any) -> None:
    other = tmp_path_factory.mktemp("other") / "a repository"
    shutil.copytree(folder, other)
    (other / GPU).write_text(BROKEN)

    async def use(client: Client) -> None:
        uri = (other / GPU).as_uri()
        await client.until(lambda: client.codes(uri) == ["header-driver"])
        own = client.open(folder / GPU, BROKEN)
        await client.until(lambda: client.codes(own) == ["header-driver"])
        gone = types.WorkspaceFolder(other.as_uri(), "other")
        event = types.WorkspaceFoldersChangeEvent([], [gone])
        client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await client.until(lambda: client.codes(uri) == [])
        assert client.codes(own) == ["header-driver"]
        event = types.WorkspaceFoldersChangeEvent([gone], [])
        client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await client.until(lambda: client.codes(uri) == ["header-driver"])

    with_client([folder, other], use)


def test_where_nothing_is_to_be_checked_nothing_is_said(folder: Path, tmp_path_factory: Any) -> None:
    empty = tmp_path_factory.mktemp("empty")
    (empty / "README.md").write_text("57 variants\n")

    async def use(client: Client) -> None:
        item = types.TextDocumentItem("untitled:one", "nix", 1, "{")
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        uri = client.open(empty / "README.md")
        own = client.open(folder / GPU)
        await client.until(lambda: own in client.diagnostics)
        assert (client.codes(uri), client.messages) == ([], [])
        assert not any(client.codes(one) for one in client.diagnostics if "empty" in one)

    with_client([empty, folder], use)
