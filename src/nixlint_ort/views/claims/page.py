"""Shows the claims of documents as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.reading import Mark
from nixlint_ort.report.html import Html, page, tag
from nixlint_ort.views.claims.model import counts, lines_of
from nixlint_ort.views.claims.text import summary

if TYPE_CHECKING:
    from nixlint_ort.check.claims.reading import Claims
    from nixlint_ort.views.claims.model import Segment

_CLASSES = {Mark.RIGHT: "good", Mark.WRONG: "error", Mark.UNKNOWN: "warning"}


def render(documents: Sequence[Claims]) -> str:
    """The page."""
    names = ", ".join(one.source.path for one in documents)
    legend = tag(
        "ul", *(tag("li", tag("span", mark, class_=f"badge {_CLASSES[mark]}")) for mark in Mark), class_="legend"
    )
    return page(f"Claims of {names}", tag("h1", "What documents claim"), legend, *map(_section, documents))


def _section(claims: Claims) -> Html:
    name = claims.source.path
    found = counts(claims)
    numbers = [tag("li", tag("b", str(found[mark])), " ", mark) for mark in Mark]
    share = tag("li", tag("b", f"{claims.understood:.0%}"), " understood")
    lines: list[str] = []
    for number, pieces in lines_of(claims):
        lines += [tag("span", f"{number} ", class_="line"), *map(_piece, pieces), "\n"]
    return tag(
        "section",
        tag("h2", name),
        tag("ul", *numbers, share, class_="counts"),
        tag("div", tag("pre", *lines), class_="scroll"),
        aria_label=f"{name}: {summary(claims)}",
    )


def _piece(piece: Segment) -> Html | str:
    if piece.marked is None:
        return piece.text
    title = f"{piece.marked.what}: {piece.marked.mark}" + (
        f", expected {piece.marked.expected}" if piece.marked.expected else ""
    )
    return tag("span", piece.text, class_=f"badge {_CLASSES[piece.marked.mark]}", title=title)
