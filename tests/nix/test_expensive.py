"""No expression takes more than the budget, whatever it is made of, and none gives a wrong value for it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.nix.expensive import CASES, HONEST, TOO_MUCH, costs
from tests.support.oracle.nix import evaluate_file

SECONDS, MEGABYTES = 3.0, 150.0
SAMPLE = frozenset({
    "a doubled path",
    "a string in 50,000 items",
    "a string walked 60,000 times",
    "the last of 120,000 items, 20,000 times",
    "a set that grows",
    "900 scopes",
    "a rec set of 9,000 names made again",
    "overlays added one by one",
    "a doubled equality",
    "two sets of themselves",
    "builtins.elem \"b\" [ pieces ], again",
    "builtins.replaceStrings (map (t: \"b\" + t) texts) texts long, again",
    "builtins.splitVersion long, again",
    "lib.hasPrefix \"b\" pieces, again",
    "lib.splitString \"a\" pieces, again",
    "removeAttrs set (builtins.attrNames set), again",
    "set // set, again",
    "lib.foldr (a: b: a) 0 list, again",
    "builtins.stringLength (toString selfList)",
    "doubledSet == doubledSet // { }, again",
})  # fmt: skip


def judge(names: Iterable[str]) -> list[str]:
    wrong = []
    for name, cost in costs(names).items():
        known = cost.verdict == "90" or cost.fails
        if not (known or cost.verdict.startswith((*TOO_MUCH, *HONEST))):
            wrong.append(f"{name}: {cost.verdict}")
        if cost.seconds > SECONDS or cost.megabytes > MEGABYTES:
            wrong.append(f"{name}: {cost.seconds:.2f} s, {cost.megabytes:.0f} MB")
    return wrong


def test_the_sample_is_of_the_table() -> None:
    assert {case.name for case in CASES} >= SAMPLE
    assert len(CASES) == len({case.name for case in CASES})


def test_no_sample_takes_too_much() -> None:
    assert judge(SAMPLE) == []


@pytest.mark.full
def test_all() -> None:
    assert judge(case.name for case in CASES) == []


@pytest.mark.full
def test_what_is_known_is_what_nix_says(tmp_path: Path) -> None:
    """Of all cases that need no nixpkgs, and that Nix can evaluate within its time and memory."""
    found = costs(case.name for case in CASES)
    wrong, judged = [], 0
    for case in CASES:
        cost = found[case.name]
        if not (cost.verdict == "90" or cost.fails) or "lib." in case.expression or "nixpkgs" in case.expression:
            continue
        path = tmp_path / "case.nix"
        path.write_text(case.text, "utf-8")
        nix = evaluate_file(path, seconds=20)
        if nix is None:
            continue
        judged += 1
        if (nix.error is None) is cost.fails:
            wrong.append(f"{case.name}: ours {cost.verdict}, Nix {nix}")
    assert wrong == []
    assert judged > 50
