"""The blocks of documents are those that markdown-it finds, and it is asked only for what is written as few write it."""

import random
import subprocess
import sys
from collections.abc import Iterator

import pytest

from nixlint_ort.check.claims.markdown import blocks_by_markdown_it
from nixlint_ort.check.claims.plain_blocks import blocks_of
from tests.check.claims.test_idle import TEXTS
from tests.check.claims.test_odd_documents import PAGES

PLAIN = [
    *(
        "",
        "",
        "",
        "text",
        "More text, 12.4",
        "3.14 is",
        "**b** x",
        "*i*",
        "`c` d",
        "[l](u)",
        "(p)",
        "--flag",
        "~~s~~",
        "é",
    ),
    *(
        "# h",
        "## h",
        "- b",
        "- c",
        "  c",
        "  - n",
        "    - n",
        "* b",
        "+ x",
        "1. x",
        "2. y",
        "10. z",
        "- [ ] t",
        "- > q",
    ),
    *(
        "> a",
        "> - q",
        ">",
        "> > a",
        "```",
        "``` nix",
        "  ```",
        "- ```",
        "| a | b |",
        "|---|---|",
        "| x |",
        "---",
        "***",
    ),
    *("<!-- ok -->", "<div>", "</div>", "<p>x</p>", "<!-- c", "-->", "  text"),
]
ODD = [
    *(
        "===",
        "\tcode",
        "    x",
        "* * *",
        "a | b",
        "---|---",
        "- - -",
        "2) y",
        "> | a |",
        "> |---|",
        "#",
        "-",
        "1.",
        "__",
    ),
    *(
        "[a]: b",
        "   ## x",
        "- - a",
        "- # h",
        "-   wide",
        "  | a | b |",
        "  |---|---|",
        "|a|",
        "  ",
        "\xa0x",
        "x\xa0",
        "# h #",
    ),
    *(
        "#hash",
        "<br>",
        "<a>",
        "<img src='x'>",
        "      deep",
        "~~~",
        "~~~ x",
        "<?x",
        "<pre>",
        "\x0b",
        "&amp; x",
        "=",
        "* ",
    ),
]
FAMILIAR = {
    "a heading behind an item": "- a\n# h\n- b\n",
    "a fence in an item": "1. a\n\n   ```sh\n   b\n\n     c\n \n   ```\n\n   d\n2. e\n",
    "a table before a comment": "| a |\n|---|\n| b |\n<!-- c -->\nd\n",
    "a paragraph that leads to a list": "a:\n- b\n  - c\n\n  d\n* e\n",
    "a quotation with a list": "> **a**\n>\n> - b\n> - c\n\nd\n",
    "elements": "<details><summary>a</summary>\n\n- b\n\n</details>\n\n<p>c\n\nd\n",
    "the end of a line of another system": "# a\r\n\r\n- b\r\n  c\r\n\r\n| d |\r\n|---|\r\n| e |\r\n",
}


def mixed(lines: list[str], texts: int) -> Iterator[str]:
    """Lines one after another, also within quotations and items."""
    chance = random.Random(17)
    for _ in range(texts):
        before = chance.choice(["", "", "", "> ", "  ", "   "])
        count = chance.randint(1, 12)
        yield "\n".join(before + chance.choice(lines) for _ in range(count)) + chance.choice(["", "\n"])


ALL = {
    "corpus": [*TEXTS.values(), *FAMILIAR.values()],
    "plain": list(mixed(PLAIN, 2500)),
    "odd": list(mixed(PLAIN + ODD, 2500)),
}


@pytest.mark.parametrize("texts", ALL.values(), ids=ALL)
def test_blocks_are_those_of_markdown_it(texts: list[str]) -> None:
    assert [text for text in texts if list(blocks_of(text)) != list(blocks_by_markdown_it(text))] == []


@pytest.mark.full
@pytest.mark.parametrize("lines", [PLAIN, PLAIN + ODD], ids=["plain", "odd"])
def test_blocks_of_many_texts_are_those_of_markdown_it(lines: list[str]) -> None:
    texts = mixed(lines, 50_000)
    assert [text for text in texts if list(blocks_of(text)) != list(blocks_by_markdown_it(text))] == []


def test_familiar_documents_need_no_markdown_it() -> None:
    program = (
        "import sys\n"
        "from nixlint_ort.check.claims.plain_blocks import blocks_of\n"
        "for text in sys.stdin.read().split('\\0'):\n"
        "    list(blocks_of(text))\n"
        "    assert 'markdown_it' not in sys.modules, text\n"
    )
    texts = [page.read_text("utf-8") for page in PAGES] + list(FAMILIAR.values())
    told = subprocess.run(
        [sys.executable, "-c", program], check=False, input="\0".join(texts), text=True, capture_output=True
    )
    assert told.stderr == ""
