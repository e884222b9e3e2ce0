"""Words of the language that are values of the tables as well: where such a word is meant as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nixlint_ort.check.claims.text.text import Text
    from nixlint_ort.check.claims.text.units import Cell
    from nixlint_ort.check.claims.words.lexicon import Lexicon
    from nixlint_ort.check.claims.words.tokens import Token

_BESIDE = 8
"""Code points within which a noun says what a word is."""


@dataclass(slots=True)
class OrdinaryWords:
    """Tells of the words of one text whether they are branches or statuses."""

    lexicon: Lexicon
    text: Text
    low: str
    cells: Sequence[Cell] = ()
    names_branch: bool = False
    """Whether the text has a branch that cannot be anything else, or cells that are one and its status."""

    def is_value(self, column: str, token: Token, hint: str | None) -> bool:
        """Whether a word is a value of a column; `hint` is the column that the head above it names."""
        if column == self.lexicon.branch_column:
            beside = self.low[max(0, token.start - _BESIDE) : token.end + _BESIDE]
            named = any(noun in beside for noun in self.lexicon.grammar.branch_nouns)
            return hint == column or self.text.is_marked(token.start) or named or self.is_entry(token)
        if column == self.lexicon.status_column:
            before, after = self.low[: token.start].rstrip()[-1:], self.low[token.end :].lstrip()[:1]
            is_apart = before in "(," or after == ")" or (before in "—–-:;|" and before != "")
            return hint == column or is_apart or self.is_entry(token)
        return True

    def is_entry(self, token: Token) -> bool:
        """Whether a word is all that its cell says, in a row that names a branch."""
        around = next((cell for cell in self.cells if cell.start <= token.start < cell.end), None)
        if around is None or not (self.names_branch or self.has_entries()):
            return False
        return not re.search(r"\w", f"{self.low[around.start : token.start]} {self.low[token.end : around.end]}")

    def has_entries(self) -> bool:
        """Whether one cell is a branch and another one a status, in words of the language."""
        texts = [self.low[cell.start : cell.end].strip(" *`") for cell in self.cells]
        columns = {value.column for text in texts for value in self.lexicon.values.get(text, ())}
        return {self.lexicon.branch_column, self.lexicon.status_column} <= columns
