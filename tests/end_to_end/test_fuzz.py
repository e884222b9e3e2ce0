"""The fuzzers' targets with inputs that Hypothesis makes, bounded and the same in every run, and with every crash so far."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import invariants
import mutants
import pytest
from campaign import Campaign, Target, faults, reproduction
from choices import Choices
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fuzz

CRASHES = sorted((Path(__file__).parent.parent / "fixtures/crashes").iterdir())
few = settings(derandomize=True, deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
more = settings(few, max_examples=100)
choices = st.binary(min_size=4, max_size=48).map(Choices)


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
def test_mutants_of_variants(chance: Choices) -> None:
    invariants.of_variant(*mutants.variant(chance))


@few
@given(choices)
def test_mutants_of_documents(chance: Choices) -> None:
    invariants.of_document(*mutants.document(chance))


@few
@given(choices)
def test_mutants_of_the_convention(chance: Choices) -> None:
    invariants.of_convention(mutants.convention(chance))


@more
@given(choices)
def test_mutants_of_settings(chance: Choices) -> None:
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


@pytest.mark.parametrize("name", fuzz.targets())
def test_a_campaign(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each target by chance: a batch that is judged in full, and the same inputs for the same seed."""
    target = fuzz.targets()[name]._replace(batch=4, alone=None)
    assert Campaign(target, 6, 1).run() == 0
    assert f"{name}, seed 1, done: 6 of 6 inputs, " in capsys.readouterr().out
    assert [target.draw(random.Random(seed)) for seed in (1, 1)] == [target.draw(random.Random(1))] * 2


def test_a_convention_without_words_has_the_shipped_ones_as_when_it_is_read_from_its_folder() -> None:
    invariants.of_convention({name: data for name, data in mutants.RULES.items() if name != "rules/words.yaml"})


def bad(inputs: Sequence[bytes], in_full: bool) -> None:
    """Breaks by any input with a `b`, and by an `x` together with a `y`; in full also by an `f`."""
    for one in inputs:
        if b"b" in one or (b"f" in one and in_full):
            raise ValueError(one.decode())
    assert not {b"x", b"y"} <= set(inputs)


# The inputs of a batch, separated by spaces, and what of them breaks something, alone or together.
BATCHES = [
    ("a c d", []),
    ("a b c", ["b"]),
    ("b1 a b2 c d b3", ["b1", "b2", "b3"]),
    ("a x c y d", ["x y"]),
    ("x c b y", ["b"]),
    ("a f", ["f"]),
    ("b", ["b"]),
]


@pytest.mark.parametrize(("batch", "expected"), BATCHES)
def test_a_batch_is_narrowed_to_the_inputs_that_break_something(batch: str, expected: list[str]) -> None:
    target = Target("any", lambda _: b"", bad, 6, 1)
    found = faults(target, batch.encode().split(), in_full=True)
    assert [b" ".join(fault.inputs).decode() for fault in found] == expected


def test_what_breaks_is_printed_as_a_command_and_every_input_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[bytes] = []

    def judge(inputs: Sequence[bytes], in_full: bool) -> None:
        seen.extend(inputs)
        bad(inputs, in_full)

    words = iter([b"a", b"b", b"b", b"b", b"b", b"z"])
    target = Target("any", lambda _: next(words), judge, batch=3, full=1, alone=4)
    assert Campaign(target, 6, 0).run() == 4 + 1
    printed = capsys.readouterr().out
    assert printed.count("  python fuzz/fuzz.py one any 62\n") == 3
    assert "5 faults; 5 × ValueError at test_fuzz.py:" in printed
    assert set(seen) == {b"a", b"b", b"z"}


def test_an_input_that_takes_too_long_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 4))
    monkeypatch.setattr("campaign.time.process_time", lambda: next(clock))
    target = Target("any", lambda _: b"", lambda _, __: None, 1, 1)
    (fault,) = faults(target, [b"a"], in_full=False)
    assert str(fault.error) == "1 inputs took 4.0 CPU seconds"
    assert reproduction(target, fault) == "python fuzz/fuzz.py one any 61"
