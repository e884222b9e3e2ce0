"""One unified diff of everything that fixes would change, as `git apply` and `patch` read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nixlint_ort.fix.apply import FixedFile

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_PLAIN = re.compile(r"[!#-\[\]-~ ]+")


def unified(files: Iterable[FixedFile]) -> Iterator[str]:
    """The lines of a unified diff, with their line ends, by path; a new name is told as git tells it."""
    for file in sorted(files, key=lambda one: one.path):
        old, new = _name(f"a/{file.path}"), _name(f"b/{file.new_path}")
        if file.renamed:
            yield f"diff --git {old} {new}\n"
            yield f"rename from {_name(file.path)}\nrename to {_name(file.new_path)}\n"
        for line in unified_diff(_lines(file.before), _lines(file.after), old, new):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[str]:
    return _LINE.findall(data.decode("utf-8", "surrogateescape"))


def _name(path: str) -> str:
    """A path as git writes it: one that holds more than plain characters in quotes, with octal escapes."""
    if _PLAIN.fullmatch(path):
        return path
    data = path.encode("utf-8", "surrogateescape")
    return '"' + "".join(chr(byte) if _PLAIN.fullmatch(chr(byte)) else f"\\{byte:03o}" for byte in data) + '"'
