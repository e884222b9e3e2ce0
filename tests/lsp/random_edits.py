"""Random edits through the protocol: after each rest, the diagnostics are those of a check of the same bytes.

`python -m tests.lsp.random_edits 10000 [SEED]` runs at length, and prints the server's memory on the way.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types

from nixlint_ort.lsp.diagnostics import all_diagnostics
from nixlint_ort.lsp.folder import Folder
from tests.lsp.client import Client, with_client
from tests.support import scratch as git_scratch
from tests.support.linting import PKGS, ROOT

STEMS = [
    *(f"onnxruntime-python313-cuda12_9-sm90-{isa}" for isa in ("avx2", "avx512", "avx512bf16", "avx512vnni")),
    "onnxruntime-python312-cuda12_4-sm90-avx2",
    "onnxruntime-python313-cpu-avx2",
]
PARTS = [
    "535",
    "560",
    '"90"',
    "# ",
    "\n",
    "}",
    ";",
    "—",
    "𝒩",
    "avx512",
    "true",
    "false",
    " ",
    "cudaPackages_12_4",
    "let ",
]
REST = 5
"""Edits between two comparisons."""


class Typist:
    """Types at random in the files of a repository, and knows what is in each."""

    def __init__(self, client: Client, root: Path, seed: int) -> None:
        self.client, self.root, self.chance = client, root, random.Random(seed)
        self.open: dict[str, list[str]] = {}
        """The texts of the open files, the last one first undone."""

    def step(self) -> None:
        """One edit, or something else that an editor does."""
        path = self.chance.choice([f"{PKGS}/{stem}.nix" for stem in STEMS])
        uri = (self.root / path).as_uri()
        if path not in self.open:
            self.open[path] = [(self.root / path).read_text("utf-8")]
            self.client.open(self.root / path)
            return
        texts = self.open[path]
        way = self.chance.random()
        if way < 0.70:
            texts.append(self._edited(texts[-1]))
        elif way < 0.85 and len(texts) > 1:
            texts.pop()
        elif way < 0.90:
            (self.root / path).write_text(texts[-1], "utf-8")
            self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
            return
        elif way < 0.95:
            del self.open[path]
            self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
            return
        else:
            self._changed_elsewhere()
            return
        self.client.change(uri, texts[-1])

    def _edited(self, text: str) -> str:
        start = self.chance.randrange(len(text) + 1)
        end = min(len(text), start + self.chance.choice([0, 0, 1, 3, 12]))
        return text[:start] + self.chance.choice(["", *PARTS]) + text[end:]

    def _changed_elsewhere(self) -> None:
        """Another program puts a variant back as it was."""
        path = f"{PKGS}/{self.chance.choice(STEMS)}.nix"
        (self.root / path).write_bytes((ROOT / path).read_bytes())
        change = types.FileEvent((self.root / path).as_uri(), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))

    def expected(self) -> dict[str, list[types.Diagnostic]]:
        """The diagnostics of a check of the same bytes, made anew."""
        folder = Folder(self.root)
        for path, texts in self.open.items():
            folder.type(path, texts[-1].encode())
        return all_diagnostics(folder, "utf-16")


async def compare(typist: Typist) -> None:
    """Fails where the server says anything else than a new check."""
    wanted = typist.expected()
    for stem in STEMS:
        uri = (typist.root / PKGS / f"{stem}.nix").as_uri()
        report = await typist.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        )
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert plain(report.items) == plain(wanted.get(f"{PKGS}/{stem}.nix", [])), stem


def plain(diagnostics: Sequence[types.Diagnostic]) -> list[tuple[object, ...]]:
    """Diagnostics as they compare, whether they came over the wire, where lists become tuples, or not."""
    return [
        (one.range, one.message, one.severity, one.code, [*(one.related_information or ())], [*(one.tags or ())])
        for one in diagnostics
    ]


def edit_at_random(root: Path, count: int, seed: int) -> list[int]:
    """Make a repository in a folder and so many edits; gives the server's memory in KiB after every tenth of them."""
    for stem in STEMS:
        (root / PKGS).mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / PKGS / f"{stem}.nix", root / PKGS)
    git_scratch.init(root)
    git_scratch.commit(root, {})

    async def use(client: Client) -> list[int]:
        typist = Typist(client, root, seed)
        memory = []
        for number in range(1, count + 1):
            typist.step()
            if number % REST == 0:
                await compare(typist)
            if number % max(count // 10, 1) == 0:
                memory.append(memory_of(client))
        return memory

    return with_client(root, use)


def memory_of(client: Client) -> int:
    """The resident memory of the server in KiB."""
    process = client._server  # pygls has no other way to it
    assert process is not None
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        edits, *seeds = map(int, sys.argv[1:])
        print(edit_at_random(Path(made), edits, *(seeds or [1])))  # noqa: T201
