"""Tables: as columns that line up in a terminal, and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nixlint_ort.report.escape import visible
from nixlint_ort.report.snippet import width
from nixlint_ort.report.terminal import Painter

_MARKDOWN_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|#~&]")


class TableCell(NamedTuple):
    """A text of a table, and the ANSI style (such as `1;31`) that it has where there is colour."""

    text: str
    style: str = ""


def columns(
    rows: Sequence[Sequence[TableCell]], paint: Painter, indent: str = "", right: frozenset[int] = frozenset()
) -> str:
    """The rows as lines whose columns line up, two spaces apart; the columns in `right` are flush right."""
    shown = [[TableCell(visible(cell.text), cell.style) for cell in row] for row in rows]
    count = max(map(len, shown), default=0)
    widths = [max((width(row[at].text) for row in shown if at < len(row)), default=0) for at in range(count)]
    return "".join(f"{indent}{_line(row, widths, paint, right)}".rstrip() + "\n" for row in shown)


def _line(row: Sequence[TableCell], widths: Sequence[int], paint: Painter, right: frozenset[int]) -> str:
    parts: list[str] = []
    for at, cell in enumerate(row):
        space = " " * (widths[at] - width(cell.text))
        painted = paint(cell.text, cell.style) if cell.style else cell.text
        parts.append(space + painted if at in right else painted + space * (at < len(row) - 1))
    return "  ".join(parts)


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """A table in Markdown; the cells are Markdown already (see `markdown_text`)."""
    rule = ["---:" if at in right else "---" for at in range(len(header))]
    return "".join(f"| {' | '.join(row)} |\n" for row in (header, rule, *rows))


def markdown_text(text: str) -> str:
    """Any text as Markdown that shows exactly that text, on one line."""
    return _MARKDOWN_SPECIAL.sub(lambda found: f"\\{found[0]}", visible(text))


def markdown_code(text: str) -> str:
    """Any text as code in Markdown, also within a table."""
    text = visible(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")
