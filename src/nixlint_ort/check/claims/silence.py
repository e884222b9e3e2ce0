"""Comments of documents that silence findings: `<!-- nixlint-ort: ignore[rule-id] reason -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nixlint_ort.check.covered import MAX_NAMES, MAX_RULES
from nixlint_ort.finding import Edit
from nixlint_ort.source import Source, Span

_COMMENT = re.compile(
    r"<!--\s*nixlint-ort:\s*(?P<scope>ignore(?:-file)?)\[(?P<ids>[^\]\n]*)\]\s*+(?P<reason>.*?)-->", re.DOTALL
)
_ID = re.compile(r"[^\s,]+")


@dataclass(slots=True)
class Silence:
    """One comment: its bytes, the rules that it names with their places, the bytes that it is for, and its reason.

    One that names too many is taken to name none.
    """

    span: Span
    ids: Mapping[str, Span]
    covers: tuple[Span, ...] | None
    """None for the whole document; the end of a span belongs to it."""
    reason: str | None
    used: set[str] = field(default_factory=set)

    def without(self, source: Source, unused: set[str]) -> Edit:
        """The edit that takes rules out of it: all of it, with its line if it is alone there, if none is left."""
        left = [one for one in self.ids if one not in unused]
        if left:
            return Edit(source.path, min(self.ids.values()).start, max(self.ids.values()).end, ", ".join(left))
        first = source.line_span(source.position(self.span.start).line)
        last = source.line_span(source.position(self.span.end).line)
        if (source.data[first.start : self.span.start] + source.data[self.span.end : last.end]).strip():
            return Edit(source.path, self.span.start, self.span.end, "")
        end = source.data.find(b"\n", self.span.end)
        return Edit(source.path, first.start, len(source.data) if end < 0 else end + 1, "")


def silences(source: Source, comments: Iterable[tuple[str, int]]) -> list[Silence]:
    """What comments silence; each is its text with the byte at which it begins.

    One that is alone in its line is for the block that follows, up to an empty line; another is for its line.
    """
    found: list[Silence] = []
    blocks: list[int] = []
    named = 0
    for text, start in comments:
        match = _COMMENT.match(text)
        if match is None:
            continue
        names = [*_ID.finditer(match["ids"])]
        named += len(names)
        if len(names) > MAX_RULES or named > MAX_NAMES:
            names = []
        offset = start + len(text[: match.start("ids")].encode())
        ids = {
            one[0]: Span(
                offset + len(match["ids"][: one.start()].encode()), offset + len(match["ids"][: one.end()].encode())
            )
            for one in names
        }
        span = Span(start, start + len(match[0].encode()))
        blocks = blocks or _ends_of_blocks(source)
        covers = None if match["scope"] == "ignore-file" else _covered(source, span, blocks)
        found.append(Silence(span, ids, covers, match["reason"].rstrip() or None))
    return found


def _ends_of_blocks(source: Source) -> list[int]:
    """By each line's number, from 1, the last line of its block; for an empty line, of the block that follows."""
    ends = [source.line_count] * (source.line_count + 2)
    is_last = True
    for number in range(source.line_count, 0, -1):
        is_empty = not source.line_text(number).strip()
        ends[number] = number if is_last and not is_empty else ends[number + 1]
        is_last = is_empty
    return ends


def _covered(source: Source, span: Span, blocks: list[int]) -> tuple[Span, ...]:
    first, last = source.position(span.start).line, source.position(span.end).line
    line = Span(source.line_span(first).start, source.line_span(last).end)
    if (source.data[line.start : span.start] + source.data[span.end : line.end]).strip():
        return (line,)
    return (Span(line.start, source.line_span(blocks[last + 1]).end),)
