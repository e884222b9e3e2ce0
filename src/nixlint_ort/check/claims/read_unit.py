"""A unit of a variant's text as it was read, and what is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.found import Found
    from nixlint_ort.check.claims.words.mention import Mention

T = TypeVar("T")


class WrongMention(NamedTuple):
    """A mention that is not of the variant: characters `start` to `end` of a unit, and what should be there."""

    unit: Unit
    mention: Mention
    expected: str | tuple[str, ...] | None
    """What the variant has; None where it has nothing of the kind."""
    replacement: str | None


@dataclass(slots=True, eq=False)
class Read:
    """One unit of a text, in lower case, with what was found in it."""

    unit: Unit
    low: str
    found: Found
    _known: dict[str, Any] = field(default_factory=dict)

    def known(self, what: str, work_out: Callable[[Read], T]) -> T:
        """What is to be known of the unit, worked out once: each of its mentions asks for it."""
        if what not in self._known:
            self._known[what] = work_out(self)
        found: T = self._known[what]
        return found
