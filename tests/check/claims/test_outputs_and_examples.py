"""What commands print, examples of one variant, and numbers beside what they count: right ones, and one wrong value in each.

`⟦wrong|right⟧` marks a value with what a copier leaves in its place; `⟦wrong|!right⟧` one that is found and not mended.
"""

import re

import pytest

from tests.support.documents import read, shipped_facts

_MARK = re.compile(r"⟦([^|⟧]*)\|(!?)([^|⟧]*)⟧")
VARIANT = "onnxruntime-python313-cuda12_9-sm89-avx512vnni"
MARKED = {
    "files that match": "```bash\nls .flox/pkgs/*.nix | wc -l   # ⟦66|58⟧\nls .flox/pkgs/*cuda12_9* | wc -l   # -> ⟦28|30⟧\n```",
    "files by name": "```sh\nfind .flox/pkgs -name '*sm90*' | wc -l   # ⟦14|12⟧\n```",
    "files of a folder with a word": "```bash\nls .flox/pkgs | grep cuda12_4 | wc -l  # ⟦30|22⟧\nls .flox/pkgs | grep -c -- -cpu-  # ⟦4|6⟧\n```",
    "files behind an arrow": "- `ls .flox/pkgs/*-cuda12_9-* | wc -l` → ⟦28|30⟧\n- `ls .flox/pkgs | grep -c sm90` → ⟦14|12⟧",
    "files in a sentence": "Then `ls .flox/pkgs/*.nix | wc -l` should print ⟦56|58⟧, and `ls .flox/pkgs/*cpu* | wc -l` gives ⟦4|6⟧.",
    "files in a table": "| Count | Command |\n|---|---|\n| all | `ls .flox/pkgs/*.nix \\| wc -l` → ⟦66|58⟧ |",
    "files in the cell beside": "| Command | Result |\n|---|---|\n| `ls .flox/pkgs/*.nix \\| wc -l` | ⟦66|58⟧ |\n| `nproc` | 32 |",
    "a version that is printed": '```bash\n./result-onnxruntime-python313-cpu-avx2/bin/python -c "import onnxruntime; print(onnxruntime.__version__)"  # ⟦1.22.2|1.23.2⟧\n```',
    "the branch": "```bash\ngit branch --show-current   # ⟦ort-1.22|main⟧\n```",
    "lines of one variant": f"""\
```nix
# ONNX Runtime 1.23.2 for NVIDIA Ada (SM89: RTX 4090, L4, L40) + AVX-512 VNNI
# CUDA 12.9 — Requires NVIDIA driver 560+
overlays = [ (final: prev: {{ cudaPackages = final.⟦cudaPackages_12_4|!cudaPackages_12_9⟧; }}) ];
variantName = "{VARIANT}";
cpuFlags = [ "-mavx512f" "-mavx512dq" "-mavx512vl" "-mavx512bw" "⟦-mavx512bf16|!-mavx512vnni⟧" "-mfma" ];
```""",
    "a version without a noun": "The builds for 12.4 take `⟦python311Packages|!python312Packages⟧`.",
    "drivers for versions": "The driver is ⟦535|550⟧+ for 12.4.",
    "branches with versions": "We keep `ort-1.20` with ⟦1.20.2|1.20.1⟧ and `ort-1.19` with ⟦1.19.1|1.19.2⟧.",
    "a badge with a number": "![variants](https://img.shields.io/badge/variants-⟦66|58⟧-informational)",
    "recipes": "| | CUDA 12.4 | CUDA 12.9 |\n|---|---|---|\n| Recipes | ⟦30|22⟧ | ⟦22|30⟧ |",
    "a status with a capital": "| Branch | ORT | Status |\n|---|---|---|\n| `ort-1.22` | 1.22.2 | ⟦Legacy|Compat⟧ |",
    "a title of two parts": "# Release notes and reference\n\n## Reference\n\n- CUDA 12.9 needs driver ⟦575|560⟧+.",
    "a grammar with commas": "`onnxruntime-⟦python{312,314}-{cuda12_4,cuda12_9,cpu}[-sm{XX}]-{isa}|!python{312,313}-{cuda12_4,cuda12_9,cpu}[-sm{XX}]-{isa}⟧`",
}
RIGHT = r"""
```bash\ngit checkout ort-1.22\nls .flox/pkgs/*.nix | wc -l   # 50\n```
```bash\ngit worktree add ../ort-1.22 ort-1.22 && cd ../ort-1.22\nls .flox/pkgs/*.nix | wc -l # 50\n```
```bash\nls tests/*.nix | wc -l   # 12\nls docs | wc -l # 7\n```
```bash\nls .flox/pkgs/*{sm100,sm120}* | wc -l  # 8\n```
```bash\nls .flox/pkgs/*cuda12_9* .flox/pkgs/*cpu* | wc -l  # 36\n```
```bash\nls .flox/pkgs | grep cuda12_4 | wc -l  # 22\n```
```bash\npip show onnxruntime | grep Version   # 1.22.0\npython -c "import torch; print(torch.__version__)"  # 2.9.0\n```
```bash\npython -c "import onnxruntime, numpy; print(onnxruntime.__version__, numpy.__version__)"  # 1.23.2 2.3.1\n```
```bash\ngit branch --show-current   # my-feature\n```
```text\nRTX 4090   12.4 ms\nH100       12.9 ms\n```
```\n| NVIDIA-SMI 575.57.08              Driver Version: 575.57.08      CUDA Version: 12.9     |\n```
```text\na.nix:2:38: error[header-driver] header says driver 535+, but CUDA 12.9 needs 560+\n2 | # CUDA 12.9 — Requires NVIDIA driver 535+\n```
```text\nconservative  5 SMs x 4 x86 + 2 ARM  = 22\nmodern        7 SMs x 4 x86 + 2 ARM  = 30\n```
`ls .flox/pkgs/*.nix | wc -l` printed 44 before, and `ls .flox/pkgs | wc -l` is 60 with two helpers.
`ls .flox/pkgs | wc -l` → 60
On `ort-1.22`, `ls .flox/pkgs/*.nix | wc -l` prints 50.
| Command | Seconds |\n|---|---|\n| `ls .flox/pkgs/*.nix \\| wc -l` | 0.01 |\n| `nix-build -A ort` | 58 |
`grep -c sm90 README.md` → 7
The mean is 12.4, the worst 12.9.
It took 12.4 seconds with 12.9 being the worst.
`ort-1.22` with Python 3.13 and CUDA 12.9.
`ort-1.22` for 1.21.x users is an upgrade.
```nix\n# CUDA 12.9 — Requires NVIDIA driver 560+\nvariantName = "onnxruntime-python313-cuda12_9-sm90-avx512";\nplatforms = [ "x86_64-linux" ]; # aarch64-linux for armv9\n```
![builds](https://img.shields.io/badge/builds-passing-green) ![nightly builds](https://img.shields.io/badge/nightly%20builds-14%20days-blue)
| | ours | theirs |\n|---|---|---|\n| ONNX Runtime | 1.23.2 | 1.22.0 |\n| GPU variants | 52 | 10 |
| Class | count |\n|---|---|\n| GPU | 52 |\n| GPU tests | 12 |
| Tests | count |\n|---|---|\n| GPU | 120 |\n| CPU | 40 |
| Variants | count |\n|---|---|\n| ARM, with and without GPU | 6 |
58 builds · 2 CUDA lines · 7 GPU generations
# Release notes and reference\n\n## 2025-11\n\n- CUDA 12.9 needs driver 575+.
# Release notes and reference\n\n## 1.22.2\n\n- ONNX Runtime 1.22.2, CUDA 12.4 with driver 535+
# Release notes\n\n- ONNX Runtime 1.22.2
| Release | Branch | ORT | Driver (12.4 / 12.9) |\n|---|---|---|---|\n| 22 | `ort-1.22` | 1.22.2 | 550+ / 560+ |
""".strip().splitlines()


def _cases() -> list[tuple[str, str, str | None]]:
    found = []
    for marked in MARKED.values():
        for chosen in _MARK.finditer(marked):
            before, behind = _MARK.sub(r"\3", marked[: chosen.start()]), _MARK.sub(r"\3", marked[chosen.end() :])
            right = None if chosen[2] else before + chosen[3] + behind
            found.append((before + chosen[1] + behind, chosen[1], right))
    return found


@pytest.mark.parametrize("text", [_MARK.sub(r"\3", one) for one in MARKED.values()], ids=list(MARKED))
def test_right_values_are_no_alarm(text: str) -> None:
    assert read(text, shipped_facts("main")).faults == []


@pytest.mark.parametrize(("text", "wrong", "right"), _cases())
def test_one_wrong_value_is_found_and_mended(text: str, wrong: str, right: str | None) -> None:
    claims = read(text, shipped_facts("main"))
    (fault,) = claims.faults
    assert fault.actual in wrong or wrong.lower() in fault.actual.lower()
    if right is not None:
        data = claims.source.data
        assert fault.replacement is not None
        assert data[: fault.span.start] + fault.replacement.encode() + data[fault.span.end :] == right.encode()


@pytest.mark.parametrize("text", RIGHT)
def test_right_statements_beside_them_are_no_alarm(text: str) -> None:
    faults = read(text.replace("\\n", "\n"), shipped_facts("main")).faults
    assert [(one.actual, one.expected) for one in faults] == []
