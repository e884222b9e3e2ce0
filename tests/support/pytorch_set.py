"""Sixty variants of a made-up PyTorch repository: one derivation each, three pins by stack, facts in texts of all kinds.

They are put together from tables of their own, so that a test can tell what depends on what.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

PKGS = ".flox/pkgs"


class Stack(NamedTuple):
    """A CUDA line: its pin, driver and Python."""

    pin: str
    driver: str
    python: str


STACKS = {
    "12_8": Stack("1f0c7ab29d6e4b5386a1c0d7e9f2b4836a5c1d70", "570", "312"),
    "12_9": Stack("6a08e6bb4e46ff7fcbb53d409b253f6bad8a28ce", "575", "313"),
    "13_0": Stack("c39d41e07b85a2f6d1804e5c96b7a3f2d8e01574", "580", "313"),
}
GPUS = {
    "80": ("Ampere", "A100, A30", "8.0"),
    "86": ("Ampere consumer", "RTX 3090, A40", "8.6"),
    "90": ("Hopper", "H100, H200", "9.0"),
    "100": ("Blackwell datacenter", "B100, B200", "10.0"),
    "120": ("Blackwell", "RTX 5090", "12.0"),
}
FLAGS = {
    "avx2": ("AVX2", ("-mavx2", "-mfma", "-mf16c"), "Intel Haswell (2013)", "x86_64-linux"),
    "avx512": ("AVX-512", ("-mavx512f", "-mavx512dq", "-mavx512vl", "-mfma"), "Intel Skylake (2017)", "x86_64-linux"),
    "avx512vnni": (
        "AVX-512 VNNI",
        ("-mavx512f", "-mavx512dq", "-mavx512vl", "-mavx512vnni", "-mfma"),
        "Intel Cascade Lake (2019)",
        "x86_64-linux",
    ),
    "armv9": ("ARMv9", ("-march=armv9-a+sve2",), "NVIDIA Grace (2023)", "aarch64-linux"),
}
_PINNED = """\
{ pkgs ? import <nixpkgs> {} }:
let
  # Nixpkgs of %(when)s
  nixpkgs_pinned = import (builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/%(pin)s.tar.gz";
  }) {
    config = {
      allowUnfree = true;%(config)s
    };%(overlays)s
  };
  inherit (nixpkgs_pinned) lib;
"""
_GPU = """\
# PyTorch for NVIDIA %(architecture)s (SM%(sm)s: %(gpus)s) with %(label)s
# Package name: %(stem)s
%(pinned)s
  # Kernels for SM%(sm)s, compute capability %(capability)s
  gpuArch = "%(capability)s";

  # CPU: %(label)s
  cpuFlags = [
%(flags)s
  ];
in
(nixpkgs_pinned.python%(python)sPackages.torch.override {
  cudaSupport = true;
  gpuTargets = [ gpuArch ];
}).overrideAttrs (oldAttrs: {
  pname = "%(stem)s";
  passthru = (oldAttrs.passthru or { }) // {
    gpuArch = gpuArch;
    cpuISA = "%(isa)s";
    blas = "cublas";
  };
  ninjaFlags = [ "-j16" ];
  requiredSystemFeatures = [ "big-parallel" ];
  preConfigure = (oldAttrs.preConfigure or "") + ''
    # Sixteen jobs need 96 GB of memory
    export MAX_JOBS=16
    export CXXFLAGS="${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"
    export CFLAGS="${lib.concatStringsSep " " cpuFlags} $CFLAGS"
    echo "target: ${gpuArch} (%(architecture)s, %(gpus)s)"
    echo "CPU: %(label)s"
    echo "CUDA: %(version)s, driver %(driver)s or later"
    echo "flags: $CXXFLAGS"
  '';
  meta = (oldAttrs.meta or { }) // {
    description = "PyTorch for %(slashed)s (SM%(sm)s) with %(label)s [CUDA %(version)s]";
    longDescription = ''
      PyTorch for one GPU architecture and one CPU.

      GPU: %(gpus)s, compute capability %(capability)s
      CPU: %(label)s, %(cpu)s or later
      CUDA: %(version)s
      Driver: %(driver)s or later
      Python: %(dotted)s

      The wheel has kernels for SM%(sm)s alone; other GPUs of the %(architecture)s
      family need a package of their own.
    '';
    platforms = [ "%(platform)s" ];
  };
})
"""
_CPU = """\
# PyTorch for CPUs with %(label)s
# Package name: %(stem)s
%(pinned)s
  # CPU: %(label)s
  cpuFlags = [
%(flags)s
  ];
in
nixpkgs_pinned.python%(python)sPackages.torch.overrideAttrs (oldAttrs: {
  pname = "%(stem)s";
  passthru = (oldAttrs.passthru or { }) // {
    cpuISA = "%(isa)s";
    blas = "openblas";
  };
  ninjaFlags = [ "-j16" ];
  requiredSystemFeatures = [ "big-parallel" ];
  preConfigure = (oldAttrs.preConfigure or "") + ''
    export MAX_JOBS=16
    export USE_CUDA=0
    export CXXFLAGS="${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"
    export CFLAGS="${lib.concatStringsSep " " cpuFlags} $CFLAGS"
    echo "CPU: %(label)s"
    echo "flags: $CXXFLAGS"
  '';
  meta = (oldAttrs.meta or { }) // {
    description = "PyTorch for CPUs with %(label)s";
    longDescription = ''
      PyTorch without CUDA.

      CPU: %(label)s, %(cpu)s or later
      Python: %(dotted)s
    '';
    platforms = [ "%(platform)s" ];
  };
})
"""
_OVERLAYS = """
    overlays = [
      (final: prev: { cudaPackages = final.cudaPackages_%s; })
    ];"""


def files() -> dict[str, bytes]:
    """The variants by path: 48 for three stacks, four for SM120, which the newest has alone, and eight for CPUs."""
    return {f"{PKGS}/{stem}.nix": text.encode() for stem, text in _texts()}


def _texts() -> Iterator[tuple[str, str]]:
    for tag in STACKS:
        for sm in GPUS:
            if sm != "120" or tag == "13_0":
                yield from (_gpu(tag, sm, isa) for isa in FLAGS)
    for python in ("312", "313"):
        yield from (_cpu(python, isa) for isa in FLAGS)


def _gpu(tag: str, sm: str, isa: str) -> tuple[str, str]:
    stack = STACKS[tag]
    architecture, gpus, capability = GPUS[sm]
    stem = f"pytorch-python{stack.python}-cuda{tag}-sm{sm}-{isa}"
    values = {
        "stem": stem,
        "sm": sm,
        "architecture": architecture,
        "gpus": gpus,
        "slashed": gpus.replace(", ", "/"),
        "capability": capability,
        "version": tag.replace("_", "."),
        "driver": stack.driver,
        "pinned": _pinned(stack.pin, f"CUDA {tag.replace('_', '.')}", "\n      cudaSupport = true;", _OVERLAYS % tag),
    }
    return stem, _GPU % (values | _of_isa(isa, stack.python))


def _cpu(python: str, isa: str) -> tuple[str, str]:
    stem = f"pytorch-python{python}-cpu-{isa}"
    pinned = _pinned(STACKS["13_0"].pin, "CUDA 13.0", "", "")
    return stem, _CPU % ({"stem": stem, "pinned": pinned} | _of_isa(isa, python))


def _pinned(pin: str, when: str, config: str, overlays: str) -> str:
    return _PINNED % {"pin": pin, "when": when, "config": config, "overlays": overlays}


def _of_isa(isa: str, python: str) -> dict[str, str]:
    label, flags, cpu, platform = FLAGS[isa]
    return {
        "isa": isa,
        "label": label,
        "flags": "\n".join(f'    "{flag}"' for flag in flags),
        "cpu": cpu,
        "platform": platform,
        "python": python,
        "dotted": f"{python[0]}.{python[1:]}",
    }
