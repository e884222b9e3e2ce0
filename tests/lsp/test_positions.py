"""Offsets and positions agree in each encoding, whatever a line holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from nixlint_ort.lsp.positions import Lines

ENCODINGS = ["utf-8", "utf-16", "utf-32"]


@pytest.mark.parametrize(
    ("text", "before", "at"),
    [
        ("abc", "ab", {"utf-8": (0, 2), "utf-16": (0, 2), "utf-32": (0, 2)}),
        ("a — b", "a —", {"utf-8": (0, 5), "utf-16": (0, 3), "utf-32": (0, 3)}),
        ("𝒩ix", "𝒩", {"utf-8": (0, 4), "utf-16": (0, 2), "utf-32": (0, 1)}),
        ("a\nb", "a\n", {"utf-8": (1, 0), "utf-16": (1, 0), "utf-32": (1, 0)}),
        ("a\r\nb", "a\r\nb", {"utf-8": (1, 1), "utf-16": (1, 1), "utf-32": (1, 1)}),
        ("a\rb", "a\rb", {"utf-8": (1, 1), "utf-16": (1, 1), "utf-32": (1, 1)}),
    ],
)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_position_of_an_offset(text: str, before: str, at: dict[str, tuple[int, int]], encoding: str) -> None:
    lines = Lines(text.encode(), encoding)
    position = lines.position(len(before.encode()))
    assert (position.line, position.character) == at[encoding]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["a", "—", "𝒩", "\n", "\r\n", "\t"]), max_size=30), st.sampled_from(ENCODINGS))
def test_there_and_back(parts: list[str], encoding: str) -> None:
    lines = Lines("".join(parts).encode(), encoding)
    offset = 0
    for char in parts:
        assert lines.offset(lines.position(offset)) == offset
        offset += len(char.encode())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_is_past_the_end_is_the_end(encoding: str) -> None:
    lines = Lines(b"ab\ncd", encoding)
    assert lines.offset(types.Position(0, 99)) == 2
    assert lines.offset(types.Position(9, 0)) == 5
    assert lines.position(99) == types.Position(1, 2)
