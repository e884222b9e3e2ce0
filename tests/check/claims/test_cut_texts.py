"""A text that is cut into sentences: each has the characters, marks and addresses that are in it."""

from __future__ import annotations

import random
from itertools import pairwise

from nixlint_ort.check.claims.text.text import Text, without_markup
from nixlint_ort.check.claims.text.units import parts_of

PIECES = (
    "a",
    "ü b. ",
    "`c` ",
    "**d e** ",
    "*f. G* ",
    "[h](i) ",
    "[![J](https://k/badge/l-m-n)](o) ",
    "**`p`. [Q](r)** ",
    ". ",
)


def part_of(text: Text, start: int, end: int) -> Text:
    """The characters `start` to `end`, looked for in all that the text is put together from."""
    part = Text()
    for at, (source, first, base), after in zip(
        text.starts, text.runs, [*text.starts[1:], len(text.chars)], strict=True
    ):
        low, high = max(at, start), min(after, end)
        if low < high:
            part.add(text.chars[low:high], source, first + low - at, base)
    part.code = [(first - start, last - start) for first, last in text.code if last > start and first < end]
    part.addresses = [one._replace(at=one.at - start) for one in text.addresses if start < max(one.at, 1) <= end]
    part.strong = [(first - start, last - start) for first, last in text.strong if last > start and first < end]
    return part


def test_parts_are_what_each_is_by_itself() -> None:
    marks = 0
    for seed in range(400):
        draw = random.Random(seed)
        line = "".join(draw.choices(PIECES, k=draw.randint(1, 12)))
        text = without_markup([(line, 0), (line, len(line.encode()) + 1)][: draw.randint(1, 2)])
        length = len(text.chars)
        cuts = [0, *sorted(draw.choices(range(length + 1), k=draw.randint(0, 6))), length]
        expected = [part_of(text, start, end) for start, end in pairwise(cuts)]
        assert parts_of(text, cuts) == expected, line
        marks += sum(len(one.code) + len(one.strong) + len(one.addresses) for one in expected)
    assert marks > 400
