"""True statements in many wordings, about what is here, what was, what will be, other branches, and what is not so."""

HERE = """\
CUDA 12.4 variants need driver 550 or newer.
For CUDA 12.9 you need at least driver 560.
Driver 560+ is what CUDA 12.9 asks for.
An NVIDIA driver >= 550 is enough for CUDA 12.4.
The 12.4 toolkit goes with Python 3.12.
CUDA 12.4 → Python 3.12, CUDA 12.9 → Python 3.13.
CUDA 12.4 / Python 3.12 / driver 550+
CUDA 12.4/12.9, Python 3.12/3.13, driver 550+/560+
CUDA 12.4 and 12.9 need drivers 550 and 560.
`cuda12_4` variants are built for `python312`, `cuda12_9` variants for `python313`.
Two stacks: CUDA 12.4 with driver 550+ and Python 3.12, and CUDA 12.9 with driver 560+ and Python 3.13.
Python 3.13 is the default, and CUDA 12.4 needs driver 550+.
The default Python is 3.13, while CUDA 12.4 variants use 3.12.
CPU-only variants use Python 3.13, like CUDA 12.9.
Both CUDA 12.4 and CUDA 12.9 work with driver 560+.
A machine with driver 575 runs the CUDA 12.9 variants too.
Driver R550 is a production branch; CUDA 12.4 is built against it.
**CUDA 12.9** (`cudaPackages_12_9`), driver **560+**
CUDA 12.9 is set by the overlay `cudaPackages_12_9`.
cudaPackages_12_4 brings CUDA 12.4.
python312Packages has Python 3.12 and goes with CUDA 12.4.
python3Packages is Python 3.13 at the pin.
The CUDA toolkit is 12.9 in the newer variants, which need driver 560.
With CUDA 12.4, a driver of 550.54.14 is fine.
CUDA 12.9.1 is what nixpkgs calls CUDA 12.9; the driver for it is 560+.
NVIDIA driver: 550+ (CUDA 12.4), 560+ (CUDA 12.9)
Drivers: R550 for CUDA 12.4, R560 for CUDA 12.9
This branch builds ONNX Runtime 1.23.2.
ONNX Runtime 1.23.2 for Flox
ONNX Runtime v1.23.2 is what you get here.
We package ORT 1.23.2.
The version of ONNX Runtime is 1.23.2 on this branch.
onnxruntime 1.23.2 is built once for every target.
The `main` branch has ONNX Runtime 1.23.2.
`main` and `ort-1.23` both carry ONNX Runtime 1.23.2.
All 58 variants are for ONNX Runtime 1.23.2.
There are 58 variants: 52 for GPUs and 6 for CPUs.
58 packages in total, 52 of them with CUDA.
52 GPU variants and 6 CPU-only variants make 58.
6 CPU-only variants
The CUDA 12.4 stack has 22 variants, the CUDA 12.9 stack has 30.
Seven GPU architectures, from Turing to Blackwell.
Six instruction sets: four for x86 and two for ARM.
7 architectures x 4 x86 ISAs + 2 SM90 ARM = 30 variants for CUDA 12.9
Seven releases are kept, each on a branch of its own.
4 x86 ISAs
H100 is SM90.
An A100 has compute capability 8.0.
The RTX 4090 (Ada) is compute capability 8.9.
T4 and RTX 2080 Ti: SM75 (Turing)
sm_90 covers H100 and L40S here.
For an A40 take sm86, for an L4 take sm89.
Hopper is `sm90`, Ada is `sm89`, Ampere is `sm80` and `sm86`.
Ampere GPUs (A100, A30, RTX 3090, A40) are well supported.
Blackwell GPUs such as the B200 and the RTX 5090 have SM100 and SM120.
compute_80 is Ampere DC.
H100, H200, L40S → sm90
B100/B200 → sm100
- RTX 3090 or A40: `sm86`
AVX-512 BF16 is `avx512bf16`.
AVX2 means `-mavx2 -mfma`.
`avx512vnni` adds `-mavx512vnni` to AVX-512.
AWS Graviton2 → `armv8_2`
Graviton3 and Grace: armv9
ARMv9 variants are for aarch64-linux.
AVX2 and AVX-512 variants run on x86_64-linux, ARMv9 on aarch64-linux.
nixpkgs is pinned to ed142ab1b3a092c4d149245d0c4126a5d7ea00b0.
Pin: `ed142ab`
The pin is [ed142ab1b3](https://github.com/NixOS/nixpkgs/commit/ed142ab1b3a092c4d149245d0c4126a5d7ea00b0).
nixpkgs has ONNX Runtime 1.23.2 at the pin.
Install `onnxruntime-python313-cuda12_9-sm90-avx512` on an H100.
`onnxruntime-python313-cpu-*` are the CPU-only ones.
`onnxruntime-python312-cuda12_4-sm{75,80,86,89,90}-avx2` all exist.
Names look like `onnxruntime-python313-cuda12_9-sm<SM>-<ISA>`.
`onnxruntime-python313-{cuda12_9|cpu}[-sm{XX}]-{cpuisa}.nix`
onnxruntime-python313-cuda12_9-sm90-avx512.nix (H100 + AVX-512, CUDA 12.9, Python 3.13)
Copy two variants and compare them.
Each SM90 variant is for H100 or L40S.
If your driver is older than 560, use CUDA 12.4.
You need driver 560 or newer for CUDA 12.9; with 550 take CUDA 12.4.
The driver decides: below 560 only CUDA 12.4 works.
"""
PAST_AND_FUTURE = """\
CUDA 12.9 used to need driver 575.
Before 1.20, CUDA 12.4 variants were built for Python 3.11.
Until last year this branch had ONNX Runtime 1.22.2.
We moved from ONNX Runtime 1.22.2 to 1.23.2.
Previously there were 44 GPU variants.
The next release will have ONNX Runtime 1.25.0 and CUDA 13.0.
CUDA 13.0 is planned; it will need driver 580+.
In the future there might be 120 variants.
ONNX Runtime 1.19.2 was the first release here.
Support for CUDA 12.1 with driver 530 was dropped.
Originally Python 3.13 came with CUDA 12.4.
The old pin was 0123456789abcdef0123456789abcdef01234567.
When CUDA 13.0 comes, rename the files to `cuda13_0`.
Soon the CUDA 12.4 variants will use Python 3.13.
Once there were 24 variants, before AVX-512 VNNI was added.
CUDA 12.4 variants had Python 3.11 formerly.
SM70 was removed with ONNX Runtime 1.20.
ONNX Runtime 1.24.2 introduced kernels for SM121.
Upcoming: `ort-1.25` with ONNX Runtime 1.25.0
Since ONNX Runtime 1.22.0 the CUDA provider needs cuDNN 9.
If a variant for SM103 is added, there would be 62 variants.
CUDA 12.9 replaced CUDA 12.8, which needed driver 570.
"""
OTHERS = """\
There are also 50 variants for ONNX Runtime 1.18.1 on ort-1.18.
The branch `ort-1.22` has ONNX Runtime 1.22.2 and no Blackwell.
For ONNX Runtime 1.20.1 use `ort-1.20`.
`ort-1.19` is for ONNX Runtime 1.19.2.
See `ort-1.24` for ONNX Runtime 1.24.2.
ort-1.22 has 50 variants, without SM100 and SM120.
On `ort-1.18` there are 44 GPU variants.
`ort-1.24` is current, `ort-1.22` is compat.
ort-1.20, ort-1.19 and ort-1.18 are legacy branches.
For Blackwell use `ort-1.23` or newer.
Blackwell is supported on `ort-1.24`.
`ort-1.22` does not support Blackwell.
ort-1.20 lacks Blackwell.
RTX 5090 owners need ort-1.23 or ort-1.24.
Older branches (ort-1.18, ort-1.19, ort-1.20, ort-1.22) have no kernels for SM120.
The `ort-1.24` branch lists CUDA 12.4/12.9 with drivers 550+/560+.
[ort-1.22](../../tree/ort-1.22): ONNX Runtime 1.22.2
- `ort-1.24` (current): ONNX Runtime 1.24.2
- **ort-1.22** — 1.22.2, compat
PyTorch 2.9.1 comes with CUDA 12.8.
TensorRT 10.9 needs CUDA 12.8 or newer.
cuDNN 9.8 works with CUDA 12.9.
CUDA 11.x is for much older drivers.
By minor-version compatibility a driver 525+ runs any CUDA 12.x.
CUDA 13.x needs driver 580+.
The PyPI wheel onnxruntime-gpu 1.22.0 bundles no CUDA.
NVIDIA's release notes give 575.51.03 for CUDA 12.9.
The repository has 3 maintainers and 12 tests.
Python 3.11 or later runs the tool.
It takes 45 minutes to build a variant on 16 cores.
The cache holds 200 GB.
Ubuntu 22.04 ships driver 535.
Issue 58 explains it.
Compilers: GCC 13.3 for CUDA 12.4, GCC 14.2 for CUDA 12.9.
"""
NOT_SO = """\
CUDA 12.4 does not work with Python 3.13.
CUDA 12.9 variants do not run with driver 550.
Never pair CUDA 12.9 with driver 550.
Python 3.13 is not used by CUDA 12.4.
Unlike CUDA 12.4, CUDA 12.9 needs driver 560+.
CUDA 12.9, not CUDA 12.4, needs driver 560+.
An A100 cannot run sm90 kernels.
Without driver 560 CUDA 12.9 fails.
There is no `onnxruntime-python313-cuda12_9-sm90-sve`.
There are no CPU-only variants with CUDA 12.9.
Neither Python 3.11 nor Python 3.14 goes with CUDA 12.4.
No variant pairs CUDA 12.4 with SM100.
AVX2 variants are built without -mavx512f.
ONNX Runtime 1.22.2 is not built here.
Use CUDA 12.4 rather than CUDA 12.9 where the driver is 550.
Do not use `sm80` on an H100.
CUDA 12.4 cannot compile for SM120.
L40S is listed with SM90, not with SM89.
Not 50 but 58 variants.
The T4 has no AVX-512; its SM75 variants exist in all four x86 ISAs.
"""
SECOND_READER = """\
![CUDA](https://img.shields.io/badge/CUDA-12.4%20%7C%2012.9-76B900)
![driver](https://img.shields.io/badge/driver-550%2B%20%2F%20560%2B-green) ![Python](https://img.shields.io/badge/Python-3.12%20%7C%203.13-blue)
[![variants](https://img.shields.io/badge/variants-58-informational)](#variants)
<table><tr><th>CUDA</th><th>Driver</th></tr><tr><td>12.4</td><td>&ge; 550</td></tr><tr><td>12.9</td><td>&ge; 560</td></tr></table>
- CUDA 12.4|  - driver 550+|  - Python 3.12|- CUDA 12.9|  - driver 560+|  - Python 3.13
- **SM90 – Hopper**|  - H100|  - L40S
CUDA 12.4|: driver 550+, Python 3.12||CUDA 12.9|: driver 560+, Python 3.13
**CUDA 12.4.** Needs driver 550 or newer. Python is 3.12.
**Stack A:** CUDA 12.4 – Python 3.12 – driver 550+|**Stack B:** CUDA 12.9 – Python 3.13 – driver 560+
CUDA 12.9 (driver ≥ 560, Python 3.13)
min. driver 550 for CUDA 12.4, 560 for CUDA 12.9
GPU drivers: 550.x or later with CUDA 12.4
Requires CUDA 12.9 & NVIDIA R560 (or newer)
sm_90 / compute_90 / compute capability 9.0: H100
cc 8.6 → RTX 3090, A40
Compute capability: 7.5 (T4), 8.0 (A100), 9.0 (H100)
*Hopper* (H100, `sm_90`) with *AVX-512*
There are fifty-eight variants, thirty of them for CUDA 12.9.
GPU: 52 · CPU: 6 · total: 58
| Stack | CUDA | Py | Drv |||---|---|---|---|||A|12.4|3.12|550+|||B|12.9|3.13|560+|
| | A | B |||---|---|---|||CUDA | 12.4 | 12.9 |||Driver | 550+ | 560+ |||Python | 3.12 | 3.13 |
> **Note** CUDA 12.9 variants want driver 560+.
> [!IMPORTANT]|> CUDA 12.4 → driver 550+; CUDA 12.9 → driver 560+.
1. Check `nvidia-smi`.|2. Driver 560 or newer? Take a `cuda12_9` variant.|3. Otherwise, from 550 on, take `cuda12_4`.
Python 3.12 (CUDA 12.4) or 3.13 (CUDA 12.9, CPU)
`python3.pkgs` is Python 3.13 here, so CUDA 12.9 variants use it.
driver/CUDA: 550/12.4, 560/12.9
ONNX Runtime: **1.23.2** (nixpkgs), CUDA: **12.4**, **12.9**
ONNX Runtime 1.23 (1.23.2, to be exact)
Built from nixpkgs [`ed142ab1`](https://github.com/NixOS/nixpkgs/tree/ed142ab1b3a092c4d149245d0c4126a5d7ea00b0)
| GPU | use |||---|---|||H100 | `sm90` |||A100, A30 | `sm80` |||RTX 5090 | `sm120` |
<ul><li>T4: sm75</li><li>L4: sm89</li></ul>
<details><summary>CUDA 12.4</summary>||Driver 550+, Python 3.12.||</details>
Graviton2 machines want `armv8_2`; Graviton3+ and Grace want `armv9`.
AVX512-BF16 (`avx512bf16`), AVX512-VNNI (`avx512vnni`)
x86: AVX2, AVX-512, AVX-512 BF16, AVX-512 VNNI; ARM: ARMv8.2, ARMv9
main (stable) → 1.23.2; ort-1.24 (current) → 1.24.2
The newest release is 1.24.2 on `ort-1.24`; this branch stays at 1.23.2.
Everything Blackwell (B100, B200, RTX 5090) needs CUDA 12.9, hence driver 560+ and Python 3.13.
flox install onnxruntime-python313-cuda12_9-sm120-avx512vnni
CUDA 12.4: 22 variants; CUDA 12.9: 30 variants; CPU: 6 variants
Five architectures with CUDA 12.4, seven with CUDA 12.9.
"""
FROM_THE_FACTS = r"""\
nixpkgs 25.05 has onnxruntime 1.22.0.
nixos-25.05 ships onnxruntime 1.22.0, nixos-24.11 has 1.19.2.
Anyone on CUDA 12.4 gets Python 3.12, everyone else 3.13.
The toolkit is 12.9 unless the name says `cuda12_4`.
560 is the floor for CUDA 12.9 and 550 the floor for 12.4.
If your driver is older than 550, none of the GPU variants will load.
nvidia-smi must report at least 550 (CUDA 12.4) or 560 (CUDA 12.9).
With a 565 driver both toolkits load.
NVIDIA publishes 575 as the driver of CUDA 12.9; we state 560.
CUDA 12.6 and 12.8 were skipped.
We may move from CUDA 12.9 to 13.0 in spring.
There was a CUDA 11.8 line once; it needed driver 520.
The seven architectures are Turing, Ampere DC, Ampere, Ada, Hopper, Blackwell DC and Blackwell.
Blackwell arrived with ORT 1.23; 1.22 and older have five architectures.
H100 and L40S share SM90 here.
NVIDIA lists the L40S as compute capability 8.9.
On aarch64, SM90 also covers Grace Hopper.
An A100 cannot run SM90 code.
RTX 3090 owners take SM86, RTX 4090 owners SM89.
B200 and RTX 5090 are both Blackwell, yet SM100 and SM120 differ.
SM80 through SM90 share most kernels.
SM103 and SM121 are not built.
T4: SM75. A30: SM80. A40: SM86.
AVX-512 BF16 needs Cooper Lake or Zen 4.
AVX2 is enough for most laptops.
Without AVX-512 choose AVX2.
`-mavx512bf16` is only passed to the BF16 variants.
VNNI adds `-mavx512vnni`.
Graviton2 runs ARMv8.2 code and Graviton3 runs ARMv9 code.
ARMv9 adds SVE2.
x86 variants need an x86_64-linux builder.
Each of the two CUDA lines has variants for every architecture it can compile.
CUDA 12.4 lacks SM100 and SM120 because its compiler does not know them.
So the CUDA 12.4 line has 22 variants and the CUDA 12.9 line 30.
Plus 6 without CUDA makes 58.
Four of the six CPU variants are for x86.
28 of the 30 variants of CUDA 12.9 run on x86.
A full build of all 58 takes a day on 128 cores.
cmake 3.28 and gcc 13 come from the pin.
The wheel is 250 MB, and 90 MB once stripped.
Since 1.20 the Python package is called the same.
ONNX 1.19 opset 23 is supported.
cuDNN 9.8 is used with CUDA 12.9.
See [release 1.22.2](https://github.com/microsoft/onnxruntime/releases/tag/v1.22.2) for its notes.
ort-1.22 is kept for those who need 1.22.2.
`git switch ort-1.20` and you build 1.20.1.
The branches ort-1.18 and ort-1.19 are legacy.
main and ort-1.23 build the same version, 1.23.2.
ort-1.24 is current; main follows it once it is stable.
Issue 1290 asks for SM87 (Jetson Orin).
Jetson (SM87) is out of scope.
The pin's onnxruntime is 1.23.2.
On ort-1.22 the source is fetched at v1.22.2.
Commit ed142ab is from 2026.
Older commits such as 0123abc4567 had CUDA 12.4.
`cudaPackages_12_4` throws at this revision.
python3Packages means Python 3.13 at the pin.
`python312Packages` is what the CUDA 12.4 variants use.
`onnxruntime-python313-cuda12_9-sm120-*` needs an RTX 5090.
Name one `onnxruntime-python313-cuda12_9-sm{SM}-{isa}`.
Do not mix `cuda12_4` with `python313`.
Driver branches R550 and R560 are both in production.
| What is odd | Lines that one variant lacks or has alone |
"""
"""Written by somebody who had the facts of the domain before them, and not the code."""

SEVERAL_BESIDE_ONE = """\
Driver 550+/560+, as a set of variants such as `onnxruntime-python313-cuda12_9-sm90-avx512` asks for.
Variants for CUDA 12.4 or 12.9, such as `onnxruntime-python313-cuda12_9-sm90-avx512`.
Python 3.12 or 3.13, as in `onnxruntime-python313-cuda12_9-sm90-avx512`.
Drivers 550+ and 560+ are needed, the latter for `onnxruntime-python313-cuda12_9-sm90-avx512`.
SM75, SM80 and SM90, for instance `onnxruntime-python313-cuda12_9-sm90-avx512`.
AVX2, AVX-512 or AVX-512 VNNI, as in `onnxruntime-python313-cuda12_9-sm90-avx512`.
`sm80/sm90` as in `onnxruntime-python313-cuda12_9-sm90-avx512`.
12.4/12.9 with driver 550+/560+, the latter for `onnxruntime-python313-cuda12_9-sm90-avx512`.
"""
"""Several values, and the name of one variant, which is of one of them."""

STATEMENTS = {
    name: block.splitlines()
    for name, block in (
        ("here", HERE),
        ("past and future", PAST_AND_FUTURE),
        ("others", OTHERS),
        ("not so", NOT_SO),
        ("second reader", SECOND_READER),
        ("from the facts", FROM_THE_FACTS),
        ("several beside one", SEVERAL_BESIDE_ONE),
    )
}
