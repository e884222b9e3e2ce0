"""Every finding in full: message, span, what else it points at and its fix, for what can be wrong in a repository."""

from collections.abc import Mapping

import pytest

from tests.support.linting import CPU, GPU, OLDER, PKGS, expected, lint, original, path_of, repository, told

Files = Mapping[str, bytes | None]
STEM = "onnxruntime-python313-cuda12_9-sm90-avx512"
NEWER = [one.path for one in repository().variants if "-cuda12_9-" in one.path]
PLAIN = [one.path for one in repository().variants if "-cpu-" in one.path]


def changed(path: str, *changes: tuple[str, str], name: str | None = None) -> Files:
    """A variant with some texts in place of others, perhaps under another name."""
    data = original(path).decode()
    for good, bad in changes:
        assert data.count(good) >= 1, good
        data = data.replace(good, bad)
    return {path: data.encode()} if name is None else {path: None, f"{PKGS}/{name}.nix": data.encode()}


def copied(path: str, name: str) -> Files:
    """A variant besides itself under another name."""
    return {f"{PKGS}/{name}.nix": original(path)}


FLAGS = '    "-mavx512dq"\n    "-mavx512vl"\n'
PIN = 'url = "https://github.com/NixOS/nixpkgs/archive/ed142ab1b3a092c4d149245d0c4126a5d7ea00b0.tar.gz"'
META = (
    '    description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]";\n'
    '    platforms = [ "x86_64-linux" ];\n'
)
CPP = "(nixpkgs_pinned.onnxruntime.override"
SCENARIOS: Mapping[str, Files] = {
    "half of a stack is missing": dict.fromkeys(NEWER[:15]),
    "more than half of a stack is missing": dict.fromkeys(NEWER[:16]),
    "more than half of the variants without CUDA are missing": dict.fromkeys(PLAIN[:4]),
    "five of the variants without CUDA are missing": dict.fromkeys(PLAIN[:5]),
    "a file of another name": {f"{PKGS}/notes.nix": b"{ pkgs ? import <nixpkgs> {} }: pkgs.hello\n"},
    "a file without the package's first letters": changed(GPU, name=STEM.removeprefix("onnx")),
    "a copy that was not changed": copied(GPU, "onnxruntime-python313-cuda12_9-sm90-avx2x"),
    "a copy in place of another": {path_of("onnxruntime-python313-cuda12_9-sm90-avx2"): original(GPU)},
    "a name cut short": changed(GPU, name="onnxruntime-python313-cuda12_9-sm90"),
    "a name cut short in the file too": changed(GPU, (f'"{STEM}"', f'"{STEM[:-7]}"'), name=STEM[:-7]),
    "a name that is like no other": changed(GPU, (f'"{STEM}"', '"onnxruntime-x"'), name="onnxruntime-x"),
    "a name cut short of a file that cannot be parsed": {GPU: None, f"{PKGS}/{STEM[:-7]}.nix": b"= 1\n"},
    "an unknown SM": changed(GPU, name=STEM.replace("sm90", "sm91")),
    "an unknown instruction set": changed(GPU, name=STEM.replace("avx512", "avx51")),
    "an instruction set that is like no other": changed(GPU, name=STEM.replace("avx512", "zzz")),
    "a file that cannot be parsed": changed(GPU, ("variantName;", "variantName"), ("allowUnfree = true", "allowUnfree =")),
    "a file that is no text": {GPU: original(GPU) + b"\xff"},
    "a name that cannot be told": changed(GPU, (f'variantName = "{STEM}"', "variantName = builtins.readFile ./name")),
    "flags that cannot be told": changed(GPU, (FLAGS, f"{FLAGS}    (builtins.getEnv \"FLAG\")\n")),
    "the first flag less": changed(GPU, ('    "-mavx512f"\n', "")),
    "no flags": changed(GPU, ('    "-mavx512f"\n', ""), (FLAGS, ""), ('    "-mavx512bw"\n    "-mfma"\n', "")),
    "two flags less": changed(GPU, (FLAGS, "")),
    "a flag more": changed(GPU, (FLAGS, f'{FLAGS}    "-mavx2"\n')),
    "a flag more at the end": changed(GPU, ('    "-mfma"\n', '    "-mfma"\n    "-mavx2"\n')),
    "other flags": changed(GPU, (FLAGS, FLAGS.replace("dq", "cd").replace("vl", "pf"))),
    "another flag and another architecture": changed(GPU, (FLAGS, FLAGS.replace("dq", "cd")), ('gpuArchCMake = "90"', 'gpuArchCMake = "86"')),
    "a list for a text": changed(GPU, ('gpuArchCMake = "90"', 'gpuArchCMake = [ "90" ]')),
    "another platform": changed(GPU, ('"x86_64-linux" ]', '"aarch64-linux" ]')),
    "a platform more": changed(GPU, ('"x86_64-linux" ]', '"x86_64-linux" "aarch64-linux" ]')),
    "no platform": changed(GPU, ('[ "x86_64-linux" ]', "[ ]")),
    "platforms not set": changed(GPU, ('    platforms = [ "x86_64-linux" ];\n', "")),
    "a feature too few": changed(GPU, ('[ "big-parallel" ]', "[ ]")),
    "another feature": changed(GPU, ('[ "big-parallel" ]', '[ "kvm" ]')),
    "the header below the code": changed(GPU, ("# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n# CUDA 12.9 — Requires NVIDIA driver 560+\n", ""), ("  variantName", "  # ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n  # CUDA 12.9 — Requires NVIDIA driver 560+\n  variantName")),
    "the second line of the header below the code": changed(GPU, ("# CUDA 12.9 — Requires NVIDIA driver 560+\n", ""), ("  variantName", "  # CUDA 12.9 — Requires NVIDIA driver 560+\n  variantName")),
    "the header twice": changed(GPU, ("{ pkgs ?", "# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n# CUDA 12.9 — Requires NVIDIA driver 560+\n{ pkgs ?")),
    "the first line of the header thrice": changed(GPU, ("# CUDA 12.9", "# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n# ONNX Runtime 1.22.0 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n# CUDA 12.9")),
    "a header with several faults": changed(GPU, ("1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512", "1.22.0 for NVIDIA Ada (SM89: L4) + AVX2")),
    "two more header lines": changed(GPU, ("  variantName", "  # ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n  # ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n  variantName")),
    "header and description of another GPU": changed(GPU, ("Hopper (SM90: H100, L40S)", "Ada (SM89: RTX 4090, L4)"), ("NVIDIA H100/L40S (SM90)", "NVIDIA RTX 4090/L4 (SM89)")),
    "GPUs in another order with a wrong separator": changed(GPU, ("(SM90: H100, L40S)", "(SM90: L40S; H100)"), ("H100/L40S", "L40S, H100")),
    "GPUs in two separators": changed(GPU, ("(SM90: H100, L40S)", "(SM90: H100, L40S/A40)")),
    "a header of nothing that is known": changed(GPU, ("# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512", "# ONNX Runtime, fast")),
    "a header of an unknown SM": changed(GPU, ("# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512", "# ONNX Runtime, fast"), name=STEM.replace("sm90", "sm91")),
    "a CUDA line and tag on a CPU": changed(CPU, ("{ pkgs ?", "# CUDA 12.9 — Requires NVIDIA driver 560+\n{ pkgs ?"), ('+ AVX2";', '+ AVX2 [CUDA 12.9]";')),
    "another Python": changed(OLDER, ("python312Packages.onnxruntime", "python3Packages.onnxruntime")),
    "another Python where two sets are right": changed(GPU, ("(nixpkgs_pinned.python3Packages", "(nixpkgs_pinned.python312Packages")),
    "a Python that is put together": changed(GPU, ("(nixpkgs_pinned.python3Packages", "(nixpkgs_pinned.${\"python${\"311\"}Packages\"}")),
    "a GPU that the CUDA line cannot compile for": changed(OLDER, name="onnxruntime-python312-cuda12_4-sm100-avx512"),
    "a meta of nothing": changed(GPU, (META, "")),
    "a meta of nothing in one line": changed(GPU, (f"{{\n{META}  }}", "{ }")),
    "a meta and an override of nothing": changed(GPU, (META, ""), ("{\n    cudaSupport = true;\n    pythonSupport = true;\n  }", "{ }")),
    "a meta of a comment": changed(GPU, (META, "    # to come\n")),
    "attributes of nothing": changed(GPU, (f"  pname = variantName;\n  meta = (oldAttrs.meta or {{}}) // {{\n{META}  }};\n", "")),
    "lists for texts": changed(GPU, ('"ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]"', '[ "ONNX" ]'), ("pname = variantName", "pname = [ variantName ]")),
    "texts for lists": changed(GPU, ('[ "x86_64-linux" ]', '"x86_64-linux"'), ('[ "big-parallel" ]', '"big-parallel"')),
    "another CUDA": changed(GPU, ("cudaPackages_12_9", "cudaPackages_12_4")),
    "an empty description": changed(GPU, ('"ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]"', '""')),
    "a revision cut short": changed(GPU, ("ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", "ed142ab")),
    "a branch for a revision": changed(GPU, ("ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", "nixos-unstable")),
    "the layer of the builder's nixpkgs": changed(GPU, (CPP, "(pkgs.onnxruntime.override")),
    "the layer of another argument": changed(GPU, (CPP, "(other.onnxruntime.override"), ("{ pkgs ? import <nixpkgs> {} }", "{ pkgs ? import <nixpkgs> {}, other ? import <nixpkgs> {} }")),
    "the layer of the only argument": changed(GPU, (CPP, "(pkgs.onnxruntime.override"), ("{ pkgs ? import <nixpkgs> {} }", "pkgs")),
    "the layer of the search path": changed(GPU, (CPP, "((import <nixpkgs> {}).onnxruntime.override")),
    "the layer of another pin": changed(GPU, (CPP, f"((import (builtins.fetchTarball {{ {PIN.replace('ed142ab', '0d142ab')}; }}) {{}}).onnxruntime.override")),
    "all of the search path": changed(GPU, (f"import (builtins.fetchTarball {{\n    {PIN};\n  }})", "import <nixpkgs>")),
    "without an argument": changed(GPU, ("{ pkgs ? import <nixpkgs> {} }:\n", "")),
}  # fmt: skip
"""By what is wrong: the files of the repository that are others, or are not there."""


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario(name: str) -> None:
    now = told(lint(SCENARIOS[name]))
    assert now == expected(f"findings/{name}.txt", now)
