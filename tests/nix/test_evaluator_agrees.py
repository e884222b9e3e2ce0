"""Every expression of the fixtures is what real Nix says it is."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.nix.agreement import Agreement, Verdict, agreements

FOLDER = Path(__file__).parent.parent / "fixtures" / "evaluator"
LEAST = 400
LIB = "let inherit (import <nixpkgs> { }) lib; in "


class Case(NamedTuple):
    group: str
    line: int
    expression: str
    may_be_unknown: bool


def cases_of(path: Path) -> list[Case]:
    """The expressions of a file (its format is told in the folder's README)."""
    text = path.read_text("utf-8")
    separator = "\n----\n" if "\n----\n" in text else "\n"
    cases: list[Case] = []
    line, unknown = 1, False
    for expression in text.removesuffix("\n").split(separator):
        if expression.startswith("# ") and "\n" not in expression:
            unknown = expression.startswith("# unknown: ")
        else:
            cases.append(Case(path.name.split(".")[0], line, expression, unknown))
            unknown = False
        line += (expression + separator).count("\n")
    return cases


CASES = [case for path in sorted(FOLDER.glob("*.nix.txt")) for case in cases_of(path)]


@functools.cache
def answers() -> dict[Case, Agreement]:
    texts = [(LIB if case.group.startswith("lib") else "") + case.expression for case in CASES]
    return dict(zip(CASES, agreements(texts), strict=True))


def test_there_are_enough() -> None:
    assert len({case.expression for case in CASES}) >= LEAST


@pytest.mark.parametrize("group", sorted({case.group for case in CASES}))
def test_group(group: str) -> None:
    wrong = []
    for case in CASES:
        if case.group == group:
            agreement = answers()[case]
            wanted = Verdict.UNKNOWN if case.may_be_unknown else Verdict.SAME
            if agreement.verdict is not wanted:
                wrong.append(f"{case.group}:{case.line} {agreement.verdict.name} {agreement}")
    assert not wrong, "\n".join(wrong)
