"""The report of a study as text and as Markdown."""

from __future__ import annotations

from nixlint_ort.report.escape import visible, without_commands
from nixlint_ort.report.table import TableCell, columns, markdown, markdown_text
from nixlint_ort.report.terminal import BOLD, DIM, Painter
from nixlint_ort.views.learn.sections import Report, heading, sections


def as_text(report: Report, *, color: bool = False) -> str:
    """A table for each section."""
    paint = Painter(color=color)
    blocks = [f"{paint(visible(heading(report)), BOLD)}\n"]
    for one in sections(report):
        title = f"{paint(visible(one.title), BOLD)}: {len(one.rows)}\n"
        note = f"{paint(visible(one.note), DIM)}\n" if one.note else ""
        rows = [[TableCell(head, DIM) for head in one.heads], *([TableCell(text) for text in row] for row in one.rows)]
        blocks.append(title + note + (columns(rows, paint, "  ") if one.rows else ""))
    return without_commands("\n".join(blocks))


def as_markdown(report: Report) -> str:
    """The same as Markdown."""
    blocks = [f"# {markdown_text(heading(report))}\n"]
    for one in sections(report):
        blocks.append(f"## {markdown_text(one.title)}\n")
        if one.note:
            blocks.append(f"{markdown_text(one.note)}\n")
        if one.rows:
            heads = [markdown_text(head) for head in one.heads]
            blocks.append(markdown(heads, [[markdown_text(text) for text in row] for row in one.rows]))
        else:
            blocks.append("Nothing.\n")
    return without_commands("\n".join(blocks))
