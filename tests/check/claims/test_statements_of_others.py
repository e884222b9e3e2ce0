"""What is refused, counted or shown of something else is no alarm; beside it stands what is said of the repository itself.

`⟦wrong|right⟧` marks a value with what a copier leaves in its place; each wrong value is read among right ones. Behind `!`
there is no right value: the wrong one is found, and nothing is written in its place.
"""

import pytest

from tests.check.claims.marked_statements import cases, faults, found

KINDS: dict[str, tuple[str, str]] = {
    "refused in another clause": (
        "CUDA 12.9 with driver ⟦550|!560⟧ works; nothing else does.",
        """\
Somebody asked for CUDA 12.6 with driver 560; we declined.
Somebody asked for CUDA 12.6 with driver 560. We declined.
CUDA 12.6 with driver 560 came up in a review: rejected, since two toolkits are enough.
CUDA 12.4 for SM100, which we do not build, needs a newer ptxas.
CUDA 12.9 with Python 3.12 was tried once. That is not supported.
| Wish | Driver | Answer |\\n|---|---|---|\\n| CUDA 12.6 | 560 | declined |\\n| CUDA 12.9 | 550 | rejected, too old |""",
    ),
    "a clause of the statement itself": (
        "CUDA 12.4 needs driver ⟦535|550⟧, and is not supported on SM100.\n\nCUDA 12.9 needs driver ⟦535|560⟧. Older ones are not supported.",
        "CUDA 12.9 needs driver 560. Older ones are refused.",
    ),
    "counts of other repositories": (
        "This repository has ⟦nine|seven⟧ branches. They hold ⟦66|58⟧ variants.\n\nThe repository has ⟦nine|seven⟧ branches.",
        """\
The vllm repository has 40 files on nine branches.
PyTorch is built in a sister project. It has 237 variants on nine branches.
`build-torch` is another repository. There are 44 variants in it, on nine branches.
vLLM has nine branches.
Their project has nine branches, and 237 variants in all.""",
    ),
    "sums of what variants differ in": (
        "4 x86 + 2 ARM = ⟦8|6⟧\n\nWe have 7 architectures x 4 x86 + 2 ARM = ⟦28|30⟧.\n\n52 GPU + ⟦8|6⟧ CPU = 58\n\n7 SMs x 4 ISAs",
        """\
4 x86 + 2 ARM = 6
Hopper has 4 x86 + 2 ARM = 6 of each toolkit.
7 architectures × 4 x86 ISAs + 2 ARM ISAs = 30""",
    ),
    "sums in columns": (
        "```\nmodern        7 SMs x 4 x86 + 2 ARM  = ⟦28|30⟧\nCPU           4 x86 + 2 ARM          = ⟦8|6⟧\n```",
        "```\nold           5 SMs x 4 x86 + 2 ARM  = 22\n```",
    ),
    "names with a part as variants have": (
        "`cuda12_4` has Python ⟦3.13|!3.12⟧.\n\nThe cuda12_9 builds have Python ⟦3.12|!3.13⟧.",
        """\
The flox-cuda12_4-env environment has Python 3.13.
`nvidia-driver-560` is a package of Debian, and CUDA 12.4 runs with it.
```bash\\n# activate the flox-cuda12_4-env environment, with Python 3.13\\nflox activate\\n```
The cluster-sm90 nodes have an A100 too.""",
    ),
    "names that begin like a noun": (
        "```\nort  ⟦1.22.2|1.23.2⟧\n```\n\nORT-version ⟦1.22.2|1.23.2⟧ is built here.",
        """\
```\\nort-a  1.22.2\\nort-b  1.20.1\\n```
```\\nort-a  1.22.2  ready\\nort-b  1.20.1  ready\\nort-c  1.19.2  ready\\n```""",
    ),
    "flags that choose no instruction set": (
        "- AVX2: `-mavx2 ⟦-mf16c|-mfma⟧`",
        """\
- AVX2: Haswell and later, tuned with `-mtune=haswell`
- **AVX-512**: `-mprefer-vector-width=256` is not among the flags""",
    ),
    "tables of something else": (
        "## Branches\n\n| Branch | ONNX Runtime | Status |\n|---|---|---|\n| main | ⟦1.22.2|1.23.2⟧ | stable |\n| ort-1.24 | 1.24.2 | current |\n",
        """\
| Branch | First | Last |\\n|---|---|---|\\n| main | 2025-11 | - |\\n| ort-1.23 | 2025-09 | - |\\n| ort-1.22 | 2025-06 | 2025-12 |\\n| ort-1.20 | 2025-01 | - |
| SM | Minutes |\\n|---|---|\\n| SM75 | 40 |\\n| SM80 | 41 |\\n| SM86 | 42 |\\n| SM89 | 42 |\\n| SM90 | 44 |
| Branch | ONNX Runtime |\\n|---|---|\\n| ort-1.24 | 1.24.2 |\\n| ort-1.23 | 1.23.2 |\\n| ort-1.22 | 1.22.2 |\\n| ort-1.20 | 1.20.1 |""",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_of_the_repository_is_held_against_it(kind: str) -> None:
    wrong, _ = KINDS[kind]
    there = list(cases(wrong))
    assert [(text, found(text)) for text, _ in there] == there


@pytest.mark.parametrize("text", [line for _, right in KINDS.values() for line in right.splitlines()])
def test_what_is_said_of_something_else_is_no_alarm(text: str) -> None:
    assert found(text.replace("\\n", "\n")) == []


@pytest.mark.parametrize("heading", ["## Supported GPUs", "## All GPUs"])
def test_no_row_is_proposed_that_says_something_else(heading: str) -> None:
    text = f"{heading}\n\n| GPU | SM |\n|---|---|\n| H100 | SM90 |\n| A100 | SM80 |\n| RTX 4090 | SM89 |"
    assert [one.proposal for one in faults(text)] == [None]
