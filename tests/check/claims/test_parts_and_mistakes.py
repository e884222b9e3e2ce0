"""Right statements of parts of what there is, of others, and of mistakes are no alarm; beside them wrong ones are found."""

import pytest

from tests.support.documents import read, shipped_facts

RIGHT = r"""
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
""".strip().splitlines()
WRONG = [
    ("CUDA 12.4 is the older line. It has 6 architectures.", ["6"]),
    ("This repository has 50 variants.", ["50"]),
    ("There are six GPU architectures.", ["six"]),
    ("The newer line has 31 builds.", ["31"]),
    ("The branch is old; CUDA 12.9 needs driver 550+; there was a talk of 2 hours.", ["550"]),
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
    ("| Old | CUDA | Driver |\n|---|---|---|\n| 535 | 12.9 | 550 |", ["550"]),
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_statements_are_no_alarm(text: str) -> None:
    faults = read(text.replace("\\n", "\n"), shipped_facts("main")).faults
    assert [(one.actual, one.expected) for one in faults] == []


@pytest.mark.parametrize(("text", "wrong"), WRONG, ids=[text for text, _ in WRONG])
def test_wrong_ones_beside_them_are_found(text: str, wrong: list[str]) -> None:
    assert [one.actual for one in read(text, shipped_facts("main")).faults] == wrong
