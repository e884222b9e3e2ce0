"""Kinds of damage that fixing mends: what each takes away from or gets wrong in a variant, as a text replacement."""

from __future__ import annotations

import re
from typing import NamedTuple

from nixlint_ort.finding import Safety

SAFE, UNSAFE = Safety.SAFE, Safety.UNSAFE


class Damage(NamedTuple):
    """A pattern (multi-line, found once) and what stands in its place; and whether mending it is safe."""

    name: str
    pattern: str
    text: str
    safety: Safety = UNSAFE

    def done_to(self, data: bytes) -> bytes | None:
        """The bytes of a variant with this damage; None where there is nothing to damage."""
        before = data.decode()
        after = re.sub(self.pattern, self.text, before, count=1, flags=re.MULTILINE)
        return after.encode() if after != before else None


LINE = r"[^\n]*\n"
KINDS = [
    Damage("header: version", r"^# ONNX Runtime 1\.23\.2", "# ONNX Runtime 1.22.0", SAFE),
    Damage("header: no version", r"^# ONNX Runtime 1\.23\.2 ", "# ONNX Runtime ", SAFE),
    Damage("header: CUDA line", r"^# CUDA 12\.\d", "# CUDA 11.8", SAFE),
    Damage("header: driver", r"driver \d+\+", "driver 525+", SAFE),
    Damage("header: hyphen for a dash", "—", "-", SAFE),
    Damage("header: first line gone", r"\A#" + LINE, "", SAFE),
    Damage("header: second line gone", r"^# CUDA" + LINE, "", SAFE),
    Damage("header: all gone", r"\A(?:#" + LINE + r")+", "", SAFE),
    Damage("header: architecture", r"NVIDIA [A-Z][A-Za-z ]+ \(SM", "NVIDIA Volta (SM", SAFE),
    Damage("header: SM", r"\(SM\d+: ", "(SM70: ", SAFE),
    Damage("header: GPUs", r"(\(SM\d+: )[^)]*\)", r"\1V100)", SAFE),
    Damage("header: ISA", r"\A(.*) \+ .*$", r"\1 + SSE4", SAFE),
    Damage(
        "header: a CUDA line on CPU",
        r"(CPU-only \+ .*\n)(?=\{)",
        r"\1# CUDA 12.9 — Requires NVIDIA driver 560+\n",
        SAFE,
    ),
    Damage("description: version", r'"ONNX Runtime 1\.23\.2', '"ONNX Runtime 1.22.0', SAFE),
    Damage("description: no version", r'"ONNX Runtime 1\.23\.2 ', '"ONNX Runtime ', SAFE),
    Damage("description: GPUs", r"NVIDIA [^(]* (\(SM\d+\))", r"NVIDIA V100 \1", SAFE),
    Damage("description: SM", r"\(SM\d+\)", "(SM70)", SAFE),
    Damage("description: ISA", r'^(\s*description = .*) \+ [^"[]*?( \[.*)?";$', r'\1 + SSE4\2";', SAFE),
    Damage("description: CUDA tag", r"\[CUDA 12\.\d\]", "[CUDA 11.8]", SAFE),
    Damage("description: no CUDA tag", r" \[CUDA 12\.\d\]", "", SAFE),
    Damage("description: a CUDA tag on CPU", r'(CPU-only \+ [^"\n]*)";', r'\1 [CUDA 12.9]";', SAFE),
    Damage("description: other words", r'description = ".*";', 'description = "Fast inference";', SAFE),
    Damage("description: gone", r"^ *description = " + LINE, "", SAFE),
    Damage("platforms: the other one", r'platforms = \[ "\w+-', 'platforms = [ "riscv64-', SAFE),
    Damage("platforms: one more", r"platforms = \[ ", 'platforms = [ "i686-linux" ', SAFE),
    Damage("platforms: none", r"platforms = \[ .* \]", "platforms = [ ]", SAFE),
    Damage("platforms: gone", r"^ *platforms = " + LINE, "", SAFE),
    Damage("variantName", r'variantName = "onnxruntime', 'variantName = "onnxrt'),
    Damage("pname: a literal", "pname = variantName", 'pname = "onnxruntime"'),
    Damage("pname: gone", r"^ *pname = " + LINE, ""),
    Damage("SM", r'gpuArchCMake = "\d+"', 'gpuArchCMake = "70"'),
    Damage("SM: two architectures", r"ARCHITECTURES=\$", "ARCHITECTURES=70;$"),
    Damage("flags: first gone", r"(cpuFlags = \[\n)" + LINE + r'(?= *")', r"\1"),
    Damage("flags: last gone", r'("\n)    "[^"]*"\n(?=  \];\n)', r"\1"),
    Damage("flags: one too many", r"^(    \"[^\"]*\"\n)(?=  \];\n)", r'\1    "-mprefer-vector-width=256"\n'),
    Damage("flags: another", r'(cpuFlags = \[\n    ")[^"]*', r"\1-msse4.2"),
    Damage("flags: in another order", r'(cpuFlags = \[\n)(    "[^"]*"\n)(    "[^"]*"\n)', r"\1\3\2"),
    Damage("overlay", r"cudaPackages_12_\d", "cudaPackages_11_8"),
    Damage("wrapper's Python", r"\(nixpkgs_pinned\.python3\w*Packages", "(nixpkgs_pinned.python311Packages"),
    Damage(
        "layer's Python", r"python3Packages = nixpkgs_pinned\.\w+", "python3Packages = nixpkgs_pinned.python311Packages"
    ),
    Damage("layer's Python: gone", r"^ *python3Packages = " + LINE, ""),
    Damage("cudaSupport", r"^(    cudaSupport = )true", r"\1false"),
    Damage("cudaSupport on CPU", r"^(    cudaSupport = )false", r"\1true"),
    Damage("cudaSupport: gone", r"^    cudaSupport = " + LINE, ""),
    Damage("pythonSupport", "pythonSupport = true", "pythonSupport = false"),
    Damage("pythonSupport: gone", r"^ *pythonSupport = " + LINE, ""),
    Damage("config.cudaSupport", r"^(      cudaSupport = )true", r"\1false"),
    Damage("config.cudaSupport: gone", r"^      cudaSupport = " + LINE, ""),
    Damage(
        "layer's Python: not needed",
        r"(    pythonSupport = true;\n)(?=  \})",
        r"\1    python3Packages = nixpkgs_pinned.python312Packages;\n",
    ),
    Damage("config.cudaSupport on CPU", r"(allowUnfree = true;\n)(?=    \})", r"\1      cudaSupport = true;\n"),
    Damage("pin: another commit", "archive/[0-9a-f]{40}", "archive/" + "0" * 40),
    Damage("pin: a branch", "archive/[0-9a-f]{40}", "archive/nixos-unstable"),
    Damage("pin: short", "(archive/[0-9a-f]{7})[0-9a-f]{33}", r"\1"),
]
