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


def test_compatibility_of_minor_versions_is_no_need_of_ours() -> None:
    text = "With CUDA's minor version compatibility, driver 525.60.13 or newer works for all of CUDA 12.\n"
    assert read(text, shipped_facts("main")).faults == []
