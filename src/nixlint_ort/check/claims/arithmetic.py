"""Sums in a text, such as `7 architectures x 4 ISAs + 2 = 30`: numbers with words between them, joined by signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

_SIGN = re.compile(r"[^=+×*]*?(?P<sign>=|\+|×|\*|\bx\b)[^=+×*\w]*\Z")


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


def sums_in(text: str, numbers: Sequence[tuple[int, int]]) -> list[Sum]:
    """The sums that some numbers of a text make, each with one `=`."""
    return list(_sums(text, numbers))


def _sums(text: str, numbers: Sequence[tuple[int, int]]) -> Iterator[Sum]:
    run: list[tuple[int, int]] = []
    signs: list[str] = []
    for start, end in numbers:
        found = _SIGN.match(text, run[-1][1], start) if run and start - run[-1][1] < 60 else None
        if found is None:
            run, signs = [(start, end)], []
            continue
        sign = "*" if found["sign"] in "×*x" else found["sign"]
        run.append((start, end))
        signs.append(sign)
        if sign == "=":
            if len(run) > 2 and all(text[first:last].isdigit() for first, last in run):
                yield Sum(tuple(first for first, _ in run), tuple(int(text[a:b]) for a, b in run), tuple(signs))
            run, signs = [], []
