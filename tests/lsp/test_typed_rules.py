"""What is typed counts before it is saved: settings, tables, rules, and files that are not on disk at all."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from nixlint_ort.convention.folder import read_files
from tests.support import scratch as git_scratch
from tests.support.linting import GPU, PKGS, original
from tests.support.lsp.client import Client, with_client

NEW = f"{PKGS}/onnxruntime-python313-cuda12_9-sm90-avx2.nix"


def test_a_typed_table_counts_for_every_variant_of_its_row(ruled: Path) -> None:
    table = ruled / "rules/tables/stacks.yaml"
    text = table.read_text("utf-8")

    async def use(client: Client) -> None:
        uri, variant = client.open(table), (ruled / GPU).as_uri()
        await client.until(lambda: uri in client.diagnostics)
        client.change(uri, text.replace("560", "570"))
        await client.until(lambda: "header-driver" in client.codes(variant))
        assert sum("header-driver" in client.codes(one) for one in client.diagnostics) > 20
        client.change(uri, text.replace("rows:", "row:"))
        await client.until(lambda: client.diagnostics[uri] != [])
        assert [one.message for one in client.diagnostics[uri]] == ["a table has no key 'row'; did you mean rows?"]
        assert client.codes(variant) == []
        client.change(uri, text)
        await client.until(lambda: client.diagnostics[uri] == [])
        assert table.read_text("utf-8") == text

    with_client(ruled, use)


def test_a_typed_setting_counts_until_its_file_is_closed(folder: Path) -> None:
    wrong = original(GPU).replace(b"driver 560+", b"driver 535+").decode()

    async def use(client: Client) -> None:
        variant = client.open(folder / GPU, wrong)
        await client.until(lambda: client.codes(variant) == ["header-driver"])
        settings = client.open(folder / "nixlint-ort.yaml", "ignore: [header-driver]\n")
        await client.until(lambda: client.codes(variant) == [])
        client.change(settings, "severity: {header-driver: info}\n")
        await client.until(lambda: client.codes(variant) == ["header-driver"])
        assert client.diagnostics[variant][0].severity == types.DiagnosticSeverity.Information
        client.close(settings)
        await client.until(lambda: client.diagnostics[variant][0].severity == types.DiagnosticSeverity.Error)

    with_client(folder, use)


def test_a_new_file_counts_before_it_is_saved(folder: Path) -> None:
    git_scratch.commit(folder, {NEW: None})

    async def use(client: Client) -> None:
        uri = (folder / NEW).as_uri()
        readme = client.open(folder / "README.md", "57 variants for ONNX Runtime 1.23.2\n")
        await client.until(lambda: client.codes(uri) == ["matrix-gap"])
        assert client.codes(readme) == []
        client.open(folder / NEW, original(GPU).decode())
        await client.until(lambda: "variant-name" in client.codes(uri))
        assert "untracked-variant" in client.codes(uri)
        await client.until(lambda: client.codes(readme) == ["document-count"])
        client.close(uri)
        await client.until(lambda: client.codes(readme) == [])
        assert client.codes(uri) == ["matrix-gap"]

    with_client(folder, use)


def test_what_is_only_typed_comes_where_it_would_on_disk(ruled: Path) -> None:
    before = read_files(ruled / "rules", "rules")
    typed = {ruled / path: before[path] for path in ("rules/tables/stacks.yaml", "rules/header/header-driver.yaml")}
    for path in typed:
        path.unlink()
    assert list(read_files(ruled / "rules", "rules", typed).items()) == list(before.items())


def test_lines_end_where_the_protocol_ends_them(folder: Path) -> None:
    text = original(GPU).decode().replace("560+", "560+\u2028\x0c\x85")

    async def use(client: Client) -> None:
        uri = client.open(folder / GPU, text)
        await client.until(lambda: client.codes(uri) != [])
        at = text.index("\u2028")
        client.replace(uri, text, (at, at + 3), "")
        await client.until(lambda: client.codes(uri) == [])

    with_client(folder, use)
