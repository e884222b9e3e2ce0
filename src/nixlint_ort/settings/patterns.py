"""Patterns of file paths: `*` within a folder, `**` across folders."""

from __future__ import annotations

import re
from functools import cache

_PARTS = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(pattern: str, path: str) -> bool:
    """Whether a path from the repository's root, with `/` between its parts, is one of a pattern's.

    A pattern without `/` is about the file's name in any folder; one that ends in `/` is about all in that folder.
    """
    return _compiled(pattern).fullmatch(path) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern.endswith("/"):
        pattern += "**"
    elif "/" not in pattern:
        pattern = f"**/{pattern}"
    pattern = pattern.removeprefix("./")
    return re.compile("".join(_MEANINGS.get(part) or re.escape(part) for part in _PARTS.findall(pattern)), re.DOTALL)
