"""Every way to say a fact: the tool says what Nix does, or that it does not know; no wrong value passes unseen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import groupby

import pytest

from nixlint_ort.check.context import Context
from nixlint_ort.check.each import judge_one
from nixlint_ort.check.verdict_cache import VerdictCache
from nixlint_ort.convention.vocabulary import FACTS, HEADER_LINES, NAME_FACT, STEM
from tests.support.linting import convention, repository
from tests.support.oracle import NixError, NixFacts
from tests.support.variant.agreement import PATH, Answer, by_nix, by_tool, contradictions, read
from tests.support.variant.ways import WAYS, Case, cases

FEWEST_WAYS = 8
MOST_UNKNOWN = 0.15
CPU_PATH = PATH.replace("cuda12_9-sm90-avx512", "cpu-avx2")
NOT_NIX = {STEM, *HEADER_LINES, NAME_FACT}
"""Facts of the file's text, which Nix does not see."""
ELSEWHERE = {"c_flags": "cxx_flags", "other_c_flags": "other_flags", "other_sources": "patches"}
"""Facts that are said in the same ways as another one."""


HALF_OR_ALL = pytest.mark.parametrize(
    "whole", [pytest.param(False, id="a half"), pytest.param(True, id="all", marks=pytest.mark.full)]
)


@cache
def chosen(whole: bool) -> list[Case]:
    """All cases, or each way with all of its values: one way in a variant with CUDA, the next in one without."""
    turns = {(fact, way): number % 2 == 0 for fact in WAYS for number, way in enumerate(WAYS[fact].ways)}
    return [case for case in cases() if whole or case.gpu is turns[case.fact, case.way]]


@cache
def answers(fact: str, whole: bool) -> list[tuple[Case, NixFacts | NixError]]:
    """What Nix says of each case of a fact."""
    found = [case for case in chosen(whole) if case.fact == fact]
    return list(zip(found, by_nix([{PATH: case.text.encode()} for case in found]), strict=True))


def test_every_fact_has_its_ways() -> None:
    assert WAYS.keys() | ELSEWHERE.keys() | NOT_NIX == FACTS.keys()
    assert {fact for fact, ways in WAYS.items() if len(ways.ways) < FEWEST_WAYS} == set()
    assert len(cases()) >= 1000


@HALF_OR_ALL
@pytest.mark.parametrize("fact", WAYS)
def test_nix_reads_every_case(fact: str, whole: bool) -> None:
    assert {case.name: str(found) for case, found in answers(fact, whole) if isinstance(found, NixError)} == {}


@cache
def told(text: str) -> Mapping[str, Answer]:
    """What the tool says of the facts of a file."""
    return by_tool(read({PATH: text.encode()}))


@HALF_OR_ALL
@pytest.mark.parametrize("fact", WAYS)
def test_the_tool_agrees_or_says_that_it_does_not_know(fact: str, whole: bool) -> None:
    wrong = {
        case.name: contradictions(told(case.text), found)
        for case, found in answers(fact, whole)
        if isinstance(found, NixFacts)
    }
    assert {name: facts for name, facts in wrong.items() if facts} == {}


@HALF_OR_ALL
def test_few_facts_are_unknown(whole: bool) -> None:
    unknown = [case for case in chosen(whole) if told(case.text)[case.fact].unknown is not None]
    assert len(unknown) < MOST_UNKNOWN * len(chosen(whole))


def is_judged(fact: str, kind: str) -> bool:
    """Whether a rule asks a fact of that kind of variant."""
    return any(fact in rule.facts and kind in rule.applies for rule in convention().rules.values())


JUDGED = [fact for fact in WAYS if is_judged(fact, "gpu")]


RIGHT_WITHOUT_CUDA = {"config_cuda_support", "cuda_support", "cxx_flags"}
"""Facts whose second value is the right one in a variant without CUDA."""
SHOWN_BY = {"nixpkgs_url": "nixpkgs_rev"}
"""A fact, and the one that rules judge for it where it is wrong."""


@HALF_OR_ALL
@pytest.mark.parametrize("fact", JUDGED)
def test_no_wrong_value_passes(fact: str, whole: bool) -> None:
    """Where Nix has another value than for what is right, a rule about the fact finds it, or that it is not known."""
    rules = tuple(convention().rules.values())
    context = Context(repository(), "main", rules, VerdictCache(convention(), "main", rules))
    passed = []
    for (_, gpu), group in groupby(sorted(answers(fact, whole), key=_way), key=_way):
        if not is_judged(fact, "gpu" if gpu else "cpu"):
            continue
        found = [(case, nix) for case, nix in group if isinstance(nix, NixFacts)]
        right = found.pop(1 if fact in RIGHT_WITHOUT_CUDA and not gpu else 0)
        for case, nix in found:
            if getattr(nix, fact) == getattr(right[1], fact):
                continue
            variant = read({(path := PATH if gpu else CPU_PATH): case.text.encode()}, path)
            about = {fact, SHOWN_BY.get(fact, fact)}
            if not any(
                one.fact.name in about or about & set(one.rule.facts) or one.rule.check == "resolved"
                for one in judge_one(variant, context)
            ):
                passed.append(case.name)
    assert passed == []


def _way(answer: tuple[Case, object]) -> tuple[str, bool]:
    return answer[0].way, answer[0].gpu
