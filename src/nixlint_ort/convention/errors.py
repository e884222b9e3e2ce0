"""The one way in which a convention can be wrong: a message at a line of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


MAX_WORD = 100
"""Code points; comparing takes the product of two lengths."""


class ConventionError(Exception):
    """A file of the convention cannot be used. Line and column count from 1, columns in code points.

    The message is one line, also where it quotes text of the file that has several.
    """

    def __init__(self, path: str, message: str, line: int | None = None, column: int | None = None) -> None:
        self.path = path
        self.line = line
        self.column = column
        place = path if line is None else f"{path}:{line}:{column}"
        super().__init__(f"{place}: {' '.join(message.splitlines())}")


def nearest(word: str, candidates: Iterable[str], likeness: float = 0.6) -> str | None:
    """The candidate that is most like a word; None where none is as like it as `likeness` (0 to 1)."""
    from difflib import get_close_matches  # only where something is wrong

    near = [one for one in candidates if len(one) <= MAX_WORD]
    found = get_close_matches(word[:MAX_WORD], near, n=1, cutoff=likeness)
    return found[0] if found else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """`; did you mean …?` with the nearest candidate, or an empty text where none is near."""
    found = nearest(word, candidates)
    return f"; did you mean {found}?" if found else ""
