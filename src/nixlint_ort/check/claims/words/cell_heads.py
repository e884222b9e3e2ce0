"""Which column the numbers of a cell are of, by the heads of its row and the row's label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.words.tokens import column_of_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nixlint_ort.check.claims.text.units import Cell
    from nixlint_ort.check.claims.words.lexicon import Lexicon
    from nixlint_ort.check.claims.words.tokens import Token


def is_bare(cell: Cell) -> bool:
    """Whether a cell has no head, or an empty one."""
    return cell.head is None or not cell.head.chars.strip()


def nearer(lexicon: Lexicon, token: Token, label: str | None, head: str | None) -> str | None:
    """The column of a number: its head's, unless only the row's label has such a value, as below `our-ort-repo`."""
    known = lexicon.world.values
    is_of_label = label in lexicon.looks and token.text in known(label or "")
    return label if head and is_of_label and token.text not in known(head) else head


def of_table(lexicon: Lexicon, cells: Sequence[Cell] | None, number: int) -> str | None:
    """The column of that name in the table that a head names a column of: the first, or else any."""
    if not cells or (head := cells[number].head) is None:
        return None
    columns = [column_of_head(lexicon, cell.head.chars) or "" for cell in cells if cell.head]
    words = re.findall(r"[a-z]+", head.chars.lower())
    names = (f"{column.partition('.')[0]}.{word}" for column in columns if "." in column for word in words)
    return next((name for name in names if name in lexicon.looks and name not in columns), None)
