"""A table of which most rows are of nothing that is here is somebody else's; one such row among ours is wrong."""

import pytest

from tests.support.documents import read, shipped_facts

HEAD = "| Driver | Highest CUDA |\n|---|---|\n"
CASES = [
    (HEAD + "| 550 | 12.4 |\n| 555 | 12.5 |\n| 560 | 12.6 |\n| 570 | 12.8 |\n| 575 | 12.9 |\n| 580 | 13.0 |", []),
    ("- CUDA 12.4: driver 550\n- CUDA 12.5: driver 555\n- CUDA 12.6: driver 560\n- CUDA 12.8: driver 570", []),
    (
        "| CUDA | Wheels |\n|---|---|\n| 11.8 | `cu118` |\n| 12.1 | `cu121` |\n| 12.4 | `cu124` |\n| 12.6 | `cu126` |",
        [],
    ),
    ("| CUDA | Driver |\n|---|---|\n| 12.4 | 550 |\n| 12.8 | 570 |", ["12.8"]),
    ("| CUDA | Driver |\n|---|---|\n| 12.4 | 550 |\n| 12.9 | 560 |\n| 12.6 | 560 |\n| 12.8 | 570 |", ["12.6", "12.8"]),
    ("| CUDA | Driver |\n|---|---|\n| 12.4 | 550 |\n| 12.9 | 575 |", ["575"]),
]


@pytest.mark.parametrize(("text", "wrong"), CASES)
def test_keys_that_are_not_here(text: str, wrong: list[str]) -> None:
    assert [one.actual for one in read(f"# Builds\n\n{text}\n", shipped_facts("main")).faults] == wrong


def test_a_cell_with_several_keys_has_all_of_them() -> None:
    rows = "| Turing | 7.5 |\n| Ampere | 8.0, 8.6 |\n| Ada | 8.9 |\n| Hopper | 9.0 |\n| Blackwell | 10.0, 12.0 |"
    found = read(f"# Builds\n\n| Family | SM |\n|---|---|\n{rows}\n", shipped_facts("main"))
    assert [one.expected for one in found.faults] == []


def test_what_a_table_lacks_is_said_at_what_its_head_says() -> None:
    rows = "".join(f"| {branch} | stable |\n" for branch in ("main", "ort-1.24", "ort-1.23", "ort-1.22", "ort-1.20"))
    claims = read(
        f"Each release is a branch:\n\n|  | branch |  |\n|---|---|---|\n{rows.replace('| m', '|| m').replace('| o', '|| o')}",
        shipped_facts("main"),
    )
    assert [(claims.source.text(one.span), one.expected) for one in claims.faults if not one.actual] == [
        ("branch", "ort-1.19, ort-1.18")
    ]


def test_compatibility_of_minor_versions_is_no_need_of_ours() -> None:
    text = "With CUDA's minor version compatibility, driver 525.60.13 or newer works for all of CUDA 12.\n"
    assert read(text, shipped_facts("main")).faults == []


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("python{312,313}-cuda{12_4,12_9}-sm{75,80,86,89,90,100,120}-{avx2,avx512,armv9}", False),
        ("python{312,313}-cuda{12_4,12_8}-sm{75,80,86,89,90,100,120}-{avx2,avx512,armv9}", True),
        ("python{312,313}-cuda{12_4,12_9}-sm90-avx2", True),
    ],
)
def test_three_choices_are_a_grammar_and_not_all_combinations(pattern: str, wrong: bool) -> None:
    faults = read(f"A name is `onnxruntime-{pattern}`.\n", shipped_facts("main")).faults
    assert bool(faults) is wrong
