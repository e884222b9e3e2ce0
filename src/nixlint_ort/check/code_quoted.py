"""How a message quotes code that differs from that of peers: which lines of it, and what of them is a fact."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import takewhile

from nixlint_ort.source import Span
from nixlint_ort.variant.normal_form import OWN, own_spans
from nixlint_ort.variant.variant import Variant

_SHOWN = 90
"""Code points of a line of code that a message quotes."""


def masked(text: str, span: Span, own: Sequence[Span]) -> str:
    """A text at a place with OWN for each fact in it, and single spaces; `own` is where facts are, in order."""
    first = bisect_left(own, Span(span.start, 0))
    inside = [one for one in own[first : bisect_left(own, Span(span.end + 1, 0), first)] if one.end <= span.end]
    if not inside:
        return " ".join(text.split())
    data, parts, at = text.encode(), [], span.start
    for one in inside:
        parts.append(data[at - span.start : one.start - span.start].decode("utf-8", "replace"))
        at = one.end
    parts.append(data[at - span.start :].decode("utf-8", "replace"))
    return re.sub(rf"{OWN}(?:\s*{OWN})+", OWN, " ".join(OWN.join(parts).split()))


def narrowed(variant: Variant, span: Span, model: Variant, peers: Span) -> tuple[Span, Span]:
    """Two places without the lines at their ends that are the same but for facts, such as those of a long string."""
    here, there = _lines(variant, span), _lines(model, peers)
    before = _alike([text for text, _ in here], [text for text, _ in there])
    after = _alike([text for text, _ in here[before:][::-1]], [text for text, _ in there[before:][::-1]])
    return _joined(here, before, after), _joined(there, before, after)


def _lines(variant: Variant, span: Span) -> list[tuple[str, Span]]:
    """Each line of some code with OWN for facts, and where it is without blanks around it."""
    own = sorted(own_spans(variant))
    found, at = [], span.start
    for line in variant.source.data[span.start : span.end].split(b"\n"):
        start = at + len(line) - len(line.lstrip())
        place = Span(start, max(start, at + len(line.rstrip())))
        found.append((masked(variant.source.text(place), place, own), place))
        at += len(line) + 1
    return found


def _alike(one: list[str], other: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _joined(lines: list[tuple[str, Span]], before: int, after: int) -> Span:
    """From the first to the last of some lines without those at their ends; the place of the next one without any."""
    kept = lines[before : len(lines) - after]
    at = lines[min(before, len(lines) - 1)][1].start
    return Span(kept[0][1].start, kept[-1][1].end) if kept else Span(at, at)


def is_part(variant: Variant, span: Span) -> bool:
    """Whether some code begins within a line and is no binding, so that by itself it says little."""
    first, _, rest = variant.source.text(span).strip().partition("\n")
    line = variant.source.line_text(variant.source.position(span.start).line).strip()
    return line != first.rstrip() and not (rest or first).rstrip().endswith(";")


def at_least_one(variant: Variant, span: Span) -> Span:
    """A place with at least one byte, to point at."""
    return span if span.start < span.end else Span(span.start, min(span.start + 1, len(variant.source.data)))


def line_of(variant: Variant, span: Span) -> str:
    """The line of code around a place."""
    return _cut(variant.source.line_text(variant.source.position(span.start).line).strip())


def first_line(variant: Variant, span: Span) -> str:
    """Some code, and no more than that: what is beside it in its line may be what all variants have."""
    first, _, rest = variant.source.text(span).strip().partition("\n")
    return _cut(f"{first.rstrip()}…" if rest else first)


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
