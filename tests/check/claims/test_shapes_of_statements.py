"""Statements in shapes other than prose and tables with heads: right ones are no alarm, one wrong value is found and mended.

`⟦wrong|right⟧` marks a value with what a copier leaves in its place; each wrong value is read among right ones. Behind `!`
there is no right value: the wrong one is found, and nothing is written in its place.
"""

import pytest

from tests.check.claims.marked_statements import cases, found

DATA = {
    "records of a list": """\
```yaml
lines:
  - toolkit: "⟦12.6|12.4⟧"
    driver: 550
    python: "⟦3.11|3.12⟧"
  - toolkit: "12.9"
    driver: ⟦550|560⟧   # of the header
    python: "3.13"
```""",
    "records below their keys": """\
```yaml
cuda:
  "12.4":
    overlay: cudaPackages_⟦12_6|12_4⟧
    python: "3.12"
  cuda12_9:
    driver: ⟦535|560⟧
    python: "3.13"
```""",
    "keys that are values": """\
```yaml
gpus:
  sm75: [T4, ⟦A40|RTX 2080 Ti⟧]
  sm89: [RTX 4090, L4, ⟦L40S|L40⟧]
  SM120: [RTX 5090]
```""",
    "JSON": """\
```json
{
  "stacks": [
    { "cuda": "12.4", "driver": "550" },
    {
      "cuda": "12.9",
      "driver": "⟦570|560⟧",
      "python": "3.13"
    }
  ]
}
```""",
    "TOML": '```toml\n[stack]\ncuda = "12.9"\ndriver = "⟦550|560⟧"\npython = "3.13"\n```',
}
NAMES = {
    "a session": "```console\n$ flox build ⟦onnxruntime-python312-cuda12_9-sm86-avx2|!onnxruntime-python313-cuda12_9-sm86-avx2⟧\n```",
    "a result": "```console\n$ ls result-onnxruntime-python312-⟦cuda12_5|cuda12_4⟧-sm90-armv9/lib\n```",
    "an image": "```Dockerfile\nCOPY --from=build /result-⟦onnxruntime-python313-cuda12_4-sm90-avx512|!onnxruntime-python312-cuda12_4-sm90-avx512⟧ /opt\n```",
    "a manifest": '```toml\nort.pkg-path = "acme/⟦onnxruntime-python313-cuda12_9-sm91-avx2|!onnxruntime-python313-cuda12_9-sm90-avx2⟧"\n```',
    "a chart": "```mermaid\nflowchart\n  a --> b[⟦onnxruntime-python312-cuda12_9-…|!onnxruntime-python313-cuda12_9-…⟧]\n```",
}
TABLES = {
    "blanks between columns": """\
Our lines:

    main      ⟦1.24.2|1.23.2⟧   ⟦legacy|stable⟧
    ort-1.23  1.23.2   ⟦compat|stable⟧     all GPUs
    ort-1.22  ⟦1.22.0|1.22.2⟧   compat     no Blackwell
    ort-1.20  1.20.1   legacy     no Blackwell
    ort-1.19  1.19.2   legacy     no Blackwell
    ort-1.18  1.18.1   ⟦stable|legacy⟧     no Blackwell
    ort-1.24  1.24.2   current    all GPUs
""",
    "heads that say nothing": """\
| You run | Take |  |
|---|---|---|
| ⟦1.24.1|1.24.2⟧ | `ort-1.24` | ⟦legacy|current⟧ |
| ⟦1.23.0|1.23.2⟧ | `ort-1.23` | stable |
| 1.22.2 | `ort-1.22` | compat |
| ⟦1.20.2|1.20.1⟧ | `ort-1.20` | legacy |""",
    "names in braces": """\
| Files | Hardware |
|---|---|
| `onnxruntime-python312-cuda12_4-sm86-{avx2,avx512}` | ⟦RTX 4090|RTX 3090⟧, A40 |
| `onnxruntime-python313-cuda12_9-sm100-{avx512bf16,avx512vnni}` | B100, ⟦RTX 5090|B200⟧ |""",
    "labels beside a release": """\
| | |
|---|---|
| ONNX Runtime | 1.23.2 |
| CUDA | 12.4, ⟦12.8|12.9⟧ |
| Driver | ⟦535|550⟧+, 560+ |""",
    "a package set that is none": """\
| Stack | Python | Wrapper |
|---|---|---|
| CUDA 12.4 | 3.12 | `⟦python311Packages|python312Packages⟧` |""",
    "descriptions in HTML": """\
<dl>
<dt>ARMv9</dt><dd><code>⟦-march=armv9.2-a|-march=armv9-a+sve2⟧</code></dd>
<dt>AVX2</dt><dd><code>⟦-mavx512f|!-mavx2⟧ -mfma</code></dd>
</dl>""",
    "descriptions in Markdown": "SM86\n: Ampere. ⟦RTX 4090|RTX 3090⟧, A40\n\nSM100\n: ⟦Hopper|Blackwell DC⟧. B100, B200",
    "a word that no table knows": """\
| Family | SM | Cards |
|---|---|---|
| ⟦Volta|Turing⟧ | 75 | T4, RTX 2080 Ti |
| Ampere DC | 80 | A100, A30 |
| Ampere | 86 | RTX 3090, A40 |
| ⟦Lovelace|Ada⟧ | 89 | RTX 4090, L4, L40 |
| Hopper | 90 | H100, L40S |
| Blackwell DC | 100 | B100, B200 |
| Blackwell | 120 | RTX 5090 |""",
    "a list of targets": "- **Architectures:** SM75, SM80, SM86, SM89, SM90, SM⟦103|100⟧, SM120",
}
SENTENCES = {
    "a driver without its noun": "You need ⟦535|550⟧ or newer for CUDA 12.4, and ⟦570|560⟧ or newer for CUDA 12.9.",
    "a count behind a heading": "### CPU only: ⟦8|6⟧",
    "a sum in a heading": "### CUDA 12.4 (driver 550+): 5 × 4 + 2 = ⟦30|22⟧",
    "flags on top": "- **AVX-512 VNNI**: AVX-512 plus `⟦-mavx512ifma|!-mavx512vnni⟧`",
    "a description": """\
```nix
description = "ONNX Runtime 1.23.2 for NVIDIA B100/B200 (SM100) + AVX2 [CUDA ⟦12.4|12.9⟧]";
```""",
    "flags and a remark": '```nix\nflags = [ "⟦-march=armv8.1-a|-march=armv8.2-a+fp16+dotprod⟧" ];  # armv8_2\n```',
}
BADGES = {
    "a label and a count": "![n](https://img.shields.io/badge/variants-⟦66|58⟧-informational)",
    "a count and a noun": "![n](https://img.shields.io/badge/⟦66|58⟧_packages-blue)",
    "a count behind a label": "![n](https://img.shields.io/badge/GPU-⟦5|7⟧_architectures-blue)",
    "a version": "[![n](https://img.shields.io/badge/ONNX%20Runtime-⟦1.24.2|1.23.2⟧-blue)](#drivers)",
    "in a folder": "![n](https://badges.example.org/static/badge/ONNX_Runtime-⟦1.22.2|1.23.2⟧-blue?style=flat)",
}
NOUNS = {
    "recipes": "<b>⟦66|58⟧ prebuilt recipes · 2 CUDA lines · 7 GPU generations · 6 CPU instruction sets</b>",
    "CPU-only recipes": "There are ⟦four|six⟧ CPU-only recipes, one per instruction set.",
    "a row of recipes": "|  | CUDA 12.4 | CUDA 12.9 |\n|---|---|---|\n| Recipes | ⟦20|22⟧ | ⟦36|30⟧ |",
}
RIGHT = """\
![n](https://img.shields.io/badge/CUDA-12.4%20%7C%2012.9-76B900) ![p](https://img.shields.io/badge/Python-3.12_|_3.13-blue)
![n](https://img.shields.io/badge/variants-58-blue) ![m](https://img.shields.io/badge/recipes-6_CPU--only-66aa00)
![n](https://img.shields.io/badge/linux--x86__64-blue) ![m](https://img.shields.io/badge/tests-1240_passed-green)
58 recipes: 52 GPU, 6 CPU; and 3 GPU hosts, 12 CPU cores and 2 GPU vendors for tests
Two recipes changed; the recipe for CUDA 12.9 is the longest, with 40 lines.
```yaml\\njobs:\\n  test:\\n    strategy:\\n      matrix:\\n        python: ["3.10", "3.11"]\\n        driver: [535, 550]\\n```
```yaml\\ndependencies:\\n  onnxruntime: 1.18.0\\n  python: "3.11"\\n```
```yaml\\nbad: "CUDA 12.9 needs driver 535+"\\ngood: "CUDA 12.9 needs driver 560+"\\n```
```json\\n{"cuda": "12.9", "driver": "535", "message": "driver 535 is too old for CUDA 12.9"}\\n```
```yaml\\n- project: vllm\\n  cuda: "12.8"\\n  python: "3.11"\\n```
```console\\n$ sed -i 's/driver 560+/driver 535+/' .flox/pkgs/onnxruntime-python313-cuda12_9-sm90-avx512.nix\\n$ nixlint-ort\\n```
```console\\n$ nixlint-ort new onnxruntime-python313-cuda12_9-sm89-armv9\\ncreated .flox/pkgs/onnxruntime-python313-cuda12_9-sm89-armv9.nix\\n```
```console\\n$ nvidia-smi\\nDriver Version: 535.183.01   CUDA Version: 12.2\\n```
```diff\\n-# CUDA 12.9 — Requires NVIDIA driver 550+\\n+# CUDA 12.9 — Requires NVIDIA driver 560+\\n```
| Branch | ONNX | protobuf |\\n|---|---|---|\\n| `ort-1.24` | 1.17.0 | 3.21 |\\n| `ort-1.23` | 1.16.1 | 3.21 |\\n| `ort-1.22` | 1.16.1 | 3.20 |
| Branch | Released | Files changed |\\n|---|---|---|\\n| `ort-1.24` | 2026 | 58 |\\n| `ort-1.22` | 2025 | 50 |
| Files | Where |\\n|---|---|\\n| `onnxruntime-python313-cuda12_9-sm90-{avx2,avx512}` | not for A100 |
| | |\\n|---|---|\\n| Project | vLLM |\\n| CUDA | 12.8, 13.0 |\\n| Driver | 535+, 570+ |
Term\\n: What it means, of CUDA 12.4 and 12.9.
```\\nNAME      READY   AGE\\nweb-a     1.22.2  3d\\nweb-b     1.20.1  5d\\n```
| Folder | Files |\\n|---|---|\\n| `docs/` | 12 |\\n| `tests/` | 340 |
| Family | SM |\\n|---|---|\\n| Volta | 70 |\\n| Turing | 75 |\\n| Ampere DC | 80 |\\n| Ampere | 86 |
| SM | Hosts |\\n|---|---|\\n| SM80 | node-a |\\n| SM86 | node-b |\\n| SM89 | node-c |
- Upstream has SM70, SM75, SM80, SM86, SM90.
This is the case on `ort-1.22` as well.
```yaml\\n- driver: 570\\n  cuda: "12.9"\\n  works: true\\n```
```yaml\\nhost: node-17\\ndriver: 570\\ncuda: "12.9"\\n```
| Branch | Was | Is |\\n|---|---|---|\\n| `ort-1.24` | 1.24.1 | 1.24.2 |\\n| `ort-1.23` | 1.23.2 | 1.23.2 |\\n| `ort-1.22` | 1.22.2 | 1.22.2 |
| SM | Our host |\\n|---|---|\\n| SM75 | Turing box |\\n| SM80 | Ampere DC box |\\n| SM86 | Ampere box |
SM90\\n: Everything in the cluster, 570 and newer. Python 3.13 only, CUDA 12.9 as well as CUDA 12.4.
<dl><dt>CUDA 12.9</dt><dd>Needs driver 560+. The older 12.4 wants 550+.</dd></dl>
| Change | Files |\\n|---|---|\\n| driver 550 in headers | 20 |\\n| GPU | 12 |\\n| CPU | 3 |
- Flash Attention is built for SM80, SM86, SM89, SM90, SM100, SM103, SM120.
- **Upstream architectures:** SM70, SM75, SM80, SM86, SM89, SM90, SM120
This is the `ort-1.22` line's last CUDA toolkit.
| What | Value |\\n|---|---|\\n| ONNX Runtime | 1.23.2 |\\n| CUDA of the host | 12.7 |
```nix\\nflags = [ "-mavx2" "-mfma" ]; # also the base of avx512\\n```
A batch of 512 or more for CUDA 12.9 needs 24 GB.
### Open questions about CUDA 12.9: 3
`python311Packages` is gone from nixpkgs.
```text\\nheader says driver 535+, but CUDA 12.9 needs 560+\\n```
""".splitlines()
CASES = {**DATA, **NAMES, **TABLES, **SENTENCES, **BADGES, **NOUNS}


@pytest.mark.parametrize("name", [*CASES])
def test_one_wrong_value_is_found_and_mended(name: str) -> None:
    there = list(cases(CASES[name]))
    assert [(text, found(text)) for text, _ in there] == there


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_or_about_something_else_is_no_alarm(text: str) -> None:
    assert found(text.replace("\\n", "\n")) == []
