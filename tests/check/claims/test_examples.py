"""Examples in Nix: their lines are of one variant, so a line that is of another is wrong; what shows several is no alarm."""

import pytest

from tests.check.claims.marked_statements import cases, found

WHOLE = """\
```nix
# ONNX Runtime 1.23.2 for NVIDIA Ada (SM89: RTX 4090, L4, L40) + ⟦AVX-512|AVX2⟧
# CUDA 12.9 — Requires NVIDIA driver ⟦550|560⟧+
{ pkgs ? import <nixpkgs> {} }:
let
  ...
  overlays = [ (final: prev: { cudaPackages = final.cudaPackages_⟦12_4|12_9⟧; }) ];
  variantName = "onnxruntime-python313-cuda12_9-sm89-avx2";
  gpuArchCMake = "⟦86|89⟧";
  cpuFlags = [ "-mavx2" "⟦-mf16c|-mfma⟧" ];
in
  meta = {
    description = "ONNX Runtime 1.23.2 for NVIDIA RTX 4090/L4/L40 (SM89) + ⟦AVX-512|AVX2⟧ [CUDA ⟦12.4|12.9⟧]";
    platforms = [ "⟦aarch64-linux|x86_64-linux⟧" ];
  };
```"""
EXAMPLES = {
    "a name and two lines": """\
```nix
variantName = "onnxruntime-python312-cuda12_4-sm80-avx512bf16";
gpuArchCMake = "⟦90|80⟧";
cmakeFlags = [ "-DCMAKE_CUDA_ARCHITECTURES=⟦86|80⟧" ];
```""",
    "no name": """\
```nix
# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512
gpuArchCMake = "⟦100|90⟧";
description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]";
```""",
    "flags in full": """\
```nix
variantName = "onnxruntime-python313-cpu-avx512vnni";
cpuFlags = [ "-mavx512f" "-mavx512dq" "-mavx512vl" "-mavx512bw" "⟦-mavx512bf16|-mavx512vnni⟧" "-mfma" ];
description = "ONNX Runtime 1.23.2 CPU-only + AVX-512 VNNI";
```""",
}
RIGHT = [
    # a line that lists what several lines of CUDA need
    """\
```nix
# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S), driver 550+/560+
# CUDA 12.9 — Requires NVIDIA driver 560+
description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]";
```""",
    # several variants, one below the other
    """\
```nix
description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]";
description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX2 [CUDA 12.9]";
description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.4]";
```""",
    """\
```nix
gpuArchCMake = "75";
gpuArchCMake = "80";
gpuArchCMake = "86";
```""",
    # a change of one variant into another
    """\
```nix
variantName = "onnxruntime-python313-cuda12_9-sm90-avx512";
# instead of
variantName = "onnxruntime-python313-cuda12_9-sm80-avx512";
gpuArchCMake = "80";
```""",
    # comments and remarks about other variants
    """\
```nix
variantName = "onnxruntime-python313-cuda12_9-sm89-avx2";
gpuArchCMake = "89"; # 86 is for the RTX 3090
cpuFlags = [ "-mavx2" "-mfma" ]; # also the base of AVX-512
# SM90 has two more
platforms = [ "x86_64-linux" ];
```""",
    # not this repository's
    """\
```nix
pkgs.mkShell { packages = [ pkgs.python311 pkgs.cudaPackages.cuda_nvcc ]; }
```""",
]


@pytest.mark.parametrize("text", [WHOLE, *EXAMPLES.values()])
def test_a_line_of_another_variant_is_found_and_mended(text: str) -> None:
    there = list(cases(text))
    assert [(case, found(case)) for case, _ in there] == there


@pytest.mark.parametrize("text", RIGHT)
def test_what_shows_several_variants_is_no_alarm(text: str) -> None:
    assert found(text) == []
