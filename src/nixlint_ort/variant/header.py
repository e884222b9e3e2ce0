"""The header: which of the file's first lines is which line of the convention's header comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.vocabulary import HEADER_LINES
from nixlint_ort.nix.values import Form, NixString, Origin, Piece
from nixlint_ort.source import Source, Span
from nixlint_ort.template import Steps
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nixlint_ort.convention.wordings import Wordings

RESEMBLANCE = 0.4
"""From this likeness on, a comment that does not fit is an attempt at the line rather than another comment."""
SUPPRESSION = b"nixlint-ort: ignore"
ABOVE_SECOND = 0.25
"""The same for a comment right above a second line that fits."""
FOREIGN = 0.7
"""The same for a line that only another kind of variant has."""


MAX_STEPS = 50_000
"""Places at which fields may be tried in the header lines of one file, in all forms; see `Steps`."""
HEAD = 60
"""So many lines are looked through for a header line that is not where it belongs."""


class HeaderWordings(NamedTuple):
    """The header lines of a variant's kind, those that only other kinds have, and those of all kinds."""

    own: Mapping[str, Wordings]
    foreign: Mapping[str, Wordings]
    all: tuple[tuple[str, Wordings], ...]
    steps: Steps | None = None
    """What is left for the lines of one file."""

    def are(self, comment: str, name: str | None = None) -> bool:
        """Whether a comment is a header line of some kind of variant: any line of it, or the one named."""
        return any(self.fit(text, comment) for line, text in self.all if name in (None, line))

    def fit(self, text: Wordings, comment: str) -> bool:
        """Whether a comment is a header line in a wording, however many blanks are behind its `#`."""
        spaced = one_blank(comment)
        every = (comment,) if spaced == comment else (comment, spaced)
        return any(_fits(text, one, self) for one in every)


def _fits(text: Wordings, comment: str, wordings: HeaderWordings) -> bool:
    return text.fit(comment, None, wordings.steps) is not None


def one_blank(comment: str) -> str:
    """A comment with one blank behind its `#`; as it is where nothing follows."""
    rest = comment.removeprefix("#").lstrip(" \t")
    return f"# {rest}" if rest and comment.startswith("#") else comment


def read_header(source: Source, wordings: HeaderWordings) -> dict[str, Fact]:
    """The header's facts: the lines of this kind of variant, and those of other kinds where they stand.

    A line that is not there has the empty span at which it would be put in. One that stands further down has a
    `reason` besides its text, and header lines beyond these are the first line's `further` places.
    """
    first, head = _comments(source)
    wordings = wordings._replace(steps=Steps(MAX_STEPS))
    facts: dict[str, Fact] = {}
    taken = 0
    for name in HEADER_LINES:
        span = first[taken] if taken < len(first) else None
        if span is not None and _is_meant(source, span, name, wordings, first):
            facts[name] = _line(source, name, span, wordings)
            taken += 1
        elif (stray := _stray(source, name, wordings, head, facts)) is not None:
            reason = f"it is in line {source.position(stray.start).line}"
            facts[name] = _line(source, name, stray, wordings, reason)
        else:
            facts[name] = Fact(name, _insertion(source, first[:taken]), reason="there is no such comment")
    used = {fact.span for fact in facts.values()}
    further = tuple(span for span in head if span not in used and wordings.are(source.text(span)))
    return {**facts, HEADER_LINES[0]: facts[HEADER_LINES[0]]._replace(further=further)}


def _line(source: Source, name: str, span: Span, wordings: HeaderWordings, reason: str | None = None) -> Fact:
    """The fact of a header line; where it fits but for the blanks behind its `#`, these are a piece of their own."""
    origin, comment = Origin(span), source.text(span)
    text, spaced = wordings.own.get(name), one_blank(comment)
    pieces: tuple[Piece, ...] = (Piece(comment, origin, Form.COMMENT),)
    if text is not None and spaced != comment and not _fits(text, comment, wordings) and _fits(text, spaced, wordings):
        start = span.end - len(spaced[2:].encode("utf-8", "surrogateescape"))
        mark = Piece(spaced[:2], Origin(Span(span.start, start)), Form.DERIVED)
        pieces = (mark, Piece(spaced[2:], Origin(Span(start, span.end)), Form.COMMENT))
    return Fact(name, span, (NixString(pieces, origin),), reason=reason)


def _comments(source: Source) -> tuple[list[Span], list[Span]]:
    """The first lines of the file that are comments, and all before its code, each without what speaks to this tool.

    What is in a block comment, such as a licence, is passed over.
    """
    first: list[Span] = []
    head: list[Span] = []
    unbroken, in_block = True, False
    for line in range(1, min(source.line_count, HEAD) + 1):
        span = source.line_span(line)
        data = source.data[span.start : span.end]
        if line == 1 and data.startswith(b"#!"):
            continue
        if not in_block and data.startswith(b"#"):
            text = data.partition(SUPPRESSION)[0].rstrip(b"# \t")
            if text or SUPPRESSION not in data:
                span = Span(span.start, span.start + len(text)) if SUPPRESSION in data else span
                head.append(span)
                if unbroken and len(first) < len(HEADER_LINES):
                    first.append(span)
            continue
        if in_block or data.lstrip().startswith(b"/*"):
            in_block = b"*/" not in data
            if not in_block and data.rpartition(b"*/")[2].strip():
                break
        elif data.strip():
            break
        unbroken = False
    return first, head


def _stray(
    source: Source, name: str, wordings: HeaderWordings, head: list[Span], facts: Mapping[str, Fact]
) -> Span | None:
    """Where a header line of this kind stands further down, or that line of another kind."""
    used = {fact.span for fact in facts.values()}
    own = wordings.own.get(name)
    left = [span for span in head if span not in used]
    fitting = (span for span in left if own is not None and wordings.fit(own, source.text(span)))
    return next(fitting, None) or next((span for span in left if wordings.are(source.text(span), name)), None)


def _insertion(source: Source, taken: Sequence[Span]) -> Span:
    """The empty span at which a header line is put in: below those that there are, or at the top, below a `#!`."""
    line = source.position(taken[-1].start).line if taken else int(source.data.startswith(b"#!"))
    start = source.line_span(line + 1).start if line < source.line_count else len(source.data)
    return Span(start, start)


def _is_meant(source: Source, span: Span, name: str, wordings: HeaderWordings, first: list[Span]) -> bool:
    """Whether a comment is an attempt at a line of the header, rather than at the next one or at something else."""
    comment = source.text(span)
    foreign = wordings.foreign.get(name)
    if foreign is not None:
        return wordings.fit(foreign, comment) or _likeness(comment, foreign) >= FOREIGN
    own = wordings.own.get(name)
    if own is None or wordings.are(comment, name):
        return True
    later = wordings.own.get(HEADER_LINES[1]) if name == HEADER_LINES[0] else None
    if later is not None and wordings.fit(later, comment):
        return False
    if later is not None and len(first) > 1 and wordings.fit(later, source.text(first[1])):
        return _likeness(comment, own) >= ABOVE_SECOND
    return _likeness(comment, own) >= max(RESEMBLANCE, _likeness(comment, later) if later else 0)


def _likeness(comment: str, text: Wordings) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, comment[:200], text.first.text, autojunk=False).ratio()
