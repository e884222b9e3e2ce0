"""What is known at a place of a variant: the facts that a literal reaches, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from nixlint_ort.convention.vocabulary import FACTS, HEADER_LINES
from nixlint_ort.lsp.positions import Lines
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.finding import Finding
    from nixlint_ort.lsp.folder import Folder
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


class Reached(NamedTuple):
    """A fact, the bytes at which a part of it is written, and the references by which that part reaches it."""

    fact: Fact
    literal: Span
    through: tuple[Span, ...]


def hover(folder: Folder, variant: Variant, offset: int, encoding: str) -> types.Hover | None:
    """The facts that the place at a byte offset (from 0) reaches, with what is found about each; None for none."""
    reached = list(_at(variant, offset))
    if not reached:
        return None
    found = folder.findings().get(variant.path, [])
    text = "\n\n".join(_described(one, found) for one in {one.fact.name: one for one in reached}.values())
    where = _narrowest(reached, offset)
    return types.Hover(
        types.MarkupContent(types.MarkupKind.Markdown, text), Lines(variant.source.data, encoding).range(where)
    )


def definition(variant: Variant, offset: int) -> list[Span]:
    """Where the value comes from that is used at a byte offset."""
    used = [one for one in _at(variant, offset) if any(_holds(span, offset) for span in one.through)]
    return list(dict.fromkeys(one.literal for one in used))


def references(variant: Variant, offset: int) -> list[Span]:
    """Where the literal at a byte offset is used, on its way to each fact."""
    written = [one for one in _at(variant, offset) if _holds(one.literal, offset)]
    return list(dict.fromkeys(span for one in written for span in one.through or (one.literal,)))


def symbols(variant: Variant, encoding: str) -> list[types.DocumentSymbol]:
    """The facts that are known, each where it is written."""
    lines = Lines(variant.source.data, encoding)
    known = [fact for fact in variant.facts.values() if fact.items is not None and fact.name != "file.stem"]
    return [
        types.DocumentSymbol(
            FACTS[fact.name].about,
            types.SymbolKind.Property,
            lines.range(fact.span),
            lines.range(fact.span),
            detail=_value(fact),
        )
        for fact in known
    ]


def hints(variant: Variant, encoding: str) -> list[types.InlayHint]:
    """What each interpolation that reaches a fact evaluates to."""
    data = variant.source.data
    lines = Lines(data, encoding)
    values: dict[Span, str] = {}
    for fact in variant.facts.values():
        for item in fact.items or ():
            for piece in item.pieces:
                for span in piece.origin.through:
                    if data[span.start - 2 : span.start] == b"${":
                        values[span] = values.get(span, "") + piece.text
    return [types.InlayHint(lines.position(span.end + 1), f" = {text}") for span, text in sorted(values.items())]


def _at(variant: Variant, offset: int) -> Iterator[Reached]:
    """Every part of a fact that is written, or used, at a byte offset; in the first line the header as a whole."""
    for fact in variant.facts.values() if variant.judgeable else ():
        if fact.name in HEADER_LINES and fact.items and _holds(fact.span, offset):
            yield Reached(fact, fact.span, ())
            continue
        for item in fact.items or ():
            for piece in item.pieces:
                one = Reached(fact, piece.origin.span, piece.origin.through)
                if fact.name != "file.stem" and any(_holds(span, offset) for span in (one.literal, *one.through)):
                    yield one


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def _narrowest(reached: list[Reached], offset: int) -> Span:
    spans = [span for one in reached for span in (one.literal, *one.through) if _holds(span, offset)]
    return min(spans, key=lambda span: span.end - span.start)


def _described(one: Reached, found: list[Finding]) -> str:
    kind = FACTS[one.fact.name]
    text = f"**{kind.about}**: `{_value(one.fact)}`"
    wrong = [
        finding.message
        for finding in found
        if (finding.place.span.start < one.fact.span.end and one.fact.span.start < finding.place.span.end)
        or finding.place.span == one.literal
    ]
    return text + "".join(f"\n\n- {message}" for message in dict.fromkeys(wrong))


def _value(fact: Fact) -> str:
    value = fact.value
    return value if isinstance(value, str) else " ".join(value or ())
