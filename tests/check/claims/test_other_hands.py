"""Statements as other people write them: the right ones are no alarm, and one wrong value in them is found and mended.

`⟦wrong|right⟧` marks a value with what a copier leaves in its place; a wrong value is read with all others right.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.support.documents import read, shipped_facts

_MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")

BRANCHES = "|  | main | ort-1.24 | ort-1.20 |\n|---|---|---|---|\n"
LINES = "|  | CUDA 12.4 | CUDA 12.9 | CPU-only |\n|---|---|---|---|\n"
OF_MAIN = {
    "versions below branches": f"{BRANCHES}| ONNX Runtime | ⟦1.24.2|1.23.2⟧ | 1.24.2 | ⟦1.20.2|1.20.1⟧ |",
    "statuses below branches": f"{BRANCHES}| Status | stable | ⟦legacy|current⟧ | ⟦compat|legacy⟧ |",
    "counts below CUDA lines": f"{LINES}| Variants | ⟦30|22⟧ | ⟦22|30⟧ | ⟦8|6⟧ |",
    "counts below kinds": "|  | GPU | CPU |\n|---|---|---|\n| Variants | ⟦60|52⟧ | ⟦8|6⟧ |",
    "a label beside an empty head": "|  |  |\n|---|---|\n| **ONNX Runtime** | ⟦1.22.2|1.23.2⟧ |",
    "a count with its parts": "|  |  |\n|---|---|\n| **Variants** | ⟦66|58⟧ (⟦60|52⟧ GPU, ⟦8|6⟧ CPU) |",
    "a header of a CPU variant": "```nix\n# ONNX Runtime ⟦1.22.2|1.23.2⟧ CPU-only + ARMv9 (Graviton3+, Grace)\n```",
    "a CPU description": '```nix\ndescription = "ONNX Runtime ⟦1.22.2|1.23.2⟧ CPU-only + AVX-512";\n```',
    "the Python of what has no CUDA": "CPU-only packages are always for Python ⟦3.12|3.13⟧.",
    "a count below a title": "# One package per GPU\n\n> **Branch `main`** · ONNX Runtime **⟦1.22.2|1.23.2⟧** · CUDA 12.4 and 12.9 · ⟦50|58⟧ packages",
    "a table that asks for something else": "| GPU | SM | Blackwell? |\n|---|---|---|\n| H100 | SM⟦80|90⟧ | no |\n| A100 | SM80 | no |",
    "what a version needs": "Version 1.23.2 needs driver ⟦535|550⟧ for CUDA 12.4.",
    "a sentence behind a comma": "There is no CUDA 11, but CUDA 12.4 needs driver ⟦535|550⟧.",
    "variants by what they are for": "Variants: ⟦50|52⟧ for GPUs, ⟦8|6⟧ for the CPU.",
    "one value for two": "- `cuda12_4` has Python 3.12, `cuda12_9` Python ⟦3.12|3.13⟧",
    "what is in parentheses": "| ISA | Flags |\n|---|---|\n| ARMv8.2 (⟦Graviton3|Graviton2⟧) | `-march=armv8.2-a+fp16+dotprod` |",
}
RIGHT = """\
<dl><dt>No module named onnxruntime</dt><dd>Is your interpreter a 3.11 or a 3.14? We have 3.12 (with CUDA 12.4) and 3.13.</dd></dl>
<dl><dt>CUDA error 35</dt><dd>The driver is too old. CUDA 12.4 needs driver 550+, CUDA 12.9 needs driver 560+.</dd></dl>
You cannot run the sm90 variant on an RTX 4090, or the sm120 variant on a B200.
| I have | I want | Works? |\\n|---|---|---|\\n| RTX 4090 | sm90 | no |\\n| driver 570 | cuda12_4 | yes |\\n| Python 3.12 | cuda12_9 | no |
The most installed variants: 4 for H100, 3 for A100.
- Ubuntu 22.04 ships Python 3.10 and driver 535; Ubuntu 24.04 ships Python 3.12 and driver 550\\n- Triton 25.09 comes with Python 3.12 and CUDA 13.0
## Timeline\\n\\n| When | What |\\n|---|---|\\n| 2025-03 | 1.20.1, CUDA 12.4, driver 535 |\\n| 2025-09 | CUDA 12.4 and 12.6 |
```sh\\ngit log --oneline ort-1.22..main\\n```
Somebody asked for CUDA 12.6 with driver 560, and we declined.
# Builds for GPUs\\n\\nThere are 52 packages.
- May: `onnxruntime-python312-cuda12_4-sm120-*` was added, and removed again.
## Sister projects\\n\\nThere are 237 of them on nine branches.
## What went wrong before\\n\\n- May: `cudaPackages_12_6` in three files of CUDA 12.9.\\n- July: an A40 in the headers of SM80.
| | vLLM | ours |\\n|---|---|---|\\n| CUDA | 12.8, 13.0 | 12.4, 12.9 |\\n| Python | 3.12 | 3.12, 3.13 |\\n| Variants | 44 | 58 |
| | build-vllm | build-onnx-runtime |\\n|---|---|---|\\n| CUDA | 12.8 | 12.9 |\\n| Python | 3.12 | 3.13 |\\n| Variants | 44 | 58 |
`pytorch-python313-cuda12_8-sm90-avx512` has CUDA 12.8 and driver 570+.
```\\nonnxruntime: 1.22.2 -> 1.23.2\\nonnxruntime: driver 555 -> 560 for CUDA 12.9\\n```
The file went from driver 535 → 550 for CUDA 12.4.
`onnxruntime-python{313|312}-{cuda12_9|cuda12_4|cpu}[-sm{NN}]-{isa}`
    /nix/store/vp7-onnxruntime-python312-cuda12_4-sm75-avx2-1.23.2
An RTX 4090 with an `sm86` variant still works, an RTX 3090 with `sm89` does not.
When you port a commit to `ort-1.22`, leave out SM100 and SM120.
- **AVX2** – `-mavx2 -mfma`\\n- **AVX-512** – `-mavx512f -mavx512dq -mavx512vl -mavx512bw -mfma`\\n- **AVX-512 BF16** – AVX-512 plus `-mavx512bf16`\\n- **AVX-512 VNNI** – AVX-512 plus `-mavx512vnni`\\n- **ARMv8.2** – `-march=armv8.2-a+fp16+dotprod`\\n- **ARMv9** – `-march=armv9-a+sve2`
| ORT | Branch |\\n|---|---|\\n| 1.24.2 | `ort-1.24` |\\n| 1.23.2 | `main` or `ort-1.23` |\\n| 1.22.2 | `ort-1.22` |\\n| 1.20.1 | `ort-1.20` |\\n| 1.19.2 | `ort-1.19` |\\n| 1.18.1 | `ort-1.18` |
## Other branches\\n\\n- `ort-1.24`: 1.24.2\\n- `ort-1.23`: 1.23.2\\n- `ort-1.22`: 1.22.2\\n- `ort-1.20`: 1.20.1\\n- `ort-1.19`: 1.19.2\\n- `ort-1.18`: 1.18.1
Do Python 3.12 packages work with CUDA 12.9?
### Why is there no CUDA 12.4 with an RTX 5090?
| Can CUDA 12.9 run with driver 550? | no |
```sh\\ngrep -w -e avx512_bf16 -e avx512_vnni -e avx2 /proc/cpuinfo\\n```
```sh\\nlscpu | grep -c -e avx512_vnni -e sve2 -e avx2\\n```
""".splitlines()


class Case(NamedTuple):
    text: str
    wrong: list[tuple[str, str | None]]


def _cases(marked: str) -> Iterator[Case]:
    """The text with all values right, and with each wrong one among right ones."""
    yield Case(_MARK.sub(r"\2", marked), [])
    for chosen in _MARK.finditer(marked):
        before, behind = marked[: chosen.start()], marked[chosen.end() :]
        text = _MARK.sub(r"\2", before) + chosen[1] + _MARK.sub(r"\2", behind)
        yield Case(text, [(chosen[1], chosen[2])])


def _found(text: str, branch: str) -> list[tuple[str, str | None]]:
    claims = read(f"{text}\n", shipped_facts(branch))
    return [(claims.source.text(one.span), one.replacement) for one in claims.faults]


@pytest.mark.parametrize("name", OF_MAIN)
def test_one_wrong_value_is_found_and_mended(name: str) -> None:
    cases = list(_cases(OF_MAIN[name]))
    assert [(case.text, _found(case.text, "main")) for case in cases] == cases


def test_a_value_that_stands_twice_outvotes_nothing() -> None:
    text = "- `cuda12_4` has Python 3.13, everything else Python 3.13"
    assert _found(text, "main") == [("3.13", None)]
    assert _found(text.replace("3.13", "3.12", 1), "main") == []
    among = f"- `cuda12_4` has driver 550, `cuda12_9` has driver 560\n{text}"
    assert all(replacement is None for _, replacement in _found(among, "main"))


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_no_alarm(text: str) -> None:
    assert _found(text.replace("\\n", "\n"), "main") == []
