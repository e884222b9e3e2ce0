"""How long an editor waits: from a change to its diagnostics, and from the start to the first ones."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import tree_sitter
import tree_sitter_nix

EDITS = 60
_CUDA = "cuda12_9-sm90-avx512"
"""What the name of the variant ends in that is edited; it has peers, and a release that nixpkgs can build."""


class Waited(NamedTuple):
    """Medians in seconds: from one edit to its diagnostics, of wall time and of the server's processor time.

    And tree-sitter's parse of that file, and what passes until the first diagnostics, once.
    """

    edit: float
    cpu: float
    parse: float
    first: float


class Editor:
    """An editor as far as it waits: it sends messages, and reads on until one has come."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "nixlint_ort", "lsp"]
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.server.stdin is None or self.server.stdout is None:
            raise SystemExit("the server has no pipes")
        self.input, self.output = self.server.stdin, self.server.stdout
        folder = {"uri": root.as_uri(), "name": root.name}
        self.send("initialize", {"processId": None, "capabilities": {}, "workspaceFolders": [folder]}, 1)
        self.until(lambda message: message.get("id") == 1)
        self.send("initialized", {})

    def send(self, method: str, params: Any, identifier: int | None = None) -> None:
        """Send a notification, or a request where it has an identifier."""
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if identifier is None else {**message, "id": identifier}).encode()
        self.input.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.input.flush()

    def until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that is the one."""
        while True:
            length = 0
            while line := self.output.readline().strip():
                if line.startswith(b"Content-Length:"):
                    length = int(line.partition(b":")[2])
            if not length:
                raise SystemExit("the server ended")
            message: dict[str, Any] = json.loads(self.output.read(length))
            if is_it(message):
                return message

    def published(self, uri: str, version: int) -> list[Any]:
        """The diagnostics of one version of a file."""

        def is_it(message: dict[str, Any]) -> bool:
            params = message.get("params") or {}
            is_published = message.get("method") == "textDocument/publishDiagnostics"
            return is_published and (params.get("uri"), params.get("version")) == (uri, version)

        return list(self.until(is_it)["params"]["diagnostics"])

    @property
    def cpu(self) -> float:
        """The processor time that the server has taken, in seconds."""
        fields = Path(f"/proc/{self.server.pid}/schedstat").read_text().split()
        return int(fields[0]) / 1e9

    def leave(self) -> None:
        """Shut the server down; fails where that does not end well."""
        self.send("shutdown", None, 2)
        self.until(lambda message: message.get("id") == 2)
        self.send("exit", None)
        if self.server.wait(10):
            raise SystemExit("the server ended with an error")


def wait(root: Path) -> Waited:
    """Edit one variant of a repository again and again: a wrong driver, and back with other code."""
    begin = time.perf_counter()
    editor = Editor(root)
    path = next(iter(sorted((root / ".flox/pkgs").glob(f"*{_CUDA}.nix"))))
    text, uri = path.read_text("utf-8"), path.as_uri()
    opened = {"uri": uri, "languageId": "nix", "version": 0, "text": text}
    editor.send("textDocument/didOpen", {"textDocument": opened})
    editor.published(uri, 0)
    first = time.perf_counter() - begin
    taken, processor = [], []
    for version in range(1, EDITS + 1):
        is_wrong = bool(version % 2)
        spaced = text.replace("allowUnfree = true", "allowUnfree = true" + " " * version)
        changes = [{"text": text.replace("driver 560+", "driver 535+") if is_wrong else spaced}]
        cpu, begin = editor.cpu, time.perf_counter()
        editor.send(
            "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}
        )
        found = editor.published(uri, version)
        taken.append(time.perf_counter() - begin)
        processor.append(editor.cpu - cpu)
        if bool(found) != is_wrong:
            raise SystemExit(f"an edit was not seen for what it is: {found}")
    editor.leave()
    return Waited(statistics.median(taken), statistics.median(processor), _parse(text.encode()), first)


def _parse(data: bytes) -> float:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_nix.language()))
    taken = []
    for _ in range(200):
        begin = time.perf_counter()
        parser.parse(data)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def report(size: int, waited: Waited) -> None:
    """Print how long an editor waits, in milliseconds and as ratios to a parse of the file."""
    print(f"\nIn an editor, {size} files, medians of {EDITS} edits of one variant:\n")
    print("| what | ms | to a parse of the file |\n|---|---:|---:|")
    rows = [("an edit, until its diagnostics", waited.edit), ("the same, the server's CPU time", waited.cpu)]
    for name, seconds in [*rows, ("start, until the first diagnostics", waited.first)]:
        print(f"| {name} | {1000 * seconds:.1f} | {seconds / waited.parse:.0f} |")


if __name__ == "__main__":
    for tree in map(Path, sys.argv[1:]):
        report(len(list((tree / ".flox/pkgs").glob("*.nix"))), wait(tree.absolute()))
