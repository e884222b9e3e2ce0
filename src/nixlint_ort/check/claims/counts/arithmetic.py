"""Sums in a text, such as `7 architectures x 4 ISAs + 2 = 30`: numbers with words between them, joined by signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

_FAR = 60
"""Code points between two numbers of a sum."""
Signs = Sequence[tuple[str, re.Pattern[str]]]


class Sum(NamedTuple):
    """Numbers by where they start, and the signs between them, of which the last is `=`."""

    starts: tuple[int, ...]
    values: tuple[int, ...]
    signs: tuple[str, ...]

    def has(self, start: int) -> bool:
        """Whether a number is part of it."""
        return start in self.starts

    def holds(self, known: Mapping[int, int]) -> bool:
        """Whether it is right with these numbers by their starts."""
        values = [known.get(start, value) for start, value in zip(self.starts, self.values, strict=True)]
        total, product = 0, values[0]
        for sign, value in zip(self.signs[:-1], values[1:-1], strict=True):
            if sign == "+":
                total, product = total + product, value
            else:
                product *= value
        return total + product == values[-1]

    def solved(self, start: int, known: Mapping[int, int]) -> int | None:
        """The whole number below 10,000 that makes it right in one place; None if there is none."""
        return next((number for number in range(10_000) if self.holds({**known, start: number})), None)


def sums_in(text: str, numbers: Sequence[tuple[int, int, int]], signs: Signs) -> list[Sum]:
    """The sums that some numbers of a text make, each with one `=`: by where they start and end, and their values.

    `signs` are what is between two numbers, by the sign that it stands for.
    """
    return list(_sums(text, numbers, signs))


def _sums(text: str, numbers: Sequence[tuple[int, int, int]], signs: Signs) -> Iterator[Sum]:
    run: list[tuple[int, int, int]] = []
    said: list[str] = []
    for number in numbers:
        start, end = (run[-1][1], number[0]) if run else (0, _FAR)
        sign = (
            next((sign for sign, pattern in signs if pattern.match(text, start, end)), None)
            if end - start < _FAR
            else None
        )
        if sign is None:
            run, said = [number], []
            continue
        run.append(number)
        said.append(sign)
        if sign == "=":
            if len(run) > 2:
                yield Sum(tuple(one[0] for one in run), tuple(one[2] for one in run), tuple(said))
            run, said = [], []
