"""What holds of fixing whatever is wrong: it mends, comes to rest, and touches nothing but its own edits."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nixlint_ort.finding import Edit
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.source import Source
from nixlint_ort.variant.variant import Variant
from tests.support.damage import MENDED, Damage
from tests.support.linting import convention, fix, lint, original, repository

PATHS = [one.path for one in repository().variants]
RANDOM = settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MORE = settings(RANDOM, max_examples=200, derandomize=False)

paths = st.sampled_from(PATHS)
damages = st.lists(st.sampled_from(MENDED), min_size=1, max_size=5, unique_by=lambda one: one.name)


def damaged(path: str, kinds: list[Damage]) -> bytes:
    data = original(path)
    for kind in kinds:
        data = kind.done_to(data, path) or data
    return data


def values(path: str, data: bytes) -> dict[str, object]:
    """What a variant of these bytes states and evaluates to."""
    variant = Variant(Source(path, data), convention())
    return {name: fact.value for name, fact in variant.facts.items()}


def is_mended(path: str, kinds: list[Damage]) -> None:
    data = damaged(path, kinds)
    fixed = fix({path: data}, unsafe=True)
    assert not fixed.dropped
    mended = fixed.contents.get(path, data)
    assert lint({path: mended}).findings == ()
    assert values(path, mended) == values(path, original(path))
    assert fix(dict(fixed.contents), unsafe=True).contents == {}


def comes_to_rest(path: str, kinds: list[Damage]) -> None:
    first = fix({path: damaged(path, kinds)})
    assert not first.dropped
    contents = first.contents.get(path, damaged(path, kinds))
    assert fix({path: contents}).contents == {}


def edits_are_inside(path: str, kinds: list[Damage]) -> None:
    data = damaged(path, kinds)
    for finding in lint({path: data}).findings:
        for edit in finding.fix.edits if finding.fix else ():
            assert edit.path == path
            assert 0 <= edit.start <= edit.end <= len(data)
            assert data[edit.start : edit.end].decode() != edit.text


HELD = {"is mended": is_mended, "comes to rest": comes_to_rest, "edits are inside": edits_are_inside}


@pytest.fixture(autouse=True)
def ready() -> None:
    """Evaluation raises Python's limit of recursion once, which Hypothesis would take for a fault of a test."""
    lint()


@pytest.mark.parametrize("name", HELD)
def test_of_up_to_five_faults_in_one_file(name: str) -> None:
    RANDOM(given(path=paths, kinds=damages)(HELD[name]))()


@pytest.mark.full
@pytest.mark.parametrize("name", HELD)
def test_of_many_more_faults(name: str) -> None:
    MORE(given(path=paths, kinds=damages)(HELD[name]))()


edits = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 4), st.text(max_size=5)), max_size=6)


@given(data=st.binary(min_size=64, max_size=80), parts=edits)
def test_bytes_outside_the_edits_stay(data: bytes, parts: list[tuple[int, int, str]]) -> None:
    chosen: list[Edit] = []
    for start, length, text in sorted(parts):
        if not chosen or start > chosen[-1].end:
            chosen.append(Edit("x", start, start + length, text))
    result = apply_edits(data, chosen)
    at = done = 0
    for edit in chosen:
        assert result[at : at + edit.start - done] == data[done : edit.start]
        at += edit.start - done
        assert result[at : at + len(edit.text.encode())] == edit.text.encode()
        at, done = at + len(edit.text.encode()), edit.end
    assert result[at:] == data[done:]
