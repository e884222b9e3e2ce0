"""Random edits through the protocol: after each rest, what is published is what a check of the same bytes finds.

`python -m tests.support.lsp.random_edits COUNT SEED...` runs at length, and prints the server's memory in KiB after each tenth.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from nixlint_ort.lint import LintError, NothingToLintError, Session
from nixlint_ort.lsp.diagnostics import UNUSED
from nixlint_ort.lsp.positions import Lines
from nixlint_ort.lsp.wrong import wrong_of
from tests.support import scratch as git_scratch
from tests.support.linting import PKGS, ROOT
from tests.support.lsp.client import Client, with_client

STEMS = [
    *(f"onnxruntime-python313-cuda12_9-sm90-{isa}" for isa in ("avx2", "avx512", "avx512bf16", "avx512vnni")),
    "onnxruntime-python312-cuda12_4-sm90-avx2",
    "onnxruntime-python313-cpu-avx2",
]
NEW = "onnxruntime-python313-cuda12_9-sm100-avx2"
SETTINGS = ["", "select: [header, naming]\n", "ignore: [odd-one-out]\n", "branch: ort-1.22\n"] * 5
SETTINGS += ["selct: [a]\n", "a: [\n"]
DOCUMENT = "# Variants\n\n6 variants for ONNX Runtime 1.23.2.\n\n| CUDA | driver |\n|---|---|\n| 12.9 | 560+ |\n"
RULE_EDITS = [('"560"', '"565"'), ('"565"', '"560"'), ('"560"', '"570"'), ('"9', '"12'), ("error", "warning")]
RULE_EDITS += [("warning", "info"), ("\n", "\n\n"), ("\n", "  # so\n"), ("fails", "stops"), ("{actual}", "{expected}")]
"""What somebody who works on the rules types in place of what; most of it leaves them readable."""
MENDED = 8
"""In one step of so many somebody mends a rule or a setting that the editor shows as wrong, so that few states are refused."""
PARTS = [
    *("535", "560", '"90"', "# ", "\n", "\r\n", "\r", "}", ";", "—", "𝒩", "\u2028", "\x0c", "avx512", "true", "false"),
    *(" ", "cudaPackages_12_4", "let ", "./other.nix", "# nixlint-ort: ignore[header-driver] so\n", "1.23.2", "sm90"),
]
LONGEST_REST = 15
"""Edits between two comparisons, at most."""
ENCODINGS = ["utf-8", "utf-16", "utf-32"]


class Step(NamedTuple):
    """Something that happens, and how often of a hundred times."""

    weight: int
    do: Callable[[Typist, Path], None]


class Typist:
    """Types at random in the files of a repository, and knows what is in each."""

    def __init__(self, client: Client, roots: list[Path], seed: int) -> None:
        self.client, self.roots, self.chance = client, roots, random.Random(seed)
        self.open: dict[Path, list[str]] = {}
        """The texts of the open files, the last one first undone."""
        self.steps_done = 0
        self.steps = [one.do for one in STEPS for _ in range(one.weight)]

    def step(self) -> None:
        """One edit, or something else that happens while somebody edits."""
        self.steps_done += 1
        root = self.chance.choice(self.roots)
        if self.chance.randrange(MENDED) == 0 and self.shows_refusal(root):
            self.mend(root)
            return
        paths = [f"{PKGS}/{stem}.nix" for stem in STEMS] * 8
        paths += ["README.md"] * 4 + ["nixlint-ort.yaml", "rules/tables/stacks.yaml", "rules/header/header-driver.yaml"]
        paths += [f"{PKGS}/{NEW}.nix", f"{PKGS}/other.nix"]
        path = root / self.chance.choice(paths)
        if path not in self.open and self.chance.random() < 0.8:
            self.open[path] = [path.read_bytes().decode("utf-8", "replace") if path.exists() else ""]
            self.client.open(path, self.open[path][-1])
        else:
            self.chance.choice(self.steps)(self, path)

    def type(self, path: Path) -> None:
        """Put something in, in place of something or of nothing."""
        if path not in self.open:
            return
        text = self.open[path][-1]
        start = self.chance.randrange(len(text) + 1)
        end = min(len(text), start + self.chance.choice([0, 0, 1, 3, 12]))
        part = self.chance.choice(["", *PARTS])
        if path.suffix == ".yaml":
            old, part = self.chance.choice(RULE_EDITS)
            places = [match.start() for match in re.finditer(re.escape(old), text)]
            if places and self.chance.random() < 0.9:
                start = self.chance.choice(places)
                end = start + len(old)
            else:
                part = self.chance.choice(["", "5", "x", " ", "#"])
        if path.name == "nixlint-ort.yaml":
            start, end, part = 0, len(text), self.chance.choice(SETTINGS)
        changed = text[:start] + part + text[end:]
        splits = text[start - 1 : start + 1] == "\r\n" or text[end - 1 : end + 1] == "\r\n"  # which has no position
        if splits or self.chance.random() < 0.2:
            self.client.change(path.as_uri(), changed)
        else:
            self.client.replace(path.as_uri(), text, (start, end), part)
        self.open[path].append(changed)

    def undo(self, path: Path) -> None:
        """Go back to an earlier text, most often to the first."""
        if path in self.open and len(self.open[path]) > 1:
            left = 1 if self.chance.random() < 0.6 else len(self.open[path]) - 1
            del self.open[path][left:]
            self.client.change(path.as_uri(), self.open[path][-1])

    def save(self, path: Path) -> None:
        """Write what is typed."""
        if path in self.open:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.open[path][-1].encode())
            self.client.text_document_did_save(types.DidSaveTextDocumentParams(_named(path)))

    def close(self, path: Path) -> None:
        """Close without saving."""
        if self.open.pop(path, None) is not None:
            self.client.close(path.as_uri())

    def restore(self, path: Path) -> None:
        """Another program puts a file back as it was, or takes away one that was not there."""
        original = originals().get(path.relative_to(self.root_of(path)).as_posix())
        if original is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(original)
        self.client.tell(path)

    def damage(self, path: Path) -> None:
        """Another program changes a file, or takes it away."""
        if path.exists() and self.chance.random() < 0.3:
            path.unlink()
        elif path.exists():
            data = path.read_bytes()
            at = self.chance.randrange(len(data) + 1)
            path.write_bytes(data[:at] + self.chance.choice([b"9", b" ", b"\xff", b"# x\n", b"{"]) + data[at:])
        self.client.tell(path)

    def shows_refusal(self, root: Path) -> bool:
        """Whether the editor shows that a rule or a setting of a repository is wrong."""
        shown = self.client.diagnostics.items()
        return any(
            uri.startswith(f"{root.as_uri()}/") and any(one.code is None for one in found) for uri, found in shown
        )

    def mend(self, root: Path) -> None:
        """Put back all rules and settings of a repository, on disk and where they are open."""
        for path in (*(root / one for one in originals() if one.endswith(".yaml")), root / "nixlint-ort.yaml"):
            self.restore(path)
            if path in self.open:
                self.open[path] = [path.read_text("utf-8") if path.exists() else ""]
                self.client.change(path.as_uri(), self.open[path][-1])

    def switch(self, path: Path) -> None:
        """Another branch is checked out."""
        root = self.root_of(path)
        branch = self.chance.choice(["main", "main", "ort-1.22", "topic"])
        (root / ".git/HEAD").write_text(f"ref: refs/heads/{branch}\n")
        self.client.tell(root / ".git/HEAD")

    def ask(self, path: Path) -> None:
        """Ask for something that nobody waits for, and cancel half of it."""
        position = types.Position(self.chance.randrange(60), self.chance.randrange(40))
        if self.chance.random() < 0.5:
            self.client.text_document_hover(types.HoverParams(_named(path), position))
        else:
            self.client.text_document_completion(types.CompletionParams(_named(path), position))
        if self.chance.random() < 0.5:
            self.client.cancel_last_request()

    def root_of(self, path: Path) -> Path:
        """The repository that a file is in."""
        return next(root for root in self.roots if path.is_relative_to(root))

    def all_saved(self, root: Path) -> dict[str, bytes]:
        """What a repository's files would hold if all that is typed were saved."""
        paths = [
            *(root / PKGS).glob("*.nix"),
            *(root / "rules").rglob("*.yaml"),
            *root.glob("*.md"),
            *root.glob("*.yaml"),
        ]
        saved = {path.relative_to(root).as_posix(): path.read_bytes() for path in (*paths, root / ".git/HEAD")}
        typed = {path: texts[-1] for path, texts in self.open.items() if path.is_relative_to(root)}
        return saved | {path.relative_to(root).as_posix(): text.encode() for path, text in typed.items()}


class Mirror:
    """Another folder, which is made what a repository would be, and is checked anew."""

    def __init__(self, root: Path, encoding: str) -> None:
        self.root, self.encoding = root, encoding
        self.files = {**originals(), ".git/HEAD": (root / ".git/HEAD").read_bytes()}
        self.found: dict[str, list[Told]] | None = None
        self.checks, self.refused = 0, 0
        """How often was checked, and how often that was refused for a wrong setting or rule."""

    def expected(self, files: dict[str, bytes]) -> dict[str, list[Told]]:
        """What a check finds of a repository with these files."""
        if self.found is None or files != self.files:
            for path in self.files.keys() - files.keys():
                (self.root / path).unlink()
            for path, data in files.items():
                if self.files.get(path) != data:
                    (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                    (self.root / path).write_bytes(data)
            self.files = files
            self.found = expected(self.root, self.encoding)
            self.checks += 1
            self.refused += any(len(one) == 1 for found in self.found.values() for one in found)
        return self.found


STEPS = [
    Step(62, Typist.type),
    Step(12, Typist.undo),
    Step(6, Typist.save),
    Step(6, Typist.close),
    Step(6, Typist.restore),
    Step(2, Typist.damage),
    Step(1, Typist.switch),
    Step(5, Typist.ask),
]


def _named(path: Path) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(path.as_uri())


def originals() -> dict[str, bytes]:
    """The files of a repository as they are at first, by path."""
    rules = sorted((ROOT / "rules").rglob("*.yaml"))
    return {
        **{f"{PKGS}/{stem}.nix": (ROOT / PKGS / f"{stem}.nix").read_bytes() for stem in STEMS},
        **{path.relative_to(ROOT).as_posix(): path.read_bytes() for path in rules},
        "README.md": DOCUMENT.encode(),
    }


Told = tuple[object, ...]


def expected(mirror: Path, encoding: str) -> dict[str, list[Told]]:
    """What a check of a repository on disk finds, by path, as an editor would be told."""
    try:
        session = Session.open((mirror,))
        result = session.lint()
    except NothingToLintError:
        return {}
    except LintError as error:
        wrong = wrong_of(mirror, str(error))
        return {wrong.path: [(wrong.message,)]}
    found: dict[str, list[Told]] = {}
    for one in result.findings:
        lines = Lines(one.place.source.data, encoding)
        severity = ["error", "warning", "info"].index(one.severity) + 1
        related = [
            (each.place.path, Lines(each.place.source.data, encoding).range(each.place.span), each.message)
            for each in one.related
        ]
        is_unused = session.convention.rules[one.rule].check == UNUSED
        told = (lines.range(one.place.span), one.message, severity, one.rule, related, [1] if is_unused else [])
        found.setdefault(one.place.path, []).append(told)
    return found


def told(diagnostic: types.Diagnostic, root: Path) -> Told:
    """A diagnostic as it compares."""
    if diagnostic.code is None:
        return (diagnostic.message,)
    related = [
        (one.location.uri.removeprefix(f"{root.as_uri()}/"), one.location.range, one.message)
        for one in diagnostic.related_information or ()
    ]
    severity, tags = int(diagnostic.severity or 0), [int(tag) for tag in diagnostic.tags or ()]
    return (diagnostic.range, diagnostic.message, severity, diagnostic.code, related, tags)


async def compare(typist: Typist, mirrors: list[Mirror]) -> None:
    """Fails where what was published is anything else than what a new check finds."""
    for root, mirror in zip(typist.roots, mirrors, strict=True):
        probe = next((path for path in typist.open if path.is_relative_to(root)), root / PKGS / f"{STEMS[0]}.nix")
        await typist.client.text_document_diagnostic_async(types.DocumentDiagnosticParams(_named(probe)))
        wanted = mirror.expected(typist.all_saved(root))
        uris = {
            uri for uri, found in typist.client.diagnostics.items() if found and uri.startswith(f"{root.as_uri()}/")
        }
        paths = {*wanted, *(uri.removeprefix(f"{root.as_uri()}/") for uri in uris)}
        seen = {path: typist.client.diagnostics.get((root / path).as_uri(), []) for path in paths}
        assert {path: [told(one, root) for one in found] for path, found in seen.items()} == {
            path: wanted.get(path, []) for path in paths
        }, (root.name, typist.steps_done)
    assert not typist.client.messages, (typist.client.messages, typist.steps_done)


def edit_at_random(folder: Path, count: int, seed: int) -> list[int]:
    """Make two repositories in a folder and so many edits; gives the server's memory in KiB after every tenth of them."""
    encoding = ENCODINGS[seed % len(ENCODINGS)]
    roots, mirrored = (
        [folder / name for name in ("one", "two")],
        [folder / name for name in ("mirror/one", "mirror/two")],
    )
    for root in (*roots, *mirrored):
        git_scratch.init(root)
        git_scratch.commit(root, originals())

    async def use(client: Client) -> list[int]:
        typist = Typist(client, roots, seed)
        mirrors = [Mirror(root, encoding) for root in mirrored]
        memory = []
        rest = 0
        for number in range(1, count + 1):
            typist.step()
            rest -= 1
            if rest <= 0 or number == count:
                await compare(typist, mirrors)
                rest = typist.chance.randint(1, LONGEST_REST)
            if number % max(count // 10, 1) == 0:
                memory.append(memory_of(client))
        print(sum(one.checks for one in mirrors), sum(one.refused for one in mirrors), file=sys.stderr)  # noqa: T201
        return memory

    return with_client(roots, use, encoding)


def memory_of(client: Client) -> int:
    """The resident memory of the server in KiB."""
    process = client._server  # pygls has no other way to it
    assert process is not None
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    edits, *seeds = map(int, sys.argv[1:])
    for one in seeds or [1]:
        with tempfile.TemporaryDirectory() as made:
            print(one, edit_at_random(Path(made), edits, one), flush=True)  # noqa: T201
