"""What `full` says that a fix does: each edit, and of many the first two and how many more."""

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.finding import Edit, Finding, Fix, Place, Safety, Severity
from nixlint_ort.report import render
from nixlint_ort.source import Source, Span

PATH = ".flox/pkgs/a.nix"
SOURCE = Source(PATH, b"one two three four five six")


def edits(*parts: tuple[int, int, str]) -> tuple[Edit, ...]:
    return tuple(Edit(PATH, start, end, text) for start, end, text in parts)


# The edits, the file's new name, and what is said.
CASES: dict[str, tuple[tuple[Edit, ...], str | None, str]] = {
    "one": (edits((0, 3, "1")), None, "write `1`"),
    "two": (edits((0, 3, "1"), (4, 7, "2")), None, "write `1` and write `2`"),
    "three of three kinds": (
        edits((0, 3, "1"), (4, 8, ""), (27, 27, " seven")),
        None,
        "write `1`, remove `two ` and insert ` seven`",
    ),
    "four": (
        edits((0, 3, "1"), (4, 7, "2"), (8, 13, "3"), (14, 18, "4")),
        None,
        "write `1`, write `2` and make 2 more edits",
    ),
    "the same in three places": (edits((0, 3, "1"), (4, 7, "1"), (8, 13, "1")), None, "write `1` in 3 places"),
    "the same in two places, and another": (
        edits((0, 3, "1"), (4, 7, "1"), (8, 13, "3")),
        None,
        "write `1` in 2 places and write `3`",
    ),
    "in another file": ((*edits((0, 3, "1")), Edit("b.nix", 0, 1, "2")), None, "write `1` and edit b.nix"),
    "a new name": ((), "b.nix", "rename the file to `b.nix`"),
    "edits and a new name": (
        edits((0, 3, "1"), (4, 7, "2")),
        "b.nix",
        "write `1`, write `2` and rename the file to `b.nix`",
    ),
    "many lines": (edits((0, 3, "1\n2\n"), (4, 7, "2")), None, "write `1\\n2` and write `2`"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fix_is_said_in_words(case: str) -> None:
    parts, rename, said = CASES[case]
    fix = Fix(Safety.SAFE, parts, rename)
    finding = Finding("a-rule", Severity.ERROR, "it is wrong", Place(SOURCE, Span(0, 3)), fix=fix)
    lines = render("full", Result((finding,), 1)).splitlines()
    assert [line.partition("= fix: ")[2] for line in lines if "= fix: " in line] == [said]
