"""Which lines of files are one place."""

from __future__ import annotations

import pytest

from nixlint_ort.learn.alignment import align

CASES = {
    "the same lines": (["a b c d", "a b c d"], ["a a", "b b", "c c", "d d"]),
    "one lacks a line": (["a|b|c", "a|c", "a|b|c"], ["a a a", "b - b", "c c c"]),
    "one has a line more": (["a|c", "a|b|c"], ["a a", "- b", "c c"]),
    "a line that differs in a word": (
        ["x|driver 550 is needed|y", "x|driver 560 is needed|y"],
        ["x x", "driver 550 is needed driver 560 is needed", "y y"],
    ),
    "lines that have nothing in common": (
        ["x|one two|y", "x|three four|y"],
        ["x x", "one two -", "- three four", "y y"],
    ),
    "a line twice": (["a|=|b|=|c", "a|=|c"], ["a a", "= =", "b -", "= -", "c c"]),
}


@pytest.mark.parametrize(("files", "columns"), CASES.values(), ids=CASES)
def test_alignment(files: list[str], columns: list[str]) -> None:
    lines = [file.split("|") if "|" in file else file.split() for file in files]
    found = align(lines)
    shown = [" ".join(lines[n][one.at[n]] if n in one.at else "-" for n in range(len(lines))) for one in found]
    assert shown == columns


def test_every_line_of_every_file_is_in_one_column_and_in_order() -> None:
    files = [[f"line {number % 7} {number}" for number in range(start, start + 40)] for start in range(0, 30, 3)]
    found = align(files)
    for number, lines in enumerate(files):
        assert [one.at[number] for one in found if number in one.at] == list(range(len(lines)))
