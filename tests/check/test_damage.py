"""Every kind of damage in two variants: one finding, by the rule that is for it, in the line that was touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from tests.support.damage import KINDS, Damage, damaged
from tests.support.linting import convention, lint, original

OF_ALL_FILES = {"pin-undeclared"}
"""Where one file alone is damaged so, its peers tell."""


def test_there_is_damage_for_each_rule_about_a_fact_of_the_contents() -> None:
    rules = [rule for rule in convention().rules.values() if rule.check is None and rule.facts != ("file.stem",)]
    assert {rule.id for rule in rules} - {kind.rule for kind in KINDS} == OF_ALL_FILES
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 100


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.name)
def test_it_is_found_once_and_where_it_is(kind: Damage) -> None:
    is_found(kind, damaged(kind, most=2))


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.name)
def test_it_is_found_once_and_where_it_is_in_every_variant(kind: Damage) -> None:
    is_found(kind, damaged(kind))


def is_found(kind: Damage, paths: Iterable[str]) -> None:
    missed = {path: list(problems(kind, path)) for path in paths}
    assert missed
    assert {path: said for path, said in missed.items() if said} == {}


def problems(kind: Damage, path: str) -> Iterator[str]:
    """What is not as it should be when this variant alone is damaged."""
    text = original(path).decode()
    place, data = kind.place_in(text, path), kind.done_to(original(path), path)
    assert place is not None
    start, old, new = place
    found = lint({path: data}).findings
    if [(one.rule, one.place.path) for one in found] != [(kind.rule, path)]:
        yield f"found: {[(one.rule, one.place.path, one.place.start.line) for one in found]}"
        return
    mutant = (data or b"").decode("utf-8", "surrogateescape")
    lines = touched(mutant, start, old, new) if kind.at is None else {line_of(mutant, mutant.index(kind.at))}
    if found[0].place.start.line not in lines:
        yield f"found in line {found[0].place.start.line}, not {sorted(lines)}"


def touched(mutant: str, start: int, old: str, new: str) -> set[int]:
    """The lines of the mutant in which it differs from the original."""
    same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(new) - 1)
    return set(range(line_of(mutant, start + max(same, 0)), line_of(mutant, start + len(new)) + 1))


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
