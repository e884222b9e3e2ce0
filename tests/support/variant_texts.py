"""Texts inside variants, in words of many maintainers: right ones, and wrong ones with what is wrong marked.

Each is the variant, the place that it is written in, and the text. `⟦wrong|right⟧` marks a wrong mention with what should
stand there, which is empty where nobody can tell.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nixlint_ort.check.context import Context
from nixlint_ort.check.predicates.texts import texts
from nixlint_ort.check.verdict_cache import VerdictCache
from nixlint_ort.check.wording import word
from nixlint_ort.fix.apply import apply_edits
from nixlint_ort.fix.make import fix_of
from nixlint_ort.source import Source
from nixlint_ort.variant.variant import Variant
from tests.support.linting import ROOT, convention, replace_once, repository

GPU = "onnxruntime-python313-cuda12_9-sm90-avx512"
AMPERE = "onnxruntime-python312-cuda12_4-sm80-avx2"
BLACKWELL = "onnxruntime-python313-cuda12_9-sm120-avx512vnni"
DATACENTER = "onnxruntime-python313-cuda12_9-sm100-avx512"
CONSUMER = "onnxruntime-python312-cuda12_4-sm86-avx512bf16"
GRACE = "onnxruntime-python313-cuda12_9-sm90-armv9"
CPU = "onnxruntime-python313-cpu-avx2"
GRAVITON = "onnxruntime-python313-cpu-armv8_2"

RIGHT: list[tuple[str, str, str]] = [
    # What the variant is.
    (GPU, "comment", "GPU target: SM90 (Hopper architecture - H100, L40S)"),
    (GPU, "comment", "Hopper. H100 and L40S."),
    (GPU, "end", "sm_90"),
    (GPU, "end", "just the integer, not 9.0"),
    (GPU, "echo", "GPU Target: ${gpuArchCMake} (Hopper: H100, L40S)"),
    (GPU, "echo", "CUDA: 12.9 (cudaSupport=true, gpuTargets=[${gpuArchCMake}])"),
    (GPU, "long", "- CUDA: 12.9 with compute capability 9.0\n- Python: 3.13\n- Driver: NVIDIA 560+ required"),
    (GPU, "long", "Hardware requirements:\n- GPU: H100, L40S, or other SM90 GPUs\n- CPU: Skylake-X or newer"),
    (GPU, "comment", "GH200 counts as sm_90 as well"),
    (GPU, "comment", "overlay: cudaPackages becomes cudaPackages_12_9"),
    (GPU, "comment", "ONNX Runtime 1.23.2 comes from the pin"),
    (GPU, "comment", "the driver has to be 560 or newer"),
    (GPU, "comment", "NVIDIA R560 production branch"),
    (GPU, "comment", "the pin has onnxruntime 1.23.2 natively"),
    (AMPERE, "echo", "Building for SM80 with CUDA 12.4"),
    (AMPERE, "comment", "driver 550 (R550 production branch) or later"),
    (AMPERE, "comment", "requires driver >= 550.54.14"),
    (AMPERE, "comment", "Ampere datacenter architecture (A100 40GB/80GB, A30)"),
    (BLACKWELL, "comment", "Blackwell consumer: RTX 5090 (sm_120)"),
    (BLACKWELL, "long", "- CPU: x86-64 with AVX-512 + VNNI instruction set"),
    (DATACENTER, "comment", "Blackwell datacenter: B100, B200 (compute capability 10.0)"),
    (CONSUMER, "comment", "RTX 3090 and A40 are 8.6"),
    (CONSUMER, "comment", "AVX-512 BF16 (Cooper Lake, Zen 4)"),
    (GRACE, "comment", "Grace Hopper (GH200): ARMv9 with SVE2"),
    (GRACE, "comment", "H100 in an ARM host, or Grace Hopper"),
    (CPU, "echo", "GPU Target: None (CPU-only build)"),
    (CPU, "comment", "AVX2 runs on everything since Haswell"),
    (GRAVITON, "comment", "Graviton2 (Neoverse N1): dot product and fp16"),
    # What is said of other variants on purpose.
    (GPU, "comment", "Hopper only; unlike sm80 this one uses the TMA path"),
    (GPU, "comment", "for Blackwell use ort-1.23 or newer"),
    (GPU, "comment", "CUDA 12.4 variants live next door and use Python 3.12"),
    (GPU, "comment", "same flags as sm89 and sm86"),
    (GPU, "comment", "not for A100: that has no FP8"),
    (GPU, "comment", "An RTX 5090 needs the sm120 variants"),
    (GPU, "comment", "ort-1.22 has no Blackwell variants"),
    (GPU, "comment", "We do not use python312Packages here"),
    (GPU, "comment", "copied from onnxruntime-python313-cuda12_9-sm80-avx512.nix"),
    (GPU, "comment", "see also onnxruntime-python312-cuda12_4-sm90-avx512.nix"),
    (
        GPU,
        "long",
        "Choose this if you have an H100 and an AVX-512 server. For A100 or A30 use the sm80 variants instead.",
    ),
    (
        GPU,
        "long",
        "Choose this for an H100. For newer ARM servers\n(Graviton3+, Grace), use the armv9 variant instead.",
    ),
    (GPU, "long", "Does not run on Ampere or Turing."),
    (GPU, "comment", "Python 3.13 is the pin's default, 3.12 comes from python312Packages"),
    (AMPERE, "comment", "Ampere datacenter (A100/A30); the consumer cards are sm86"),
    (AMPERE, "comment", "CUDA 12.4 with Python 3.12; it is 3.13 for 12.9"),
    (AMPERE, "comment", "AVX2 baseline; use the avx512 variants on Skylake-X and later"),
    (BLACKWELL, "comment", "sm_120 is not sm_100: no tcgen05"),
    (BLACKWELL, "comment", "B100 and B200 are datacenter parts and have SM100 variants of their own"),
    (BLACKWELL, "long", "AVX-512 VNNI for INT8 inference. NOT for training (use avx512bf16)."),
    (CPU, "comment", "no CUDA here; for GPUs take one of the cuda12_9 variants"),
    (CPU, "comment", "cudaSupport is false, so neither CUDA 12.4 nor 12.9 is pulled in"),
    (CPU, "comment", "there is an AVX-512 build too"),
    (GRACE, "comment", "Graviton3 and newer; Graviton2 has only ARMv8.2"),
    (GRAVITON, "comment", "for Graviton3+ or Grace the armv9 variant is faster"),
    # Ranges, lists and what is true in general.
    (GPU, "comment", "works on 90 and newer"),
    (GPU, "comment", "needs CUDA 12 or later"),
    (GPU, "comment", "CUDA 11.x is out of support"),
    (GPU, "comment", "CUDA 12.x only"),
    (GPU, "comment", "CUDA >= 12.8 would be enough for sm_90a"),
    (GPU, "comment", "75, 80, 86, 89 and 90 are built in CI; this is 90"),
    (GPU, "comment", "gpu architectures: 75;80;86;89;90;100;120"),
    (GPU, "comment", "H100 (SM90), A100 (SM80) and RTX 4090 (SM89) are what we test on"),
    (GPU, "comment", "Targets:\n  75 Turing\n  80 Ampere DC\n  86 Ampere\n  90 Hopper"),
    (GPU, "comment", "older than 560: the driver refuses to load"),
    (GPU, "comment", "driver 575 works too"),
    (GPU, "comment", "tested on two H100 with driver 565.57.01"),
    (GPU, "comment", "minimum toolkit for Hopper is 11.8"),
    (GPU, "comment", "AVX-512 implies AVX2 and FMA"),
    (GPU, "comment", "MLAS picks its AVX2 kernels at run time where AVX-512 is missing"),
    (GPU, "comment", "oneDNN compiles AVX2/AVX512 dispatch variants internally"),
    (GPU, "comment", "FBGEMM hard-requires AVX2 with no fallback, so disable it"),
    (GPU, "comment", "falls back to AVX2 at run time"),
    (DATACENTER, "comment", "only CUDA 12.8 and newer know sm_100"),
    (DATACENTER, "comment", "12.4 cannot compile for this one"),
    (BLACKWELL, "comment", "the first toolkit for this target is 12.8"),
    # History and plans.
    (GPU, "comment", "CUDA 12.8 added sm_100, so older toolkits cannot build those"),
    (GPU, "comment", "was built against CUDA 12.4 until 2025-10"),
    (GPU, "comment", "TODO: move to CUDA 13.0 when nixpkgs has it"),
    (GPU, "comment", "If you bump this to CUDA 13, bump the driver to 580 as well"),
    (GPU, "comment", "ONNX Runtime 1.22.2 needed a patch here, 1.23 does not"),
    (GPU, "comment", "backported from ONNX Runtime 1.24"),
    (GPU, "comment", "2025-12-04: bumped from CUDA 12.8"),
    (GPU, "comment", "from CUDA 12.4 to 12.9 nothing changed for sm90"),
    (GPU, "comment", "cudaPackages_12_4 throws at this pin, hence 12_9"),
    (GPU, "comment", "ptxas of CUDA 12.4 answers: Value 'sm_100' is not defined"),
    (BLACKWELL, "long", "IMPORTANT: SM100 support was added in PyTorch 2.7"),
    # Versions of other things, addresses, hashes, names of files.
    (GPU, "comment", "see https://docs.nvidia.com/cuda/archive/12.4.0/ for the list"),
    (GPU, "comment", "needs cmake 3.28 and gcc 12"),
    (GPU, "comment", "cuDNN 9.11+ is what the package set brings"),
    (GPU, "comment", "0003-cuda-12.4-compat.patch is not needed any more"),
    (GPU, "comment", "big-parallel: nvcc needs 8 GB a job, 16 jobs on 128 cores"),
    (GPU, "comment", "issue #12490, PR 89012"),
    (GPU, "comment", "sha256-RKiZLHBCneMtZKRgTEuW1K7+Jpi+tx11BMXuS1jC1xQ="),
    (GPU, "comment", "cpuinfo 2024-12, CUTLASS 3.9.2, nsync 1.26, ONNX 1.19"),
    (GPU, "comment", "protobuf 3.21 and abseil 20240722"),
    # Code that is switched off.
    (GPU, "comment", "cudaPackages = final.cudaPackages_12_4;"),
    (GPU, "comment", '"-mavx512bf16"'),
    (GPU, "phase", "export CFLAGS=-mavx2"),
    (GPU, "comment", "-mavx512vnni is left out on purpose: that is another variant"),
]

WRONG: list[tuple[str, str, str]] = [
    # The SM, the architecture and the GPUs.
    (GPU, "comment", "GPU target: SM⟦80|90⟧ (Hopper architecture - H100, L40S)"),
    (GPU, "comment", "GPU target: SM⟦80|90⟧ (⟦Ampere DC|Hopper⟧ - ⟦A100|H100⟧, ⟦A30|L40S⟧)"),
    (GPU, "comment", "⟦Ada|Hopper⟧"),
    (GPU, "end", "sm_⟦89|90⟧"),
    (GPU, "end", "⟦Turing|Hopper⟧"),
    (GPU, "end", "⟦RTX 4090|⟧"),
    (GPU, "comment", "This variant is for the ⟦RTX 4090|⟧"),
    (GPU, "comment", "optimised for H100/⟦A30|L40S⟧"),
    (GPU, "block", "For ⟦Turing|Hopper⟧ cards"),
    (GPU, "comment", "compute capability ⟦8.0|9.0⟧"),
    (GPU, "comment", "CC ⟦8.6|9.0⟧"),
    (GPU, "phase", "compile for compute_⟦89|90⟧ only"),
    (GPU, "phase", "nvcc gets sm_⟦75|90⟧ alone"),
    (GPU, "echo", "Building for sm_⟦80|90⟧ with CUDA 12.9"),
    (GPU, "echo", "⟦Blackwell|Hopper⟧ build, sm_90"),
    (GPU, "echo", "GPU Target: ${gpuArchCMake} (⟦Ada|Hopper⟧: H100, L40S)"),
    (GPU, "echo", "GPU Target: ${gpuArchCMake} (Hopper: ⟦A100|⟧)"),
    (GPU, "long", "- GPU: NVIDIA ⟦Ampere|Hopper⟧ architecture (SM90) - H100, L40S"),
    (GPU, "long", "- GPU: NVIDIA Hopper architecture (SM⟦86|90⟧) - H100, L40S"),
    (GPU, "long", "Hardware requirements:\n- GPU: H100, L40S, or other SM⟦89|90⟧ GPUs"),
    (GPU, "long", "- CUDA: 12.9 with compute capability ⟦8.9|9.0⟧"),
    (GPU, "long", "Custom build for NVIDIA ⟦Blackwell|Hopper⟧ GPUs."),
    (GPU, "comment", "the SM is ⟦80|90⟧"),
    (GPU, "comment", "SM: ⟦86|90⟧"),
    (GPU, "comment", "GPU architecture: ⟦Ada|Hopper⟧"),
    (GPU, "comment", "only SM⟦80|90⟧ is compiled in"),
    (GPU, "comment", "We build for one GPU generation, ⟦Ampere|Hopper⟧."),
    (AMPERE, "comment", "SM⟦90|80⟧: ⟦H100|A100⟧, ⟦L40S|A30⟧"),
    (AMPERE, "echo", "target sm_⟦86|80⟧ (A100, A30)"),
    (AMPERE, "comment", "Ampere DC, so sm_⟦86|80⟧"),
    (BLACKWELL, "comment", "Blackwell consumer: RTX 5090 (sm_⟦100|120⟧)"),
    (BLACKWELL, "echo", "GPU: ⟦RTX 4090|RTX 5090⟧"),
    (BLACKWELL, "comment", "GPU target: SM120 (Blackwell) - ⟦B200|RTX 5090⟧"),
    (DATACENTER, "comment", "Blackwell datacenter: B100, B200 (compute capability ⟦12.0|10.0⟧)"),
    (DATACENTER, "long", "- GPU: B100, ⟦RTX 5090|B200⟧"),
    (CONSUMER, "comment", "RTX 3090 and ⟦A30|A40⟧"),
    (CONSUMER, "end", "⟦Ampere DC|Ampere⟧"),
    (GRACE, "comment", "⟦Ada|Hopper⟧ in an ARM host"),
    (GRACE, "comment", "Grace Hopper, sm_⟦89|90⟧"),
    (CPU, "comment", "GPU target: SM⟦80|⟧"),
    (CPU, "echo", "Building for ⟦Hopper|⟧"),
    # CUDA, its overlay and its driver.
    (GPU, "comment", "CUDA ⟦12.4|12.9⟧ toolkit"),
    (GPU, "comment", "built with CUDA ⟦12.8|12.9⟧"),
    (GPU, "comment", "CUDA ⟦11.8|12.9⟧"),
    (GPU, "comment", "cuda⟦12_4|12_9⟧ line"),
    (GPU, "comment", "Import nixpkgs at a specific revision with CUDA ⟦12.4|12.9⟧"),
    (GPU, "comment", "the overlay takes cudaPackages_⟦12_4|12_9⟧"),
    (GPU, "block", "Toolkit: CUDA ⟦12.6|12.9⟧."),
    (GPU, "phase", "nvcc of CUDA ⟦12.4|12.9⟧ is on the PATH"),
    (GPU, "echo", "CUDA: ⟦12.4|12.9⟧"),
    (GPU, "echo", "CUDA version ⟦12.4|12.9⟧, driver 560+"),
    (GPU, "echo", "CUDA 12.9, driver ⟦550|560⟧+"),
    (GPU, "long", "- CUDA: ⟦12.4|12.9⟧ with compute capability 9.0"),
    (GPU, "long", "- Driver: NVIDIA ⟦550|560⟧+ required"),
    (GPU, "long", "Needs an NVIDIA driver of version ⟦535|560⟧ or newer."),
    (GPU, "comment", "requires NVIDIA driver ⟦535|560⟧ or newer"),
    (GPU, "comment", "minimum driver: R⟦550|560⟧"),
    (GPU, "comment", "driver ⟦550|560⟧+"),
    (GPU, "comment", "CUDA 12.9 needs driver ⟦525|560⟧+"),
    (GPU, "comment", "CUDA ⟦12.4|12.9⟧ needs driver ⟦550|560⟧+"),
    (GPU, "comment", "GPU is an H100, toolkit is CUDA ⟦12.4|12.9⟧, driver is 560+"),
    (AMPERE, "comment", "CUDA ⟦12.9|12.4⟧ — requires NVIDIA driver ⟦560|550⟧+"),
    (AMPERE, "comment", "driver ⟦560|550⟧+"),
    (AMPERE, "echo", "CUDA ⟦12.9|12.4⟧"),
    (AMPERE, "comment", "needs a driver from the R⟦535|550⟧ branch"),
    (AMPERE, "long", "Built with CUDA ⟦12.9|12.4⟧ for the A100."),
    (CPU, "echo", "CUDA: ⟦12.9|⟧"),
    (CPU, "long", "- Driver: NVIDIA ⟦560|⟧+ required"),
    # Python.
    (GPU, "comment", "Python ⟦3.12|3.13⟧ wrapper"),
    (GPU, "comment", "the wrapper is of python⟦312|313⟧"),
    (GPU, "long", "- Python: ⟦3.12|3.13⟧"),
    (GPU, "echo", "Python: ⟦3.11|3.13⟧"),
    (GPU, "comment", "Python ⟦3.12|3.13⟧, since nixpkgs has it as its default"),
    (AMPERE, "comment", "uses Python ⟦3.13|3.12⟧"),
    (AMPERE, "long", "Python ⟦3.13|3.12⟧ bindings for CUDA 12.4."),
    (CPU, "echo", "Python ⟦3.12|3.13⟧ without CUDA"),
    # The instruction set.
    (GPU, "comment", "CPU: ⟦AVX2|AVX-512⟧"),
    (GPU, "comment", "CPU optimization: ⟦AVX-512 VNNI|AVX-512⟧"),
    (GPU, "echo", "CPU Features: ⟦AVX2|AVX-512⟧"),
    (GPU, "long", "- CPU: x86-64 with ⟦AVX2|AVX-512⟧ instruction set"),
    (GPU, "long", "Optimized for ⟦AVX-512 BF16|AVX-512⟧ processors."),
    (AMPERE, "comment", "flags for ⟦AVX-512|AVX2⟧"),
    (AMPERE, "comment", "ISA: ⟦avx512|avx2⟧"),
    (CONSUMER, "comment", "CPU optimization: ⟦AVX-512 VNNI|AVX-512 BF16⟧"),
    (GRACE, "comment", "CPU optimization: ⟦ARMv8.2|ARMv9⟧"),
    (GRACE, "long", "Runs on ⟦Graviton2|⟧ with an H100."),
    (GRAVITON, "echo", "CPU Features: ⟦ARMv9|ARMv8.2⟧"),
    (CPU, "comment", "CPU-only + ⟦AVX-512|AVX2⟧"),
    # The release.
    (GPU, "comment", "ONNX Runtime ⟦1.22.2|1.23.2⟧"),
    (GPU, "comment", "onnxruntime ⟦1.24.2|1.23.2⟧ from nixpkgs"),
    (GPU, "echo", "ONNX Runtime: ⟦1.20.1|1.23.2⟧"),
    (GPU, "long", "ONNX Runtime ⟦1.22.2|1.23.2⟧ with CUDA 12.9 for Hopper."),
    (GPU, "comment", "branch: ⟦ort-1.22|main⟧"),
    (GPU, "comment", "This file is for branch ⟦ort-1.20|main⟧"),
]

_MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")
_PLACES = {
    "comment": ("  inherit (nixpkgs_pinned) lib;\n", "{}  inherit (nixpkgs_pinned) lib;\n"),
    "end": ("  variantName = ", "  spare = null;  {}  variantName = "),
    "block": ("  inherit (nixpkgs_pinned) lib;\n", "  /* {} */\n  inherit (nixpkgs_pinned) lib;\n"),
    "echo": ("    preConfigure = ''\n", "    preConfigure = ''\n{}"),
    "phase": ("    preConfigure = ''\n", "    preConfigure = ''\n{}"),
    "long": ("    description = ", "    longDescription = ''\n{}    '';\n    description = "),
}


class Case(NamedTuple):
    """A text in a variant: the file's path, the bytes, and what is wrong at which bytes with what should be there."""

    path: str
    place: str
    data: bytes
    wrong: tuple[tuple[int, int, str], ...]
    good: bytes
    """The file with all that is wrong replaced."""


def case(stem: str, place: str, text: str) -> Case:
    """The variant with the text written into it."""
    path = f".flox/pkgs/{stem}.nix"
    before, after = _PLACES[place]
    lines = text.split("\n")
    written = {
        "comment": lambda: "".join(f"  # {line}\n" for line in lines),
        "end": lambda: f"# {text}\n",
        "block": lambda: text,
        "echo": lambda: "".join(f'      echo "{line}"\n' for line in lines),
        "phase": lambda: "".join(f"      # {line}\n" for line in lines),
        "long": lambda: "".join(f"      {line}\n" for line in lines),
    }[place]()
    whole = (ROOT / path).read_bytes()
    marked = replace_once(whole, before, after.replace("{}", written)).decode()
    wrong, plain, good, done = [], "", "", 0
    for found in _MARK.finditer(marked):
        plain += marked[done : found.start()]
        good += marked[done : found.start()]
        start = len(plain.encode())
        plain += found[1]
        good += found[2] or found[1]
        wrong.append((start, len(plain.encode()), found[2]))
        done = found.end()
    return Case(path, place, (plain + marked[done:]).encode(), tuple(wrong), (good + marked[done:]).encode())


def with_text(stem: str, changes: Mapping[str, str]) -> Case:
    """The variant with texts in it replaced."""
    path = f".flox/pkgs/{stem}.nix"
    data = (ROOT / path).read_bytes()
    for good, bad in changes.items():
        data = replace_once(data, good, bad)
    return Case(path, "", data, (), data)


class Outcome(NamedTuple):
    """What the rule makes of a text: the bytes that it blames, and the file as its fixes leave it."""

    blamed: frozenset[tuple[int, int]]
    mended: bytes
    said: tuple[str, ...]


def judged(one: Case) -> Outcome:
    """What the rule says of the variant with that text in it."""
    rule = convention().rules["text-claim"]
    context = Context(repository(), "main", (rule,), VerdictCache(convention(), "main", (rule,)))
    violations = list(texts(rule, Variant(Source(one.path, one.data), convention()), context))
    fixes = [fix for fix in map(fix_of, violations) if fix is not None]
    data = apply_edits(one.data, [edit for fix in fixes for edit in fix.edits])
    return Outcome(
        frozenset((one.span.start, one.span.end) for one in violations),
        data,
        tuple(word(one).message for one in violations),
    )


def report() -> Iterator[str]:
    """A line for each text that is judged wrongly, and the numbers."""
    alarms = caught = mended = clear = mentions = 0
    for row in RIGHT:
        outcome = judged(case(*row))
        if outcome.blamed:
            alarms += 1
            yield f"alarm {row} {outcome.said}"
    for row in WRONG:
        one = case(*row)
        outcome = judged(one)
        wanted = frozenset((start, end) for start, end, _ in one.wrong)
        is_clear = all(right for _, _, right in one.wrong)
        mentions += len(wanted)
        caught += outcome.blamed == wanted
        clear += is_clear
        mended += is_clear and outcome.mended == one.good
        if outcome.blamed != wanted or outcome.mended != one.good:
            yield f"wrong {row} {outcome.said} {outcome.mended != one.good}"
    yield f"{len(RIGHT)} right, {alarms} alarms; {len(WRONG)} wrong, {caught} caught whole, {mended} of {clear} mended"


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in report()))
