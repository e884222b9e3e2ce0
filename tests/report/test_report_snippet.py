"""A source line with its span underlined, as the two line up in a terminal."""

from __future__ import annotations

import pytest

from nixlint_ort.finding import Place
from nixlint_ort.report.snippet import MAX_WIDTH, snippet, width
from nixlint_ort.source import Source, Span


def marked(text: str) -> Place:
    """The place between « and » in a text, which then has neither."""
    before, inside, after = text.replace("»", "«").split("«")
    start = len(before.encode())
    return Place(Source("a.nix", (before + inside + after).encode()), Span(start, start + len(inside.encode())))


@pytest.mark.parametrize(
    ("text", "line", "underline"),
    [
        ('a = «"x"»;', 'a = "x";', "    ^^^"),
        ("«a»", "a", "^"),
        ("a\n  b«»\nc", "  b", "   ^"),
        ("\ta\t«b\tc»", "    a    b    c", "         ^^^^^^"),
        ("版 «本» x", "版 本 x", "   ^^"),
        ("Ａ «Ｂ»", "Ａ Ｂ", "   ^^"),
        ("1\u20dd «x»", "1\u20dd x", "  ^"),
        ("e\u0301 «x»", "e\u0301 x", "  ^"),
        ("«e\u0301»", "e\u0301", "^"),
        ("\x1b[31m«x»", r"\x1b[31mx", " " * 8 + "^"),
        ("a\u202e«b\x00»", r"a\u202eb\x00", " " * 7 + "^" * 5),
        ("a ##[error]«b»", r"a #\x23[error]b", " " * 14 + "^"),
        ("::error::«b»", "::error::b", " " * 9 + "^"),
        ("a\r\nb «c»\r\n", "b c", "  ^"),
        ("\ufeff«x»", r"\ufeffx", "      ^"),
    ],
)
def test_a_line_and_its_underline(text: str, line: str, underline: str) -> None:
    shown = snippet(marked(text))
    assert shown is not None
    assert (shown.text, shown.underline) == (line, underline)


@pytest.mark.parametrize(
    ("text", "line", "more"), [("a «b\nc\nd» e", "a b", 2), ("«a\n»b", "a", 1), ("«a»\nb", "a", 0)]
)
def test_a_span_over_several_lines_shows_the_first(text: str, line: str, more: int) -> None:
    shown = snippet(marked(text))
    assert shown is not None
    assert (shown.text, shown.more_lines) == (line, more)


def test_an_empty_span_at_the_very_start_means_the_file() -> None:
    assert snippet(marked("«»a")) is None
    assert snippet(Place(Source("empty.nix", b""), Span(0, 0))) is None


@pytest.mark.parametrize("before", [0, 1, 29, 30, 31, 500])
@pytest.mark.parametrize("inside", [0, 1, 60, 99, 100, 101, 500])
@pytest.mark.parametrize("after", [0, 1, 500])
@pytest.mark.parametrize("unit", ["x", "版", "e\u0301"])
def test_a_long_line_is_cut_around_the_span(before: int, inside: int, after: int, unit: str) -> None:
    shown = snippet(marked(f"\n{unit * before}«{'#' * inside}»{unit * after}"))
    assert shown is not None
    assert width(shown.text) <= MAX_WIDTH + 2
    at = len(shown.underline) - len(shown.underline.lstrip())
    prefix, rest = shown.text.split("#", 1) if inside else (shown.text[: at + 1], "")
    if inside:
        assert width(prefix) == at
        assert shown.underline.count("^") == 1 + len(rest) - len(rest.lstrip("#"))
    assert shown.text.startswith("…") == (width(unit) * before > 30 and width(unit * (before + after)) + inside > 100)
