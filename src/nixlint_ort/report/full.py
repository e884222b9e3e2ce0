"""The `full` format: each finding with its source line, the span underlined, related places and its fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.finding import Edit, Finding, Fix, Place, Safety
from nixlint_ort.report.escape import visible, without_commands
from nixlint_ort.report.snippet import snippet
from nixlint_ort.report.terminal import (
    BLUE,
    GREEN,
    SEVERITY_STYLES,
    Painter,
    headline,
    place_text,
    summary_line,
    suppressed_line,
)
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result

_MAX_FIX_TEXT = 100  # code points of a fix's text that are shown


def render(result: Result, *, color: bool = False, summary: bool = True) -> str:
    """The report as text; without the `summary` line, a clean run says nothing."""
    paint = Painter(color=color)
    blocks = ["\n".join(_finding_lines(finding, paint)) for finding in result.findings]
    if result.suppressed:
        blocks.append("\n".join(suppressed_line(suppressed, paint) for suppressed in result.suppressed))
    if summary:
        blocks.append(summary_line(result, paint))
    return without_commands("\n\n".join(blocks) + "\n") if blocks else ""


def _finding_lines(finding: Finding, paint: Painter) -> list[str]:
    places = [finding.place, *(related.place for related in finding.related)]
    gutter = max(len(str(place.start.line)) for place in places)
    style = SEVERITY_STYLES[finding.severity]
    lines = [headline(finding, paint), *_source_lines(finding.place, gutter, style, paint)]
    mark = " " * gutter + paint(" = ", BLUE)
    for related in finding.related:
        lines.append(f"{mark}note: {place_text(related.place)}: {visible(related.message)}")
        lines += _source_lines(related.place, gutter, BLUE, paint)
    if finding.fix:
        lines.append(f"{mark}{paint('fix', GREEN)}: {_fix_text(finding.fix, finding.place)}")
    return lines


def _source_lines(place: Place, gutter: int, style: str, paint: Painter) -> list[str]:
    shown = snippet(place)
    if shown is None:
        return []
    more = f" and {shown.more_lines} more {'line' if shown.more_lines == 1 else 'lines'}"
    blank, number = " " * gutter, str(shown.line).rjust(gutter)
    indent = len(shown.underline) - len(shown.underline.lstrip())
    carets = shown.underline[indent:] + (more if shown.more_lines else "")
    return [
        paint(f"{blank} |", BLUE),
        f"{paint(f'{number} |', BLUE)} {shown.text}".rstrip(),
        f"{paint(f'{blank} |', BLUE)} {' ' * indent}{paint(carets, style)}",
    ]


def _fix_text(fix: Fix, place: Place) -> str:
    """What a fix would do, in a few words."""
    does = [_edit_text(fix.edits[0], place)] if len(fix.edits) == 1 else []
    if len(fix.edits) > 1:
        does.append(f"make {len(fix.edits)} edits")
    if fix.rename is not None:
        does.append(f"rename the file to `{visible(fix.rename)}`")
    unsafe = " (unsafe)" if fix.safety is Safety.UNSAFE else ""
    return " and ".join(does) + unsafe


def _edit_text(edit: Edit, place: Place) -> str:
    if edit.path != place.path:
        return f"edit {visible(edit.path)}"
    if not edit.text:
        return f"remove {_quoted(place.source.text(Span(edit.start, edit.end)))}"
    return f"{'insert' if edit.start == edit.end else 'write'} {_quoted(edit.text)}"


def _quoted(text: str) -> str:
    text = text.rstrip("\r\n")
    return f"`{visible(text[:_MAX_FIX_TEXT])}{'…' if len(text) > _MAX_FIX_TEXT else ''}`"
