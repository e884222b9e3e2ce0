"""The kinds of fault that the mutation test injects into every variant: what is changed, and who should notice."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One kind of fault: a text of the file and what stands there instead, both with fields in `<…>`.

    `family` and `rules` say who may notice; the finding is in the line where the text begins, or where `at` does.
    A kind of fault that is about CPU-only variants, or only about GPU ones, says so in `kind`.
    """

    name: str
    family: str
    rules: str
    good: str
    bad: str
    kind: str = "both"
    at: str | None = None


HEADER = [
    Fault("another ONNX Runtime", "header", "header-ort-version", "# ONNX Runtime <ort>", "# ONNX Runtime 1.22.0"),
    Fault("a version that is cut short", "header", "header-ort-version", "# ONNX Runtime <ort>", "# ONNX Runtime 1.23"),
    Fault("no version", "header", "header-ort-version", "# ONNX Runtime <ort> ", "# ONNX Runtime "),
    Fault("another product", "header", "header-format", "# ONNX Runtime", "# ONNX Runner"),
    Fault("no first line", "header", "header-missing", "<line1>\n", ""),
    Fault(
        "first line in other words",
        "header",
        "header-format header-missing",
        "<line1>",
        "# ONNX Runtime, built for <isa>",
    ),
    Fault("another instruction set", "header", "header-isa", "+ <isa>\n", "+ <other isa>\n"),
    Fault("a label in lower case", "header", "header-isa", "+ <isa>\n", "+ <lower isa>\n"),
    Fault("no instruction set", "header", "header-format", " + <isa>\n", "\n"),
    Fault(
        "another architecture",
        "header",
        "header-gpu",
        "NVIDIA <architecture> (",
        "NVIDIA <other architecture> (",
        "gpu",
    ),
    Fault("another SM", "header", "header-gpu", "(SM<sm>:", "(SM<other sm>:", "gpu"),
    Fault("another GPU", "header", "header-gpu", "<gpus>) +", "GTX 1080) +", "gpu"),
    Fault("one GPU more", "header", "header-gpu", "<gpus>) +", "<gpus>, GTX 1080) +", "gpu"),
    Fault("no second line", "header", "header-missing", "<line2>\n", "", "gpu", "{ pkgs ?"),
    Fault("a hyphen for the dash", "header", "header-format", " — Requires", " - Requires", "gpu"),
    Fault("another CUDA", "header", "header-cuda-version", "# CUDA <cuda>", "# CUDA 12.6", "gpu"),
    Fault("the older driver", "header", "header-driver", "driver <driver>+", "driver 535+", "gpu"),
    Fault("the driver without a plus", "header", "header-format", "driver <driver>+", "driver <driver>", "gpu"),
    Fault(
        "a CUDA line on a CPU",
        "header",
        "header-cpu-with-cuda",
        "{ pkgs ?",
        "# CUDA 12.9 — Requires NVIDIA driver 560+\n{ pkgs ?",
        "cpu",
    ),
]
META = [
    Fault("no description", "meta", "description-missing", "    description = <description>;\n", "", at="  meta ="),
    Fault("another product", "meta", "description-format", '"ONNX Runtime <ort>', '"ORT <ort>'),
    Fault("other words", "meta", "description-format", "<description>", '"ONNX Runtime, built for <isa>"'),
    Fault("another ONNX Runtime", "meta", "description-ort-version", '"ONNX Runtime <ort>', '"ONNX Runtime 1.22.0'),
    Fault("no version", "meta", "description-ort-version", '"ONNX Runtime <ort> ', '"ONNX Runtime '),
    Fault("another CUDA", "meta", "description-cuda-tag", "[CUDA <cuda>]", "[CUDA 12.6]", "gpu"),
    Fault("no CUDA", "meta", "description-cuda-tag", " [CUDA <cuda>]", "", "gpu"),
    Fault("CUDA in front", "meta", "description-cuda-tag", "<description>", "<tag first>", "gpu"),
    Fault("CUDA on a CPU", "meta", "description-cuda-tag", '+ <isa>";', '+ <isa> [CUDA 12.9]";', "cpu"),
    Fault("another GPU", "meta", "description-gpu", "NVIDIA <slashed> (", "NVIDIA GTX 1080 (", "gpu"),
    Fault("one GPU more", "meta", "description-gpu", "NVIDIA <slashed> (", "NVIDIA <slashed>/GTX 1080 (", "gpu"),
    Fault("another SM", "meta", "description-gpu", "(SM<sm>) +", "(SM<other sm>) +", "gpu"),
    Fault(
        "another instruction set", "meta", "description-isa", "(SM<sm>) + <isa> [", "(SM<sm>) + <other isa> [", "gpu"
    ),
    Fault("another instruction set", "meta", "description-isa", '+ <isa>";', '+ <other isa>";', "cpu"),
    Fault("another platform", "meta", "platforms", '"<platform>"', '"<other platform>"'),
    Fault("a platform more", "meta", "platforms", '"<platform>" ]', '"<platform>" "riscv64-linux" ]'),
    Fault("no platforms", "meta", "platforms", '    platforms = [ "<platform>" ];\n', "", at="  meta ="),
]
NAMES = [
    Fault("variantName of another", "naming", "variant-name", 'variantName = "<stem>"', 'variantName = "<other stem>"'),
    Fault("variantName with a slip", "naming", "variant-name", 'variantName = "<stem>"', 'variantName = "<stem>x"'),
    Fault("pname of nixpkgs", "naming", "pname", "pname = variantName", 'pname = "onnxruntime"'),
    Fault("pname with a suffix", "naming", "pname", "pname = variantName", 'pname = variantName + "-test"'),
    Fault("no pname", "naming", "pname", "  pname = variantName;\n", "", at="(nixpkgs_pinned.<packages>"),
]
TOOLCHAIN = [
    Fault(
        "wrapper of another Python",
        "toolchain",
        "python-packages",
        "(nixpkgs_pinned.<packages>",
        "(nixpkgs_pinned.python311Packages",
    ),
    Fault("another CUDA", "toolchain", "cuda-packages", "cudaPackages_<cuda tag>", "cudaPackages_12_6", "gpu"),
    Fault(
        "no overlay",
        "toolchain",
        "cuda-packages",
        "    overlays = [\n      (final: prev: { cudaPackages = final.cudaPackages_<cuda tag>; })\n    ];\n",
        "",
        "gpu",
        "nixpkgs_pinned = import",
    ),
    Fault(
        "cudaSupport turned round",
        "toolchain",
        "cuda-support",
        "cudaSupport = <support>;\n    pythonSupport",
        "cudaSupport = <not support>;\n    pythonSupport",
    ),
    Fault(
        "no cudaSupport",
        "toolchain",
        "cuda-support",
        "    cudaSupport = <support>;\n    pythonSupport",
        "    pythonSupport",
        at="onnxruntimeCpp =",
    ),
    Fault(
        "config without CUDA",
        "toolchain",
        "config-cuda-support",
        "allowUnfree = true;\n      cudaSupport = true;",
        "allowUnfree = true;\n      cudaSupport = false;",
        "gpu",
        "cudaSupport = false",
    ),
    Fault(
        "config lacks CUDA", "toolchain", "config-cuda-support", "      cudaSupport = true;\n", "", "gpu", "config ="
    ),
    Fault(
        "config with CUDA",
        "toolchain",
        "config-cuda-support",
        "allowUnfree = true;",
        "allowUnfree = true; cudaSupport = true;",
        "cpu",
    ),
    Fault("no Python bindings", "toolchain", "python-support", "pythonSupport = true", "pythonSupport = false"),
    Fault(
        "pythonSupport is gone", "toolchain", "python-support", "    pythonSupport = true;\n", "", at="onnxruntimeCpp ="
    ),
    Fault(
        "another version",
        "toolchain",
        "ort-version",
        "    preConfigure =",
        '    version = "1.22.0";\n    preConfigure =',
    ),
    Fault(
        "another source",
        "toolchain",
        "ort-src-tag",
        "    preConfigure =",
        '    src = nixpkgs_pinned.fetchFromGitHub { tag = "v1.22.0"; };\n    preConfigure =',
    ),
    Fault(
        "layer of nixpkgs",
        "toolchain",
        "cpp-layer",
        "onnxruntime = onnxruntimeCpp",
        "onnxruntime = nixpkgs_pinned.onnxruntime",
    ),
    Fault(
        "no layer",
        "toolchain",
        "cpp-layer",
        ".override {\n  onnxruntime = onnxruntimeCpp;\n})",
        ")",
        at="(nixpkgs_pinned.<packages>",
    ),
    Fault(
        "layer of another Python",
        "toolchain",
        "cpp-layer-python",
        "pythonSupport = true;",
        "pythonSupport = true; python3Packages = nixpkgs_pinned.python311Packages;",
        "cu129 cpu",
    ),
    Fault(
        "layer of the default Python",
        "toolchain",
        "cpp-layer-python",
        "    python3Packages = nixpkgs_pinned.python312Packages;\n",
        "",
        "cu124",
        "onnxruntimeCpp =",
    ),
    Fault("a small builder", "toolchain", "big-parallel", '[ "big-parallel" ]', "[ ]", "gpu"),
    Fault(
        "any builder",
        "toolchain",
        "big-parallel",
        '    requiredSystemFeatures = [ "big-parallel" ];\n',
        "",
        "gpu",
        "onnxruntimeCpp =",
    ),
]
TARGET = [
    Fault("another SM", "target", "cuda-architectures", 'gpuArchCMake = "<sm>"', 'gpuArchCMake = "<other sm>"', "gpu"),
    Fault(
        "two SMs", "target", "cuda-architectures", 'gpuArchCMake = "<sm>"', 'gpuArchCMake = "<sm>;<other sm>"', "gpu"
    ),
    Fault(
        "nixpkgs' own list too",
        "repository",
        "odd-one-out",
        'builtins.filter (flag: !lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" flag) (oldAttrs.cmakeFlags or [])',
        "(oldAttrs.cmakeFlags or [])",
        "gpu",
    ),
    Fault(
        "a filter with a slip",
        "repository",
        "odd-one-out",
        'hasPrefix "-DCMAKE_CUDA_ARCHITECTURES"',
        'hasPrefix "-DCMAKE_CUDA_ARCHITECTURE_"',
        "gpu",
    ),
    Fault(
        "no architecture",
        "target",
        "cuda-architectures",
        "-DCMAKE_CUDA_ARCHITECTURES=$",
        "-DCMAKE_CUDA_ARCH=$",
        "gpu",
        "    cmakeFlags =",
    ),
    Fault("another flag", "target", "isa-flags", '"<first flag>"', '"-mavx"'),
    Fault("one flag more", "target", "isa-flags", '    "<first flag>"\n', '    "-mavx"\n    "<first flag>"\n'),
    Fault("one flag less", "target", "isa-flags", '    "<last flag>"\n', "", "x86", '"<flag before>"'),
    Fault(
        "flags in another order",
        "target",
        "isa-flags",
        '"<first flag>"\n    "<second flag>"',
        '"<second flag>"\n    "<first flag>"',
        "x86",
    ),
    Fault("no C++ flags", "target", "isa-flags", "export CXXFLAGS", "export CPPFLAGS", at="    preConfigure ="),
    Fault("no C flags", "target", "isa-flags", "export CFLAGS", "export LDFLAGS", at="    preConfigure ="),
    Fault(
        "flags are not exported any more",
        "target",
        "isa-flags",
        "preConfigure =",
        "preInstall =",
        at="onnxruntimeCpp =",
    ),
]
NIXPKGS = [
    Fault("another commit", "nixpkgs", "pin-inconsistent pin-undeclared", "<pin>", "0" * 40),
    Fault("a branch", "nixpkgs", "pin-not-a-commit", "<pin>", "nixos-24.11"),
    Fault("a shortened commit", "nixpkgs", "pin-not-a-commit", "<pin>", "ed142ab1b3a0"),
    Fault(
        "no pin",
        "nixpkgs",
        "unpinned-nixpkgs",
        'import (builtins.fetchTarball {\n    url = "https://github.com/NixOS/nixpkgs/archive/<pin>.tar.gz";\n  })',
        "import <nixpkgs>",
    ),
    Fault("layer of whoever builds", "nixpkgs", "unpinned-nixpkgs", "(nixpkgs_pinned.onnxruntime", "(pkgs.onnxruntime"),
    Fault("wrapper of whoever builds", "nixpkgs", "unpinned-nixpkgs", "(nixpkgs_pinned.<packages>", "(pkgs.<packages>"),
    Fault("lib of whoever builds", "nixpkgs", "unpinned-nixpkgs", "inherit (nixpkgs_pinned) lib", "inherit (pkgs) lib"),
]
REPOSITORY = [
    Fault("free software only", "repository", "odd-one-out", "allowUnfree = true", "allowUnfree = false"),
    Fault(
        "an attribute more",
        "repository",
        "odd-one-out",
        "    preConfigure =",
        "    doCheck = false;\n    preConfigure =",
    ),
    Fault(
        "nixpkgs' own preparation is lost",
        "repository",
        "odd-one-out",
        "    '' + (oldAttrs.preConfigure or \"\");",
        "    '';",
        at="    ''",
    ),
    Fault("other attributes of meta are lost", "repository", "odd-one-out", "(oldAttrs.meta or {}) // {", "{"),
    Fault("nixpkgs' own flags are lost", "repository", "odd-one-out", "(oldAttrs.cmakeFlags or [])", "[]", "gpu"),
    Fault("another phase is kept", "repository", "odd-one-out", "oldAttrs.preConfigure or", "oldAttrs.postPatch or"),
]
SYNTAX = [
    Fault("a semicolon is lost", "syntax", "syntax-error", "pname = variantName;", "pname = variantName"),
    Fault("a bracket is lost", "syntax", "syntax-error", '"<platform>" ];', '"<platform>" ;'),
    Fault(
        "what only a build knows", "syntax", "unresolved-fact", "pname = variantName", 'pname = builtins.getEnv "NAME"'
    ),
    Fault("not UTF-8", "syntax", "unreadable-file", "<pin>", "\udcff"),
]
FAULTS = (*HEADER, *META, *NAMES, *TOOLCHAIN, *TARGET, *NIXPKGS, *REPOSITORY, *SYNTAX)
