"""A text is written so that Nix reads exactly that text, or it is not written at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nixlint_ort.fix.literals import quoted, written
from nixlint_ort.nix.evaluation import evaluate
from nixlint_ort.nix.parse import parse
from nixlint_ort.nix.values import Form, NixString

HARD = ["", "plain", 'a "b" c', "a\\b", "${x}", "$${x}", "\\${x}", "a\nb", "$", "''", "'' ${x} '''", "é — ü", "\t", "#"]


def read(literal: str) -> str:
    document = parse(literal.encode())
    assert document.problems == ()
    value = evaluate(document).value
    assert isinstance(value, NixString)
    return value.text


@pytest.mark.parametrize("text", HARD)
def test_a_string_says_its_text(text: str) -> None:
    assert read(quoted(text)) == text


def test_a_string_is_written_in_one_line() -> None:
    assert quoted("a\nb") == r'"a\nb"'


@given(st.text("ab\\\"$'{}\n\t é", max_size=12))
def test_any_string_says_its_text(text: str) -> None:
    assert read(quoted(text)) == text


@pytest.mark.parametrize("text", HARD)
def test_a_piece_of_an_indented_string_says_its_text(text: str) -> None:
    inner = written(text, Form.INDENTED)
    assert (inner is None) == ("\n" in text)
    assert inner is None or read(f"''x{inner}x''") == f"x{text}x"


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("12_9", Form.NAME, "12_9"),
        ("a b", Form.NAME, None),
        ("", Form.NAME, None),
        ("90", Form.NUMBER, "90"),
        ("090", Form.NUMBER, None),
        ("9.0", Form.NUMBER, None),
        ("CUDA 12.9 — x", Form.COMMENT, "CUDA 12.9 — x"),
        ("a\nb", Form.COMMENT, None),
        ("a\rb", Form.COMMENT, None),
        ("a", Form.DERIVED, None),
        ("a", None, None),
    ],
)
def test_what_else_a_text_is_written_as(text: str, form: Form | None, expected: str | None) -> None:
    assert written(text, form) == expected
