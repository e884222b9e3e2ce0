"""Variants, documents, conventions and settings, broken in ways that the bytes of a fuzzer choose."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from choices import ROOT, VARIANTS, Choices
from well_formed import changed

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
    """A variant's name and its text, either or both changed; three in four changes leave most texts readable."""
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
    how = chance.below(16)
    if how >= 4:
        data = changed(data, chance, 1 + how % 4)
    if how <= 5:
        data = edited(data, chance, NIX)
    return stem, data


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


def garbage(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """At most some 300 bytes: any, words of the language, or pieces of texts with bytes changed."""
    kind = chance.randrange(8)
    if kind == 0:
        return chance.randbytes(chance.randrange(80))
    if kind == 1:
        return bytes(chance.choices(b" \n;={}[]()\"'$\\/.:,@?!+-*<>|&#a1_r\t\r\0\x7f\xc3\xa9", k=chance.randrange(60)))
    if kind == 2:
        words = chance.choices([*NIX, b" ", b" ", b"a", b"=", b"1", b"."], k=chance.randrange(40))
        return b"".join(words)
    data = bytearray()
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        seed = chance.choice(seeds)
        at = chance.randrange(len(seed) + 1)
        data += seed[at : at + chance.randrange(1, 200)] if chance.randrange(3) else seed[: chance.randrange(1, 200)]
    for _ in range(chance.randrange(6)):
        _of_bytes(data, chance)
    return bytes(data[:300])


def _of_bytes(data: bytearray, chance: random.Random) -> None:
    at, kind = chance.randrange(len(data) + 1), chance.randrange(5)
    if kind == 0:
        data[at : at + 1 + chance.randrange(4)] = b""
    elif kind == 1:
        data[at:at] = chance.choice(NIX)
    elif kind == 2:
        data[at:at] = data[at : at + chance.randrange(30)] * chance.randrange(1, 4)
    elif kind == 3:
        data[at : at + 1] = chance.randbytes(1)
    elif at < len(data):
        data[at] ^= 1 << chance.randrange(8)
