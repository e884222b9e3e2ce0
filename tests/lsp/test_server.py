"""The language server by its protocol: what is found, mended and known, as an editor sees it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from lsprotocol import types
from markdown_it import MarkdownIt

from nixlint_ort.lsp.positions import Lines
from tests.support import scratch as git_scratch
from tests.support.linting import CPU, GPU, OLDER, original
from tests.support.lsp.client import Client, applied, with_client
from tests.support.representative import representative

ENCODINGS = ["utf-8", "utf-16", "utf-32"]
BROKEN = original(GPU).replace(b"driver 560+", b"driver 535+").decode()


def range_of(text: str, part: str, encoding: str = "utf-16") -> types.Range:
    start = text.encode().index(part.encode())
    lines = Lines(text.encode(), encoding)
    return types.Range(lines.position(start), lines.position(start + len(part.encode())))


@pytest.mark.parametrize("encoding", representative(ENCODINGS, ["utf-16"]))
def test_a_wrong_driver_is_found_and_mended(encoding: str, folder: Path) -> None:
    async def use(client: Client) -> bytes:
        uri = client.open(folder / GPU, BROKEN)
        await client.until(lambda: client.codes(uri) == ["header-driver"])
        (found,) = client.diagnostics[uri]
        assert found.message == "header says driver 535+, but CUDA 12.9 needs 560+"
        assert found.range == range_of(BROKEN, "535", encoding)
        context = types.CodeActionContext([found])
        document = types.TextDocumentIdentifier(uri)
        actions = await client.text_document_code_action_async(types.CodeActionParams(document, found.range, context))
        fix = next(one for one in actions or [] if isinstance(one, types.CodeAction) and one.is_preferred)
        assert fix.edit is not None
        (change,) = fix.edit.document_changes or []
        assert isinstance(change, types.TextDocumentEdit)
        edits = [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
        mended = applied(BROKEN.encode(), edits, encoding)
        client.change(uri, mended.decode())
        await client.until(lambda: client.codes(uri) == [])
        return mended

    assert with_client(folder, use, encoding) == original(GPU)


def test_fix_all_and_suppression_leave_nothing_to_find(folder: Path) -> None:
    text = BROKEN.replace("AVX-512 [CUDA 12.9]", "AVX2 [CUDA 12.4]")

    async def use(client: Client) -> None:
        uri = client.open(folder / GPU, text)
        await client.until(lambda: len(client.codes(uri)) == 3)
        document = types.TextDocumentIdentifier(uri)
        everywhere = Lines(text.encode(), "utf-16").whole
        context = types.CodeActionContext([], only=["source.fixAll"])
        (action,) = (
            await client.text_document_code_action_async(types.CodeActionParams(document, everywhere, context)) or []
        )
        assert isinstance(action, types.CodeAction)
        assert action.kind == "source.fixAll.nixlint-ort"
        assert edited(action, text) == original(GPU)
        found = client.diagnostics[uri][0]
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(document, found.range, types.CodeActionContext([found]))
        )
        suppress = next(one for one in actions or [] if one.title == f"Suppress {found.code} here")
        assert isinstance(suppress, types.CodeAction)
        client.change(uri, edited(suppress, text).decode())
        await client.until(lambda: str(found.code) not in client.codes(uri))

    with_client(folder, use)


def edited(action: types.CodeAction, text: str) -> bytes:
    assert action.edit is not None
    (change,) = action.edit.document_changes or []
    assert isinstance(change, types.TextDocumentEdit)
    edits = [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
    return applied(text.encode(), edits, "utf-16")


def test_a_file_that_is_not_open_becomes_wrong(folder: Path) -> None:
    name = "onnxruntime-python313-cuda12_9-sm90-avx2"
    other = folder / f".flox/pkgs/{name}.nix"

    async def use(client: Client) -> None:
        uri = client.open(folder / GPU)
        client.open(folder / OLDER)
        await client.until(lambda: uri in client.diagnostics)
        assert client.codes(other.as_uri()) == []
        (folder / GPU).with_name(f"{name}.nix").write_bytes(original(GPU))
        change = types.FileEvent(other.as_uri(), types.FileChangeType.Changed)
        client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
        await client.until(lambda: client.codes(other.as_uri()) != [])
        assert "variant-name" in client.codes(other.as_uri())

    with_client(folder, use)


def test_a_document_with_a_stale_count(folder: Path) -> None:
    right = "58 variants for ONNX Runtime 1.23.2\n"
    (folder / "README.md").write_text(right)

    async def use(client: Client) -> None:
        uri = client.open(folder / "README.md", right.replace("58", "57"))
        await client.until(lambda: client.codes(uri) == ["document-count"])
        client.change(uri, right)
        await client.until(lambda: client.codes(uri) == [])

    with_client(folder, use)


def test_a_wrong_name_is_mended_by_a_rename(folder: Path) -> None:
    wrong = folder / ".flox/pkgs/onnxruntime-python312-cuda12_9-sm90-avx512.nix"
    (folder / GPU).rename(wrong)
    git_scratch.commit(folder, {})

    async def use(client: Client) -> None:
        uri = client.open(wrong)
        await client.until(lambda: "filename-stack" in client.codes(uri))
        found = next(one for one in client.diagnostics[uri] if one.code == "filename-stack")
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(uri), found.range, types.CodeActionContext([found]))
        )
        fix = next(one for one in actions or [] if one.title.startswith("Fix filename-stack"))
        assert isinstance(fix, types.CodeAction)
        assert fix.edit is not None
        assert list(fix.edit.document_changes or []) == [types.RenameFile(uri, (folder / GPU).as_uri(), kind="rename")]

    with_client(folder, use)


def test_pulled_diagnostics_are_the_published_ones(folder: Path) -> None:
    async def use(client: Client) -> None:
        uri = client.open(folder / GPU, BROKEN)
        await client.until(lambda: client.codes(uri) != [])
        report = await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        )
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert list(report.items) == client.diagnostics[uri]

    with_client(folder, use)


def test_no_text_of_a_variant_is_an_image_or_a_link_in_what_hovers(ruled: Path) -> None:
    """An editor fetches an image that Markdown names."""
    forged = "`![x](http://example.org/x.png) <img src='http://example.org/y.png'>`"
    text = original(GPU).decode().replace("driver 560+", f"driver 535+ {forged}").replace("NVIDIA H100", forged)
    (ruled / GPU).write_text(text)
    rule = ruled / "rules/header/header-driver.yaml"
    rule.write_text(re.sub(r"(?ms)^why: >\n.*?(?=^\w)", f"why: >\n  {forged}\n", rule.read_text()))
    assert forged in rule.read_text()

    async def use(client: Client) -> None:
        uri = client.open(ruled / GPU)
        await client.until(lambda: uri in client.diagnostics)
        document = types.TextDocumentIdentifier(uri)
        at = range_of(text, "driver 535").start
        shown = []
        for position in (types.Position(0, 4), at, range_of(text, "ONNX Runtime 1.23.2 for `").end):
            hover = await client.text_document_hover_async(types.HoverParams(document, position))
            if hover is not None:
                assert isinstance(hover.contents, types.MarkupContent)
                shown.append(hover.contents.value)
        assert sum("example.org" in one for one in shown) >= 2
        for one in shown:
            html = MarkdownIt("commonmark").enable("table").render(one)
            assert not re.search(r"<img|<a href=\"http", html), html

    with_client(ruled, use)


def test_what_is_known_of_a_place(folder: Path) -> None:
    text = original(GPU).decode()

    async def use(client: Client) -> None:
        uri = client.open(folder / GPU)
        await client.until(lambda: uri in client.diagnostics)
        document = types.TextDocumentIdentifier(uri)
        literal = range_of(text, '"90"')
        inside = types.Position(literal.start.line, literal.start.character + 1)
        hover = await client.text_document_hover_async(types.HoverParams(document, inside))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert "`90`" in hover.contents.value
        first = await client.text_document_hover_async(types.HoverParams(document, types.Position(0, 4)))
        assert first is not None
        assert isinstance(first.contents, types.MarkupContent)
        assert "# ONNX Runtime 1.23.2" in first.contents.value
        use_of = range_of(text, "${gpuArchCMake}").start
        use_at = types.Position(use_of.line, use_of.character + 4)
        answer = await client.text_document_definition_async(types.DefinitionParams(document, use_at))
        assert isinstance(answer, list)
        (found,) = answer
        assert isinstance(found, types.Location)
        assert found.range.start.line == literal.start.line
        places = await client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(include_declaration=False), document, inside)
        )
        assert use_of.line in {one.range.start.line for one in places or []}
        symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        details = {one.detail for one in symbols or [] if isinstance(one, types.DocumentSymbol)}
        assert {"90", "x86_64-linux"} <= details
        hints = await client.text_document_inlay_hint_async(
            types.InlayHintParams(document, Lines(text.encode(), "utf-16").whole)
        )
        assert " = 90" in {one.label for one in hints or []}
        items = await client.text_document_completion_async(types.CompletionParams(document, types.Position(1, 1)))
        labels = {one.label for one in (items if isinstance(items, list) else [])}
        assert "# CUDA 12.9 — Requires NVIDIA driver 560+" in labels

    with_client(folder, use, options={"inlayHints": True})


def test_a_wrong_setting_is_said_where_it_stands_and_ends_nothing(folder: Path) -> None:
    (folder / "nixlint-ort.yaml").write_text("select: [nothing]\n")

    async def use(client: Client) -> None:
        uri = client.open(folder / "nixlint-ort.yaml")
        await client.until(lambda: client.diagnostics.get(uri, []) != [])
        (found,) = client.diagnostics[uri]
        assert (found.range.start.line, found.range.start.character) == (0, 9)
        document = types.TextDocumentIdentifier(uri)
        items = await client.text_document_completion_async(types.CompletionParams(document, types.Position(0, 0)))
        assert {"select", "ignore"} <= {one.label for one in (items if isinstance(items, list) else [])}
        client.change(uri, "select: [pname]\n")
        await client.until(lambda: client.diagnostics[uri] == [])

    with_client(folder, use)


def test_what_is_no_file_of_a_repository_is_passed_over(folder: Path) -> None:
    async def use(client: Client) -> None:
        item = types.TextDocumentItem("untitled:one", "nix", 1, "{")
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        uri = client.open(folder / CPU)
        await client.until(lambda: uri in client.diagnostics)
        assert client.codes(uri) == []

    with_client(folder, use)


def test_a_name_that_is_not_utf8_is_an_address_like_any_other(folder: Path) -> None:
    odd = folder / ".flox/pkgs" / os.fsdecode(b"onnxruntime-\xff.nix")
    odd.write_bytes(original(CPU))

    async def use(client: Client) -> None:
        uri = client.open(folder / GPU, BROKEN)
        await client.until(lambda: "header-driver" in client.codes(uri))
        (own,) = (one for one in client.diagnostics if one.endswith("onnxruntime-%FF.nix"))
        await client.until(lambda: client.codes(own) != [])
        assert client.messages == []

    with_client(folder, use)


@pytest.mark.parametrize("path", ["nixlint-ort.yaml", "rules/convention.yaml", "rules/tables/stacks.yaml"])
def test_nothing_can_be_done_at_a_mistake_in_what_it_judges_by(path: str, ruled: Path) -> None:
    async def use(client: Client) -> None:
        uri = client.open(ruled / path, "{ x = 1; }")
        await client.until(lambda: len(client.diagnostics.get(uri, [])) == 1)
        everywhere = types.Range(types.Position(0, 0), types.Position(9, 9))
        document, context = types.TextDocumentIdentifier(uri), types.CodeActionContext([])
        assert not await client.text_document_code_action_async(types.CodeActionParams(document, everywhere, context))
        assert client.messages == []

    with_client(ruled, use)


@pytest.mark.parametrize("length", [300, 5_000], ids=["a name", "a path"])
def test_a_path_that_no_file_can_have_is_of_no_repository(length: int, folder: Path) -> None:
    async def use(client: Client) -> None:
        document = types.TextDocumentIdentifier(f"{folder.as_uri()}/{'x' * length}.nix")
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(document.uri, "nix", 1, "{ }"))
        )
        found = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(document))
        assert isinstance(found, types.RelatedFullDocumentDiagnosticReport)
        assert (list(found.items), client.messages) == ([], [])

    with_client(folder, use)
