"""The table of facts: every row is complete, and everything that is known of a fact follows from it."""

import pytest

from nixlint_ort.convention.vocabulary import FACTS, HEADER_LINES, NAME_FACT, STEM, WORDED, Subject
from nixlint_ort.variant.readers import READERS
from tests.support.linting import CPU, GPU, repository


@pytest.mark.parametrize("name", FACTS)
def test_a_row_is_complete(name: str) -> None:
    kind = FACTS[name]
    assert kind.about
    assert kind.part_of is None or list(FACTS).index(kind.part_of) < list(FACTS).index(name)
    assert (kind.writing is None) or kind.attribute, "what a fix puts in has a name"
    assert not (kind.before or kind.only_if_needed) or kind.writing, "how it is put in is said only of what is"
    assert not kind.in_meta or kind.attribute


def test_every_fact_is_read_in_one_way() -> None:
    derived = {name for name, kind in FACTS.items() if kind.subject in (Subject.WRAPPER, Subject.LAYER)}
    assert set(READERS) == derived
    assert {STEM, NAME_FACT, *HEADER_LINES} == FACTS.keys() - derived
    assert set(WORDED) >= {STEM, *HEADER_LINES}


@pytest.mark.parametrize("path", [GPU, CPU])
@pytest.mark.parametrize("name", FACTS)
def test_a_fact_has_the_shape_of_its_row(name: str, path: str) -> None:
    (variant,) = (one for one in repository().variants if one.path == path)
    fact = variant.fact(name)
    assert fact.name == name
    if FACTS[name].is_list and fact.items is not None:
        assert fact.is_list
