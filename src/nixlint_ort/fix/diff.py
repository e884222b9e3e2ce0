"""One unified diff of everything that the fixes would change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import unified_diff

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def unified(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    """The lines of a unified diff, with their line ends, of each path whose bytes change."""
    for path in sorted(after):
        old, new = _lines(before[path]), _lines(after[path])
        for line in unified_diff(old, new, f"a/{path}", f"b/{path}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[str]:
    return _LINE.findall(data.decode("utf-8", "surrogateescape"))
