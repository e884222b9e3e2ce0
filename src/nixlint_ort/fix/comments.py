"""Where something can be put in without parting a comment from the code that it is about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from nixlint_ort.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nixlint_ort.finding import Edit
    from nixlint_ort.variant.variant import Variant

_SPEAKS_TO_THIS_TOOL = "nixlint-ort:"


def above_comments(variant: Variant, at: int) -> int:
    """The place before the comments that are about what begins at `at`, in bytes from 0.

    Those are the ones before it in its line, and those alone in the lines right above; one that speaks to this tool
    is about what follows it with empty lines between as well.
    """
    data = variant.source.data
    for comment in reversed(variant.document.comments):
        start, end = comment.span
        if end > at:
            continue
        between = data[end:at]
        is_near = between.count(b"\n") <= 1 or _SPEAKS_TO_THIS_TOOL in comment.text
        if between.strip() or not is_near or ("\n" in between.decode() and not _is_alone(variant, comment.span)):
            break
        at = start
    return at


def below_comments(variant: Variant, at: int) -> int:
    """The place behind the comments that begin in the line in which something ends at `at`, in bytes from 0."""
    data = variant.source.data
    for comment in variant.document.comments:
        start, end = comment.span
        if start >= at and not data[at:start].strip() and b"\n" not in data[at:start]:
            at = end
    return at


def takes_comments(variant: Variant, edits: Iterable[Edit]) -> bool:
    """Whether an edit takes a comment away together with code; one that is about comments alone may do so."""
    data = variant.source.data
    comments = [one.span for one in variant.document.comments]  # in order, and none in another one
    for edit in edits:
        first = bisect_right(comments, edit.start, key=lambda one: one.end)
        inside = comments[first : bisect_left(comments, edit.end, key=lambda one: one.start)]
        at, code = edit.start, b""
        for start, end in inside:
            code += data[at:start]
            at = end
        if inside and (code + data[at : edit.end]).strip():
            return True
    return False


def _is_alone(variant: Variant, comment: Span) -> bool:
    """Whether nothing is before a comment in its line."""
    line = variant.source.line_span(variant.source.position(comment.start).line)
    return not variant.source.data[line.start : comment.start].strip()
