"""What `claims` shows of each mention: what is right, what is wrong, and what is not understood.

Each row is a statement, and a letter for each of its mentions in order: `r`ight, `w`rong or `n`ot understood.
"""

import pytest

from tests.support.documents import facts_of, read, shipped_facts

SHOWN = [
    ("7 architectures times 4 x86 ISAs plus 2 ARM builds make 30 for CUDA 12.9.", "rrrrn"),
    ("SM90: 4 x86 variants + 2 ARM variants = 6 variants", "nrrr"),
    ("SM90: 4 x86 variants + 3 ARM variants = 6 variants", "nrww"),
    ("On each CUDA line we build 4 + 2 Hopper variants.", "nn"),
    ("CUDA 13.x needs driver 580+.", "nn"),
    ("CUDA 13 needs driver 560+.", "wr"),
    ("CUDA 12.x needs driver 560+.", "rr"),
    ("CUDA 50 needs driver 560+.", "n"),
    ("CUDA 12.9 needs more than the driver 550.", "nn"),
    ("Uses driver 550 for CUDA 12.4, but uses driver 560 for CUDA 12.9.", "rrrr"),
    ("Requires driver 550 for CUDA 12.4, but requires driver 560 for CUDA 12.9.", "rrrr"),
    ("30 Python 3.12 variants with CUDA 12.9 and driver 560", "wrr"),
    ("CUDA 12.4/11.8 and driver 550+", "rwr"),
    ("Compute capability 7.5 and 12.34", "n"),
    ("[nixpkgs](https://github.com/NixOS/nixpkgs/commit/ed142ab1b3a092c4d149245d0c4126a5d7ea00b0)", "r"),
]


SOURCES = [
    ("onnxruntime 1.23.2 and CUTLASS 3.9.1", [("3.9.1", "3.9.2")]),
    ("onnxruntime 1.23.2, CUTLASS v3.9.2, my-cutlass 3.8.0 and cutlass-utils 3.8.0", []),
    ("CUTLASS was 3.8.0 before.", []),
    ("`cutlass` version 3.8.0", [("3.8.0", "3.9.2")]),
]
"""Where the variants fetch CUTLASS 3.9.2 and onnxruntime 1.23.2 themselves."""


@pytest.mark.parametrize(("text", "wrong"), SOURCES)
def test_versions_of_sources_are_those_that_are_fetched(text: str, wrong: list[tuple[str, str]]) -> None:
    facts = facts_of("main")
    facts.sources = {"cutlass": "3.9.2", "onnxruntime": "1.23.2"}
    claims = read(f"{text}\n", facts)
    assert [(one.actual, one.expected) for one in claims.faults] == wrong
    assert len({one.span for one in claims.marked}) == len(claims.marked)


@pytest.mark.parametrize(("text", "marks"), SHOWN)
def test_each_mention_is_shown_with_what_is_known_of_it(text: str, marks: str) -> None:
    assert "".join(one.mark[0] for one in read(f"{text}\n", shipped_facts("main")).marked) == marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`onnxruntime-python312-cuda12_9-*`", ""),
        ("`onnxruntime-python313-cuda12_9-sm91-avx512`", "onnxruntime-python313-cuda12_9-sm90-avx512"),
    ],
)
def test_a_name_is_expected_where_one_is_near(text: str, expected: str) -> None:
    assert [one.expected for one in read(f"{text}\n", shipped_facts("main")).faults] == [expected]
