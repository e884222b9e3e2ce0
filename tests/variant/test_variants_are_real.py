"""The repository's own variants are what their names say: real Nix says so, without this tool's tables."""

from pathlib import Path

import pytest

from tests.support.oracle import NixFacts, evaluate_variants, parses

VARIANTS = Path(__file__).parent.parent.parent / ".flox" / "pkgs"

# The matrix: CUDA line, the Python of its stack, SMs on x86-64 and SMs on ARM.
MATRIX = {
    ("12_9", "313"): ((75, 80, 86, 89, 90, 100, 120), (90,)),
    ("12_4", "312"): ((75, 80, 86, 89, 90), (90,)),
}
X86_ISAS = ("avx2", "avx512", "avx512bf16", "avx512vnni")
ARM_ISAS = ("armv8_2", "armv9")
GPU_NAMES = [
    f"onnxruntime-python{python}-cuda{cuda}-sm{sm}-{isa}"
    for (cuda, python), (x86_sms, arm_sms) in MATRIX.items()
    for sms, isas in ((x86_sms, X86_ISAS), (arm_sms, ARM_ISAS))
    for sm in sms
    for isa in isas
]
CPU_NAMES = [f"onnxruntime-python313-cpu-{isa}" for isa in X86_ISAS + ARM_ISAS]
NAMES = GPU_NAMES + CPU_NAMES

PIN = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"
# By the text in a name: the driver in the header, and what both layers are taken from.
STACKS = {"12_4": ("12.4", "550", "python312Packages"), "12_9": ("12.9", "560", "python3Packages")}
GPUS = {
    ("75", "x86_64-linux"): ("Turing", ["T4", "RTX 2080 Ti"]),
    ("80", "x86_64-linux"): ("Ampere DC", ["A100", "A30"]),
    ("86", "x86_64-linux"): ("Ampere", ["RTX 3090", "A40"]),
    ("89", "x86_64-linux"): ("Ada", ["RTX 4090", "L4", "L40"]),
    ("90", "x86_64-linux"): ("Hopper", ["H100", "L40S"]),
    ("90", "aarch64-linux"): ("Hopper", ["H100", "Grace Hopper"]),
    ("100", "x86_64-linux"): ("Blackwell DC", ["B100", "B200"]),
    ("120", "x86_64-linux"): ("Blackwell", ["RTX 5090"]),
}
ISAS = {
    "avx2": ("AVX2", "-mavx2 -mfma", "x86_64-linux"),
    "avx512": ("AVX-512", "-mavx512f -mavx512dq -mavx512vl -mavx512bw -mfma", "x86_64-linux"),
    "avx512bf16": (
        "AVX-512 BF16",
        "-mavx512f -mavx512dq -mavx512vl -mavx512bw -mavx512bf16 -mfma",
        "x86_64-linux",
    ),
    "avx512vnni": (
        "AVX-512 VNNI",
        "-mavx512f -mavx512dq -mavx512vl -mavx512bw -mavx512vnni -mfma",
        "x86_64-linux",
    ),
    "armv8_2": ("ARMv8.2 (Graviton2)", "-march=armv8.2-a+fp16+dotprod", "aarch64-linux"),
    "armv9": ("ARMv9 (Graviton3+, Grace)", "-march=armv9-a+sve2", "aarch64-linux"),
}


def check(facts: NixFacts, expected: dict[str, object]) -> None:
    assert {fact: getattr(facts, fact) for fact in expected} == expected


def common(name: str) -> dict[str, object]:
    """What every variant says; the version is left to nixpkgs."""
    _, flags, platform = ISAS[name.rpartition("-")[2]]
    return {
        "pname": name,
        "platforms": [platform],
        "nixpkgs_url": f"https://github.com/NixOS/nixpkgs/archive/{PIN}.tar.gz",
        "nixpkgs_rev": PIN,
        "python_support": True,
        "cxx_flags": tuple(flags.split()),
        "c_flags": tuple(flags.split()),
        "ort_version": None,
        "ort_src_tag": None,
    }


def gpu_fields(name: str) -> tuple[str, str, str, str]:
    """CUDA line, SM, ISA label and platform."""
    _, _, cuda, sm, isa = name.split("-")
    label, _, platform = ISAS[isa]
    return cuda.removeprefix("cuda"), sm.removeprefix("sm"), label, platform


def header(name: str) -> list[str]:
    """The comment lines that the file starts with."""
    if name in CPU_NAMES:
        return [f"# ONNX Runtime 1.23.2 CPU-only + {ISAS[name.rpartition('-')[2]][0]}"]
    cuda, sm, label, platform = gpu_fields(name)
    version, driver, _ = STACKS[cuda]
    architecture, gpus = GPUS[sm, platform]
    return [
        f"# ONNX Runtime 1.23.2 for NVIDIA {architecture} (SM{sm}: {', '.join(gpus)}) + {label}",
        f"# CUDA {version} — Requires NVIDIA driver {driver}+",
    ]


def test_the_repository_holds_exactly_the_matrix() -> None:
    assert len(NAMES) == 58
    assert sorted(path.name for path in VARIANTS.iterdir()) == sorted(f"{name}.nix" for name in NAMES)


def test_nix_parses_every_variant() -> None:
    assert parses(*(VARIANTS / f"{name}.nix" for name in NAMES))


@pytest.mark.parametrize("name", GPU_NAMES)
def test_nix_agrees_with_the_name_of_a_gpu_variant(name: str, repository_facts: dict[str, NixFacts]) -> None:
    cuda, sm, label, platform = gpu_fields(name)
    version, _, python_packages = STACKS[cuda]
    gpus = "/".join(GPUS[sm, platform][1])
    expected: dict[str, object] = {
        "description": f"ONNX Runtime 1.23.2 for NVIDIA {gpus} (SM{sm}) + {label} [CUDA {version}]",
        "python_packages": python_packages,
        "config_cuda_support": True,
        "cuda_packages": cuda,
        "cuda_support": True,
        # Only a stack whose Python is not the pin's default has to name it for the C++ layer.
        "layer_python_packages": python_packages if cuda == "12_4" else None,
        "cmake_cuda_architectures": sm,
        "earlier_cuda_architectures": (),
        "system_features": ["big-parallel"],
    }
    check(repository_facts[name], common(name) | expected)


@pytest.mark.parametrize("name", CPU_NAMES)
def test_nix_agrees_with_the_name_of_a_cpu_variant(name: str, repository_facts: dict[str, NixFacts]) -> None:
    label = ISAS[name.rpartition("-")[2]][0]
    expected: dict[str, object] = {
        "description": f"ONNX Runtime 1.23.2 CPU-only + {label}",
        "python_packages": "python3Packages",
        "config_cuda_support": None,
        "cuda_packages": None,
        "cuda_support": False,
        "layer_python_packages": None,
        "cmake_cuda_architectures": None,
        "system_features": None,
    }
    check(repository_facts[name], common(name) | expected)


@pytest.mark.parametrize("name", NAMES)
def test_the_header_and_the_named_binding_agree_with_the_name(name: str) -> None:
    text = (VARIANTS / f"{name}.nix").read_text(encoding="utf-8")
    assert text.splitlines()[: len(header(name)) + 1] == [*header(name), "{ pkgs ? import <nixpkgs> {} }:"]
    assert f'\n  variantName = "{name}";\n' in text


def test_variants_of_a_kind_differ_in_nothing_but_what_their_names_say() -> None:
    """Every file of a kind, with the facts of its name taken out, is the same text."""
    skeletons = {name: _skeleton(name) for name in NAMES}
    assert len({skeletons[name] for name in GPU_NAMES}) == 1
    assert len({skeletons[name] for name in CPU_NAMES}) == 1


def _skeleton(name: str) -> str:
    text = (VARIANTS / f"{name}.nix").read_text(encoding="utf-8")
    text = text.partition("{ pkgs ?")[2].replace(name, "NAME")
    _, flags, platform = ISAS[name.rpartition("-")[2]]
    text = text.replace("".join(f'    "{flag}"\n' for flag in flags.split()), "FLAGS\n").replace(platform, "PLATFORM")
    text = "".join(line for line in text.splitlines(keepends=True) if "description = " not in line)
    if name in GPU_NAMES:
        cuda, sm, _, _ = gpu_fields(name)
        text = text.replace("    python3Packages = nixpkgs_pinned.python312Packages;\n", "")
        text = text.replace(f'"{sm}"', "SM").replace(f"cudaPackages_{cuda}", "CUDA").replace(STACKS[cuda][2], "PYTHON")
    return text


def test_the_derivation_without_meta_sees_code_but_no_comment_and_no_description(tmp_path: Path) -> None:
    """What later tests of safe fixes rest on."""
    name = "onnxruntime-python312-cuda12_4-sm90-avx512"
    text = (VARIANTS / f"{name}.nix").read_text(encoding="utf-8")
    changes = {
        "comment": ("driver 550+", "driver 535+"),
        "description": ("[CUDA 12.4]", "[CUDA 12.9]"),
        "pname": ("pname = variantName", 'pname = "onnxruntime"'),
        "pin": (PIN, "nixos-unstable"),
        "flag": ('"-mfma"', '"-mno-fma"'),
        "overlay": ("cudaPackages_12_4", "cudaPackages_12_8"),
        "wrapper": ("(nixpkgs_pinned.python312Packages", "(nixpkgs_pinned.python313Packages"),
        "layer": ("    python3Packages = nixpkgs_pinned.python312Packages;\n", ""),
        "config": ("allowUnfree = true", "allowUnfree = false"),
    }
    paths = {what: tmp_path / f"{what}.nix" for what in changes}
    for what, (old, new) in changes.items():
        assert text.count(old) == 1, what
        paths[what].write_text(text.replace(old, new), encoding="utf-8")
    original, *changed = evaluate_variants([VARIANTS / f"{name}.nix", *paths.values()]).values()
    same = {what for what, facts in zip(changes, changed, strict=True) if facts.derivation == original.derivation}
    assert same == {"comment", "description"}
