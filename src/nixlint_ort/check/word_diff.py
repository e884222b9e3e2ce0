"""How a text differs from the one expected: the smallest replacements, at the borders of words."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r"v?\d+(?:\.\d+)+|\w+|\W")


class Change(NamedTuple):
    """The code points `start` to `end` (from 0, end exclusive) of a text are to become `text`."""

    start: int
    end: int
    text: str


def changes(actual: str, expected: str) -> tuple[Change, ...]:
    """What turns `actual` into `expected`: one change a word where both have as many words, else one.

    No two changes touch each other: words that differ together with what is between them are one change.
    """
    before, after = _TOKEN.findall(actual), _TOKEN.findall(expected)
    if len(before) == len(after):
        return _word_by_word(before, after)
    first = _common(before, after)
    last = _common(before[first:][::-1], after[first:][::-1])
    start = sum(map(len, before[:first]))
    middle = before[first : len(before) - last]
    return (Change(start, start + sum(map(len, middle)), "".join(after[first : len(after) - last])),)


def _common(before: list[str], after: list[str]) -> int:
    """How many tokens at the front are the same in both."""
    length = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        length += 1
    return length


def _word_by_word(before: list[str], after: list[str]) -> tuple[Change, ...]:
    found: list[Change] = []
    at = 0
    for old, new in zip(before, after, strict=True):
        if old != new and found and found[-1].end == at:
            found[-1] = Change(found[-1].start, at + len(old), found[-1].text + new)
        elif old != new:
            found.append(Change(at, at + len(old), new))
        at += len(old)
    return tuple(found)
