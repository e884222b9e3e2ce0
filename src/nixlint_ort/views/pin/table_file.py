"""Puts a row into the file of the table of pins: in place of the row of its revision, or before all others."""

from __future__ import annotations

import re

from nixlint_ort.convention import ConventionError
from nixlint_ort.convention.tables import Table, read_table
from nixlint_ort.convention.yaml_tree import read_yaml

_ROWS = b"rows:"
_NO_ROWS = re.compile(rb"rows:\s*\[\s*\]")


def with_row(table: Table, revision: str, data: bytes, text: str) -> bytes:
    """The file's bytes `data` with the row `text`. Every other line, and every comment, stays as it is.

    Raises ConventionError where the result would be no such table.
    """
    lines = data.splitlines(keepends=True)
    here = [row for row in table.rows if row.node.path == table.path]  # others are in the table that this one extends
    starts = [row.node.line - 1 for row in here]
    own = next((row.node.line - 1 for row in here if row.cells[table.key] == revision), None)
    if own is None:
        start = end = next((number + 1 for number, line in enumerate(lines) if line.startswith(_ROWS)), len(lines))
    else:
        start, end = own, min((line for line in starts if line > own), default=len(lines))
        while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(b"#")):
            end -= 1
    lines[:start] = [_ROWS + line[line.index(b"]") + 1 :] if _NO_ROWS.match(line) else line for line in lines[:start]]
    changed = b"".join([*lines[:start], text.encode(), *lines[end:]])
    again = read_table(read_yaml(table.path, changed))
    if revision not in again.keys:
        raise ConventionError(table.path, f"the row of {revision} cannot be put into this file")
    return changed
