"""What is not read of a document says nothing: reading all of it finds the same, and the blocks are markdown-it's."""

import random
import re
from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt

from nixlint_ort.check.claims.idle import Idle
from nixlint_ort.check.claims.markdown import blocks_of
from nixlint_ort.check.claims.reading import Claims
from tests.check.claims.test_odd_documents import FOUND, PAGES, SILENT
from tests.support.documents import BRANCHES, STYLES, document, facts_of, read, shipped_facts, shipped_release
from tests.support.right_statements import STATEMENTS

ANYTHING = re.compile("")
TEXTS = {
    **{f"{style}, {branch}": document(style, shipped_release(branch))[0] for style in STYLES for branch in BRANCHES},
    **{name: text for name, (text, _) in FOUND.items()},
    **SILENT,
    **{page.name: page.read_text("utf-8") for page in PAGES},
    **{f"right: {name}": "\n\n".join(texts) for name, texts in STATEMENTS.items()},
    "markup within words": "**Hop**per is SM80.\n\nHop`per` has SM80\n\nH*op*per and AD<b>A</b>\n\n~~x~~Ampere, _CU_DA 12.4",
    "a head without a value": "| Driver | Python |\n|---|---|\n| 550+ | 3.13 |\n",
    "an item that leads to a list": "- Hopper\n  - SM80\n- Toolkit\n  - 12.4, driver 535+\n",
    "a number under a label": "Variants: 57\n\nTwo branches, twelve builds\n",
    "more numbers than are read": f"Some: {'1, ' * 500}and more.\n\n| a |\n|---|\n|{' 7' * 500} |\n",
    "more nouns than are read": f"- {'CUDA ' * 500}\n- {'word ' * 500}\n",
    "a comment above a command": "```\n# for the GPU\nflox build onnxruntime-python313-cpu-avx2\n```\n",
}


def said(claims: Claims) -> tuple[object, ...]:
    return claims.marked, claims.faults, claims.comments, claims.too_much


@pytest.mark.parametrize("name", TEXTS)
def test_reading_everything_finds_the_same(name: str) -> None:
    whole = facts_of("main")
    whole.idle = Idle(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
    assert said(read(TEXTS[name], shipped_facts("main"))) == said(read(TEXTS[name], whole))


LINES = [
    "",
    "",
    "---",
    "===",
    "> a",
    "- b",
    "  c",
    "\tcode",
    "1. x",
    "<div>",
    "[a]: b",
    "```",
    "| a | b |",
    "|---|---|",
]
LINES += [
    "    x",
    "* * *",
    "a | b",
    "---|---",
    "- - -",
    "+ x",
    "2) y",
    "<!-- c",
    "-->",
    "> | a |",
    "> |---|",
    "#",
    "## h",
]


def mixed() -> Iterator[str]:
    """Lines of all kinds one after another, also within quotations and items."""
    chance = random.Random(17)
    for _ in range(1500):
        before = chance.choice(["", "", "> ", "  ", "   "])
        yield "\n".join(before + chance.choice(LINES) for _ in range(chance.randint(1, 12)))


def kept(tokens: Iterator[tuple[str, object, str, str]]) -> list[tuple[str, object, str, str]]:
    """The tokens less those of cells and those that close a paragraph, a heading or a row."""
    found, in_cell = [], False
    for kind, lines, content, info in tokens:
        in_cell = kind in ("td_open", "th_open") or (in_cell and kind == "inline")
        closes = kind in ("paragraph_close", "heading_close", "table_close")
        if not in_cell and not closes and not kind.startswith(("td_", "th_", "tbody_")) and kind != "tr_close":
            found.append((kind, None if kind in ("table_open", "thead_open") else lines, content, info))
    return found


@pytest.mark.parametrize("texts", [list(TEXTS.values()), list(mixed())], ids=["corpus", "mixed"])
def test_blocks_are_those_of_markdown_it(texts: list[str]) -> None:
    whole = MarkdownIt("commonmark").enable("table").disable("inline")
    different = []
    for text in texts:
        own, theirs = (
            kept((one.type, one.map, one.content, one.info) for one in tokens)
            for tokens in (blocks_of(text), whole.parse(text))
        )
        if own != theirs:
            different.append(text)
    assert different == []
