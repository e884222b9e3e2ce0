"""Shows the claims of documents as marked text, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nixlint_ort.check.claims.reading import Mark
from nixlint_ort.finding import Place
from nixlint_ort.report.escape import json_text, visible
from nixlint_ort.report.json_document import range_object
from nixlint_ort.report.terminal import BOLD, DIM, GREEN, RED, YELLOW, Painter
from nixlint_ort.views.claims.model import counts, lines_of

if TYPE_CHECKING:
    from nixlint_ort.check.claims.reading import Claims, Marked
    from nixlint_ort.views.claims.model import Segment

SIGNS = {Mark.RIGHT: "", Mark.WRONG: "!", Mark.UNKNOWN: "?"}
_STYLES = {Mark.RIGHT: GREEN, Mark.WRONG: f"1;{RED}", Mark.UNKNOWN: YELLOW}


def as_text(documents: Iterable[Claims], *, color: bool = False) -> str:
    """Each line that has mentions, these in brackets: `[560]` right, `[!535 → 560]` wrong, `[?13.0]` not understood."""
    paint = Painter(color=color)
    blocks: list[str] = []
    for claims in documents:
        lines = [paint(visible(claims.source.path), BOLD)]
        for number, pieces in lines_of(claims):
            lines.append(f"{paint(f'{number:5}', DIM)}  {''.join(_piece(piece, paint) for piece in pieces)}")
        blocks.append("\n".join((*lines, summary(claims), "")))
    return "\n".join(blocks)


def summary(claims: Claims) -> str:
    """How many mentions there are of which mark, and the share that is understood."""
    found = counts(claims)
    parts = ", ".join(f"{found[mark]} {mark}" for mark in Mark)
    more = f"; {claims.too_much}" if claims.too_much else ""
    return f"{len(claims.marked)} mentions: {parts}; {claims.understood:.0%} understood{more}"


def _piece(piece: Segment, paint: Painter) -> str:
    text = visible(piece.text)
    if piece.marked is None:
        return text
    sign = SIGNS[piece.marked.mark]
    expected = f" → {visible(piece.marked.expected)}" if piece.marked.expected else ""
    return paint(f"[{sign}{text}{expected}]", _STYLES[piece.marked.mark])


def as_json(documents: Iterable[Claims]) -> str:
    """The contract of claims, version 1."""
    return json_text({"version": 1, "documents": [_document(one) for one in documents]}, indent=2) + "\n"


def _document(claims: Claims) -> dict[str, Any]:
    found = counts(claims)
    return {
        "path": claims.source.path,
        "understood": round(claims.understood, 4),
        "right": found[Mark.RIGHT],
        "wrong": found[Mark.WRONG],
        "not_understood": found[Mark.UNKNOWN],
        "mentions": [_mention(claims, one) for one in claims.marked],
    }


def _mention(claims: Claims, one: Marked) -> dict[str, Any]:
    return {
        "text": claims.source.text(one.span),
        "what": one.what,
        "mark": one.mark.value,
        "expected": one.expected or None,
        "range": range_object(Place(claims.source, one.span)),
    }
