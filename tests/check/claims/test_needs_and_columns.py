"""What is needed without a noun for it, columns of fences, lists with articles and badges: right ones and one wrong value."""

import pytest

from tests.check.claims.marked_statements import cases, found

RIGHT = r"""
```\nGPU        TDP    year\nT4         70 W   2018\nA100       400 W  2020\nRTX 4090   450 W  2022\n```
```\nT4 .......... 70 W\nA100 ........ 400 W\nRTX 4090 .... 450 W\n```
```\nname        cuda   python  driver\nws-1        12.9   3.12    570\nws-2        12.4   3.11    555\nws-3        12.9   3.10    580\n```
```\nPARTITION  GRES        NODES  DRIVER\ngpu-t4     gpu:t4:4    12     570\ngpu-a100   gpu:a100:8  4      555\ngpu-h100   gpu:h100:8  2      575\n```
```\nonnxruntime-python313-cuda12_9-sm89-avx2     OK   75 min\nonnxruntime-python313-cuda12_9-sm90-avx2     OK   80 min\nonnxruntime-python312-cuda12_4-sm80-avx2     OK   86 min\n```
```\nSM75   T4          41 ms\nSM80   A100        12.4 ms\nSM89   RTX 4090    12.9 ms\n```
```\nRTX 4090 ..... 89\nA100 ......... 80\nH100 ......... 90\nT4 ........... 75\n```
```\nScore by card:\nRTX 4090 ..... 112\nA100 ......... 90\nH100 ......... 133\nT4 ........... 35\n```
```\n1.18.1   2024-06   22 variants\n1.20.1   2024-11   44 variants\n1.23.2   2025-10   58 variants\n```
```\ntorch   2.6   cu124   3.12\ntorch   2.7   cu126   3.13\ntorch   2.8   cu129   3.12\n```
```\nUbuntu 22.04   535   12.2\nUbuntu 24.04   550   12.4\nFedora 42      575   12.9\n```
```\n$ nvidia-smi -L\nGPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-1)\nGPU 1: NVIDIA A100-SXM4-80GB (UUID: GPU-2)\n```
```\nonnxruntime   1.23.2   installed\nnumpy         2.3.1    installed\npython3       3.13.5   installed\n```
```\nNAME                 VERSION   CUDA\nonnxruntime          1.23.2    12.9\ntorch                2.8.0     12.8\ntensorrt             10.9      12.8\n```
```text\nGPU  Name      Driver       Cap\n0    RTX 4090  570.86.16    8.9\n1    A100      570.86.16    8.0\n2    H100      570.86.16    9.0\n```
```\ncuda12_4   older   550   3.12\ncuda12_9   newer   560   3.13\ncpu        none    -     3.13\n```
CUDA 12.9 needs 560 MB of disk more than CUDA 12.4.
SM90 needs 550 seconds, SM80 needs 560.
The `cuda12_9` set needs 575 files, the `cuda12_4` set 530.
A `cuda12_9` build needs 16 GB, and a `cuda12_4` build needs 12.
CUDA 12.9 by NVIDIA's rule wants 575, by ours 560.
For an RTX 4090, an L4 or an L40 take sm89, and for a T4 take sm75.
For a T4 take sm75, for an A100 or an A30 sm80; an H100 takes sm90.
SM86 is the RTX 3090 and the A40, and SM89 the RTX 4090.
An RTX 3090 and an RTX 4090 differ: sm86 and sm89.
An A40 is slower than an RTX 3090, and both are SM86.
We have a T4 and an A100, but no SM90.
An L40 (SM89) costs less than an A100 (SM80), and an H100 (SM90) more than both.
Hopper is SM90, and Ada is SM89, while both have FP8.
The RTX 5090 is SM120, and the B200, although a Blackwell too, is SM100.
The driver of the H100 node needs 560 for CUDA 12.9, and 550 for CUDA 12.4.
CUDA 12.9 is content with 560, and newer ones are fine.
`cuda12_4` needs 550, `cuda12_9` needs 560.
For CUDA 12.9 you need 560 or newer, for CUDA 12.4 you need 550 or newer.
What needs 560? CUDA 12.9.
CUDA 12.4 needs 550; with 560 you can have either.
CUDA 12.4 needs 550, not 535.
CUDA 12.8 would need 570.
![PyTorch CUDA](https://img.shields.io/badge/PyTorch%20CUDA-12.6%20%7C%2012.8-blue)
![CUDA](https://img.shields.io/badge/CUDA-12.4%20%7C%2012.9-76B900)
![CUDA](https://img.shields.io/badge/CUDA-12.9%20%7C%2012.4-76B900)
![CUDA](https://img.shields.io/badge/CUDA-12.9-76B900)
| | |\n|---|---|\n| **ONNX Runtime** | 1.23.2 |\n| **Driver** | 560+ / 550+ |
| | |\n|---|---|\n| **ONNX Runtime** | 1.23.2 |\n| **Drivers tested** | 565 / 570 |
| | |\n|---|---|\n| **ONNX Runtime** | 1.23.2 |\n| **Tested with driver** | 550, 565, 570 |
""".strip().splitlines()
MARKED = r"""
A CUDA 12.9 build wants **⟦550|560⟧** or newer, a CUDA 12.4 build is content with **⟦535|550⟧**.
Either upgrade it or switch to `cuda12_4`, which needs ⟦530|550⟧.
CUDA 12.9 wants ⟦570|560⟧, CUDA 12.4 wants 550.
For an RTX 4090, an L4 or an L40 you want sm⟦90|89⟧, and for an H100 you want sm90.
The B100 and the B200 are sm⟦120|100⟧, while the RTX 5090 is sm120.
| Release | Branch | ORT | Driver (12.4 / 12.9) |\n|---|---|---|---|\n| 23 | `main` | 1.23.2 | ⟦545|550⟧+ / ⟦570|560⟧+ |
| | |\n|---|---|\n| **ONNX Runtime** | 1.23.2 |\n| **Driver** | 550+ / ⟦550|560⟧+ |
```text\nT4, RTX 2080 Ti .... ⟦70|75⟧\nA100, A30 .......... ⟦86|80⟧\nRTX 3090, A40 ...... 86\nRTX 4090, L4, L40 .. 89\nH100, L40S ......... 90\nB100, B200 ......... 100\nRTX 5090 ........... 120\n```
```\ncuda12_4   older   ⟦535|550⟧+   Python 3.12\ncuda12_9   newer   560+   Python ⟦3.12|3.13⟧\ncpu        none    -      Python 3.13\n```
![CUDA](https://img.shields.io/badge/CUDA-12.4%20%7C%20⟦12.8|12.9⟧-76B900)
""".strip().splitlines()
CASES = [case for marked in MARKED for case in cases(marked.replace("\\n", "\n"))]


@pytest.mark.parametrize("text", RIGHT)
def test_right_statements_are_no_alarm(text: str) -> None:
    assert found(text.replace("\\n", "\n")) == []


@pytest.mark.parametrize(("text", "wrong"), CASES)
def test_wrong_values_are_found(text: str, wrong: list[tuple[str, str | None]]) -> None:
    assert found(text) == wrong
