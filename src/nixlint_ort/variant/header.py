"""The header: which of the file's first lines is which line of the convention's header comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.nix.values import Form, NixString, Origin, Piece
from nixlint_ort.source import Source, Span
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.convention.texts import Text

LINES = ("header.line1", "header.line2")
RESEMBLANCE = 0.4
"""From this likeness on, a comment that does not fit is an attempt at the line rather than another comment."""
SUPPRESSION = b"nixlint-ort: ignore"
FOREIGN = 0.7
"""The same for a line that only another kind of variant has."""


def read_header(source: Source, texts: Mapping[str, Text], foreign: Mapping[str, Text]) -> dict[str, Fact]:
    """The header's facts: the lines of this kind of variant, and the `foreign` ones of other kinds where they stand.

    A line that is not there has the empty span at which it would be put in.
    """
    spans = _leading_comments(source)
    facts: dict[str, Fact] = {}
    taken = 0
    for name in LINES:
        span = spans[taken] if taken < len(spans) else None
        later = texts[LINES[1]] if name == LINES[0] and LINES[1] in texts else None
        before_later = later is not None and len(spans) > 1 and later.fit(source.text(spans[1])) is not None
        if span is not None and (
            before_later or _is_line(source.text(span), texts.get(name), later, foreign.get(name))
        ):
            text = source.text(span)
            origin = Origin(span)
            facts[name] = Fact(name, span, (NixString((Piece(text, origin, Form.COMMENT),), origin),))
            taken += 1
        else:
            facts[name] = Fact(name, _insertion(source, taken), reason="there is no such comment")
    return facts


def _leading_comments(source: Source) -> list[Span]:
    """The first lines that are comments, but for those that speak to this tool."""
    spans: list[Span] = []
    for line in range(1, source.line_count + 1):
        span = source.line_span(line)
        if source.data[span.start : span.start + 1] != b"#" or len(spans) == len(LINES):
            break
        if SUPPRESSION not in source.data[span.start : span.end]:
            spans.append(span)
    return spans


def _insertion(source: Source, taken: int) -> Span:
    start = source.line_span(taken + 1).start if taken < source.line_count else len(source.data)
    return Span(start, start)


def _is_line(comment: str, own: Text | None, later: Text | None, foreign: Text | None) -> bool:
    if foreign is not None:
        return foreign.fit(comment) is not None or _likeness(comment, foreign) >= FOREIGN
    return _is_meant(comment, own, later)


def _is_meant(comment: str, text: Text | None, later: Text | None) -> bool:
    """Whether a comment is an attempt at a line, rather than at the line after it or at something else."""
    if text is None:
        return True
    if text.fit(comment) is not None:
        return True
    if later is not None and later.fit(comment) is not None:
        return False
    return _likeness(comment, text) >= max(RESEMBLANCE, _likeness(comment, later) if later else 0)


def _likeness(comment: str, text: Text) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, comment[:200], text.template.text, autojunk=False).ratio()
