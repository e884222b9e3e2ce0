"""Patterns of file paths: `*` within a folder, `**` across folders."""

from __future__ import annotations

import re
from functools import cache

_PARTS = re.compile(r"\*\*/|\*\*|.", re.DOTALL)


def matches(pattern: str, path: str) -> bool:
    """Whether a path from the repository's root, with `/` between its parts, is one of a pattern's.

    A pattern without `/` is about the file's name in any folder; one that ends in `/` is about all in that folder.
    """
    return _compiled(pattern).fits(path)


@cache
def _compiled(pattern: str) -> _Pattern:
    if pattern.endswith("/"):
        pattern += "**"
    elif "/" not in pattern:
        pattern = f"**/{pattern}"
    return _Pattern(_PARTS.findall(pattern.removeprefix("./")))


class _Pattern:
    """The parts of a pattern, followed all ways at once: a regular expression could take exponential time."""

    def __init__(self, parts: list[str]) -> None:
        self.parts = [one for part in parts for one in (("", "**", "/") if part == "**/" else (part,))]
        self._next: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._start = self._closed({0})

    def fits(self, path: str) -> bool:
        """Whether the parts make up the whole path."""
        reached = self._start
        for char in path:
            step = self._next.get((reached, char))
            if step is None:
                step = self._next[reached, char] = self._closed({to for at in reached for to in self._after(at, char)})
            reached = step
        return len(self.parts) in reached

    def _after(self, at: int, char: str) -> tuple[int, ...]:
        part = self.parts[at] if at < len(self.parts) else ""
        if part == "**" or (part == "*" and char != "/"):
            return (at,)
        return (at + 1,) if part == char or (part == "?" and char != "/") else ()

    def _closed(self, reached: set[int]) -> frozenset[int]:
        """With the parts that can be passed over: a star, and `**/` as a whole, which begins with an empty part."""
        waiting = list(reached)
        while waiting:
            at = waiting.pop()
            part = self.parts[at] if at < len(self.parts) else "/"
            for to in {"": (at + 1, at + 3), "*": (at + 1,), "**": (at + 1,)}.get(part, ()):
                if to not in reached:
                    reached.add(to)
                    waiting.append(to)
        return frozenset(reached)
