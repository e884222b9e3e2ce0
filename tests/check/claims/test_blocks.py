"""The blocks of documents are those of markdown-it's own tokens."""

import random
from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt

from nixlint_ort.check.claims.blocks.block import Block, BlockKind
from nixlint_ort.check.claims.blocks.markdown import blocks_of
from tests.check.claims.test_idle import TEXTS

LINES = [
    *("", "", "", "text", "More text, 12.4", "3.14 is", "**b** x", "`c` d", "[l](u)", "(p)", "--flag", "~~s~~", "é"),
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
WRITTEN = {
    "a heading behind an item": "- a\n# h\n- b\n",
    "a fence in an item": "1. a\n\n   ```sh\n   b\n\n     c\n \n   ```\n\n   d\n2. e\n",
    "a table before a comment": "| a |\n|---|\n| b |\n<!-- c -->\nd\n",
    "a paragraph that leads to a list": "a:\n- b\n  - c\n\n  d\n* e\n",
    "a quotation with a list": "> **a**\n>\n> - b\n> - c\n\nd\n",
    "elements": "<details><summary>a</summary>\n\n- b\n\n</details>\n\n<p>c\n\nd\n",
    "the end of a line of another system": "# a\r\n\r\n- b\r\n  c\r\n\r\n| d |\r\n|---|\r\n| e |\r\n",
}
AROUND_OTHERS = {
    "bullet_list": (BlockKind.LIST, BlockKind.LIST_END),
    "ordered_list": (BlockKind.LIST, BlockKind.LIST_END),
    "list_item": (BlockKind.ITEM, BlockKind.ITEM_END),
    "blockquote": (BlockKind.QUOTE, BlockKind.QUOTE_END),
}
CODE = {"fence": BlockKind.FENCE, "code_block": BlockKind.CODE, "html_block": BlockKind.HTML}


def mixed(texts: int) -> Iterator[str]:
    """Lines one after another, also within quotations and items."""
    chance = random.Random(17)
    for _ in range(texts):
        before = chance.choice(["", "", "", "> ", "  ", "   "])
        count = chance.randint(1, 12)
        yield "\n".join(before + chance.choice(LINES) for _ in range(count)) + chance.choice(["", "\n"])


def of_tokens(text: str) -> Iterator[Block]:
    """The blocks by all tokens of markdown-it as it is."""
    tokens = MarkdownIt("commonmark").enable("table").disable("inline").parse(text)
    for token, following in zip(tokens, [*tokens, None][1:], strict=True):
        name, _, end = token.type.rpartition("_")
        first, last = token.map or (0, 0)
        if name in AROUND_OTHERS:
            yield Block(AROUND_OTHERS[name][end == "close"], first, last)
        elif token.type in ("heading_open", "paragraph_open") and following:
            level = int(token.tag[1:]) if name == "heading" else 0
            yield Block(BlockKind(name), first, last, following.content, level)
        elif token.type == "table_open":
            yield Block(BlockKind.TABLE, first, last)
        elif token.type in CODE:
            yield Block(CODE[token.type], first, last, token.content, info=token.info)


def different(texts: list[str]) -> list[str]:
    return [text for text in texts if list(blocks_of(text)) != list(of_tokens(text))]


@pytest.mark.parametrize("texts", [[*TEXTS.values(), *WRITTEN.values()], list(mixed(3000))], ids=["written", "mixed"])
def test_blocks_are_those_of_markdown_it(texts: list[str]) -> None:
    assert different(texts) == []


@pytest.mark.full
def test_blocks_of_many_texts_are_those_of_markdown_it() -> None:
    assert different(list(mixed(50_000))) == []
