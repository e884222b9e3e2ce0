"""A document beside the variants, and which files are documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.glob import fits

if TYPE_CHECKING:
    from nixlint_ort.source import Source, Unreadable


class Document(NamedTuple):
    """One document; `problem` says why it cannot be read."""

    source: Source
    problem: Unreadable | None = None


def is_document(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path from the repository's root fits one of the convention's patterns."""
    return any(fits(pattern.split("/"), path.split("/")) for pattern in patterns)
