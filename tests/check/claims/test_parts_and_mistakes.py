"""Right statements of parts of what there is, of others, and of mistakes are no alarm; beside them wrong ones are found."""

import pytest

from nixlint_ort.check.claims.counts.other_repositories import OtherRepositories
from nixlint_ort.check.claims.counts.parts import Parts
from tests.support.documents import read, shipped_facts

RIGHT = r"""
Two of our workstations have an RTX 3090 with driver 545 and run CPU-only variants.
ws-7 has driver 535 and an A40, so it gets `onnxruntime-python313-cpu-avx512`.
The laptop has driver 565 and takes the CUDA 12.9 variant.
CUDA 12.4 is the older line. It has 5 architectures and 22 builds.
CUDA 12.9 came later. It has 30 variants.
The older toolkit serves five architectures and the newer one serves all seven.
With the newer toolkit there are 7 architectures with 4 x86 instruction sets each, which makes 28, and 2 for ARM on SM90, so 30 in all.
5 architectures times 4 x86 instruction sets plus 2 for ARM is 22 variants; with 7 architectures it is 30.
With 12.4 we have 5 architectures.
The newer line has 30 builds, and the older one has 8 fewer.
`ort-1.22` is the compat branch. It has 50 variants, and 5 architectures.
`ort-1.22` is the compat branch.\n\nIt has 50 variants, and 5 architectures.
The legacy branches have 50 variants each.
Each of them has 50 builds and not 58.
We tested 12 variants on a T4 and 5 variants on an A100.
Only 4 architectures are in wide use.
Three GPU architectures have tensor cores with FP8: Ada, Hopper and Blackwell.
Upstream supports 9 architectures.
PyTorch has 44 variants per release.
In the sister repository there are 237 variants on nine branches.
Driver 555 is too old for CUDA 12.9.
With driver 555, CUDA 12.9 does not start.
NVIDIA's own minimum for CUDA 12.9 is driver 575.51.03.
The CUDA 12.9 installer bundles driver 575.51.03.
The L40S has compute capability 8.9 at NVIDIA.
An L40S can also run the sm89 variants.
sm80 code runs on an RTX 3090, only slower.
`-march=x86-64-v4` is close to our AVX-512.
Debian packages ONNX Runtime 1.21.0.
`onnxruntime-python312-cuda12_9-sm90-avx2` does not exist.
You may look for `onnxruntime-python312-cuda12_4-sm100-avx2` in vain.
```\n$ flox build onnxruntime-python312-cuda12_4-sm100-avx2\n❌ ERROR: Package 'onnxruntime-python312-cuda12_4-sm100-avx2' not found in environment\n```
```console\n$ flox build onnxruntime-python312-cuda12_4-sm100-avx2\nerror: not found\n```
Do not do this:\n\n```bash\nflox build onnxruntime-python312-cuda12_4-sm100-avx2\n```
```bash\n# does not exist:\nflox build onnxruntime-python312-cuda12_4-sm100-avx2\n```
```bash\nflox build onnxruntime-python312-cuda12_4-sm100-avx2   # error: no such package\n```
Wrong:\n\n```nix\n# CUDA 12.9 — Requires NVIDIA driver 550+\n```
```nix\n# BAD: the driver is that of another line\n# CUDA 12.9 — Requires NVIDIA driver 550+\n```
❌ `# CUDA 12.9 — Requires NVIDIA driver 550+`
✅ `CUDA 12.9 — Requires NVIDIA driver 560+`, ❌ `CUDA 12.9 — Requires NVIDIA driver 550+`
Common mistake: a header of CUDA 12.9 with driver 550+.
| Mistake | Example |\n|---|---|\n| wrong driver | `CUDA 12.9 — Requires NVIDIA driver 550+` |
| Before | After |\n|---|---|\n| CUDA 12.9, driver 550+ | CUDA 12.9, driver 560+ |
| Wrong | Right |\n|---|---|\n| CUDA 12.9, driver 550+ | CUDA 12.9, driver 560+ |
Somebody asked for CUDA 12.6 with driver 560; we declined. Somebody else asked for `python311`; we declined as well.
| Pool | Nodes | Card |\n|---|---:|---|\n| inference-eu | 58 | L4 |\n| legacy | 9 | T4 |
| Pool | Nodes | Variant |\n|---|---:|---|\n| inference-eu | 58 | `onnxruntime-python313-cuda12_9-sm89-avx512` |\n| legacy | 9 | `onnxruntime-python312-cuda12_4-sm75-avx2` |
| Queue | Variant |\n|---|---|\n| current | `onnxruntime-python313-cuda12_9-sm89-avx512` |\n| legacy | `onnxruntime-python312-cuda12_4-sm75-avx2` |
| Set | CUDA |\n|---|---|\n| legacy | 12.4 |\n| current | 12.9 |
- legacy nodes: CUDA 12.4\n- current nodes: CUDA 12.9
- Turing (T4): SM75\n- Ampere DC (A100): SM80\n- Ampere (A40): SM86\n- Ada (L4): SM89\n- Hopper (H100): SM90\n- Blackwell: SM100 for the B100 and the B200, SM120 for the RTX 5090
- SM75: T4\n- SM80: A100\n- SM86: A40\n- SM89: L4\n- SM90: H100\n- SM100 and SM120: Blackwell
| SM | GPU |\n|---|---|\n| 75 | T4 |\n| 80 | A100 |\n| 86 | A40 |\n| 89 | L4 |\n| 90 | H100 |\n| 100, 120 | B200, RTX 5090 |
CUDA 12.4 variants carry Python 3.12 with them, all others carry Python 3.13, and neither looks at what Ubuntu has (3.10 on 22.04, 3.12 on 24.04).
CUDA 12.4 variants carry Python 3.12 with them, all others carry Python 3.13.
CUDA 12.4 is for Python 3.12, the rest for Python 3.13.
Python 3.12 goes with CUDA 12.4; everything else is Python 3.13.
CUDA 12.4 needs driver 550, the other line driver 560.
CUDA 12.4 needs driver 550, the newer one driver 560.
CUDA 12.9 needs driver 560, the older one 550.
CUDA 12.9 is for driver 560; without that driver take the one for driver 550.
With CUDA 12.4 it is Python 3.12 and otherwise Python 3.13.
SM100 and SM120 are Blackwell, the others are older.
The H100 is SM90, the next one up, SM100, is for the B200.
An L4 is SM89, one step above the SM86 of the A40.
For the A100 take sm80, for all others in that rack sm86.
AVX2 has `-mavx2 -mfma`, the others begin with `-mavx512f`.
For `avx512vnni` that is `-mavx512f -mavx512dq -mavx512vl -mavx512bw\n-mavx512vnni -mfma`, and for `armv9` it is `-march=armv9-a+sve2`.
ort-1.22 is compat, the older ones are legacy.
`ort-1.22` has 1.22.2, the next one 1.23.2.
CUDA 12.9 needs driver 550. That was refused.
CUDA 12.9 (declined) needs driver 550.
The H100 takes CUDA 12.9, driver 570.
- Server in Paris: CUDA 12.9, driver 550
7 x86 + 1 ARM = 8
| Pool | CUDA | Python |\n|---|---|---|\n| eu | 12.4 | 3.13 |\n| us | 12.9 | 3.12 |
```\nflox build onnxruntime-python312-cuda12_4-sm100-avx2\na.nix:2:3: error[rule] no\n```
```\nflox build onnxruntime-python312-cuda12_4-sm100-avx2\nnix: error: no\n```
```\n# Wrong:\n\nflox build onnxruntime-python312-cuda12_4-sm100-avx2\nerror: no\n```
```nix\n# Hopper\ngpuArchCMake = "86";\ndescription = "A100";\n```
```nix\ngpuArchCMake = "90";\ngpu = "H100";\narchitecture = "Hopper";\n[\n]\n# SM86 is elsewhere\n```
| ORT | CUDA | Driver |\n|---|---|---|\n| 1.23.2 | 12.9 | 560 |\n| 1.22.2 | 12.4 | 535 |
""".strip().splitlines()
WRONG = [
    ("CUDA 12.4 is the older line. It has 6 architectures.", ["6"]),
    ("This repository has 50 variants.", ["50"]),
    ("There are six GPU architectures.", ["six"]),
    ("The newer line has 31 builds.", ["31"]),
    ("The branch is old; CUDA 12.9 needs driver 550+; there was a talk of 2 hours.", ["550"]),
    ("CUDA 12.4 variants carry Python 3.13 with them, all others carry Python 3.13.", ["3.13"]),
    ("| Branch | Status |\n|---|---|\n| `ort-1.24` | current |\n| `ort-1.22` | legacy |", ["legacy"]),
    ("CUDA 12.9 wants that a workstation has driver 550+.", ["550"]),
    ("We build 50 variants for two toolkits.", ["50"]),
    ("The driver is old. CUDA 12.9 needs driver 550+.", ["550"]),
    (
        "```\n$ flox build onnxruntime-python312-cuda12_4-sm100-avx2\n```\n\nerror: not found",
        ["onnxruntime-python312-cuda12_4-sm100-avx2"],
    ),
    (
        "```nix\n# WRONG\n# CUDA 12.9 — Requires NVIDIA driver 550+\n\n# CUDA 12.9 — Requires NVIDIA driver 535+\n```",
        ["535"],
    ),
    ("❌ driver 550+ for CUDA 12.9\n\n✅ driver 550+ for CUDA 12.9", ["12.9"]),
    ("The vllm repository has 44 variants. We have 57 variants.", ["57"]),
    ("There are 7 architectures and 4 ISAs.", ["4"]),
    ("- CUDA 12.4, Python 3.13\n- CUDA 12.9, Python 3.12", ["3.13", "3.12"]),
    ("> The set has 20 variants.", ["20"]),
    ("CUDA 12.8 goes with driver 550. CUDA 12.6 has driver 560.", ["12.8", "12.6"]),
    (
        (
            "| Pool | CUDA | Python |\n|---|---|---|\n| alpha | 12.4 | 3.13 |\n| beta | 12.9 | 3.12 |\n"
            "| gamma | 12.4 | 3.12 |\n| delta | 12.9 | 3.13 |"
        ),
        ["3.13", "3.12"],
    ),
    ("```\nalpha CUDA 12.9 Python 3.12\nbeta CUDA 12.4 Python 3.13\n```", ["3.12", "3.13"]),
    (
        "```\nflox build onnxruntime-python312-cuda12_4-sm100-avx2\nsee error log\n```",
        ["onnxruntime-python312-cuda12_4-sm100-avx2"],
    ),
    ("| Old | CUDA | Driver |\n|---|---|---|\n| 535 | 12.9 | 550 |", ["550"]),
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_statements_are_no_alarm(text: str) -> None:
    faults = read(text.replace("\\n", "\n"), shipped_facts("main")).faults
    assert [(one.actual, one.expected) for one in faults] == []


@pytest.mark.parametrize(("text", "wrong"), WRONG, ids=[text for text, _ in WRONG])
def test_wrong_ones_beside_them_are_found(text: str, wrong: list[str]) -> None:
    assert [one.actual for one in read(text, shipped_facts("main")).faults] == wrong


@pytest.mark.parametrize(("of", "name"), [(Parts, "speaks_of_part"), (OtherRepositories, "names_one")])
def test_a_long_paragraph_is_gone_through_once(of: type, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    real = getattr(of, name)

    def counted(self: object, one: object) -> object:
        calls.append(one)
        return real(self, one)

    monkeypatch.setattr(of, name, counted)
    faults = read("There are 57 variants. " * 200, shipped_facts("main")).faults
    assert len(faults) == 200
    assert 200 <= len(calls) <= 800
