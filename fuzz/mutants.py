"""Variants, documents, conventions and settings, broken in ways that the bytes of a fuzzer choose."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
VARIANTS = {path.stem: path.read_bytes() for path in sorted((ROOT / ".flox/pkgs").glob("*.nix"))}
RULES = {
    path.relative_to(ROOT).as_posix(): path.read_bytes()
    for path in sorted((ROOT / "rules").glob("**/*.yaml"), key=lambda path: (path.name != "convention.yaml", path))
}
SETTINGS = b"""\
select: [naming, header-driver]
ignore: [meta]
severity: {header-driver: warning, naming: error}
exclude: ["**/old/*.nix", "x.nix"]
branch: main
per-file-ignores: {".flox/pkgs/*.nix": [header]}
"""
DOCUMENTS = (
    ("README.md", (ROOT / "README.md").read_bytes()),
    ("README.md", (ROOT / "tests/fixtures/documents/false.md").read_bytes()),
    ("CLAUDE.md", (ROOT / "tests/fixtures/documents/CLAUDE.md").read_bytes()),
)
WORDS = re.compile(rb"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
NIX = [
    *(b"let", b"in", b"rec", b"with", b"inherit", b"if true then", b"else", b"assert", b"or", b"{", b"}", b"[", b"]"),
    *(b"(", b")", b"${", b"''", b'"', b"\\", b"''${", b"$${", b"//", b"++", b"->", b"!", b"?", b"@", b":", b"...", b";"),
    *(b"#", b"/*", b"*/", b"\r", b"\r\n", b"\n", b"\t", b"\0", b"\xef\xbb\xbf", b"\xff", b"\xc3\xa9", b"\xf0\x9f\x98\x80"),
    *(b"null", b"true", b"1.5", b"99999999999999999999", b"<nixpkgs>", b"./x", b"~/x", b"a//b", b"http://x", b"x: x"),
    *(b"builtins.replaceStrings", b"pkgs", b"old.cmakeFlags", b".override { }", b".overrideAttrs (old: { })", b"lib.optional"),
    *(b"# nixlint-ort: ignore[header-driver] why", b"# nixlint-ort: ignore-file[pname]", b"560", b"12_9", b"avx2", b"sm90"),
    *(b"\xe2\x80\x94", b"\xe2\x80\xae", b"\x1b[31m", b"::error::x", b" " * 70, b"CUDA 12.9", b"SM90: H100"),
]  # fmt: skip
MARKDOWN = [
    *(b"|", b"\n| ", b"|---|", b"\n\n", b"\n- ", b"\n    ", b"# ", b"\n## ", b"```", b"~~~", b"`", b"**", b"_", b"[", b"](", b")", b"![x"),
    *(b"<", b">", b"<!-- ", b" -->", b"<table>", b"<td>", b"&amp;", b"\\", b"\r\n", b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xae"),
    *(b"<!-- nixlint-ort: ignore[document-branch] why -->", b"\x1b[31m", b"::error::x", b"https://x", b"1.23.2", b"ort-1.22", b"main"),
    *(b"CUDA 12.9", b"cuda12_4", b"12.4, 12.9", b"560+", b"driver 550+", b"SM90", b"sm100", b"H100", b"AVX-512", b"avx2", b"58 variants"),
    *(b"not ", b" and ", b"onnxruntime-python313-cuda12_9-sm90-avx512", b"-mavx512f", b"\xe2\x80\x94", b"99999999999999999999", b"Python 3.12"),
]  # fmt: skip
YAML = [
    *(b":", b"- ", b"[", b"]", b"{", b"}", b'"', b"'", b"#", b"|", b">", b"?", b"&a", b"*a", b"!!python/object:x", b"<<:"),
    *(b"%YAML 1.1", b"---", b"...", b"\t", b"\0", b"\xff", b"\xc2\x85", b"\xe2\x80\xa8", b"{{", b"}}", b"{", b"{x}", b"{cuda.driver}"),
    *(b"{ort.version}", b"null", b"true", b"1.20", b"0x10", b"~", b"", b"**", b"../", b"/etc/", b"*.nix", b"**/*.nix", b"list"),
    *(b"digits", b"version", b"text", b"commit", b"equals", b"one_of", b"same_set", b"contains_all", b"present", b"fits"),
    *(b"matches", b"check", b"pname", b"description", b"header.line1", b"file.stem", b"platforms", b"c_flags", b"error"),
]  # fmt: skip


class Choices:
    """Choices out of a fuzzer's bytes, two for each; always the first one where there are no more."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def below(self, end: int) -> int:
        """A number from 0 to `end`, exclusive."""
        word = self.data[self.at : self.at + 2]
        self.at += 2
        return int.from_bytes(word, "little") % end

    def of(self, things: Sequence[T]) -> T:
        """One of several things."""
        return things[self.below(len(things))]

    @property
    def more(self) -> bool:
        """Whether there are bytes left."""
        return self.at < len(self.data)


def _drop(words: list[bytes], at: int, chance: Choices, _: Sequence[bytes]) -> None:
    del words[at : at + 1 + chance.below(6)]


def _repeat(words: list[bytes], at: int, chance: Choices, _: Sequence[bytes]) -> None:
    words[at:at] = words[at : at + 1 + chance.below(12)]


def _move(words: list[bytes], at: int, chance: Choices, _: Sequence[bytes]) -> None:
    length = 1 + chance.below(8)
    moved = words[at : at + length]
    del words[at : at + length]
    to = chance.below(len(words) + 1)
    words[to:to] = moved


def _insert(words: list[bytes], at: int, chance: Choices, added: Sequence[bytes]) -> None:
    words.insert(at, chance.of(added))


def _replace(words: list[bytes], at: int, chance: Choices, added: Sequence[bytes]) -> None:
    words[at] = chance.of(added)


def _swap(words: list[bytes], at: int, chance: Choices, _: Sequence[bytes]) -> None:
    words[at] = words[chance.below(len(words))]


def _flip(words: list[bytes], at: int, chance: Choices, _: Sequence[bytes]) -> None:
    word = bytearray(words[at])
    if word:
        word[chance.below(len(word))] ^= 1 << chance.below(8)
    words[at] = bytes(word)


EDITS: list[Callable[[list[bytes], int, Choices, Sequence[bytes]], None]] = [
    *(_replace, _drop, _insert, _swap, _repeat, _move, _flip)
]


def edited(data: bytes, chance: Choices, added: Sequence[bytes], most: int = 6) -> bytes:
    """The text with up to `most` words of it changed."""
    words = WORDS.findall(data)
    for _ in range(most):
        if not words or not chance.more:
            break
        chance.of(EDITS)(words, chance.below(len(words)), chance, added)
    return b"".join(words)


def variant(chance: Choices) -> tuple[str, bytes]:
    """A variant's name and its text, either or both changed."""
    stems = list(VARIANTS)
    stem = chance.of(stems)
    data = VARIANTS[stem]
    kind = chance.below(8)
    if kind == 0:
        stem = chance.of(stems)
    elif kind == 1:
        stem = edited(stem.encode(), chance, [b"sm90", b"cuda", b"-", b"_", b"9", b"cpu"], 2).decode("utf-8", "replace")
        stem = re.sub(r"[/\0]", "-", stem) or "x"
    if kind == 2:
        data = data.replace(b"\n", b"\r\n")
    return stem, edited(data, chance, NIX)


def document(chance: Choices) -> tuple[str, bytes]:
    """The name of a document and its text, or some paragraphs of it, changed."""
    name, data = chance.of(DOCUMENTS)
    parts = data.split(b"\n\n")
    first = chance.below(len(parts))
    data = b"\n\n".join(parts[first : first + 1 + chance.below(6)] if chance.below(4) else parts)
    if chance.below(8) == 0:
        data = data.replace(b"\n", b"\r\n")
    return name, edited(data, chance, MARKDOWN)


def convention(chance: Choices) -> dict[str, bytes]:
    """The files of a convention, up to three of them changed, dropped or put in place of others."""
    files = dict(RULES)
    names = list(files)
    for _ in range(1 + chance.below(3)):
        name = chance.of(names) if chance.below(3) else chance.of(names[:8])
        kind = chance.below(10)
        if kind == 0 and name != names[0]:
            files.pop(name, None)
        elif kind == 1:
            files[name] = RULES[chance.of(names)]
        else:
            files[name] = edited(files.get(name, b""), chance, YAML, 3)
    return files


def settings(chance: Choices) -> bytes:
    """A file of settings, changed."""
    return edited(SETTINGS, chance, YAML)
