"""Shows the facts of variants: as a table for people, or as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nixlint_ort.convention import FACTS
from nixlint_ort.finding import Place
from nixlint_ort.report.escape import json_text, visible, without_commands
from nixlint_ort.report.json_document import range_object

if TYPE_CHECKING:
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


def vocabulary() -> str:
    """One line a fact: its name and what it is."""
    width = max(map(len, FACTS))
    return "".join(f"{name.ljust(width)}  {text}\n" for name, text in FACTS.items())


def as_text(variants: Iterable[Variant]) -> str:
    """A readable table for each variant: fact, value and line."""
    width = max(map(len, FACTS))
    lines: list[str] = []
    for variant in variants:
        lines.append(visible(variant.path))
        if not variant.judgeable:
            lines.append("  cannot be read: run nixlint-ort on it")
            continue
        for name, fact in variant.facts.items():
            line = variant.source.position(fact.span.start).line
            place = f"line {line}" if fact.items is not None and name != "file.stem" else ""
            lines.append(f"  {name.ljust(width)}  {visible(_shown(fact))}  {place}".rstrip())
    return without_commands("".join(f"{line}\n" for line in lines))


def _shown(fact: Fact) -> str:
    if fact.unknown is not None:
        return f"unknown: {fact.unknown.reason}"
    if fact.value is None:
        return f"({fact.reason})"
    return fact.value if isinstance(fact.value, str) else " ".join(fact.value)


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
