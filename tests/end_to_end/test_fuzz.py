"""The fuzzers' targets with inputs that Hypothesis makes, bounded and the same in every run, and with every crash so far."""

from __future__ import annotations

from pathlib import Path

import invariants
import mutants
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CRASHES = sorted((Path(__file__).parent.parent / "fixtures/crashes").iterdir())
few = settings(derandomize=True, deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
more = settings(few, max_examples=100)
choices = st.binary(min_size=4, max_size=48).map(mutants.Choices)


@more
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    invariants.of_bytes(data)


@more
@given(st.lists(st.sampled_from([*mutants.NIX, b" ", b"a", b"=", b"1", b"."]), max_size=40).map(b"".join))
def test_any_words_of_the_language(data: bytes) -> None:
    invariants.of_bytes(data)


@few
@given(choices)
def test_mutants_of_variants(chance: mutants.Choices) -> None:
    invariants.of_variant(*mutants.variant(chance))


@few
@given(choices)
def test_mutants_of_documents(chance: mutants.Choices) -> None:
    invariants.of_document(*mutants.document(chance))


@few
@given(choices)
def test_mutants_of_the_convention(chance: mutants.Choices) -> None:
    invariants.of_convention(mutants.convention(chance))


@more
@given(choices)
def test_mutants_of_settings(chance: mutants.Choices) -> None:
    invariants.of_settings(mutants.settings(chance))


@pytest.mark.parametrize("path", CRASHES, ids=lambda path: path.name)
def test_what_crashed_once(path: Path) -> None:
    """Files are named after what they are: `.nix` for a variant, `.nix.txt` for Nix, `.yaml` for a change of the rules."""
    if path.name.endswith(".yaml"):
        name, _, data = path.read_bytes().partition(b"\n")
        invariants.of_convention({**mutants.RULES, name.decode().removeprefix("# "): data})
    else:
        invariants.of_bytes(path.read_bytes())
        invariants.of_variant(invariants.PEERS[0], path.read_bytes())
