"""Twins: files whose names differ in one part alone differ in the same lines as other such pairs do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from nixlint_ort.learn.dependence import FEWEST
from nixlint_ort.learn.names import NamePart, in_order
from nixlint_ort.learn.study import CommonLine, Study


class Pair(NamedTuple):
    """Two variants, by their numbers."""

    first: int
    second: int


class Twins(NamedTuple):
    """What pairs do that differ in one part of the name."""

    part: str
    pairs: tuple[Pair, ...]
    always: tuple[CommonLine, ...]
    """Lines in which all of them differ."""
    mostly: tuple[tuple[CommonLine, tuple[Pair, ...]], ...]
    """Lines in which nearly all pairs differ, with those that do not."""
    rarely: tuple[tuple[CommonLine, tuple[Pair, ...]], ...]
    """Lines in which hardly any pair differs, with those that do."""


def find_twins(study: Study) -> list[Twins]:
    """The twins by each part of the names; a part with fewer than three pairs is left out."""
    return [found for part in study.parts if (found := _of_part(study, part)) is not None]


def _of_part(study: Study, part: NamePart) -> Twins | None:
    pairs = tuple(_pairs(study, part))
    if len(pairs) < FEWEST:
        return None
    always: list[CommonLine] = []
    mostly: list[tuple[CommonLine, tuple[Pair, ...]]] = []
    rarely: list[tuple[CommonLine, tuple[Pair, ...]]] = []
    for place in study.places:
        differing = [pair for pair in pairs if _differ(place, pair)]
        if len(differing) == len(pairs):
            always.append(place)
        elif 4 * len(differing) >= 3 * len(pairs):
            mostly.append((place, tuple(pair for pair in pairs if pair not in set(differing))))
        elif differing and 10 * len(differing) <= len(pairs):
            rarely.append((place, tuple(differing)))
    return Twins(part.name, pairs, tuple(always), tuple(mostly), tuple(rarely))


def _pairs(study: Study, part: NamePart) -> Iterator[Pair]:
    """Variants that differ in the part alone, those with the next value each: as many pairs as variants at most."""
    rest: dict[tuple[str | None, ...], list[int]] = {}
    others = [one.values for one in study.parts if one.name != part.name]
    for number, branch in enumerate(study.branches):
        if part.values[number] is not None:
            key = (branch, study.names.kind_of(number).name, *(values[number] for values in others))
            rest.setdefault(key, []).append(number)
    for numbers in rest.values():
        ordered = sorted(numbers, key=lambda number: in_order(part.values[number] or ""))
        yield from _neighbours(ordered)


def _neighbours(numbers: Sequence[int]) -> Iterator[Pair]:
    for first, second in pairwise(numbers):
        yield Pair(first, second)


def _differ(place: CommonLine, pair: Pair) -> bool:
    first, second = (place.lines.get(number) for number in pair)
    return (first.text if first else None) != (second.text if second else None)
