"""What `claims` shows of each mention: what is right, what is wrong, and what is not understood.

Each row is a statement, and a letter for each of its mentions in order: `r`ight, `w`rong or `n`ot understood.
"""

import pytest

from nixlint_ort.check.claims.sources import versions_fetched
from tests.support.documents import facts_of, read, shipped_facts
from tests.support.linting import convention

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
    ("Built from ed142ab1b3a092c4d149245d0c4126a5d7ea00b0.", "r"),
    ("Built from ed142ab1b3a0, not from 0b00ae7d5a62.", "r"),
    ("## CUDA 12.9, driver 550\n\n30 variants", "rw"),
    ("## CUDA 12.9, driver 560\n\n22 variants", "rrw"),
    ("# CUDA 12.9, driver 550\n\n## CUDA 12.4\n\n30 variants", "rwnw"),
    ("- CUDA 12.9, driver 550\n  - 30 variants", "rw"),
    ("## `ort-1.22`\n\n- ONNX Runtime 1.23.2, CUDA 12.9", "rwn"),
    ("- `main`: ONNX Runtime 1.23.2\n- `ort-1.22`: ONNX Runtime 1.22.2\n- `ort-1.21`: ONNX Runtime 1.21.1", "rrrrwn"),
    ("- `ort-1.22`: SM100 is supported, SM120 is not supported", "wnr"),
    ("- `ort-1.22`: SM100 and SM120 are supported, SM90 is not supported", "wnnn"),
    ('<p align="center">\n<img alt="" src="https://img.shields.io/badge/ONNX%20Runtime-1.22.2-blue">\n</p>', "w"),
    ("[CUDA 12.9][CUDA 12.4] needs driver 560.", "rr"),
    ("CUDA | Driver\n---|---\n12.9 | 550", "rw"),
    ("| CUDA 12.9 | driver 550 | here", "rw"),
    ("CUDA __12.9__-driver __550__", "rw"),
    ("> `ort-1.22` is for older GPUs.", "r"),
    ("- For each of the others in the end, ONNX Runtime – 1.22.2", "w"),
    ("- For each of the others in the end, ONNX Runtime: 1.22.2", "w"),
    ("- CUDA 12.9\n  - 535+", "nn"),
    ("- CUDA 12.9\n  - 550+", "nw"),
    ("- CUDA 12.9\n  - overlay: `cudaPackages_12_4`, driver 550", "wrr"),
    ("| SM | GPU | Note |\n|---|---|---|\n| SM90 | H100 | faster than A100 |", "rrn"),
    ("CUDA 12.4 and 12.9 need driver 560.", "rrr"),
    ("CUDA 12.4 and 12.9 need driver 570.", "nnw"),
    ("CUDA 12.4 and 12.9 work with driver 570.", "rrr"),
    ("CUDA 12.4 and 12.9 work with driver 555.", "nnw"),
    ("CUDA 12.9 works with driver 560.x.", "rr"),
    ("SM86/SM89: Ampere, RTX 3090", "rwrr"),
    ("SM86, SM90: Ada, RTX 3090", "rwwr"),
    ("`sm90` (compute capability 8.0), Hopper", "rwr"),
    ("SM75/SM80/SM86: Hopper, T4", "rwwwr"),
    ("```\nflox build onnxruntime-python313-cuda12_9-sm91-avx512  # driver 535\n```", "ww"),
    ("CUDA 12.9: driver 550 ❌ driver 535", "rwn"),
    ("We build ort-1.22.0.", ""),
    ("CUDA 12_4 needs driver 560", "rw"),
    ("| CUDA |\n|---|\n| uses CUDA 12.9 | uses driver 550, but needs CUDA 12.4 |", "nwn"),
    ("<table><tr><td>Note</td><td>uses CUDA 12.9, but needs driver 550 and Python 3.12</td></tr></table>", "nrr"),
    (
        "| Branch | Built |\n|---|---|\n| main | 1.23.2 |\n| ort-1.24 | 1.24.2 |\n| ort-1.20 | 1.20.2 |\n| ort-1.22 | 1.22.3 |",
        "rrrr",
    ),
    ("## -: 57", ""),
    ("<table><tr><td>uses CUDA 12.9</td><td>uses driver 550, but needs CUDA 12.4</td></tr></table>", "nrr"),
    ("CUDA 12.9, i.e. CUDA with driver 550", "rw"),
    ("| Name | Variants |\n|---|---|\n| mine | 3 |", ""),
    ("<dl><dt>CUDA 12.9</dt><dd>Needs driver 550. Or so.</dd></dl>", "nn"),
    ("<table><tr><td>SM90</td><td>H100</td><td>A100</td></tr></table>", "rrw"),
    ("## History\n\n`onnxruntime-python313-cuda12_9-sm91-avx512`", "n"),
    (
        (
            "```\n# Wrong:\nflox build onnxruntime-python313-cuda12_9-sm91-avx512\n"
            "# Right:\nflox build onnxruntime-python313-cuda12_9-sm92-avx512\n```"
        ),
        "nw",
    ),
    ("```yaml\ncuda:\n  12.9:\n    driver: 550\n    python: 3.13\n```", "rwr"),
    ("We build ONNX Runtime-1.22.0.", "w"),
    ("Do not use driver 550, or 560, with CUDA 12.9.", "nnn"),
    ("| Before | Now |\n|---|---|\n| CUDA 12.9, driver 550 | CUDA 12.9, driver 550 |", "nnrw"),
    ("| CUDA | Driver | Works? |\n|---|---|---|\n| 12.9 | 550 | no |", "nn"),
    ("| CUDA | Driver | Works |\n|---|---|---|\n| 12.9 | 550 | no |", "rw"),
    ("CUDA 11.8 comes later.\n\n- CUDA 12.4\n- CUDA 12.9\n- CUDA 11.8", "nnnw"),
    ("| CUDA | Driver |\n|---|---|\n| 12.4 | 550 |\n\n| CUDA | Use |\n|---|---|\n| 11.8, 11.7 | a |", "rrnn"),
    ("- `ort-1.20`: stable and legacy, 1.20.1", "rw"),
    ("- `ort-1.20` → 1.20.1 (CUDA 12.4/12.9; R550/R560; current)", "rrrrrrw"),
    ("- `ort-1.22`: SM90 (not SM100, SM120)", "rrrr"),
    ("- `ort-1.22`: without SM100, 120", "rrr"),
    ("- `ort-1.22`: not SM100, SM90", "wrn"),
    ("- `ort-1.22` does not have SM100 but has SM90", "rrr"),
    ("- `ort-1.22` has SM90 but not SM100 and SM120", "rrrr"),
    ("# Builds\n\n## Before you start\n\nCUDA 12.9 needs driver 550+.", "rw"),
    ("# Builds\n\n## Other GPU families\n\nSM90 is Ada.", "rw"),
    ("# Builds\n\n## Lessons of the past\n\nCUDA 12.9 needs driver 550+.", "nn"),
    ("2 ARM + 7 with x86 and ARM = 9", "rnw"),
    ("2 ARM + 7 x86/ARM = 9", "rrr"),
    ("`onnxruntime-python313-cuda12_9-*`", "r"),
    ("`onnxruntime-python313-cuda12_9-sm90-avx512{,bf16}`", "r"),
    ("CUDA 12.4 needs driver 550, then 12.9 with driver 550.", "rrr"),
    ("| a | |\n|---|---|\n| CUDA 12.4 | 11.8 |", "nn"),
    (
        "| GPU | A | B |\n|---|---|---|\n| Hopper | 90 | 1 |\n| Ampere | 86 | 2 |\n| Ada | 89 | 3 |\n| Turing | 80 | 4 |",
        "rrrrrrrw",
    ),
    ("```\nA100  SM80\nH100  SM86\nL4  SM89\n```", "nnnnnn"),
    ("```\nA100 .... SM80\nH100 .... SM86\nL4 .... SM89\n```", "rrrwrr"),
    ("| | |\n|---|---|\n| CUDA x y 12.4 | driver 560 |", "n"),
    ("CUDA 12.9 needs at least the 550.", "rw"),
    ("CUDA 12.9 needs at least the minimum required production version 550.", "n"),
    ("All 30 use CUDA 12.9 and driver 550.", "rw"),
    ("Builds 30 need CUDA 12.9 and driver 550.", "rw"),
    ("Ubuntu 30 needs CUDA 12.9 and driver 550.", "nn"),
    ("SM100 is not built, then CUDA 12.9 needs driver 550.", "nrw"),
    ("We do not build SM100, or CUDA 12.9 with driver 550.", "nnn"),
    ("## CUDA 12.9\n\n- ONNX Runtime 1.22.2\n  - 30 variants", "nwr"),
    ("CUDA 12.4, 12.9 and CPU-only with Python 3.12, 3.13, 3.13", "rrrrrr"),
    ("CUDA 12.9 and CPU-only need Python 3.12", "rrw"),
    ("CUDA 12.4, Python 3.12; CPU-only, Python 3.12", "rrrw"),
    ("Python 3.12 for CUDA 12.4, CPU-only with Python 3.13", "rrrr"),
    ("Driver 550 for CUDA 12.4, CPU-only: Python 3.13", "rrrr"),
    ("[nixpkgs](https://github.com/NixOS/nixpkgs/commit/ed142ab1b3a092c4d149245d0c4126a5d7ea00b0)", "r"),
    ("[nixpkgs](https://github.com/NixOS/nixpkgs/tree/0da3c44a9460a26d2025ec3ed2ec60a895eb1114)", "w"),
    ("[nixpkgs](https://github.com/NixOS/nixpkgs/archive/0da3c44a9460a26d2025ec3ed2ec60a895eb1114.tar.gz)", "w"),
    ("[nixpkgs](https://github.com/NixOS/nixpkgs/blob/0da3c44a9460a26d2025ec3ed2ec60a895eb1114/default.nix)", "n"),
    ("`https://github.com/NixOS/nixpkgs/blob/0da3c44a9460a26d2025ec3ed2ec60a895eb1114/lib/lists.nix`", "n"),
    ("[nixpkgs](https://github.com/NixOS/nixpkgs/blob/ed142ab1b3a092c4d149245d0c4126a5d7ea00b0/default.nix)", "r"),
    (
        "It is there. It was [changed](https://github.com/NixOS/nixpkgs/commit/0da3c44a9460a26d2025ec3ed2ec60a895eb1114).",
        "n",
    ),
    (
        "It was changed. [The pin](https://github.com/NixOS/nixpkgs/commit/0da3c44a9460a26d2025ec3ed2ec60a895eb1114) is.",
        "w",
    ),
    ("`flox/pytorch-python313-cuda12_8-sm86-avx2`: RTX 3090 (Ampere)", "rr"),
    ("- `flox/torchvision-python313-cuda13_0-sm89-avx512` - RTX 4090 (Ada)", "rr"),
    ("- `tensor-rt-python312-cuda12_9-sm75-avx2`, CUDA 12.9", "n"),
    ("`torchaudio-python313-cpu-avx2` beside CUDA 12.9 and driver 550", "rw"),
    ("`result-onnxruntime-python313-cuda12_9-sm90-avx512/bin` has CUDA 12.4", "rw"),
    ("- `python313-cuda12_4-avx2`", "rwn"),
]


BESIDE_ORT_1_22 = [
    ("We build the nixpkgs pin's ONNX Runtime 1.23.2.", "r", []),
    ("We build ONNX Runtime 1.23.2.", "w", [("1.23.2", "1.22.2")]),
    ("The `sm100` is a B100.", "rr", []),
    ("Use `sm100` for the B100.", "wr", [("100", "")]),
    ("- SM100: B100, Ada", "wrw", [("100", ""), ("Ada", "Blackwell DC")]),
    ("| SM | Architecture |\n|---|---|\n| SM90 | Hopper |\n| SM100 | Ada |", "rrwr", [("100", "89")]),
]
"""The same beside ort-1.22, which has neither SM100 nor the version of the pin, and what is wrong with what is expected."""


@pytest.mark.parametrize(("text", "marks", "wrong"), BESIDE_ORT_1_22)
def test_what_is_right_depends_on_the_release(text: str, marks: str, wrong: list[tuple[str, str]]) -> None:
    claims = read(f"{text}\n", shipped_facts("ort-1.22"))
    assert "".join(one.mark[0] for one in claims.marked) == marks
    assert [(one.actual, one.expected) for one in claims.faults] == wrong


def test_no_hash_is_judged_where_no_pin_is_declared() -> None:
    without = convention()._replace(roles=convention().roles._replace(pin=None))
    text = "The nixpkgs revision is 0123456789abcdef0123456789abcdef01234567.\n"
    assert [read(text, facts_of("main", by)).marked != [] for by in (convention(), without)] == [True, False]


SOURCES = [
    ("onnxruntime 1.23.2 and CUTLASS 3.9.1", [("3.9.1", "3.9.2")]),
    ("onnxruntime 1.23.2, CUTLASS v3.9.2, my-cutlass 3.8.0 and cutlass-utils 3.8.0", []),
    ("CUTLASS was 3.8.0 before.", []),
    ("`cutlass` version 3.8.0", [("3.8.0", "3.9.2")]),
]
"""Where the variants fetch CUTLASS 3.9.2 and onnxruntime 1.23.2 themselves."""


def test_a_list_that_is_right_is_not_outvoted_by_what_stands_beside_it() -> None:
    row = "| main | 1.23.2 | 12.4/12.9 | 550+/cuda12_4+ | stable |"
    table = f"| Branch | ONNX Runtime | CUDA | Driver | Status |\n|---|---|---|---|---|\n{row}\n"
    assert read(table, shipped_facts("main")).faults == []


FETCHED = [
    ([("cutlass", "3.9.2"), ("cutlass", "3.9.2"), ("onnxruntime", "1.23.2")], {"cutlass": "3.9.2"}),
    ([("cutlass", "3.9.2"), ("cutlass", "3.8.0")], {}),
]
"""The sources of all variants, and those whose version is the same in all; the package's own is no source beside it."""


@pytest.mark.parametrize(("sources", "versions"), FETCHED)
def test_sources_have_a_version_where_all_variants_agree(
    sources: list[tuple[str, str]], versions: dict[str, str]
) -> None:
    assert versions_fetched(sources, "onnxruntime") == versions


GPUS = """\
| SM | Architecture | GPUs |
|---|---|---|
| SM75 | Turing | T4 |
| SM80 | Ampere DC | A100 |
| SM89 | Ada | RTX 4090 |
| SM90 | Hopper | H100 |
| SM120 | Blackwell | RTX 5090 |
"""
OPEN = [
    ("| SM86 | Ada |", [("Ada", "Ampere")]),
    ("| SM86, SM89 | Ampere | L40S |", [("89", None), ("L40S", None)]),
]
"""Rows of which each value belongs to another row, and what is wrong by the rows that the table has besides."""


@pytest.mark.parametrize(("row", "wrong"), OPEN)
def test_which_row_is_meant_is_decided_by_those_that_are_left(row: str, wrong: list[tuple[str, str | None]]) -> None:
    faults = read(f"{GPUS}{row}\n", shipped_facts("main")).faults
    assert [(one.actual, one.replacement) for one in faults] == wrong


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
