"""Statements of many kinds: what is wrong in them is found and mended, and the right ones beside them are no alarm.

`⟦wrong|right⟧` marks a wrong value with what is written in its place, `⟦wrong|⟧` one in whose place nothing is written.
"""

import re

import pytest

from tests.support.documents import facts_of, read, shipped_facts

_MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")

COUNTS = {
    "by a CUDA line": "There are ⟦20|22⟧ CUDA 12.4 variants.",
    "by a CUDA line, in a caption": "⟦31|30⟧ CUDA 12.9 variants",
    "by a Python": "There are ⟦30|36⟧ Python 3.13 variants.",
    "by two values": "⟦3|2⟧ CUDA 12.4 ARM variants.",
    "far off": "There are ⟦9|3⟧ armv9 variants.",
    "far off, with another verb": "We build ⟦40|12⟧ Hopper variants.",
    "under a head for values": "| What | Value |\n|---|---|\n| GPU variants | ⟦51|52⟧ |\n",
    "in a sum": "⟦20|22⟧ CUDA 12.4 + 30 CUDA 12.9 + 6 CPU = 58",
    "in a sum in words": "52 GPU variants plus ⟦8|6⟧ CPU variants make 58.",
    "the result in words": "52 GPU variants and 6 CPU variants make ⟦59|58⟧.",
    "a product in words": "7 architectures times 4 x86 ISAs plus 2 ARM builds make ⟦31|30⟧ for CUDA 12.9.",
    "of two lines": "The 22 CUDA 12.4 variants and ⟦28|30⟧ CUDA 12.9 variants make 52 GPU variants.",
}
NEEDS = {
    "a GPU": "B200 needs CUDA ⟦12.4|12.9⟧.",
    "an SM": "SM120 requires CUDA ⟦12.4|12.9⟧.",
    "with an underscore": "B200 needs CUDA ⟦12_4|12_9⟧.",
    "a family": "Blackwell needs at least CUDA ⟦12.4|12.9⟧.",
    "two GPUs": "The B100 and the B200 depend on CUDA ⟦12.4|12.9⟧",
    "a name's part": "An RTX 5090 needs `cuda⟦12_4|12_9⟧`.",
    "with a toolkit": "A B200 requires the CUDA ⟦12.4|12.9⟧ toolkit",
    "in an item": "- **B200**: needs CUDA ⟦12.4|12.9⟧",
    "in a row": "| GPU | CUDA |\n|---|---|\n| B200 | ⟦12.4|12.9⟧ |\n| T4 | 12.4 |\n",
    "beside a driver": "Blackwell needs CUDA ⟦12.4|⟧ and driver 550+.",
}
BRANCHES = {
    "a row": "| Branch | ORT |\n|---|---|\n| main | 1.23.2 |\n| ort-1.24 | 1.24.2 |\n| ⟦ort-1.17|⟧ | 1.17.3 |\n",
    "an item": "- `main`: 1.23.2\n- `ort-1.24`: 1.24.2\n- `⟦ort-1.25|⟧`: 1.25.0\n",
    "an item in prose": "* main has 1.23.2\n* ort-1.22 has 1.22.2\n* ⟦ort-1.16|⟧ has 1.16.3\n",
}
LOST = {
    "an empty cell": "| CUDA | Driver |\n|---|---|\n| 12.4 | 550+ |\n| ⟦12.9|⟧ | |\n",
    "a dash": "| CUDA | Driver | Python |\n|---|---|---|\n| ⟦12.4|⟧ | – | 3.12 |\n| 12.9 | 560+ | 3.13 |\n",
    "an item": "- CUDA 12.4, driver 550+, Python 3.12\n- CUDA ⟦12.9|⟧, Python 3.13\n",
    "the last part of an item": "- CUDA ⟦12.4|⟧ and Python 3.12\n- CUDA 12.9 and Python 3.13 (driver 560+)\n",
    "what is not finished": "| CUDA | Driver | Python |\n|---|---|---|\n| 12.4 | 550+ | 3.12 |\n| 12.9 | ⟦TBD|560⟧ | 3.13 |\n",
    "what is not finished, of no row": "| Toolkit | Driver |\n|---|---|\n| nightly | ⟦TBD|⟧ |\n",
    "a list in step": "CUDA 12.4/12.9, driver ⟦550|⟧+",
}
NAMES = {
    "of another branch": "On `ort-1.24`, build ⟦onnxruntime-python313-cuda12_9-avx512|⟧.",
    "behind a checkout": "```\ngit checkout ort-1.22\nflox build ⟦onnxruntime-python313-cuda12_9-sm100-avx512|⟧\n```\n",
    "with an empty choice": "`⟦onnxruntime-python313-cpu-armv{,9}|⟧`",
    "a pattern in prose": "Variants ⟦onnxruntime-python312-cuda12_9-*|⟧ are here.",
}
_TARGETS = "| SM | Architecture | {} |\n|---|---|---|\n| SM75 | Turing | {} |\n| SM90 | Hopper | {} |\n"
_X86 = "AVX2, AVX-512, AVX-512 BF16, AVX-512 VNNI"
LISTS = {
    "of all": _TARGETS.format("ISAs", f"{_X86}, ⟦ARMv9|⟧", f"⟦{_X86}, ARMv9|⟧"),
    "of one platform": _TARGETS.format("x86 ISAs", _X86, "⟦AVX2, AVX-512, AVX-512 BF16|⟧"),
    "of two platforms": _TARGETS.format("x86 and ARM ISAs", _X86, f"⟦{_X86}, ARMv8.2|⟧"),
    "a dash": _TARGETS.format("ARM ISAs", "–", "⟦–|⟧"),
    "of SMs": "| Toolkit | Driver | SM |\n|---|---|---|\n| 12.4 | 550+ | 75, 80, 86, 89, 90, ⟦100|⟧ |\n"
    "| 12.9 | 560+ | ⟦75, 80, 86, 89, 90, 100|⟧ |\n",
}
OTHERS = {
    "a GPU by the platform of an ISA": "SM90 (H100, ⟦B200|L40S⟧) + AVX-512",
    "a GPU by the platform of another ISA": "SM90 (H100, ⟦B200|Grace Hopper⟧) + ARMv9",
    "two CUDA lines below one": "- CUDA 12.4\n  - overlay: `cudaPackages_12_4`\n  - driver: 550\n"
    "  - overlay: `cudaPackages_⟦12_9|⟧`\n  - driver: ⟦560|⟧\n",
    "both other than the key between them": "A100/A30: ⟦Hopper|⟧, SM⟦90|⟧",
    "a flag on top of another instruction set's": "- AVX-512 BF16: as AVX-512, plus `⟦-mavx512vnni|-mavx512bf16⟧`",
    "what is wrong for both": "AVX2 and AVX-512 are for ⟦aarch64-linux|x86_64-linux⟧ with `-mfma`.",
    "a number in form by its dots": "`sm90` is compute capability ⟦8.0|⟧",
    "behind a letter that is two in lower case": "İzmir: CUDA 12.4 needs driver ⟦560|⟧.",
    "behind a sentence about another branch": "On `ort-1.18` there are fewer.\n\nThere are ⟦44|52⟧ GPU variants.",
    "branches that no table has": "| Branch | ORT |\n|---|---|\n| ⟦ort-1.17|ort-1.24⟧ | 1.24.2 |\n| ⟦ort-1.16|ort-1.22⟧ | 1.22.2 |",
    "a CUDA line by all that goes with it": "CUDA ⟦12.4|12.9⟧, Python 3.13, python313Packages",
    "more than half of what stands beside a word": "CPU-only: driver ⟦560|⟧, Python ⟦3.12|⟧",
    "a platform at the beginning of a word": "AVX2 and AVX-512 are for ⟦Aarch64-linux|x86_64-linux⟧ with `-mfma`.",
    "a count as far from one number as from another": "## SM120, Blackwell (⟦A100|RTX 5090⟧)\n\n⟦6|⟧ variants",
    "two values in a line of an example": "```nix\n# Requires CUDA 12.9\ncudaPackages = cudaPackages_12_9;\n"
    'overlay = cudaPackages_12_9;\nabout = "CUDA ⟦12.4|⟧ with driver ⟦550|⟧";\n```',
    "flags of another instruction set in an example": "```nix\n# onnxruntime-python313-cuda12_9-sm90-avx512bf16\n"
    'description = "AVX-512 BF16";\ncpuFlags = [ "⟦-mavx512f|⟧" "-mavx512dq" "-mavx512vl" "-mavx512bw" "-mfma" ];\n```',
    "an overlay of a variant without CUDA": "`onnxruntime-python313-cpu-avx2` uses cudaPackages_⟦12_4|⟧.",
    "under a head with nothing in it": "## Supported GPUs\n\n| | ⟦SM|⟧ |\n|---|---|\n| H100 | SM90 |\n| T4 | SM75 |\n",
}
WRONG = {
    f"{kind}: {name}": text
    for kind, rows in (
        ("count", COUNTS),
        ("need", NEEDS),
        ("branch", BRANCHES),
        ("lost", LOST),
        ("name", NAMES),
        ("list", LISTS),
        ("other", OTHERS),
    )
    for name, text in rows.items()
}

RIGHT = """\
- `ort-1.22`: SM100 and SM120 are not supported
- `ort-1.22`: SM100, SM120 unsupported
- `ort-1.22`: Blackwell (SM100, SM120) is not available
- `ort-1.22`: SM90 (not SM100)
There are 22 CUDA 12.4 variants.
30 CUDA 12.9 variants
There are 36 Python 3.13 variants.
There are 2 CUDA 12.4 ARM variants.
There are 3 armv9 variants.
There are 9 variants of the linker script.
We ship 12 Hopper variants.
22 + 30 GPU variants
22 plus 30 GPU variants, and 6 CPU ones
22 + 30 GPU variants + 6 CPU variants = 58
52 GPU variants plus 6 CPU variants make 58.
22 CUDA 12.4 + 30 CUDA 12.9 + 6 CPU = 58
7 architectures times 4 x86 ISAs plus 2 ARM builds make 30 for CUDA 12.9.
The 22 CUDA 12.4 variants and 30 CUDA 12.9 variants make 52 GPU variants.
SM90: 4 x86 variants + 2 ARM variants = 6 variants
The newest cards and up are for the CUDA 12.9 variants.
Uses CUDA 12.4 with driver 550, but takes Python 3.13 without CUDA.
Use Python 3.12 with CUDA 12.4, but use driver 560.
It took 40 GPU hours.
40 GPU machines build them.
Seven releases and two CUDA lines make 14 combinations.
Two branches and seven architectures make for much to build.
There were 20 CUDA 12.4 variants before the ARM builds came.
There will be 40 CUDA 12.9 variants.
B200 needs CUDA 12.9.
B200 needs CUDA 12.8, by NVIDIA's tables.
The H100 needs CUDA 12.4 or newer.
An H100 needs CUDA 12.4 with the driver 550.
The B200 needs CUDA 12.4 or newer.
The B200 does not need CUDA 12.4.
CUDA 12.4 needs driver 550; the B200 needs CUDA 12.9.
Unlike the A100, which needs CUDA 12.4, the B200 needs CUDA 12.9.
The T4 needs CUDA 12.4 if the driver is 550.
B200 was said to need CUDA 12.4.
SM120 and CUDA 12.4 do not go together.
Blackwell needs CUDA 12.9 and driver 560+.
What the B200 needs is not in CUDA 12.4.
| GPU | CUDA |\\n|---|---|\\n| B200 | 12.9 |\\n| T4 | 12.4 |
| GPU | CUDA |\\n|---|---|\\n| H100 | 12.4, 12.9 |\\n| B200 | 12.9 |
- `main`: 1.23.2\\n- `ort-1.24`: 1.24.2\\n- `ort-1.25`: planned
- `main`: 1.23.2\\n- `ort-1.24`: 1.24.2\\n- `ort-1.17`: 1.17.3, end of life
| Branch | ORT | |\\n|---|---|---|\\n| main | 1.23.2 | |\\n| ort-1.17 | 1.17.3 | no longer built |
## History\\n\\n- `main`: 1.23.2\\n- `ort-1.17`: 1.17.3
- `ort-1.17`: 1.17.3\\n- `ort-1.16`: 1.16.3
| CUDA | Driver |\\n|---|---|\\n| 12.4 | 550+ |\\n| 12.9 | 560+ |\\n| CPU-only | – |
| What | Driver | For |\\n|---|---|---|\\n| CUDA | 550+ | CUDA 12.4 |\\n| Python 3.12 | – | CUDA 12.4 |
| CUDA | Driver | Note |\\n|---|---|---|\\n| 12.4 | 550+ | old |\\n| 12.9 | 560+ | |
- CUDA 12.4: driver 550+\\n- CUDA 12.9: driver 560+
- CUDA 12.4: Python 3.12\\n- CUDA 12.9, the default: Python 3.13
- CUDA 12.4 (driver 550+)\\n- CUDA 12.9 is the default and needs Python 3.13
- SM80: A100, A30 (Ampere DC)\\n- SM89: RTX 4090, L4
## Examples\\n\\n| GPU | SM |\\n|---|---|\\n| H100 | SM90 |\\n| T4 | SM75 |
## Supported GPUs\\n\\n| GPU | SM |\\n|---|---|\\n| H100 | SM90 |\\n| T4 | SM75 |\\n\\nand\\n\\n| GPU | SM |\\n|---|---|\\n| A40 | SM86 |\\n| L4 | SM89 |
## Supported GPUs\\n\\n| Card | SM |\\n|---|---|\\n| H100 | SM90 |\\n| L40S | SM90 |\\n| Any other | see the releases |
| SM | Architecture | ISAs |\\n|---|---|---|\\n| SM75 | Turing | AVX2, AVX-512, AVX-512 BF16, AVX-512 VNNI |
| SM | Architecture | x86 and ARM ISAs |\\n|---|---|---|\\n| SM75 | Turing | AVX2, AVX-512, AVX-512 BF16, AVX-512 VNNI |
| SM | Architecture | ARM ISAs |\\n|---|---|---|\\n| SM75 | Turing | - |\\n| SM90 | Hopper | both |
| SM | Architecture | ARM ISAs |\\n|---|---|---|\\n| SM75 | Turing | |\\n| SM90 | Hopper | |
| Toolkit | Driver | SM |\\n|---|---|---|\\n| 12.4 | 550+ | 75, 80, 86, 89, 90 |
| GPU | SM |\\n|---|---|\\n| T4 | SM75 |\\n| RTX 2080 Ti | SM75 |\\n| A100 | SM80 |\\n| A30 | SM80 |\\n| A40 | SM86 |\\n| L4 | SM89 |
| SM | CUDA | Driver |\\n|---|---|---|\\n| SM75 | 12.4 | 550 |\\n| SM75 | 12.9 | 560 |\\n| SM80 | 12.4 | 550 |\\n| SM80 | 12.9 | 560 |
| CUDA | Driver | SM |\\n|---|---|---|\\n| 12.4 | 550 | 75 |\\n| 12.4 | 550 | 80 |\\n| 12.9 | 560 | 75, 80, 86, 89, 90, 100, 120 |
<table><tr><td>CUDA 12.4</td><td>driver 550+</td></tr></table>
<p>SM75 is Turing. SM80 is Ampere DC.</p>\\n<p>SM86 is Ampere. SM89 is Ada.</p>
- H100\\n- A100: SM80
- AVX-512 BF16: as AVX-512, plus `-mavx512bf16`
- `onnxruntime-python313-cpu-avx2`, `onnxruntime-python313-cpu-avx512`: plus `-mavx512bf16`
- AVX-512 VNNI is like AVX-512, and AVX-512 BF16 adds `-mavx512bf16`
Python 3.12 for CUDA 12.4, CPU-only with Python 3.13
CUDA 12.9 (driver 560), CPU-only: Python 3.13
SM91 comes later.\\n\\n| SM | Architecture |\\n|---|---|\\n| SM75 | Turing |\\n| SM90 | Hopper |\\n| SM91 | New |
| SM | Architecture |\\n|---|---|\\n| SM75 | Turing |\\n| SM90 | Hopper |\\n\\n| SM | Use |\\n|---|---|\\n| SM91 | a |
`onnxruntime-python313-cuda12_9-sm90-avx512{,bf16,vnni}`
Variants onnxruntime-python312-cuda12_4-* are here.
Use git checkout ort-1.22 for old ones.\\n\\n```\\nflox build onnxruntime-python313-cuda12_9-sm100-avx512\\n```
| Files | Count |\\n|---|---|\\n| `onnxruntime-python313-cpu-avx2.nix`, `onnxruntime-python313-cpu-avx512.nix` | 2 |
""".splitlines()


def parts(marked: str) -> tuple[str, list[tuple[str, str | None]]]:
    """The text without marks, and what is wrong in it with what is written in its place."""
    return _MARK.sub(r"\1", marked), [(found[1], found[2] or None) for found in _MARK.finditer(marked)]


def found_in(text: str) -> list[tuple[str, str | None]]:
    claims = read(text if text.endswith("\n") else f"{text}\n", shipped_facts("main"))
    return [(claims.source.text(one.span), one.replacement) for one in claims.faults]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found_and_mended(name: str) -> None:
    text, wrong = parts(WRONG[name])
    assert found_in(text) == wrong


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("## Supported GPUs\n\n| GPU | SM |\n|---|---|\n| H100 | SM90 |\n| T4 | SM75 |\n", "80, 86, 89, 100, 120"),
        ("| Branch | CUDA |\n|---|---|\n| main | 12.4 |\n", "12.9"),
        (
            "All SMs: https://example.org\n\n| GPU | SM |\n|---|---|\n| H100 | SM90 |\n| T4 | SM75 |\n",
            "80, 86, 89, 100, 120",
        ),
        (
            "These are all releases:\n\n- `main`: 1.23.2\n- `ort-1.24`: 1.24.2\n",
            "ort-1.23, ort-1.22, ort-1.20, ort-1.19, ort-1.18",
        ),
    ],
)
def test_what_says_that_it_has_everything_has_it(text: str, missing: str) -> None:
    assert [one.expected for one in read(text, shipped_facts("main")).faults] == [missing]


@pytest.mark.parametrize("text", RIGHT)
def test_right_statements_are_no_alarm(text: str) -> None:
    assert found_in(text.replace("\\n", "\n")) == []


def test_there_are_as_many_right_statements_as_wrong_ones() -> None:
    assert len(RIGHT) >= len(WRONG)


def test_a_message_names_what_says_that_a_value_is_wrong() -> None:
    (fault,) = read("The L40S is SM89.\n", shipped_facts("main")).faults
    assert (fault.case, fault.beside, fault.row) == ("beside", "L40S", "SM90")


def test_each_release_has_the_variants_of_its_own_row() -> None:
    facts = facts_of("main")
    counts = [(branch, len(facts.stems_of(branch))) for branch in ("main", "ort-1.24", "ort-1.22")]
    assert counts == [("main", 58), ("ort-1.24", 58), ("ort-1.22", 50)]


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("```nix\n# CUDA 12.9 — Requires NVIDIA driver 550+\n```\n", "document-example"),
        ("CUDA 12.9 requires the driver 550.\n", "document-version"),
        ("- `ort-1.22`: ONNX Runtime 1.22.0\n", "document-branch"),
    ],
)
def test_what_is_wrong_is_of_the_rule_for_its_place(text: str, check: str) -> None:
    assert [str(one.check) for one in read(text, shipped_facts("main")).faults] == [check]
