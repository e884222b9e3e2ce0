"""Blocks of HTML in a document: the rows of their tables, and the texts of what else they hold."""

from __future__ import annotations

import re

from nixlint_ort.check.claims.text.text import Text, without_markup

_PART = re.compile(
    r"<!--.*?(?:-->|\Z)|<\s*+(/?)\s*+(tr|t[hd]|h[1-6]|li|p|div|summary|dt|dd)\b[^<>]*>", re.DOTALL | re.IGNORECASE
)
_SHORT = 60
"""Code points of what describes a term: a longer text says more than one thing."""
_CODE = re.compile(r"</?(?:code|kbd|samp|tt)\b[^<>]*>", re.IGNORECASE)

_PROSE = re.compile(r"[\w+)][.!?](?:\s|\Z)")
"""The end of a sentence."""

Rows = list[tuple[list[Text], bool]]
Others = list[tuple[Text, bool, int]]


def html_rows(data: str, base: int) -> tuple[Rows, Others]:
    """The rows of cells with whether they are heads, and other texts: which are items of lists, and levels of headings.

    A term and what describes it are the cells of a row, unless that is prose.
    `base` is the byte at which the block begins.
    """
    rows: Rows = []
    others: Others = []
    row: list[Text] | None = None
    term: list[Text] | None = None
    is_head = False
    at, done = 0, base
    name = ""
    for part in (*_PART.finditer(data), None):
        end = part.start() if part else len(data)
        piece = data[at:end]
        text = _text(piece, done)
        closes = bool(part and part[1])
        if row is not None and name in ("td", "th"):
            row.append(text)
            is_head = is_head and name == "th"
        elif name == "dt" and text.chars.strip():
            term = [text]
            rows.append((term, False))
        elif name == "dd" and term and 0 < len(text.chars.strip()) <= _SHORT and not _PROSE.search(text.chars):
            term.append(text)
        elif text.chars.strip() or text.addresses:
            others.append((text, name in ("li", "dd"), int(name[1]) if re.fullmatch(r"h[1-6]", name) else 0))
        if part is None:
            break
        done += len(data[at : part.end()].encode())
        at = part.end()
        opened = (part[2] or "").lower()
        if opened == "tr":
            if row:
                rows.append((row, is_head))
            row, is_head = (None, False) if closes else ([], True)
        name = "" if closes else opened or name
    if row:
        rows.append((row, is_head))
    return rows, others


def _text(piece: str, base: int) -> Text:
    lines: list[tuple[str, int]] = []
    for line in piece.split("\n"):
        bare = line.strip()
        if bare:
            at = line.index(bare)
            lines.append((bare, base + len(line[:at].encode())))
        base += len(line.encode()) + 1
    return without_markup(lines)
