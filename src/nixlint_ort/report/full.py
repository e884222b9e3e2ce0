"""The `full` format: a block for each cause, with a source line, the span underlined, the fix and what to type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from nixlint_ort.finding import Edit, Finding, Fix, Place, Safety, Value
from nixlint_ort.report.escape import visible, without_commands
from nixlint_ort.report.layout import WHOLE, Layout
from nixlint_ort.report.snippet import snippet
from nixlint_ort.report.terminal import (
    BLUE,
    GREEN,
    SEVERITY_STYLES,
    Painter,
    counted,
    headline,
    place_text,
    summary_line,
    suppressed_line,
)
from nixlint_ort.report.wrapping import NARROWEST, WrappedWord, broken, words
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result

_MAX_VALUES = 6  # of one name that are shown where the findings of a cause differ
_MAX_FIX_TEXT = 100  # code points of a fix's text that are shown
_MAX_EDITS = 3  # different edits of one fix that are shown


def render(result: Result, *, color: bool = False, layout: Layout = WHOLE) -> str:
    """The report as text: a block for each cause."""
    paint = Painter(color=color)
    blocks = ["\n".join(_block(group, paint, layout)) for group in causes(result.findings)]
    if result.suppressed:
        blocks.append("\n".join(suppressed_line(suppressed, paint) for suppressed in result.suppressed))
    if layout.summary:
        blocks.append(summary_line(result, paint))
    return without_commands("\n\n".join(blocks) + "\n") if blocks else ""


def causes(findings: Iterable[Finding]) -> list[list[Finding]]:
    """The findings by their causes, each where its first one stands."""
    groups: dict[object, list[Finding]] = {}
    for at, finding in enumerate(findings):
        groups.setdefault((finding.severity, finding.cause) if finding.cause else at, []).append(finding)
    return list(groups.values())


def _block(group: list[Finding], paint: Painter, layout: Layout) -> list[str]:
    """What is said of one cause: the first finding in full, where else it is found, and what to type."""
    first, *others = group
    places = [first.place, *(related.place for related in first.related)]
    gutter = max(len(str(place.start.line)) for place in places)
    room = None if layout.columns is None else max(layout.columns, NARROWEST) - gutter - len(" = ")

    def marked(text: str, *before: WrappedWord) -> list[str]:
        line, *more = broken([*before, *words(text)], room)
        return [" " * gutter + paint(" = ", BLUE) + line, *(" " * (gutter + len(" = ")) + one for one in more)]

    style = SEVERITY_STYLES[first.severity]
    lines = [headline(first, paint, layout.columns), *_source_lines(first.place, gutter, style, paint, room)]
    for related in first.related:
        lines += marked(f"note: {place_text(related.place)}: {visible(related.message)}")
        lines += _source_lines(related.place, gutter, BLUE, paint, room)
    if first.fix:
        lines += marked(_fix_text(first.fix, first.place), WrappedWord("fix:", f"{paint('fix', GREEN)}:"))
    if others:
        lines += [one for line in _others(group, every=layout.every) for one in marked(line)]
    lines += marked(f"help: {'; '.join(_commands(group))}")
    return lines


def _commands(group: list[Finding]) -> list[str]:
    """What to type to fix all findings of a cause, and to read about its rule."""
    rule = visible(group[0].rule)
    fixes = [one.fix for one in group if one.fix]
    unsafe = " --unsafe-fixes" if any(fix.safety is Safety.UNSAFE for fix in fixes) else ""
    mend = [f"nixlint-ort --fix{unsafe} --select {rule}"] if fixes and len(group) > 1 else []
    return [*mend, f"nixlint-ort explain {rule}"]


def _others(group: list[Finding], *, every: bool) -> list[str]:
    """Where else a cause is found, and the values that differ there."""
    first, *others = group
    lines = []
    if every:
        lines += [f"also {place_text(one.place)}: {visible(one.message)}" for one in others]
    else:
        files = len({one.place.path for one in others} - {first.place.path})
        places = counted(len(others), "more place")
        if not files:
            where = f"{places} in this file"
        else:
            where = counted(files, "more file") + ("" if files == len(others) else f" ({places})")
        lines.append(f"also in {where} (--all lists {'it' if len(others) == 1 else 'them'})")
    for name in first.arguments:
        values = list(dict.fromkeys(_one_text(one.arguments.get(name, "")) for one in group))
        if len(values) > 1:
            more = f" and {len(values) - _MAX_VALUES} more" if len(values) > _MAX_VALUES else ""
            lines.append(f"{name}: {visible(', '.join(values[:_MAX_VALUES]))}{more}")
    return lines


def _one_text(value: Value) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _source_lines(place: Place, gutter: int, style: str, paint: Painter, room: int | None) -> list[str]:
    shown = snippet(place) if room is None else snippet(place, room - len("……"))
    if shown is None:
        return []
    more = f" and {shown.more_lines} more {'line' if shown.more_lines == 1 else 'lines'}"
    blank, number = " " * gutter, str(shown.line).rjust(gutter)
    indent = len(shown.underline) - len(shown.underline.lstrip())
    carets, below = shown.underline[indent:], []
    if shown.more_lines and (room is None or len(shown.underline + more) <= room):
        carets += more
    elif shown.more_lines:
        below = [f"{paint(f'{blank} |', BLUE)} {paint(more.lstrip(), style)}"]
    return [
        paint(f"{blank} |", BLUE),
        f"{paint(f'{number} |', BLUE)} {shown.text}".rstrip(),
        f"{paint(f'{blank} |', BLUE)} {' ' * indent}{paint(carets, style)}",
        *below,
    ]


def _fix_text(fix: Fix, place: Place) -> str:
    """What a fix would do, in a few words."""
    does = [
        what if times == 1 else f"{what} in {times} places"
        for what, times in Counter(_edit_text(edit, place) for edit in fix.edits).items()
    ]
    if len(does) > _MAX_EDITS:
        does = [*does[: _MAX_EDITS - 1], f"make {len(does) - _MAX_EDITS + 1} more edits"]
    if fix.rename is not None:
        does.append(f"rename the file to `{visible(fix.rename)}`")
    *others, last = does
    unsafe = " (unsafe)" if fix.safety is Safety.UNSAFE else ""
    return (f"{', '.join(others)} and {last}" if others else last) + unsafe


def _edit_text(edit: Edit, place: Place) -> str:
    if edit.path != place.path:
        return f"edit {visible(edit.path)}"
    if not edit.text:
        return f"remove {_quoted(place.source.text(Span(edit.start, edit.end)))}"
    return f"{'insert' if edit.start == edit.end else 'write'} {_quoted(edit.text)}"


def _quoted(text: str) -> str:
    text = text.rstrip("\r\n")
    return f"`{visible(text[:_MAX_FIX_TEXT])}{'…' if len(text) > _MAX_FIX_TEXT else ''}`"
