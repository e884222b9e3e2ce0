"""Tells what is about other programs, other packages and what others have made, such as images and distributions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.units import UnitKind

if TYPE_CHECKING:
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.lexicon import Lexicon
    from nixlint_ort.check.claims.words.mention import Mention

_STRANGER = re.compile(r"\W*((?=\w*(?:[a-z][A-Z]|[A-Z]{2}))\w++)\s+v?\d+(?:\.\d+)+\b")
_OTHER = re.compile(r"\W*([A-Z][a-z]{2,})\s+v?\d+(?:\.\d+)*\s+")
"""A capital word with a number, such as `Ubuntu 24.04`, which a verb follows."""
_CALENDAR = re.compile(r"\W*(?:\w{2,4}\s+)?[a-z]{3,}[ -]2\d\.(?:0[1-9]|1[0-2])\s+")
"""A release that is named by its year and month, such as `nixos-25.05`, which a verb follows."""
_VERSIONED = re.compile(r"\W*([A-Za-z]\w*(?:[ -][A-Za-z]\w*)?)\s+v?\d+(?:\.\d+)*\W*\Z")
"""A cell that has a name and a number, such as `torch 2.6`."""
_IMAGE = re.compile(r"\W*\w[\w.\-]*/[\w./\-]*\w:\w")
"""An image with its tag, such as `nvidia/cuda:12.9.0-base`."""
_CAMEL = re.compile(r"(?<![\w-])(?:[a-z]+[A-Z]|[A-Z][a-z]+[A-Z])\w*")
"""A program's name, such as `PyTorch` or `vLLM`."""
_PARTED = re.compile(r"(?<![\w/.\-])([a-z][a-z0-9]*)(?:-[a-z0-9_]+)+")
"""A name of several parts."""


def is_of_stranger(unit: Unit, low: str, lexicon: Lexicon) -> bool:
    """Whether a unit is about something that no table knows: a version such as `TensorRT 10.9`, an image, a program."""
    if unit.cells:
        return _is_row_of_stranger(unit, low, lexicon)
    if unit.kind is UnitKind.ITEM and _IMAGE.match(low):
        return True
    dated = _CALENDAR.match(low)
    if dated and lexicon.verbs.match(low, dated.end()):
        return True
    first = _STRANGER.match(unit.text.chars) or _OTHER.match(unit.text.chars)
    if first is None or lexicon.pattern.match(low, first.start(1)):
        return False
    is_name = first.re is _STRANGER or first[1].lower() not in lexicon.grammar.common
    return is_name and (first.re is _STRANGER or lexicon.verbs.match(low, first.end()) is not None)


def _is_row_of_stranger(unit: Unit, low: str, lexicon: Lexicon) -> bool:
    """Whether the head of a row's first cell, or what is in it, says that the row is about what others have made."""
    first = unit.cells[0]
    if f"{lexicon.package}-" in low:  # a variant is named
        return False
    if first.head and lexicon.excluding["foreign"].search(first.head.chars.lower()):
        return True
    if lexicon.excluding["sentence"].fullmatch(low[first.start : first.end].strip(" *_`")):
        return True
    chars = unit.text.chars[first.start : first.end]
    named = _IMAGE.match(chars) or _VERSIONED.match(chars) or _CAMEL.match(chars.strip(" *_`"))
    return named is not None and not any(
        first.start <= found.start() < first.end
        for found in lexicon.pattern.finditer(low, first.start, first.end)
        if found.lastgroup != "number"
    )


def is_below_stranger(unit: Unit, at: int, lexicon: Lexicon) -> bool:
    """Whether the column of a place in a row is about another program or another repository."""
    head = next((cell.head for cell in unit.cells if cell.start <= at < cell.end), None)
    if head is None:
        return False
    if lexicon.excluding["strangers"].search(head.chars.lower()):
        return lexicon.telling["own"].search(head.chars.lower()) is None
    return lexicon.pattern.search(head.chars.lower()) is None and bool(
        _CAMEL.search(head.chars) or re.fullmatch(r"\W*[a-z0-9]+(?:[-/][a-z0-9]+)+\W*", head.chars)
    )


def names_stranger(chars: str, lexicon: Lexicon) -> bool:
    """Whether a program that no table knows is named, such as `PyTorch`."""
    return any(not lexicon.pattern.match(one[0].lower()) for one in _CAMEL.finditer(chars))


def names_foreign_variant(low: str, mentions: list[Mention], lexicon: Lexicon) -> bool:
    """Whether a text names a variant of another package: a name with parts as variants have, and another beginning.

    A name with one such part is of something else, as `flox-cuda12_4-env`: that part is outside.
    """
    for found in _PARTED.finditer(low):
        parts = [one for one in mentions if found.start() <= one.start < found.end()]
        if not parts or lexicon.pattern.match(low, found.start(1)) is not None:
            continue
        formed = [one for one in parts if one.is_formed]
        if len(formed) > 1:
            return True
        for one in formed or (parts if found[0].count("-") > 1 else ()):
            one.is_outside = True
    return False
