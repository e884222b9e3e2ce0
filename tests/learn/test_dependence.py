"""What a value depends on: the fewest parts, how many agree, and who does not."""

from __future__ import annotations

import pytest

from nixlint_ort.learn.dependence import Frame
from nixlint_ort.learn.names import NamePart

CUDA = [cuda for cuda in ("12_4", "12_9") for _ in range(12)]
SM = [sm for _ in range(2) for sm in ("75", "80", "90") for _ in range(4)]
ISA = ["avx2", "avx512", "armv8", "armv9"] * 6
FRAME = Frame(
    NamePart("name", tuple(map("-".join, zip(CUDA, SM, ISA, strict=True)))),
    [NamePart("cuda", tuple(CUDA)), NamePart("sm", tuple(SM)), NamePart("isa", tuple(ISA))],
    [NamePart("platform", tuple("arm" if isa.startswith("arm") else "x86" for isa in ISA))],
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
