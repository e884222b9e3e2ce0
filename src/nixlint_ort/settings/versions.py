"""Ranges of versions such as `>=0.1, <1`, as `required-version` states them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from itertools import zip_longest

_BOUND = re.compile(r"(>=|<=|==|>|<)\s*([0-9]+(?:\.[0-9]+)*)")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}


def within(version: str, bounds: str) -> bool:
    """Whether a version of numbers and dots lies within all bounds; raises ValueError for bounds that are none."""
    found = [_BOUND.fullmatch(bound.strip()) for bound in bounds.split(",")]
    return all(_COMPARE[bound[1]](_compare(version, bound[2]), 0) for bound in map(_certain, found))


def _certain(match: re.Match[str] | None) -> re.Match[str]:
    if match is None:
        raise ValueError("not a range of versions")
    return match


def _compare(one: str, other: str) -> int:
    """Less than, equal to or greater than 0, as the first version is to the second."""
    for mine, theirs in zip_longest(map(int, one.split(".")), map(int, other.split(".")), fillvalue=0):
        if mine != theirs:
            return mine - theirs
    return 0
