"""Faults in documents of ten styles for three releases: they are found on their line, and mended to the byte."""

import pytest

from tests.support.documents import (
    BRANCHES,
    STYLES,
    Outcome,
    document,
    faults,
    outcome,
    read,
    shipped_facts,
    shipped_release,
    tallies,
)

EVERY = 23
"""Of which one is tried where not all are: a number that shares no factor with the number of kinds in a row."""


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("style", STYLES)
def test_a_right_document_has_no_finding(style: str, branch: str) -> None:
    text, slots = document(style, shipped_release(branch))
    assert read(text, shipped_facts(branch)).faults == []
    assert len(slots) > 30


def held(outcomes: list[Outcome]) -> None:
    found = tallies(outcomes)["all"]
    assert found.caught >= 0.99 * found.faults
    assert found.mended >= 0.97 * found.single
    assert found.spoilt == 0


def test_faults_are_found_and_mended() -> None:
    held([outcome(one) for number, one in enumerate(faults()) if number % EVERY == 0])


@pytest.mark.full
def test_all_faults_are_found_and_mended() -> None:
    outcomes = [outcome(one) for one in faults()]
    assert len(outcomes) > 2000
    held(outcomes)
