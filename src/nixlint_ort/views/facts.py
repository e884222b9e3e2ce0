"""Shows the facts of variants: as a table for people, or as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nixlint_ort.convention import FACTS
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Place
from nixlint_ort.report.escape import json_text, visible, without_commands
from nixlint_ort.report.json_document import range_object
from nixlint_ort.report.table import TableCell, columns
from nixlint_ort.report.terminal import BOLD, DIM, YELLOW, Painter

if TYPE_CHECKING:
    from nixlint_ort.source import Source, Span
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


def vocabulary() -> str:
    """One line a fact: its name and what it is."""
    return columns([[TableCell(name), TableCell(kind.about)] for name, kind in FACTS.items()], Painter(color=False))


def as_text(variants: Iterable[Variant], *, color: bool = False) -> str:
    """A readable table for each variant: each fact, where it comes from, and its value."""
    paint = Painter(color=color)
    blocks: list[str] = []
    for variant in variants:
        title = paint(visible(variant.path), BOLD) + "\n"
        if not variant.judgeable:
            blocks.append(f"{title}  this file is not valid Nix; run nixlint-ort on it to see where and why\n")
            continue
        rows = [
            [TableCell(name), TableCell(came_from(variant, fact), DIM), TableCell(shown(fact), _style(fact))]
            for name, fact in variant.facts.items()
        ]
        blocks.append(title + columns(rows, paint, "  "))
    return without_commands("\n".join(blocks))


def _style(fact: Fact) -> str:
    if fact.unknown is not None:
        return YELLOW
    return DIM if fact.absent else ""


def shown(fact: Fact) -> str:
    """A fact's value in words."""
    if fact.unknown is not None:
        return f"unknown: {fact.unknown.reason}"
    if fact.value is None:
        return f"({fact.reason})"
    return fact.value if isinstance(fact.value, str) else " ".join(fact.value)


def came_from(variant: Variant, fact: Fact) -> str:
    """Where a known fact is written, and by which lines it came to where it counts; empty for any other."""
    if fact.name == STEM:
        return "file name"
    if fact.items is None:
        return ""
    pieces = [piece.origin for item in fact.items for piece in item.pieces] or [item.origin for item in fact.items]
    written = _lines(variant.source, (origin.span for origin in pieces))
    passed = [
        line for line in _lines(variant.source, (one for o in pieces for one in o.through)) if line not in written
    ]
    word = "line" if len(written) == 1 else "lines"
    return f"{word} {_ranges(written)}" + (f", via {_ranges(passed)}" if passed else "")


def _lines(source: Source, spans: Iterable[Span]) -> list[int]:
    return sorted({source.position(span.start).line for span in spans})


def _ranges(lines: list[int]) -> str:
    """Line numbers in order, runs of them as `21-25`."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return " ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def as_json(variants: Iterable[Variant], branch: str | None) -> str:
    """The facts contract, version 1; `branch` names the release whose tables complete the identity."""
    document = {"version": 1, "variants": [_variant(variant, branch) for variant in variants]}
    return json_text(document, indent=2) + "\n"


def _variant(variant: Variant, branch: str | None) -> dict[str, Any]:
    identity = variant.identity
    return {
        "path": variant.path,
        "identity": identity.expected(variant.convention, branch) if identity else None,
        "facts": {name: _fact(variant, fact) for name, fact in variant.facts.items()} if variant.judgeable else None,
    }


def _fact(variant: Variant, fact: Fact) -> dict[str, Any]:
    place = range_object(Place(variant.source, fact.span))
    if fact.items is not None:
        return {"value": fact.value, "range": place}
    return {"unknown": fact.unknown.reason if fact.unknown else fact.reason, "range": place}
