"""Patterns that read files of strangers: the same as plain ones, and in time that grows with the length of a text."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nixlint_ort.check import suppression
from nixlint_ort.check.claims import outputs, silence
from nixlint_ort.check.claims.blocks import blocks, data_records, html_tables
from nixlint_ort.check.claims.text import text
from nixlint_ort.check.claims.words import foreign
from nixlint_ort.report import html
from nixlint_ort.report.html import text as as_html
from nixlint_ort.variant import shell
from tests.support.linting import GPU, lint, original, replace_once

CASES = {
    "address": (text._ADDRESS, r"\(?\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?[^()]*\)", "()<> ab"),
    "field": (
        data_records._FIELD,
        r"(?P<indent>\s*(?P<dash>- +)?)[\"']?(?P<key>[A-Za-z0-9_][\w.\-/ ]*)[\"']?\s*[:=](?!\S*:)\s*(?P<value>.*)\Z",
        "-a \t\"':=",
    ),
    "tag": (re.compile(html_tables._PART.pattern, re.IGNORECASE), r"<!--.*?(?:-->|\Z)|<\s*(/?)\s*(tr|t[hd]|h[1-6]|li|p|div|summary|dt|dd)\b[^<>]*>", "<>/ p-!"),
    "first word": (foreign._STRANGER, r"\W*(\w*(?:[a-z][A-Z]|[A-Z]{2})\w*)\s+v?\d+(?:\.\d+)+\b", "aA1. "),
    "said": (outputs._SAID, r"\s#\s*(?:→|->|=>|=|prints?|should print|expected:?|expect)?\s*(?P<value>[\w.\-]+)\s*\Z", [" ", "#", "=", "->", "print", "s", "expect", ":", "5"]),
    "meant": (
        re.compile(suppression._MEANT),
        r"(?i)nixlint-ort\s*:?\s*(?:ignore|disable|allow|skip|suppress|noqa|off)\b|\A(?:#+|/\*+)\s*nixlint-ort\s*:",
        ["nixlint-ort", " ", ":", "off", "#", "a"],
    ),
    "unset": (shell._UNSET, r"unset[ \t]+(?:-v[ \t]+)?(?P<names>(?:[A-Za-z_]\w*[ \t]*)+)", ["unset", " ", "\t", "-v", "a", "1"]),
    "command of CI": (html._COMMAND, r"(?m)^(\s*)::", " \n:a"),
}  # fmt: skip
"""The pattern, the plain one, and what texts are made of."""


@pytest.mark.parametrize("name", CASES)
@given(data=st.data())
def test_a_pattern_finds_what_the_plain_one_finds(name: str, data: st.DataObject) -> None:
    pattern, plain, signs = CASES[name]
    given_text = "".join(data.draw(st.lists(st.sampled_from(signs), max_size=12)))
    if name == "command of CI":
        assert pattern.sub(r"\1&", given_text) == re.sub(plain, r"\1&", given_text)
        return
    wanted = re.compile(plain, pattern.flags)
    for how in ("match", "fullmatch", "search"):
        one, other = (getattr(each, how)(given_text) for each in (pattern, wanted))
        assert (one and (one.span(), one.groups())) == (other and (other.span(), other.groups()))


@given(st.lists(st.sampled_from([" ", "\t", "\\", "<br", "/>", "a"]), max_size=8).map("".join))
@example("a  \t")
@example("a \t ")
def test_a_line_ends_in_a_hard_break(line: str) -> None:
    assert blocks._is_broken(line) == bool(re.search(r"(?:  |\\|<br\s*/?>)\s*\Z", line, re.IGNORECASE))


@given(st.lists(st.sampled_from([" ", "\n", "a", "--", "-->", "]"]), max_size=8).map("".join))
def test_the_reason_of_a_comment_has_no_blanks_around_it(rest: str) -> None:
    comment = f"<!-- nixlint-ort: ignore[x]{rest}"
    plain = re.match(r"(?s)<!--\s*nixlint-ort:\s*ignore\[x\]\s*(?P<reason>.*?)\s*-->", comment)
    found = silence._COMMENT.match(comment)
    assert (found and (found.end(), found["reason"].rstrip())) == (plain and (plain.end(), plain["reason"]))


LONG = 100_000
CODE = original(GPU)
VARIANTS = {
    "a name of this tool and blanks": replace_once(CODE, "let\n", f"# nixlint-ort{' ' * LONG}x\nlet\n"),
    "a name of this tool and lines": replace_once(CODE, "let\n", "/* nixlint-ort" + "\n" * LONG + "x */\nlet\n"),
    "names that a script takes back": replace_once(CODE, "preConfigure = ''", f"preConfigure = ''\nunset {'a' * 60}-b\n"),
    "a link without an end": replace_once(CODE, "let\n", f"# CUDA [x]({'a' * LONG}\nlet\n"),
}  # fmt: skip
DOCUMENTS = {
    "a link without an end": f"CUDA 12.4 [x]({'a' * LONG}\n",
    "a key and blanks": f"```yaml\nCUDA: 12.4\na{' ' * LONG}!\n```\n",
    "a tag and blanks": f"<div>CUDA 12.4 <{' ' * LONG}x</div>\n",
    "a reason with blanks": f"<!-- nixlint-ort: ignore[x] a{' ' * LONG}b -->\nCUDA 12.4\n",
    "blanks in a line": f"CUDA 12.4 a {' ' * LONG}x\ny\n",
    "blanks between two values": f"CUDA 12.4{' ' * 1900}x 12.9\n",
    "blanks behind a sign": f"```sh\n{('onnxruntime a #' + ' ' * 1900 + '!' + chr(10)) * 50}```\n",
}
SECONDS = 3.0
"""Of processor time, ten times what any takes; most took more than 10, and one had no end."""


def seconds_of(files: dict[str, bytes]) -> float:
    start = time.process_time()
    lint(files)
    return time.process_time() - start


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_with_a_long_run_of_one_sign_is_read_in_time(name: str) -> None:
    assert seconds_of({GPU: VARIANTS[name]}) < SECONDS


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_with_a_long_run_of_one_sign_is_read_in_time(name: str) -> None:
    assert seconds_of({GPU: CODE, "README.md": f"# T\n\n{DOCUMENTS[name]}".encode()}) < SECONDS


def test_a_text_of_very_many_lines_is_shown_in_time() -> None:
    start = time.process_time()
    assert as_html("\n" * LONG + "::x").endswith("&#58;:x")
    assert time.process_time() - start < SECONDS
