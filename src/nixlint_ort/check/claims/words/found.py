"""What was found in a text: mentions of the tables' values, and its other tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nixlint_ort.check.claims.words.mention import Mention
    from nixlint_ort.check.claims.words.tokens import Token


@dataclass(slots=True)
class Found:
    """The mentions of a text, and what else is in it: nouns, names of variants, hashes and flags."""

    mentions: list[Mention]
    tokens: list[Token]
    is_whole: bool = True

    def of(self, group: str) -> list[Token]:
        """The tokens of one group."""
        return [token for token in self.tokens if token.group == group]
