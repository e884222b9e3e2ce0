"""Changes to a variant that mostly leave it readable: other values, whole statements, and the same said otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable

from choices import VARIANTS, Choices

_TEXT = re.compile(rb'"[^"\n]*"')
_NUMBER = re.compile(rb"\b[0-9]+\b")
_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_']*(?:\.[A-Za-z_][A-Za-z0-9_']*)*")
_STATEMENT = re.compile(rb"^ *[A-Za-z_.]+ = [^\n]*;$", re.MULTILINE)
_ITEM = re.compile(rb'^ *"[^"\n]*"$', re.MULTILINE)
_COMMENT = re.compile(rb"^#[^\n]*$", re.MULTILINE)


def _all_of(pattern: re.Pattern[bytes]) -> list[bytes]:
    return sorted({found for data in VARIANTS.values() for found in pattern.findall(data)})


TEXTS = [
    *_all_of(_TEXT),
    b'""',
    b'"-march=native"',
    b'"${variantName}"',
    b'"a\\n${"b"}"',
    b"null",
    b"1",
    b"[ ]",
    b"{ }",
    b"true",
]
NAMES = [
    *_all_of(_NAME),
    b"builtins.toString",
    b"lib.optionals",
    b"pkgs.lib",
    b"oldAttrs.version",
    b"nixpkgs_pinned.stdenv.hostPlatform.system",
]
STATEMENTS = [
    *_all_of(_STATEMENT),
    *(b"  passthru.x = 1;", b"  pname = null;", b'  version = "1.22.0";', b"  meta.broken = true;", b"  env.NIX_CFLAGS_COMPILE = toString cpuFlags;"),
    *(b'  preBuild = "export CXXFLAGS=\\"-mavx2 $CXXFLAGS\\"";', b'  NIX_ENFORCE_NO_NATIVE = false;', b'  "${"name"}" = "x";'),
    *(b"  inherit (oldAttrs) version;", b"  src = oldAttrs.src;", b'  postConfigure = oldAttrs.postConfigure or "" + "x";', b"  __structuredAttrs = true;"),
]  # fmt: skip
ITEMS = [
    *_all_of(_ITEM),
    b'    "-mno-avx512f"',
    b'    "-march=x86-64-v3"',
    b"    null",
    b'    (lib.optionalString true "x")',
    b'    ("-m" + "avx2")',
]
COMMENTS = [
    *_all_of(_COMMENT),
    *(b"# nixlint-ort: ignore[header-driver] why", b"# nixlint-ort: ignore-file[pname] why", b"/* CUDA 12.9 */", b"#", b"# " + b"x" * 200),
]  # fmt: skip
WRAPPINGS = (
    (b"(", b")"), (b"(let y = ", b"; in y)"), (b"(if true then ", b" else null)"), (b"(x: x) ", b""), (b"(with builtins; ", b")"),
    (b"(assert true; ", b")"), (b"({ y = ", b"; }).y"), (b"(rec { z = y; y = ", b"; }).z"), (b'("" + ', b")"), (b'"${', b'}"'),
    (b'(builtins.concatStringsSep "" [ ', b" ])"), (b"(builtins.head [ ", b" ])"), (b"({ y ? ", b" }: y) { }"), (b"(lib.optionalString true ", b")"),
)  # fmt: skip

Change = Callable[[bytes, Choices], bytes]


def _other(pattern: re.Pattern[bytes], pool: list[bytes]) -> Change:
    """Puts something of the same kind in place of one thing."""

    def change(data: bytes, chance: Choices) -> bytes:
        found = [*pattern.finditer(data)]
        if not found:
            return data
        one = chance.of(found)
        return data[: one.start()] + chance.of(pool) + data[one.end() :]

    return change


def _whole(pattern: re.Pattern[bytes], pool: list[bytes]) -> Change:
    """Takes a line away, doubles or moves it, or puts another before it."""

    def change(data: bytes, chance: Choices) -> bytes:
        found = [*pattern.finditer(data)]
        if not found:
            return data
        one, kind = chance.of(found), chance.below(4)
        before, line, after = data[: one.start()], one[0] + b"\n", data[one.end() + 1 :]
        if kind == 0:
            return before + after
        if kind == 1:
            return before + line + line + after
        if kind == 2:
            return before + chance.of(pool) + b"\n" + line + after
        other = chance.of(found)
        if other.start() > one.start():
            at = other.start() - one.start() - len(line)
            return before + after[:at] + line + after[at:]
        return before[: other.start()] + line + before[other.start() :] + after

    return change


def _number(data: bytes, chance: Choices) -> bytes:
    found = [*_NUMBER.finditer(data)]
    if not found:
        return data
    one = chance.of(found)
    return data[: one.start()] + b"%d" % chance.below(200) + data[one.end() :]


def _wrap(data: bytes, chance: Choices) -> bytes:
    """Says a text in another way."""
    found = [*_TEXT.finditer(data)]
    if not found:
        return data
    one, (begin, end) = chance.of(found), chance.of(WRAPPINGS)
    return data[: one.start()] + begin + one[0] + end + data[one.end() :]


CHANGES: tuple[Change, ...] = (
    _other(_TEXT, TEXTS), _other(_NAME, NAMES), _number, _whole(_STATEMENT, STATEMENTS), _whole(_ITEM, ITEMS), _whole(_COMMENT, COMMENTS), _wrap,
)  # fmt: skip


def changed(data: bytes, chance: Choices, most: int = 6) -> bytes:
    """The variant with up to `most` such changes."""
    for _ in range(most):
        if not chance.more:
            break
        data = chance.of(CHANGES)(data, chance)
    return data
