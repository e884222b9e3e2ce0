"""Marks what a machine has, such as its installed driver: that is not what a variant needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.units import UnitKind

if TYPE_CHECKING:
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.lexicon import Lexicon
    from nixlint_ort.check.claims.words.mention import Mention

_FULL = re.compile(r"\.\d+")
_REMARK = re.compile(r"(?:\A|\s)(?:#|//)")
_HOST = re.compile(r"(?<![\w/.\-])[a-z]+(?:[-.][a-z0-9]+)*-?\d{1,6}(?![\w.\-/=])")
"""A name that ends in a number, such as `ws-1`; a longer one is none, and would take long to look through."""
_LABEL_END = re.compile(r"[:(|—–]|\s-\s")
_ASKED = 40
"""Code points before a value within which a word says that it is needed."""


def mark_machines(unit: Unit, low: str, mentions: list[Mention], lexicon: Lexicon) -> None:
    """Mark what a machine has, as in `Driver Version: 575.57.08`, and what a command looks for in what it has."""
    remark = _REMARK.search(low)
    is_prose = unit.kind not in (UnitKind.CODE, UnitKind.ROW)
    installed = [one for one in mentions if one.column in lexicon.speech.least and not one.is_outside]
    if installed:
        is_machine = _speaks_of_machine(unit, low, mentions, lexicon)
        has_gpu = any(one.column == lexicon.gpus_column for one in mentions)
        is_likely = has_gpu or lexicon.excluding["hosts"].search(low) is not None
        for one in installed:
            is_had = not is_prose and _FULL.match(low, one.end)
            is_open = not _is_asked(unit, low, one, lexicon)
            one.is_outside = bool(is_had or (is_open and (is_machine or (is_likely and is_newer(one, lexicon)))))
    if unit.kind is UnitKind.CODE:  # as in `grep avx512f /proc/cpuinfo`
        for one in mentions:
            is_word = one.column not in lexicon.looks and one.column != lexicon.branch_column
            one.is_outside |= is_word and (remark is None or one.start < remark.start())


def _is_asked(unit: Unit, low: str, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a value is said to be the least that is needed."""
    if lexicon.grammar.onward.match(low, mention.end):
        return True
    head = next((cell.head for cell in unit.cells if cell.start <= mention.start < cell.end), None)
    before = f"{head.chars.lower() if head else ''} {low[max(0, mention.start - _ASKED) : mention.start]}"
    return bool(lexicon.needing.search(before) or lexicon.telling["least"].search(before))


def is_newer(mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a value is more than the least of any row, and that of none."""
    known = lexicon.world.values(mention.column)
    numbers = [int(value) for value in known if value.isdigit()]
    return (
        mention.value not in known and mention.value.isdigit() and bool(numbers) and int(mention.value) > min(numbers)
    )


def _speaks_of_machine(unit: Unit, low: str, mentions: list[Mention], lexicon: Lexicon) -> bool:
    """Whether a unit is about a machine: by its words, its label, the heads of its columns, or what it is below."""
    hosts = lexicon.excluding["hosts"]
    if any(
        not _has_subject(low, found.start(), mentions, lexicon) for found in lexicon.excluding["machines"].finditer(low)
    ):
        return True
    heads = [cell.head.chars.lower() for cell in unit.cells if cell.head]
    if any(hosts.search(head) or lexicon.excluding["strangers"].search(head) for head in heads):
        return True
    above = [one.text.chars.lower() for one in unit.context]
    if any(hosts.search(one) and not lexicon.needing.search(one) for one in above):
        return True
    end = _LABEL_END.search(low)
    label = low[: unit.cells[0].end] if unit.cells else low[: end.start()] if end else ""
    is_entry = unit.kind in (UnitKind.ITEM, UnitKind.ROW)
    if is_entry and hosts.search(label) and not any(one.start < len(label) for one in mentions):
        return True
    return any(lexicon.pattern.match(low, found.start()) is None for found in _HOST.finditer(low))


def _has_subject(low: str, at: int, mentions: list[Mention], lexicon: Lexicon) -> bool:
    """Whether the words at a code point have a value right before them, so that they say what that has."""
    before = next((one for one in reversed(mentions) if one.end <= at), None)
    between = re.findall(r"\w+", low[before.end : at]) if before else ["", ""]
    return all(word in lexicon.grammar.common for word in between)
