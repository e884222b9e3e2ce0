"""What a check says: a finding at a place, how bad it is, and the edits that would fix it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from nixlint_ort.source import Position, Source, Span


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Safety(StrEnum):
    """Whether a fix leaves the derivation that Nix would build unchanged (safe) or not (unsafe)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Place(NamedTuple):
    """A span of one file."""

    source: Source
    span: Span

    @property
    def path(self) -> str:
        """The file's path, relative to the repository."""
        return self.source.path

    @property
    def start(self) -> Position:
        """Where the span begins."""
        return self.source.position(self.span.start)

    @property
    def end(self) -> Position:
        """Where the span ends: the position after its last byte."""
        return self.source.position(self.span.end)


class Related(NamedTuple):
    """Another place that helps to understand a finding, and what it has to do with it."""

    place: Place
    message: str


class Edit(NamedTuple):
    """Bytes `start` to `end` (from 0, end exclusive) of the file at `path` are to become `text` in UTF-8."""

    path: str
    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """What fixes a finding: edits, and perhaps a new file name (its path, relative to the repository)."""

    safety: Safety
    edits: tuple[Edit, ...] = ()
    rename: str | None = None
    facts: frozenset[str] = frozenset()
    """The names of the facts that the edits are to change; they may change no other."""


Value: TypeAlias = str | tuple[str, ...]
"""A text, or a list of texts."""


class Finding(NamedTuple):
    """A rule that did not hold, at a place."""

    rule: str
    severity: Severity
    message: str
    place: Place
    expected: Value | None = None
    """What the rule requires; None where that is not a value."""
    actual: Value | None = None
    """What there is; None where that is not a value."""
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    arguments: Mapping[str, Value] = MappingProxyType({})
    """What the message names, by name."""
    cause: str = ""
    """Equal for findings that have one cause."""
    url: str | None = None
    """The rule's page in the manual, from the manual's root; None for a rule that a repository adds."""

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        """By path, then by place in the file, then by rule."""
        return (self.place.path, self.place.span.start, self.place.span.end, self.rule)
