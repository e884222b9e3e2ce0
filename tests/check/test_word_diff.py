"""How a text differs from the one expected: what is replaced, and where."""

import pytest

from nixlint_ort.check.word_diff import Change, changes


@pytest.mark.parametrize(
    ("actual", "expected", "found"),
    [
        ("CUDA 12.9", "CUDA 12.9", []),
        ("CUDA 12.4", "CUDA 12.9", [(5, 9, "12.9")]),
        ("v1.22.0 of ORT", "v1.23.2 of ort", [(0, 7, "v1.23.2"), (11, 14, "ort")]),
        ("old text here", "new words here", [(0, 3, "new"), (4, 8, "words")]),
        ("a.b c", "x-y c", [(0, 3, "x-y")]),
        ("c a.b-d", "c x-y-d", [(2, 5, "x-y")]),
        ("one two", "one and two", [(4, 4, "and ")]),
        ("one and two", "one two", [(4, 8, "")]),
        ("", "one", [(0, 0, "one")]),
        ("one", "", [(0, 3, "")]),
        ("a a b", "a b", [(2, 4, "")]),
    ],
)
def test_changes(actual: str, expected: str, found: list[tuple[int, int, str]]) -> None:
    assert changes(actual, expected) == tuple(Change(*one) for one in found)
