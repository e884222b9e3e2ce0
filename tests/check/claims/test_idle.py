"""What is not read of a document says nothing: reading all of it finds the same."""

import re

import pytest

from nixlint_ort.check.claims.reading import Claims
from nixlint_ort.check.claims.words.idle import Idle
from tests.check.claims.test_odd_documents import FOUND, PAGES, SILENT
from tests.support.documents import BRANCHES, STYLES, document, facts_of, read, shipped_facts, shipped_release
from tests.support.right_statements import STATEMENTS

ANYTHING = re.compile("")
ARCHITECTURES = "## All supported architectures\n\n| SM | GPU |\n|---|---|\n| SM80 | A100 |\n| SM90 | H100 |\n"
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
    "counts without a noun": "4 x86 + 2 ARM = 6\n",
    "more numbers than are read": f"Some: {'1, ' * 500}and more.\n\n| a |\n|---|\n|{' 7' * 500} |\n",
    "more nouns than are read": f"- {'CUDA ' * 500}\n- {'word ' * 500}\n",
    "a list of words below the heading of a table": f"{ARCHITECTURES}\n- some words\n- other words\n",
    "a table of words below the heading of a table": f"{ARCHITECTURES}\n| a | b |\n|---|---|\n| c | d |\n",
    "two tables without headings": "| a |\n|---|\n| b |\n\nAll supported lines:\n\n| CUDA |\n|---|\n| 12.4 |\n",
    "what leads to a list": "## Words\n\n**All** lines.\nThese are all that\nare supported:\n\n- CUDA 12.4, driver 550+\n",
    "what leads to a list and ends in markup": "Here are **all of them:**\n\n- CUDA 12.4\n\nOr `others:`\n\n- CUDA 12.9\n",
    "items of several lines": "- Words that go\n  on here\n  - CUDA 12.4, driver 535+\n- Others:  \n  and so on\n  - SM80 is Hopper\n",
    "a table that is half of words": "| What | Value |\n|---|---|\n| word | other |\n| CUDA | 12.4 |\n| driver | 535+ |\n",
    "the name of the package": "onnxruntime is built. `onnxruntime`-python313-cpu-avx2 is one, and _onnxruntime_ is not\n\n"
    "In microsoft/onnxruntime, [onnxruntime](x)-python313-cpu-avx9 or onnxruntime-**python313-cpu-avx9**\n",
    "a value of two words": "The CPU is there.\n\n**CPU** [only](x): 29 variants\n\ncpu-only and CPUonly\n\n| CPU | what `packages` |\n|---|---|\n",
    "numbers in words": "One pin, two drivers and three CUDA lines, or four.\n\nSeven architectures. Two branches make three.\n\n"
    "| Variants | a |\n|---|---|\n| two | b |\n",
    "a checkout": "```\ngit log\ngit  checkout ort-1.24\nflox build onnxruntime-python313-cpu-avx2\n```\n\n```\ngit log\n```\n",
    "a letter by its number": "Hop&#112;er is SM80, and Ampe&#x72;e SM90\n",
    "a comment above a command": "```\n# for the GPU\nflox build onnxruntime-python313-cpu-avx2\n```\n",
}


def said(claims: Claims) -> tuple[object, ...]:
    return claims.marked, claims.faults, claims.comments, claims.too_much


@pytest.mark.parametrize("name", TEXTS)
def test_reading_everything_finds_the_same(name: str) -> None:
    whole = facts_of("main")
    whole.idle = Idle(ANYTHING, {}, ANYTHING, ANYTHING, ANYTHING, ANYTHING)
    assert said(read(TEXTS[name], shipped_facts("main"))) == said(read(TEXTS[name], whole))
