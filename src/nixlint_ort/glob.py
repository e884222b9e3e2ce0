"""Patterns of paths: `*` and `?` within a folder, `[…]` one of some characters, and `**` any folders.

The one matcher of the settings, of the convention and of every tree of files. It takes no more than the product of
the lengths of pattern and path.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

ANY_FOLDERS = "**"
MAX_PATTERN = 1000
"""Characters of one pattern."""
MAX_PATTERNS = 10_000
"""Characters of all patterns of one list."""
_TOKEN = re.compile(r"\[!?\]?[^\]]*\]|.", re.DOTALL)
P = TypeVar("P")
T = TypeVar("T")


def problem_of(patterns: Iterable[str]) -> str | None:
    """Why a list of patterns is refused, None if it is not: each path is held against every one of them."""
    lengths = [len(one) for one in patterns]
    if max(lengths, default=0) > MAX_PATTERN:
        return f"a pattern may have at most {MAX_PATTERN:,} characters, not {max(lengths):,}"
    if sum(lengths) > MAX_PATTERNS:
        return f"the patterns of a list may have at most {MAX_PATTERNS:,} characters together, not {sum(lengths):,}"
    return None


def matches(pattern: str, path: str) -> bool:
    """Whether a path from the repository's root, with `/` between its parts, is one of a pattern's.

    A pattern without `/` is about the file's name in any folder; one that ends in `/` is about all in that folder.
    """
    if pattern.endswith("/"):
        pattern += ANY_FOLDERS
    elif "/" not in pattern:
        pattern = f"{ANY_FOLDERS}/{pattern}"
    return fits(pattern.removeprefix("./").split("/"), path.split("/"))


def fits(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Whether the parts of a path are those of a pattern; `**` at its end stands for one part or more."""
    if pattern and pattern[-1] == ANY_FOLDERS:
        pattern = [*pattern, "*"]
    return _run(pattern, path, ANY_FOLDERS, fits_name)


def fits_name(pattern: str, name: str) -> bool:
    """Whether one part of a path is one of a pattern's."""
    rest = pattern.lstrip("*")
    if not is_wild(rest):  # as almost all are
        return name.endswith(rest) if rest != pattern else name == pattern
    return _run(_tokens(pattern), name, "*", _fits_char)


def is_wild(part: str) -> bool:
    """Whether one part of a pattern can be several names."""
    return any(char in part for char in "*?[")


@lru_cache(maxsize=256)
def _tokens(pattern: str) -> tuple[str, ...]:
    pattern = re.sub(r"\*+", "*", pattern)
    end = pattern.rfind("]") + 1  # beyond it no bracket is closed, and to look for its end at each would take long
    return (*_TOKEN.findall(pattern[:end]), *pattern[end:])


def _fits_char(one: str, char: str) -> bool:
    if one == "?":
        return True
    if len(one) == 1:
        return one == char
    inner, wanted = one[1:-1], True
    if inner.startswith("!"):
        inner, wanted = inner[1:], False
    return _is_among(inner, char) == wanted


def _is_among(inner: str, char: str) -> bool:
    """Whether a character is one of those between brackets, where `a-z` is a range."""
    ranges = re.findall(r"(.)-(.)", inner, re.DOTALL)
    return any(first <= char <= last for first, last in ranges) or char in re.sub(r".-.", "", inner, flags=re.DOTALL)


def _run(pattern: Sequence[P], items: Sequence[T], star: P, fits_one: Callable[[P, T], bool]) -> bool:
    """Whether items are those of a pattern in which `star` stands for any number of them."""
    at = done = 0
    last, kept = -1, 0
    while done < len(items):
        if at < len(pattern) and pattern[at] == star:
            last, kept = at, done
            at += 1
        elif at < len(pattern) and fits_one(pattern[at], items[done]):
            at, done = at + 1, done + 1
        elif last >= 0:  # what the last star stands for is one longer
            kept += 1
            at, done = last + 1, kept
        else:
            return False
    return all(one == star for one in pattern[at:])
