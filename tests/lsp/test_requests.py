"""What an editor may ask at a place, and that nothing it asks ends the server."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from nixlint_ort.lsp.protocol import Writer, handle
from nixlint_ort.lsp.requests import make_server
from tests.support.linting import GPU, original
from tests.support.lsp.client import Client, with_client

TEXT = original(GPU).decode()
BROKEN = TEXT.replace("driver 560+", "driver 535+")
OLD_EDITOR = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(workspace_edit=types.WorkspaceEditClientCapabilities())
)
NEW_EDITOR = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        code_action=types.CodeActionClientCapabilities(
            data_support=True, resolve_support=types.ClientCodeActionResolveOptions(["edit"])
        )
    ),
    window=types.WindowClientCapabilities(show_document=types.ShowDocumentClientCapabilities(support=True)),
)
RULE = "id: own-rule\nsummary: a\nfact: \nseverity: \ncheck: \nafter: []\nmessage: '{'\n"
TABLE = "name: gpu\nkey: sm\n\nrows:\n  - \n"


def at(text: str, part: str, offset: int = 0) -> types.Position:
    """The place of a part of an ASCII text, and so many characters on."""
    before = text[: text.index(part) + offset]
    return types.Position(before.count("\n"), len(before.rpartition("\n")[2]))


COMPLETED = [
    ("nixlint-ort.yaml", "", "", 0, {"select", "exclude", "severity"}),
    ("nixlint-ort.yaml", "select: []\n", "[", 1, {"header", "header-driver"}),
    ("nixlint-ort.yaml", "severity:\n  header-driver: \n", "driver: ", 8, {"error", "warning", "info"}),
    ("nixlint-ort.yaml", "severity:\n  \n", "\n  ", 3, {"header-driver", "header"}),
    ("nixlint-ort.yaml", "branch: \n", "branch: ", 8, {"main", "ort-1.22"}),
    ("nixlint-ort.yaml", "convention: \n", "convention: ", 12, {"shipped:pytorch"}),
    ("rules/header/own-rule.yaml", RULE, "id", 0, {"summary", "why", "equals", "check", "example"}),
    ("rules/header/own-rule.yaml", RULE, "fact: ", 6, {"pname", "cmake_cuda_architectures"}),
    ("rules/header/own-rule.yaml", RULE, "severity: ", 10, {"error", "warning", "info"}),
    ("rules/header/own-rule.yaml", RULE, "check: ", 7, {"pinned", "fact-of-peers"}),
    ("rules/header/own-rule.yaml", RULE, "after: [", 8, {"header-driver"}),
    ("rules/header/own-rule.yaml", RULE, "'{", 2, {"cuda.driver", "package"}),
    ("rules/tables/gpus.yaml", TABLE, "\nrows", 0, {"rows", "key", "summary"}),
    ("rules/convention.yaml", "format: 2\nroles:\n  \n", "roles:\n  ", 9, {"stack", "release", "pin"}),
    (GPU, TEXT, "# CUDA", 1, {"# CUDA 12.9 — Requires NVIDIA driver 560+"}),
    (GPU, "# nixlint-ort: ignore[] so\n" + TEXT, "ignore[", 7, {"header-driver", "odd-one-out"}),
    (GPU, TEXT, 'description = "', 15, {"ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]"}),
]
"""A file, its text, a part of it and so many characters on, and some of what may stand there."""


def test_completion(ruled: Path) -> None:
    async def use(client: Client) -> None:
        variant = client.open(ruled / GPU)
        await client.until(lambda: variant in client.diagnostics)
        for path, text, where, offset, wanted in COMPLETED:
            uri = client.open(ruled / path, text)
            place = types.CompletionParams(types.TextDocumentIdentifier(uri), at(text, where, offset))
            answer = await client.text_document_completion_async(place)
            labels = {one.label for one in (answer if isinstance(answer, list) else [])}
            assert wanted <= labels, (path, text, where)
            client.close(uri)

    with_client(ruled, use)


def test_hover_says_what_a_literal_reaches_and_what_that_should_be(folder: Path) -> None:
    text = TEXT.replace('gpuArchCMake = "90"', 'gpuArchCMake = "89"')

    async def use(client: Client) -> tuple[str, str]:
        uri = client.open(folder / GPU, text)
        document = types.TextDocumentIdentifier(uri)
        said = []
        for place in (at(text, '"89"', 1), types.Position(0, 3)):
            hover = await client.text_document_hover_async(types.HoverParams(document, place))
            assert hover is not None
            assert isinstance(hover.contents, types.MarkupContent)
            said.append(hover.contents.value)
        return said[0], said[1]

    literal, first = with_client(folder, use)
    assert "**the layer's CMAKE_CUDA_ARCHITECTURES**: `89`" in literal
    assert "- should be `90` ([cuda-architectures](" in literal
    assert r"- wrong: CMAKE\_CUDA\_ARCHITECTURES is 89, but the file name says SM90" in literal
    assert "passes through [line " in literal
    assert "should be `# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512`" in first
    assert "| the wrapper's `meta.platforms` | `x86_64-linux` |" in first


def test_edits_are_as_the_editor_can_apply_them(folder: Path) -> None:
    wrong = folder / ".flox/pkgs/onnxruntime-python312-cuda12_9-sm90-avx512.nix"
    (folder / GPU).rename(wrong)

    async def use(client: Client) -> None:
        uri = client.open(wrong, BROKEN)
        whole = types.Range(types.Position(0, 0), types.Position(999, 0))
        asked = types.CodeActionParams(types.TextDocumentIdentifier(uri), whole, types.CodeActionContext([]))
        actions = [
            one
            for one in await client.text_document_code_action_async(asked) or []
            if isinstance(one, types.CodeAction)
        ]
        assert not any(one.title.startswith("Fix filename") for one in actions)  # it cannot rename
        edits = [one.edit for one in actions if one.edit is not None]
        assert edits
        assert all(one.document_changes is None and one.changes for one in edits)

    with_client(folder, use, capabilities=OLD_EDITOR)


def test_all_safe_fixes_are_worked_out_when_they_are_chosen_and_a_rule_is_opened(folder: Path) -> None:
    async def use(client: Client) -> None:
        uri = client.open(folder / GPU, BROKEN)
        whole = types.Range(types.Position(0, 0), types.Position(999, 0))
        asked = types.CodeActionParams(types.TextDocumentIdentifier(uri), whole, types.CodeActionContext([]))
        actions = await client.text_document_code_action_async(asked) or []
        by_title = {one.title: one for one in actions}
        assert [*by_title] == [
            "Fix header-driver",
            "Suppress header-driver here",
            "Open the rule header-driver",
            "Apply all safe fixes of this file",
        ]
        fix, every = by_title["Fix header-driver"], by_title["Apply all safe fixes of this file"]
        assert isinstance(fix, types.CodeAction)
        assert fix.edit is not None
        (change,) = fix.edit.document_changes or []
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == client.typed
        assert isinstance(every, types.CodeAction)
        assert every.edit is None
        resolved = await client.code_action_resolve_async(every)
        assert resolved.edit is not None
        (change,) = resolved.edit.document_changes or []
        assert isinstance(change, types.TextDocumentEdit)
        assert [getattr(one, "new_text", None) for one in change.edits] == [TEXT]
        command = types.ExecuteCommandParams("nixlint-ort.openRule", [uri, "header-driver"])
        await client.workspace_execute_command_async(command)
        await client.until(lambda: bool(client.shown))
        assert client.shown[0].endswith("/docs/rules/header-driver.md")

    with_client(folder, use, capabilities=NEW_EDITOR)


def test_an_editor_that_shows_no_documents_is_told_the_rule(folder: Path) -> None:
    async def use(client: Client) -> None:
        arguments = [(folder / GPU).as_uri(), "header-driver"]
        await client.workspace_execute_command_async(types.ExecuteCommandParams("nixlint-ort.openRule", arguments))
        await client.until(lambda: bool(client.messages))
        assert client.messages[0].startswith("header-driver (header)")

    with_client(folder, use)


def test_a_request_can_be_cancelled_and_hints_are_off_by_default(folder: Path) -> None:
    async def use(client: Client) -> None:
        uri = client.open(folder / GPU)
        document = types.TextDocumentIdentifier(uri)
        params = types.HoverParams(document, types.Position(0, 3))
        asked = client.protocol.send_request_async(types.TEXT_DOCUMENT_HOVER, params)
        client.cancel_last_request()
        with pytest.raises(JsonRpcException) as refused:
            await asked
        assert refused.value.code == types.LSPErrorCodes.RequestCancelled.value
        assert await client.text_document_hover_async(params) is not None
        whole = types.Range(types.Position(0, 0), types.Position(999, 0))
        assert not await client.text_document_inlay_hint_async(types.InlayHintParams(document, whole))

    with_client(folder, use)


BREAKING = """
from nixlint_ort.lsp import knowledge, requests
from nixlint_ort.check import run
from nixlint_ort.cli import main
def broken(*_):
    raise ZeroDivisionError("division by zero")
knowledge.hover = broken
real = run.judge_each
def judge_each(variants, context):
    variants = list(variants)
    if any(b"BREAK" in one.source.data for one in variants):
        raise RecursionError("too deep")
    return real(variants, context)
run.judge_each = judge_each
import sys
sys.argv = ["nixlint-ort", "lsp"]
main()
"""


def test_no_request_and_no_check_ends_the_server(folder: Path) -> None:
    async def use(client: Client) -> None:
        uri = client.open(folder / GPU, BROKEN)
        document = types.TextDocumentIdentifier(uri)
        await client.until(lambda: client.codes(uri) == ["header-driver"])
        with pytest.raises(JsonRpcException, match="internal error: ZeroDivisionError: division by zero"):
            await client.text_document_hover_async(types.HoverParams(document, types.Position(0, 3)))
        client.change(uri, "BREAK" + BROKEN)
        await client.until(lambda: len(client.messages) > 1)
        assert client.messages[1] == "nixlint-ort: internal error: RecursionError: too deep"
        for command, arguments in [("nothing", []), ("nixlint-ort.openRule", []), ("nixlint-ort.openRule", [1, 2, 3])]:
            with pytest.raises(JsonRpcException):
                await client.workspace_execute_command_async(types.ExecuteCommandParams(command, arguments))
        client.change(uri, TEXT)
        far = types.Position(10**6, 10**6)
        await client.text_document_completion_async(types.CompletionParams(document, far))
        await client.until(lambda: client.codes(uri) == [])

    with_client(folder, use, command=("-c", BREAKING))


def message(body: bytes | dict[str, Any]) -> bytes:
    data = body if isinstance(body, bytes) else json.dumps({"jsonrpc": "2.0", **body}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(data), data)


def initialized(folder: Path) -> bytes:
    params: dict[str, Any] = {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}
    return message({"id": 1, "method": "initialize", "params": params}) + message(
        {"method": "initialized", "params": {}}
    )


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(message({"id": 2, "method": "shutdown"}) + message({"method": "exit"}), 0, id="in order"),
        pytest.param(message({"method": "exit"}), 1, id="without saying so"),
        pytest.param(b"", 1, id="closed"),
        pytest.param(b"Content-Length: 100\r\n\r\n{", 1, id="half a message"),
        pytest.param(
            message(b"{") + message(b"[]") + message(b"\xff") + b"nonsense\r\n" + message({"id": 5, "method": "nothing"})
            + message({"id": 6, "method": "textDocument/hover", "params": {"textDocument": 1}})
            + message({"method": "textDocument/didChange", "params": {}})
            + message({"id": 2, "method": "shutdown"}) + message({"method": "exit"}),
            0,
            id="nonsense",
        ),
    ],
)  # fmt: skip
def test_how_the_server_ends(folder: Path, sent: bytes, code: int) -> None:
    command = [sys.executable, "-m", "nixlint_ort", "lsp"]
    ended = subprocess.run(command, input=initialized(folder) + sent, capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr.decode()) == (code, "")
    if b"nothing" in sent:
        assert (b"-32601" in ended.stdout, b"-32602" in ended.stdout) == (True, True)


def test_what_was_handled_is_forgotten(folder: Path) -> None:
    uri = (folder / GPU).as_uri()
    folders = [{"uri": folder.as_uri(), "name": "one"}]
    initialize: dict[str, Any] = {"processId": None, "capabilities": {}, "workspaceFolders": folders}
    document = {"uri": uri, "languageId": "nix", "version": 0, "text": TEXT}
    change = {"textDocument": {"uri": uri, "version": 1}, "contentChanges": [{"text": BROKEN}]}
    hover = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 2}}
    messages: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": initialize},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
        *[{"method": "textDocument/didChange", "params": change}] * 3,
        {"id": 2, "method": "textDocument/hover", "params": hover},
        {"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}},
    ]
    written = io.BytesIO()

    async def use() -> list[object]:
        server = make_server()
        server.protocol.set_writer(Writer(written))
        for message in messages:
            handle(server.protocol, json.dumps({"jsonrpc": "2.0", **message}).encode())
            await asyncio.sleep(0.01)
        return [*server.protocol._request_futures, *server.protocol._result_types]

    assert asyncio.run(use()) == []
    assert b'"id": 2' in written.getvalue()
    assert b"header-driver" in written.getvalue()
