"""The one catalogue of what can be wrong with a variant: what is changed, which rule finds it, and what a fix makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import islice
from re import escape as plain
from typing import NamedTuple

from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Safety
from tests.support.linting import GPU, REPRESENTATIVES, convention, original, repository

SAFE, UNSAFE = Safety.SAFE, Safety.UNSAFE
_FIELD = re.compile(r"<[a-z0-9 ]+>")


class Damage(NamedTuple):
    """A kind of damage: a pattern (multi-line) and what stands in the place of its first match.

    In both, `<…>` is what the variant's name implies, as in `fields`; a variant without such a field cannot have the
    damage, nor can one in which the pattern matches nothing.
    """

    name: str
    rule: str
    """That finds it, and no other does."""
    pattern: str
    text: str
    safety: Safety | None
    """Of the fix; None where there is none."""
    mended: bool = True
    """Whether the fix, if there is one, gives the original bytes back."""
    at: str | None = None
    """Where the finding is, if not where the text was changed: the line in which this begins."""

    def place_in(self, text: str, path: str) -> tuple[int, str, str] | None:
        """Where a variant is damaged (in code points), what stands there, and what the damage makes of it."""
        pattern, new = filled(self.pattern, path, plain), filled(self.text, path)
        match = re.search(pattern, text, re.MULTILINE) if pattern is not None else None
        if match is None or new is None or match.expand(new) == match[0]:
            return None
        return match.start(), match[0], match.expand(new)

    def done_to(self, data: bytes, path: str) -> bytes | None:
        """The bytes of the variant of a path with this damage; None where there is nothing to damage."""
        text = data.decode()
        place = self.place_in(text, path)
        if place is None:
            return None
        start, old, new = place
        return (text[:start] + new + text[start + len(old) :]).encode("utf-8", "surrogateescape")


def filled(template: str, path: str, written: Callable[[str], str] = str) -> str | None:
    """A text with a variant's own values in its fields; None where it has no such field."""
    own = fields(path)
    if {f"<{name}>" for name in fields(GPU).keys() - own.keys()} & set(_FIELD.findall(template)):
        return None
    return _FIELD.sub(lambda match: written(own[match[0][1:-1]]) if match[0][1:-1] in own else match[0], template)


def damaged(kind: Damage, most: int | None = None) -> dict[str, bytes | None]:
    """What the damage makes of each variant that can have it, by path; of so many, those least alike."""
    every = dict.fromkeys([*REPRESENTATIVES, *(one.path for one in repository().variants)])
    done = ((path, kind.done_to(original(path), path)) for path in every)
    return dict(islice(((path, data) for path, data in done if data is not None), most))


@cache
def fields(path: str) -> Mapping[str, str]:
    """What the name of this repository's variant at a path implies, and other values, which would be wrong there."""
    variant = next(one for one in repository().variants if one.path == path)
    assert variant.identity is not None
    own = variant.identity.expected(convention(), "main")
    lines = variant.source.data.decode().split("\n")
    arm = own["isa.platform"] == "aarch64-linux"
    text = {
        "line1": lines[0],
        "ort": own["ort.version"],
        "isa": own["isa.label"],
        "other isa": "AVX2" if own["isa.label"] != "AVX2" else "AVX-512",
        "lower isa": str(own["isa.label"]).lower(),
        "other platform": "x86_64-linux" if arm else "aarch64-linux",
        "stem": own[STEM],
        "other stem": next(one.stem for one in repository().variants if one.path != path),
        "packages": "python312Packages" if own["python.tag"] == "312" else "python3Packages",
        "pin": own["pin.rev"],
    }
    if "gpu.sm" in own:
        names = own["gpu.names"]
        text |= {
            "architecture": own["gpu.architecture"],
            "other architecture": "Ada" if own["gpu.architecture"] != "Ada" else "Hopper",
            "sm": own["gpu.sm"],
            "other sm": "80" if own["gpu.sm"] != "80" else "90",
            "gpus": ", ".join(names),
            "slashed": "/".join(names),
        }
    return {name: str(value) for name, value in text.items()}


# fmt: off
LINE = r"[^\n]*\n"
NO_PIN = plain('import (builtins.fetchTarball {\n    url = "https://github.com/NixOS/nixpkgs/archive/<pin>.tar.gz";\n  })')
OWN_FLAGS = 'builtins.filter (flag: !lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" flag) (oldAttrs.cmakeFlags or [])'
HEADER = [
    Damage("header: another version", "header-ort-version", r"^# ONNX Runtime 1\.23\.2", "# ONNX Runtime 1.22.0", SAFE),
    Damage("header: a version that is cut short", "header-ort-version", plain("# ONNX Runtime <ort>"), "# ONNX Runtime 1.23", SAFE),
    Damage("header: no version", "header-ort-version", r"^# ONNX Runtime 1\.23\.2 ", "# ONNX Runtime ", SAFE),
    Damage("header: another product", "header-format", "^# ONNX Runtime", "# ONNX Runner", SAFE),
    Damage("header: first line in other words", "header-format", plain("<line1>"), "# ONNX Runtime, built for <isa>", SAFE),
    Damage("header: first line gone", "header-missing", r"\A#" + LINE, "", SAFE),
    Damage("header: second line gone", "header-missing", r"^# CUDA" + LINE, "", SAFE, at="{ pkgs ?"),
    Damage("header: all gone", "header-missing", r"\A(?:#" + LINE + r")+", "", SAFE),
    Damage("header: another CUDA", "header-cuda-version", r"^# CUDA 12\.\d", "# CUDA 11.8", SAFE),
    Damage("header: another driver", "header-driver", r"driver \d+\+", "driver 525+", SAFE),
    Damage("header: a driver without a plus", "header-format", r"(driver \d+)\+", r"\1", SAFE),
    Damage("header: a hyphen for a dash", "header-format", "—", "-", SAFE),
    Damage("header: an unknown architecture", "header-gpu", r"NVIDIA [A-Z][A-Za-z ]+ \(SM", "NVIDIA Volta (SM", SAFE),
    Damage("header: another architecture", "header-gpu", plain("NVIDIA <architecture> ("), "NVIDIA <other architecture> (", SAFE),
    Damage("header: an unknown SM", "header-gpu", r"\(SM\d+: ", "(SM70: ", SAFE),
    Damage("header: another SM", "header-gpu", plain("(SM<sm>:"), "(SM<other sm>:", SAFE),
    Damage("header: another GPU", "header-gpu", r"(\(SM\d+: )[^)]*\)", r"\1V100)", SAFE),
    Damage("header: one GPU more", "header-gpu", plain("<gpus>) +"), "<gpus>, GTX 1080) +", SAFE),
    Damage("header: an unknown instruction set", "header-isa", r"\A(.*) \+ .*$", r"\1 + SSE4", SAFE),
    Damage("header: another instruction set", "header-isa", plain("+ <isa>\n"), "+ <other isa>\n", SAFE),
    Damage("header: an instruction set in lower case", "header-isa", plain("+ <isa>\n"), "+ <lower isa>\n", SAFE),
    Damage("header: no instruction set", "header-format", plain(" + <isa>\n"), "\n", SAFE),
    Damage("header: a CUDA line on a CPU", "header-cpu-with-cuda", r"(CPU-only \+ .*\n)(?=\{)", r"\1# CUDA 12.9 — Requires NVIDIA driver 560+\n", SAFE),
]
META = [
    Damage("description: another version", "description-ort-version", r'"ONNX Runtime 1\.23\.2', '"ONNX Runtime 1.22.0', SAFE),
    Damage("description: no version", "description-ort-version", r'"ONNX Runtime 1\.23\.2 ', '"ONNX Runtime ', SAFE),
    Damage("description: another product", "description-format", '"ONNX Runtime ', '"ORT ', SAFE),
    Damage("description: other words", "description-format", r'description = ".*";', 'description = "Fast inference";', SAFE),
    Damage("description: other words, the same product", "description-format", r'description = ".*";', 'description = "ONNX Runtime, built for <isa>";', SAFE),
    Damage("description: gone", "description-missing", r"^ *description = " + LINE, "", SAFE, at="  meta ="),
    Damage("description: an unknown GPU", "description-gpu", r"NVIDIA [^(]* (\(SM\d+\))", r"NVIDIA V100 \1", SAFE),
    Damage("description: one GPU more", "description-gpu", plain("NVIDIA <slashed> ("), "NVIDIA <slashed>/GTX 1080 (", SAFE),
    Damage("description: an unknown SM", "description-gpu", r"\(SM\d+\)", "(SM70)", SAFE),
    Damage("description: another SM", "description-gpu", plain("(SM<sm>) +"), "(SM<other sm>) +", SAFE),
    Damage("description: an unknown instruction set", "description-isa", r'^(\s*description = .*) \+ [^"[]*?( \[.*)?";$', r'\1 + SSE4\2";', SAFE),
    Damage("description: another instruction set", "description-isa", r'^(\s*description = .*) \+ [^"[]*?( \[.*)?";$', r'\1 + <other isa>\2";', SAFE),
    Damage("description: another CUDA", "description-cuda-tag", r"\[CUDA 12\.\d\]", "[CUDA 11.8]", SAFE),
    Damage("description: no CUDA", "description-cuda-tag", r" \[CUDA 12\.\d\]", "", SAFE),
    Damage("description: CUDA in front", "description-cuda-tag", r'"(ONNX .*) (\[CUDA 12\.\d\])";', r'"\2 \1";', SAFE),
    Damage("description: CUDA on a CPU", "description-cuda-tag", r'(CPU-only \+ [^"\n]*)";', r'\1 [CUDA 12.9]";', SAFE),
    Damage("platforms: an unknown one", "platforms", r'platforms = \[ "\w+-', 'platforms = [ "riscv64-', SAFE),
    Damage("platforms: the other one", "platforms", r'platforms = \[ "[^"]*"', 'platforms = [ "<other platform>"', SAFE),
    Damage("platforms: one more in front", "platforms", r"platforms = \[ ", 'platforms = [ "i686-linux" ', SAFE),
    Damage("platforms: one more at the end", "platforms", r'(platforms = \[ .*)\]', r'\1"riscv64-linux" ]', SAFE),
    Damage("platforms: none", "platforms", r"platforms = \[ .* \]", "platforms = [ ]", SAFE),
    Damage("platforms: gone", "platforms", r"^ *platforms = " + LINE, "", SAFE, at="  meta ="),
]
NAMES = [
    Damage("variantName: another's", "variant-name", plain('variantName = "<stem>"'), 'variantName = "<other stem>"', UNSAFE),
    Damage("variantName: a slip", "variant-name", r'variantName = "onnxruntime', 'variantName = "onnxrt', UNSAFE),
    Damage("variantName: a slip at the end", "variant-name", plain('variantName = "<stem>"'), 'variantName = "<stem>x"', UNSAFE),
    Damage("pname: a literal", "pname", "pname = variantName", 'pname = "onnxruntime"', UNSAFE),
    Damage("pname: a suffix", "pname", "pname = variantName", 'pname = variantName + "-test"', UNSAFE),
    Damage("pname: gone", "pname", r"^ *pname = " + LINE, "", UNSAFE, at="(nixpkgs_pinned.python3"),
]
TOOLCHAIN = [
    Damage("wrapper's Python: another", "python-packages", r"\(nixpkgs_pinned\.python3\w*Packages", "(nixpkgs_pinned.python311Packages", UNSAFE),
    Damage("layer's Python: another", "cpp-layer-python", r"python3Packages = nixpkgs_pinned\.\w+", "python3Packages = nixpkgs_pinned.python311Packages", UNSAFE),
    Damage("layer's Python: gone", "cpp-layer-python", r"^ *python3Packages = " + LINE, "", UNSAFE, at="onnxruntimeCpp ="),
    Damage("layer's Python: not needed", "cpp-layer-python", r"(    pythonSupport = true;\n)(?=  \})", r"\1    python3Packages = nixpkgs_pinned.python312Packages;\n", UNSAFE),
    Damage("layer's Python: not needed, in the same line", "cpp-layer-python", r"(    pythonSupport = true;)(?=\n  \})", r"\1 python3Packages = nixpkgs_pinned.python311Packages;", UNSAFE),
    Damage("overlay: another CUDA", "cuda-packages", r"cudaPackages_12_\d", "cudaPackages_11_8", UNSAFE),
    Damage("overlay: gone", "cuda-packages", r"^    overlays = \[\n.*\n    \];\n", "", None, at="nixpkgs_pinned = import"),
    Damage("cudaSupport: false", "cuda-support", r"^(    cudaSupport = )true", r"\1false", UNSAFE),
    Damage("cudaSupport: true on a CPU", "cuda-support", r"^(    cudaSupport = )false", r"\1true", UNSAFE),
    Damage("cudaSupport: gone", "cuda-support", r"^    cudaSupport = " + LINE, "", UNSAFE, at="onnxruntimeCpp ="),
    Damage("pythonSupport: false", "python-support", "pythonSupport = true", "pythonSupport = false", UNSAFE),
    Damage("pythonSupport: gone", "python-support", r"^ *pythonSupport = " + LINE, "", UNSAFE, at="onnxruntimeCpp ="),
    Damage("config.cudaSupport: false", "config-cuda-support", r"^(      cudaSupport = )true", r"\1false", UNSAFE),
    Damage("config.cudaSupport: gone", "config-cuda-support", r"^      cudaSupport = " + LINE, "", UNSAFE, at="config ="),
    Damage("config.cudaSupport: on a CPU", "config-cuda-support", r"(allowUnfree = true;\n)(?=    \})", r"\1      cudaSupport = true;\n", UNSAFE),
    Damage("config.cudaSupport: on a CPU, in the same line", "config-cuda-support", r"(allowUnfree = true;)(?=\n    \})", r"\1 cudaSupport = true;", UNSAFE),
    Damage("version: another", "ort-version", "^    preConfigure =", '    version = "1.22.0";\n    preConfigure =', UNSAFE, mended=False),
    Damage("src: another", "ort-src-tag", "^    preConfigure =", '    src = nixpkgs_pinned.fetchFromGitHub { tag = "v1.22.0"; };\n    preConfigure =', UNSAFE, mended=False),
    Damage("layer: nixpkgs' own", "cpp-layer", "onnxruntime = onnxruntimeCpp", "onnxruntime = nixpkgs_pinned.onnxruntime", None),
    Damage("layer: gone", "cpp-layer", plain(".override {\n  onnxruntime = onnxruntimeCpp;\n})"), ")", None, at="(nixpkgs_pinned.python3"),
    Damage("features: none", "big-parallel", plain('[ "big-parallel" ]'), "[ ]", None),
    Damage("features: gone", "big-parallel", r"^    requiredSystemFeatures = " + LINE, "", None, at="onnxruntimeCpp ="),
]
TARGET = [
    Damage("SM: an unknown one", "cuda-architectures", r'gpuArchCMake = "\d+"', 'gpuArchCMake = "70"', UNSAFE),
    Damage("SM: another", "cuda-architectures", plain('gpuArchCMake = "<sm>"'), 'gpuArchCMake = "<other sm>"', UNSAFE),
    Damage("SM: two in the binding", "cuda-architectures", plain('gpuArchCMake = "<sm>"'), 'gpuArchCMake = "<sm>;<other sm>"', UNSAFE),
    Damage("SM: two in the flag", "cuda-architectures", r"ARCHITECTURES=\$", "ARCHITECTURES=70;$", UNSAFE),
    Damage("SM: a flag with a slip", "cuda-architectures", r"-DCMAKE_CUDA_ARCHITECTURES=\$", "-DCMAKE_CUDA_ARCH=$", None, at="    cmakeFlags ="),
    Damage("flags: first gone", "isa-flags", r"(cpuFlags = \[\n)" + LINE + r'(?= *")', r"\1", UNSAFE),
    Damage("flags: last gone", "isa-flags", r'("\n)    "[^"]*"\n(?=  \];\n)', r"\1", UNSAFE),
    Damage("flags: one too many", "isa-flags", r"^(    \"[^\"]*\"\n)(?=  \];\n)", r'\1    "-mprefer-vector-width=256"\n', UNSAFE),
    Damage("flags: one too many in front", "isa-flags", r"(cpuFlags = \[\n)", r'\1    "-mavx"\n', UNSAFE),
    Damage("flags: another", "isa-flags", r'(cpuFlags = \[\n    ")[^"]*', r"\1-msse4.2", UNSAFE),
    Damage("flags: in another order", "isa-flags", r'(cpuFlags = \[\n)(    "[^"]*"\n)(    "[^"]*"\n)', r"\1\3\2", UNSAFE),
    Damage("flags: none for C++", "isa-flags", "export CXXFLAGS", "export CPPFLAGS", None, at="    preConfigure ="),
    Damage("flags: none for C", "isa-flags", "export CFLAGS", "export LDFLAGS", None, at="    preConfigure ="),
    Damage("flags: in another phase", "isa-flags", "preConfigure =", "preInstall =", None, at="onnxruntimeCpp ="),
]
NIXPKGS = [
    Damage("pin: another commit", "pin-inconsistent", "archive/[0-9a-f]{40}", "archive/" + "0" * 40, UNSAFE),
    Damage("pin: a branch", "pin-not-a-commit", "archive/[0-9a-f]{40}", "archive/nixos-unstable", UNSAFE),
    Damage("pin: short", "pin-not-a-commit", "(archive/[0-9a-f]{7})[0-9a-f]{33}", r"\1", UNSAFE),
    Damage("pin: none", "unpinned-nixpkgs", NO_PIN, "import <nixpkgs>", None),
    Damage("pin: not the layer's", "unpinned-nixpkgs", plain("(nixpkgs_pinned.onnxruntime"), "(pkgs.onnxruntime", None),
    Damage("pin: not the wrapper's", "unpinned-nixpkgs", plain("(nixpkgs_pinned.<packages>"), "(pkgs.<packages>", None),
    Damage("pin: not lib's", "unpinned-nixpkgs", plain("inherit (nixpkgs_pinned) lib"), "inherit (pkgs) lib", None),
]
REPOSITORY = [
    Damage("unlike its peers: free software only", "odd-one-out", "allowUnfree = true", "allowUnfree = false", None),
    Damage("unlike its peers: an attribute more", "odd-one-out", "^    preConfigure =", "    doCheck = false;\n    preConfigure =", None),
    Damage("unlike its peers: nixpkgs' preparation lost", "odd-one-out", plain("    '' + (oldAttrs.preConfigure or \"\");"), "    '';", None, at="    ''"),
    Damage("unlike its peers: another phase kept", "odd-one-out", plain("oldAttrs.preConfigure or"), "oldAttrs.postPatch or", None),
    Damage("unlike its peers: nixpkgs' meta lost", "odd-one-out", plain("(oldAttrs.meta or {}) // {"), "{", None),
    Damage("unlike its peers: nixpkgs' flags lost", "odd-one-out", plain("(oldAttrs.cmakeFlags or [])"), "[]", None),
    Damage("unlike its peers: nixpkgs' architectures too", "odd-one-out", plain(OWN_FLAGS), "(oldAttrs.cmakeFlags or [])", None),
    Damage("unlike its peers: a filter with a slip", "odd-one-out", plain('hasPrefix "-DCMAKE_CUDA_ARCHITECTURES"'), 'hasPrefix "-DCMAKE_CUDA_ARCHITECTURE_"', None),
]
SYNTAX = [
    Damage("syntax: a semicolon lost", "syntax-error", "pname = variantName;", "pname = variantName", None),
    Damage("syntax: a bracket lost", "syntax-error", r'(platforms = .*) \];', r"\1 ;", None),
    Damage("syntax: what only a build knows", "unresolved-fact", "pname = variantName", 'pname = builtins.getEnv "NAME"', UNSAFE),
    Damage("syntax: not UTF-8", "unreadable-file", "<pin>", "\udcff", None),
]
# fmt: on
KINDS = (*HEADER, *META, *NAMES, *TOOLCHAIN, *TARGET, *NIXPKGS, *REPOSITORY, *SYNTAX)
MENDED = [kind for kind in KINDS if kind.safety is not None and kind.mended]
"""The kinds of damage of which a fix gives the original bytes back."""
