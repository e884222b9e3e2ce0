"""Files by the grammar of the language, with slips: Nix and this tool read them the same, but for listed differences."""

from __future__ import annotations

from collections import Counter

import grammar
import pytest

from tests.nix.test_reading import KNOWN_REFUSALS, wrong
from tests.support.nix.reading import Read, Reading, readings


def contradictions(found: list[Read]) -> list[str]:
    """What is read otherwise than by Nix, clean where Nix refuses, or refused for a reason that is not listed."""
    refused = [one for one in found if one.outcome is Reading.WE_REFUSE]
    unlisted = [one for one in refused if not any(known in one.detail for known in KNOWN_REFUSALS)]
    return [*wrong(found), *(f"refused by us alone: {one.text!r}\n{one.detail}" for one in unlisted)]


def judge(count: int, seed: int) -> None:
    found = readings(grammar.files(count, seed))
    assert contradictions(found) == []
    outcomes = Counter(one.outcome for one in found)
    assert outcomes[Reading.SAME] > count / 10
    assert outcomes[Reading.BOTH_REFUSE] > count / 10


def test_a_hundred_files() -> None:
    judge(100, 1)


@pytest.mark.full
def test_five_hundred_files() -> None:
    judge(500, 1000)
