"""What is made of a document: each mention with its verdict, and the faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nixlint_ort.check.claims.checks import Check
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.found import Found
    from nixlint_ort.check.claims.words.mention import Mention
    from nixlint_ort.source import Source, Span
    from nixlint_ort.variant.identity import Identity


ROW, ABSENT, TWICE, BESIDE = "row", "absent", "twice", "beside"
"""Cases of the rules about documents: another row is meant, there is no such value, something stands twice, and a value
beside it belongs to another row.
"""


class Mark(StrEnum):
    """What is known of a mention."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "not understood"


class Addition(NamedTuple):
    """A text to put in, and the bytes that it stands in place of, of which there are mostly none."""

    span: Span
    text: str


class Fault(NamedTuple):
    """Something wrong: its bytes, what is there, what should be, and the text that fixes it if one is sure."""

    check: Check
    span: Span
    actual: str
    expected: str
    replacement: str | None = None
    what: str = ""
    """What the value is called, such as `driver`."""
    row: str = ""
    """The row that the others name, such as `CUDA 12.9`."""
    case: str | None = None
    """Which of the rule's cases this is; None for its message about a wrong value, or about one that is missing."""
    beside: str = ""
    """What stands beside it that belongs to that row, and is not its name; empty where there is nothing."""
    addition: Addition | None = None
    """What completes a list, in its own notation; a fix."""
    proposal: Addition | None = None
    """Lines that complete a table or a list of items, for somebody to read first; no fix."""


class Stated(NamedTuple):
    """What one unit states, and of which rows."""

    reading: Reading
    rows: Mapping[Mention, Entity]
    """The row that a mention is of, where that is known."""
    branches: frozenset[str]
    """The branches that the unit names, or else the nearest unit above it."""


class Marked(NamedTuple):
    """A mention as `claims` shows it."""

    span: Span
    what: str
    """The column, or `count`, `name`, `pin`."""
    mark: Mark
    expected: str = ""


@dataclass(slots=True, eq=False)
class Reading:
    """One unit, what was found in it, and what is known of that."""

    unit: Unit
    look: Callable[[Unit], tuple[str, Found]]
    """Reads a unit that is idle, where somebody asks what is in it."""
    seen: tuple[str, Found] | None = None
    mentions: list[Mention] = field(default_factory=list)
    """In order."""
    identities: list[Identity] = field(default_factory=list)
    """Of the variants that it names."""
    has_unknown_names: bool = False
    """Whether it has names that are of no variant, so that nobody can tell what it is about."""
    above: list[Reading] = field(default_factory=list)
    """The units that it is below, nearest first."""
    heads: list[list[Mention]] = field(default_factory=list)
    """The mentions in the heads of its cells."""

    @property
    def low(self) -> str:
        """The unit's text in lower case."""
        return self._seen()[0]

    @property
    def found(self) -> Found:
        """The mentions and tokens that were found."""
        return self._seen()[1]

    def _seen(self) -> tuple[str, Found]:
        if self.seen is None:
            self.seen = self.look(self.unit)
        return self.seen

    def claimed(self, columns: frozenset[str] | set[str]) -> list[Mention]:
        """The mentions of some columns that are about what is here and now."""
        return [one for one in self.mentions if one.column in columns and not one.is_outside]


@dataclass(slots=True)
class Claims:
    """A document, its mentions in order, and what is wrong."""

    source: Source
    marked: list[Marked] = field(default_factory=list)
    stated: Callable[[], list[Stated]] = list
    """By unit, as far as there is something in it."""
    faults: list[Fault] = field(default_factory=list)
    comments: list[tuple[str, int]] = field(default_factory=list)
    """The document's comments, each with the byte at which it begins."""
    too_much: str = ""
    """Why not all of it was read; empty where it was."""

    @property
    def understood(self) -> float:
        """The share of mentions that are known to be right or wrong (0 to 1); 1 where there are none."""
        known = sum(one.mark is not Mark.UNKNOWN for one in self.marked)
        return known / len(self.marked) if self.marked else 1.0
