"""What a value depends on: the fewest parts, how many agree, and who does not."""

from __future__ import annotations

import random
from collections import Counter
from unittest.mock import patch

import pytest

from nixlint_ort.learn import dependence
from nixlint_ort.learn.dependence import Dependence, Frame
from nixlint_ort.learn.names import NamePart

CUDA = [cuda for cuda in ("12_4", "12_9") for _ in range(12)]
SM = [sm for _ in range(2) for sm in ("75", "80", "90") for _ in range(4)]
ISA = ["avx2", "avx512", "armv8", "armv9"] * 6
DERIVED = [NamePart("platform", tuple("arm" if isa.startswith("arm") else "x86" for isa in ISA))]
FRAME = Frame(
    NamePart("name", tuple(map("-".join, zip(CUDA, SM, ISA, strict=True)))),
    [NamePart("cuda", tuple(CUDA)), NamePart("sm", tuple(SM)), NamePart("isa", tuple(ISA))],
    DERIVED,
)
DRIVER = ["550" if cuda == "12_4" else "560" for cuda in CUDA]
GPUS = {"75": "T4", "80": "A100", "90": "H100"}
ON_ARM = ["Grace" if sm == "90" and isa.startswith("arm") else GPUS[sm] for sm, isa in zip(SM, ISA, strict=True)]


def changed(values: list[str], **others: str) -> list[str]:
    """The values with others in some places, such as `at3="535"`."""
    return [others.get(f"at{number}", value) for number, value in enumerate(values)]


CASES = {
    "always the same": (["1.23"] * 24, "", None, 24, {}),
    "one that is not": (changed(["1.23"] * 24, at5="1.22"), "", None, 23, {5: ("1.22", "1.23")}),
    "a part": (DRIVER, "cuda", None, 24, {}),
    "a part and one exception": (changed(DRIVER, at1="535"), "cuda", None, 23, {1: ("535", "550")}),
    "two exceptions": (
        changed(DRIVER, at1="535", at20="550"),
        "cuda",
        None,
        22,
        {1: ("535", "550"), 20: ("550", "560")},
    ),
    "the part itself": (SM, "sm", "as written", 24, {}),
    "the part in dots": ([cuda.replace("_", ".") for cuda in CUDA], "cuda", "with dots", 24, {}),
    "the part with a dot": ([f"{sm[0]}.{sm[1]}" for sm in SM], "sm", "with a dot before the last digit", 24, {}),
    "the name": (["-".join(one) for one in zip(CUDA, SM, ISA, strict=True)], "name", "as written", 24, {}),
    "two parts": ([f"{a}+{b}" for a, b in zip(DRIVER, ISA, strict=True)], "cuda isa", None, 24, {}),
    "a part, but for what follows from another": (ON_ARM, "sm platform", None, 24, {}),
    "and one exception": (changed(ON_ARM, at0="A40"), "sm platform", None, 23, {0: ("A40", "T4")}),
    "not set in some": (["on" if sm == "90" else "" for sm in SM], "sm", None, 24, {}),
}


@pytest.mark.parametrize(("values", "parts", "notation", "agree", "odd"), CASES.values(), ids=CASES)
def test_dependence(
    values: list[str], parts: str, notation: str | None, agree: int, odd: dict[int, tuple[str, str]]
) -> None:
    found = FRAME.explain(values)
    assert (" ".join(found.parts), found.notation, found.agree, found.total) == (parts, notation, agree, 24)
    assert {one.number: (one.actual, one.expected) for one in found.odd} == odd
    assert not found.is_reasonless


def test_what_no_part_tells_is_loose() -> None:
    assert FRAME.explain([str(number * number % 7) for number in range(24)]).is_reasonless


def test_a_variant_that_is_left_out_counts_nowhere() -> None:
    found = FRAME.explain([None if number == 1 else value for number, value in enumerate(DRIVER)])
    assert (found.agree, found.total) == (23, 23)


def every_set_tried(values: list[str | None]) -> Dependence:
    """The same without leaving a set of parts out."""
    with patch.object(dependence._Subset, "least", lambda *_: float("-inf")):
        return Frame(FRAME._name, FRAME._own, DERIVED).explain(values, ("sm",))


def test_sets_of_parts_that_are_left_out_change_nothing() -> None:
    for seed in range(300):
        draw = random.Random(seed)
        words = [draw.choice(["x", "y", "z", None]) for _ in range(draw.randint(1, 4))]
        part = draw.choice([CUDA, SM, ISA, ON_ARM, [f"{a}{b}" for a, b in zip(SM, ISA, strict=True)]])
        values = [one if draw.random() < draw.choice([0.5, 0.95]) else draw.choice(words) for one in part]
        assert FRAME.explain(values, ("sm",)) == every_set_tried(values), seed


def test_values_that_all_differ_are_counted_for_few_sets_of_parts() -> None:
    """Each set of parts costs a count of all values, and a study of 58 files of 19 KB was stopped after a minute."""
    parts = [NamePart(f"p{one}", tuple(str(number >> one & 7) for number in range(64))) for one in range(6)]
    frame = Frame(NamePart("name", tuple(map(str, range(64)))), parts)
    values = [f"{number}." for number in range(64)]
    with patch.object(dependence, "Counter", side_effect=Counter) as counts:
        found = frame.explain(values)
        pruned = counts.call_count
        assert frame.explain(values) is found
        assert counts.call_count == pruned
        with patch.object(dependence._Subset, "least", lambda *_: float("-inf")):
            assert Frame(frame._name, parts).explain(values) == found
    assert 3 * pruned < counts.call_count - pruned
