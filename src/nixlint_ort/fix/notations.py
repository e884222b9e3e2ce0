"""How the rows of tables that a variant's name chooses are written, and those that other names choose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nixlint_ort.convention.tables import FieldValue
    from nixlint_ort.variant.variant import Variant


class Notations:
    """The words of this variant's rows and of other rows, such as `12_4` and `12.4`, by which code chooses values."""

    def __init__(self, variant: Variant, fields: Mapping[str, FieldValue]) -> None:
        self._other: dict[str, str] = {}
        """What stands for this variant in place of each word of another row."""
        own: dict[str, str] = {}
        prefixes: dict[str, str] = {}
        for prefix, texts, others in _rows(variant, fields):
            own |= texts
            for one in others:
                for column, text in texts.items():
                    cell = one.get(column)
                    if isinstance(cell, str) and cell and cell != text:
                        self._other.setdefault(cell, text)
                        prefixes.setdefault(cell, prefix)
            prefixes |= dict.fromkeys(texts.values(), prefix)
        for text in own.values():
            self._other.pop(text, None)
        longest_first = sorted(prefixes, key=len, reverse=True)
        patterns = (_as_word(text, prefixes[text]) for text in longest_first)
        self._pattern = re.compile("|".join(patterns)) if longest_first else None

    def corrected(self, text: str) -> str:
        """A text in which each word of another row is that of this variant's row."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self._other.get(found[0], found[0]), text)

    def says_other(self, text: str) -> bool:
        """Whether a text has a word of other rows."""
        return self.corrected(text) != text

    def says_any(self, text: str) -> bool:
        """Whether a text has a word of any row."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def says_own(self, text: str) -> bool:
        """Whether a text has a word of this variant's rows and none of other rows."""
        return self.says_any(text) and not self.says_other(text)


def _rows(
    variant: Variant, fields: Mapping[str, FieldValue]
) -> Iterator[tuple[str, dict[str, str], list[Mapping[str, object]]]]:
    """Of each field of the name: what stands before it, the texts of its row by column, and the table's rows."""
    tables = {table.key_field: table for table in variant.convention.tables.values() if table.owns_key}
    for name, field in variant.identity.fields.items() if variant.identity else ():
        table = tables.get(name)
        row = table.row(field.text, fields) if table is not None else None
        if table is not None and row is not None:
            before = re.search(r"[A-Za-z]*\Z", variant.stem[: field.start])
            texts = {column: cell for column, cell in row.cells.items() if isinstance(cell, str) and cell}
            yield before[0] if before else "", texts, [one.cells for one in table.rows]


def _as_word(text: str, prefix: str) -> str:
    """A pattern for a word that is not a part of a longer one: `86` in `sm86`, and not in `x86_64`, `A86` or `860`."""
    before = after = ""
    if text[0].isalnum():
        cases = {one for one in (prefix, prefix.upper(), prefix.capitalize()) if one}
        before = "|".join((r"(?<![^\W_])(?<!\d\.)", *(f"(?<={one})" for one in sorted(cases))))
    if text[-1].isdigit():
        after = r"(?![0-9]|[._][0-9])" + (r"(?![a-z])" if text[0].isalpha() else "")
    elif text[-1].isalnum():
        after = r"(?![^\W_])"
    return f"(?:{before}){re.escape(text)}{after}"
