"""Siblings: what nearly all variants of a group have and one has not, be it a line or an attribute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nixlint_ort.learn.dependence import ABSENT
from nixlint_ort.learn.finding import likes_of
from nixlint_ort.learn.study import Study


class Lack(NamedTuple):
    """What a group has and some of it lack."""

    what: str
    """A line as most have it, or the name of an attribute."""
    is_line: bool
    lacking: tuple[int, ...]
    having: int
    total: int
    likes: str
    """What the group has in common; empty for all variants."""


def find_lacks(study: Study) -> list[Lack]:
    """Everything that nearly all of a group have, the largest groups first."""
    found = [*_lines(study), *_attributes(study)]
    return sorted(found, key=lambda one: (len(one.lacking), -one.having, one.what))


def _lines(study: Study) -> Iterator[Lack]:
    for place in study.places:
        groups: dict[str, list[int]] = {}
        counts: dict[str, tuple[int, int]] = {}
        for odd in place.presence.odd:
            if odd.actual == ABSENT:
                likes = likes_of(study, place.presence, odd.number)
                groups.setdefault(likes, []).append(odd.number)
                counts[likes] = (odd.agree, odd.total)
        for likes, lacking in groups.items():
            yield Lack(place.shown, True, tuple(lacking), *counts[likes], likes)


def _attributes(study: Study) -> Iterator[Lack]:
    for site in study.sites:
        lacking = [odd for odd in site.dependence.odd if odd.actual == ABSENT]
        if lacking:
            likes = likes_of(study, site.dependence, lacking[0].number)
            numbers = tuple(odd.number for odd in lacking)
            yield Lack(site.name, False, numbers, lacking[0].agree, lacking[0].total, likes)
