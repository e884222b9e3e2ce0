"""Where tree-sitter-nix and Nix read a text differently, our verdict is the one that the fixture tells."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from nixlint_ort.nix.evaluation import evaluate
from nixlint_ort.nix.parse import parse
from nixlint_ort.nix.values import Unknown
from tests.support.nix.reading import Reading, readings

FIXTURE = Path(__file__).parent.parent / "fixtures" / "parser" / "differences.toml"
TEXTS: list[dict[str, Any]] = tomllib.loads(FIXTURE.read_text("utf-8"))["text"]
NIX = {
    ("reads", True): Reading.SAME,
    ("reads", False): Reading.WE_REFUSE,
    ("refuses", False): Reading.BOTH_REFUSE,
}


@pytest.mark.parametrize("case", TEXTS, ids=[case["what"] for case in TEXTS])
def test_verdict(case: dict[str, Any]) -> None:
    document = parse(case["text"].encode())
    found = [(list(problem.span), problem.message) for problem in document.problems[:1]]
    assert found == ([(case["at"], case["says"])] if "says" in case else [])
    if document.problems:
        assert isinstance(evaluate(document).result, Unknown)


def test_nix_reads_what_is_said() -> None:
    found = readings([case["text"].encode() for case in TEXTS])
    wanted = [NIX[case["nix"], "says" not in case] for case in TEXTS]
    wrong = [
        (case["what"], one) for case, one, want in zip(TEXTS, found, wanted, strict=True) if one.outcome is not want
    ]
    assert not wrong
