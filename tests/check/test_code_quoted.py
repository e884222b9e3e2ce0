"""What messages quote: lines of code that differs from that of peers, and a stretch of a header."""

import pytest

from nixlint_ort.check.code_quoted import narrowed
from nixlint_ort.source import Source, Span
from nixlint_ort.variant.variant import Variant
from tests.support.linting import GPU, convention, original, replace_once, repository, session

# The code of the file and of its peers, and the part of each that is left without the lines that are alike.
CASES = {
    "a line in the middle": ("a\nx\nc", "a\ny\nc", "x", "y"),
    "the first line": ("x\nb\nc", "y\nb\nc", "x", "y"),
    "the last line": ("a\nb\n  x", "a\nb\n  y", "x", "y"),
    "two lines around one that is alike": ("a\nx\nc\nx\ne", "a\ny\nc\ny\ne", "x\nc\nx", "y\nc\ny"),
    "a line more": ("a\nx\nc", "a\nc", "x", ""),
    "a line less": ("a\nc", "a\ny\nc", "", "y"),
    "the last lines less": ("a", "a\nb\nc", "", "b\nc"),
    "the last lines more": ("a\nb\nc", "a", "b\nc", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_lines_at_the_ends_that_are_alike_are_left_out(name: str) -> None:
    one, other, here, there = CASES[name]
    found = narrowed(*_whole(one), *_whole(other))
    assert tuple(text[span.start : span.end] for text, span in zip((one, other), found, strict=True)) == (here, there)
    assert all(span.start <= len(text) for text, span in zip((one, other), found, strict=True))


def _whole(text: str) -> tuple[Variant, Span]:
    return Variant(Source(GPU, text.encode()), convention()), Span(0, len(text))


@pytest.mark.parametrize(
    ("first", "written"),
    [(0, "Hopper (SM80: H100, L40S)"), (1, "80: H100, L40S")],
)
def test_a_parenthesis_is_quoted_only_with_the_one_that_it_closes(first: int, written: str) -> None:
    """The rule about the first fields of a text, and without the field before the parenthesis."""
    rules = dict(convention().rules)
    rule = rules["header-gpu"]
    rules["header-gpu"] = rule._replace(templates=rule.templates[first:])
    there = repository().with_files({GPU: replace_once(original(GPU), "(SM90: H100", "(SM80: H100")})
    (found,) = (one for one in session(there, rules=rules).lint(there).findings if one.rule == "header-gpu")
    assert found.message.startswith(f"header says {written}, but")
