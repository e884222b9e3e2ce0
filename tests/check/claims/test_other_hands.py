"""Statements as other people write them: the right ones are no alarm, and one wrong value in them is found and mended.

`⟦wrong|right⟧` marks a value with what a copier leaves in its place; a wrong value is read with all others right. A mark that
ends in `!` is found, and nothing is written in its place.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.support.documents import read, shipped_facts

_MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧!]*)(!?)⟧")

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
    "what is in parentheses": "| ISA | Flags |\n|---|---|\n| ARMv8.2 (⟦Graviton3|Graviton2⟧) | `-march=armv8.2-a+fp16+dotprod` |",
}
RIGHT = """\
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
        yield Case(text, [(chosen[1], None if chosen[3] else chosen[2])])


def _found(text: str, branch: str) -> list[tuple[str, str | None]]:
    claims = read(f"{text}\n", shipped_facts(branch))
    return [(claims.source.text(one.span), one.replacement) for one in claims.faults]


@pytest.mark.parametrize("name", OF_MAIN)
def test_one_wrong_value_is_found_and_mended(name: str) -> None:
    cases = list(_cases(OF_MAIN[name]))
    assert [(case.text, _found(case.text, "main")) for case in cases] == cases


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_no_alarm(text: str) -> None:
    assert _found(text.replace("\\n", "\n"), "main") == []
