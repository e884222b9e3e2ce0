"""What is known at a place of a variant: the facts that a literal reaches, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from nixlint_ort.convention.vocabulary import HEADER_LINES, STEM, about
from nixlint_ort.lsp.diagnostics import page_of
from nixlint_ort.lsp.expectations import expectations
from nixlint_ort.lsp.positions import Lines
from nixlint_ort.report.table import markdown_code, markdown_text
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.lsp.folder import Folder
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


class Reached(NamedTuple):
    """A fact, the bytes at which a part of it is written, and the references by which that part reaches it."""

    fact: Fact
    literal: Span
    through: tuple[Span, ...]


def hover(folder: Folder, variant: Variant, offset: int, encoding: str) -> types.Hover | None:
    """The facts that the place at a byte offset (from 0) reaches, what each should be and why; None for none.

    On the first line, all facts of the variant besides.
    """
    reached = list(_at(variant, offset))
    is_first = variant.source.position(offset).line == 1
    if not reached and not is_first:
        return None
    parts = [_described(folder, variant, one) for one in {one.fact.name: one for one in reached}.values()]
    if is_first:
        rows = [f"| {about(fact.name)} | {markdown_code(_value(fact))} |" for fact in _known(variant)]
        parts.append("\n".join(["| fact | value |", "|---|---|", *rows]))
    where = _narrowest(reached, offset) if reached else variant.source.line_span(1)
    return types.Hover(
        types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(parts)),
        Lines.of(variant.source, encoding).range(where),
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
    lines = Lines.of(variant.source, encoding)
    return [
        types.DocumentSymbol(
            about(fact.name),
            types.SymbolKind.Property,
            lines.range(fact.span),
            lines.range(fact.span),
            detail=_value(fact),
        )
        for fact in _known(variant)
    ]


def hints(variant: Variant, encoding: str) -> list[types.InlayHint]:
    """What each interpolation that reaches a fact evaluates to."""
    data = variant.source.data
    lines = Lines.of(variant.source, encoding)
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
                if fact.name != STEM and any(_holds(span, offset) for span in (one.literal, *one.through)):
                    yield one


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def _narrowest(reached: list[Reached], offset: int) -> Span:
    spans = [span for one in reached for span in (one.literal, *one.through) if _holds(span, offset)]
    return min(spans, key=lambda span: span.end - span.start)


def _described(folder: Folder, variant: Variant, one: Reached) -> str:
    lines = [f"**{about(one.fact.name)}**: {markdown_code(_value(one.fact))}"]
    for rule, words in expectations(folder.session, variant, one.fact) if folder.session else ():
        page = page_of(rule, folder)
        name = f"[{rule.id}]({page})" if page else rule.id
        lines.append(f"- {words} ({name}): {markdown_text(' '.join(rule.why.split()))}")
    wrong = [
        finding.message
        for finding in folder.findings().get(variant.path, [])
        if (finding.place.span.start < one.fact.span.end and one.fact.span.start < finding.place.span.end)
        or finding.place.span == one.literal
    ]
    lines += [f"- wrong: {markdown_text(message)}" for message in dict.fromkeys(wrong)]
    source = variant.source
    passed = dict.fromkeys(source.position(span.start).line for span in one.through)
    if passed:
        uri = folder.uri(variant.path)
        written = source.position(one.literal.start).line
        through = ", ".join(f"[line {line}]({uri}#L{line})" for line in passed)
        lines.append(f"- written on line {written}, and passes through {through}")
    return "\n".join([lines[0], "", *lines[1:]]).rstrip()


def _known(variant: Variant) -> list[Fact]:
    """The facts that are known, except for the file's name."""
    return [fact for fact in variant.facts.values() if fact.items is not None and fact.name != STEM]


def _value(fact: Fact) -> str:
    value = fact.value
    return value if isinstance(value, str) else " ".join(value or ())
