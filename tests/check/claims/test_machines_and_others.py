"""What machines have, what others have made, histories and users' code are no alarm; beside them wrong values are found."""

import pytest

from tests.check.claims.marked_statements import cases, found

RIGHT = r"""
- ws-1: RTX 4090, driver 565, CUDA 12.9 variant
- ws-2: RTX 3090, driver 555, CUDA 12.4 variant
- `gpu-box-01` — H100, driver 570.86, CUDA 12.9
- **atlas**: 2x L40, driver 580, runs the CUDA 12.9 variant
- node07 (A100, driver 555, CUDA 12.4)
- lab-3: T4 with driver 570 and CUDA 12.4 variant
- hyperion.local: RTX 5090, driver 575, CUDA 12.9 builds
- rack2-gpu4: driver 565, CUDA 12.9, RTX 4090
- Build server: A30, driver 570, CUDA 12.9
- CI runner 3: L4, driver 565, CUDA 12.9
- My desktop: RTX 4090, driver 575, CUDA 12.9
- dgx1: 8 x A100, driver 565.57, CUDA 12.4
- Home server (RTX 3090): driver 580, CUDA 12.9 variant
- p4d.24xlarge: A100, driver 565, CUDA 12.4
- Alice's machine: driver 565, CUDA 12.9
1. ws-1: RTX 4090, driver 565, CUDA 12.9 variant
* ws-1 | RTX 4090 | driver 565 | CUDA 12.9
- Jetson lab: none; ws-4: RTX 4090, driver 565, CUDA 12.9
| Host | GPU | Driver | CUDA |\n|---|---|---|---|\n| ws-1 | RTX 4090 | 565 | 12.9 |\n| ws-2 | A100 | 555 | 12.4 |
| Machine | GPU | Driver | Variant |\n|---|---|---|---|\n| ws-1 | RTX 4090 | 565 | `cuda12_9` |\n| ws-2 | A100 | 555 | `cuda12_4` |
| Node | Driver | CUDA variant | GPU |\n|---|---|---|---|\n| n01 | 565 | 12.9 | H100 |\n| n02 | 570 | 12.4 | T4 |
| Name | GPU | Installed driver | We use |\n|---|---|---|---|\n| ws-1 | RTX 4090 | 565.57.01 | CUDA 12.9 |
| Server | GPU | Driver version | CUDA line |\n|---|---|---|---|\n| big | H100 | 575 | 12.9 |\n| small | L4 | 552 | 12.4 |
| | GPU | driver | CUDA |\n|---|---|---|---|\n| ws-1 | RTX 4090 | 565 | 12.9 |\n| ws-2 | RTX 3090 | 570 | 12.9 |
| Hostname | Card | NVIDIA driver | Toolkit |\n|---|---|---|---|\n| alpha | RTX 4090 | 565 | 12.9 |
| Instance | GPU | Driver | CUDA |\n|---|---|---|---|\n| g5.xlarge | A10G | 570 | 12.9 |\n| p4d | A100 | 555 | 12.4 |
## Our machines\n\n- ws-1: CUDA 12.9, driver 565\n- ws-2: CUDA 12.4, driver 555
## Test hardware\n\n| GPU | Driver | CUDA |\n|---|---|---|\n| RTX 4090 | 565 | 12.9 |\n| A100 | 555 | 12.4 |
## Lab\n\n### ws-1\n\n- GPU: RTX 4090\n- Driver: 565\n- CUDA: 12.9
ws-1 (RTX 4090, driver 565) uses the CUDA 12.9 variant.
Host ws-1 with driver 565 takes CUDA 12.9.
On ws-1 we have an RTX 4090 and driver 565, so CUDA 12.9.
The node gpu-03 has an A100 on driver 570 and takes CUDA 12.4.
```\nws-1   RTX 4090   565   12.9\nws-2   RTX 3090   555   12.4\nws-3   A100       570   12.9\n```
```text\nws-1   RTX 4090   driver 565   cuda12_9\nws-2   RTX 3090   driver 555   cuda12_4\nws-3   A100       driver 570   cuda12_9\n```
```yaml\nhosts:\n  ws-1:\n    gpu: RTX 4090\n    driver: 565\n    cuda: "12.9"\n```
```yaml\n- host: ws-1\n  gpu: RTX 4090\n  driver: "565"\n  cuda: "12.9"\n```
```json\n{"host": "ws-1", "gpu": "RTX 4090", "driver": "565", "cuda": "12.9"}\n```
| Image | CUDA | Python |\n|---|---|---|\n| nvcr.io/nvidia/pytorch:25.08-py3 | 13.0 | 3.12 |\n| nvcr.io/nvidia/pytorch:25.03-py3 | 12.8 | 3.12 |
| Image | CUDA | Python |\n|---|---|---|\n| nvcr.io/nvidia/pytorch:25.08-py3 | 13.0 | 3.12 |
| Image | CUDA | Python |\n|---|---|---|\n| `nvcr.io/nvidia/pytorch:24.05` | 12.4 | 3.10 |\n| `nvcr.io/nvidia/pytorch:25.06` | 12.9 | 3.12 |
| Container | CUDA | Python | Driver |\n|---|---|---|---|\n| nvidia/cuda:12.4.1-runtime | 12.4 | 3.10 | 550 |\n| nvidia/cuda:12.9.0-runtime | 12.9 | 3.12 | 575 |
| Distribution | Driver | CUDA |\n|---|---|---|\n| Ubuntu 24.04 | 550 | 12.4 |\n| Fedora 42 | 575 | 12.9 |\n| Debian 12 | 535 | 12.2 |
| Distro | Package | Driver |\n|---|---|---|\n| Ubuntu 24.04 | nvidia-driver-570 | 570 |\n| Arch | nvidia | 580 |
| Program | CUDA | Python |\n|---|---|---|\n| vLLM | 12.8 | 3.12 |\n| SGLang | 12.9 | 3.12 |
| Wheel | CUDA | Python |\n|---|---|---|\n| torch 2.6 | 12.4 | 3.13 |\n| torch 2.8 | 12.9 | 3.12 |
| Project | ONNX Runtime | CUDA | Python |\n|---|---|---|---|\n| ComfyUI | 1.22.0 | 12.8 | 3.12 |\n| faster-whisper | 1.23.2 | 12.4 | 3.11 |
| Package | CUDA | Python |\n|---|---|---|\n| jax | 12.9 | 3.12 |\n| cupy-cuda12x | 12.4 | 3.13 |
| Source | CUDA | Driver |\n|---|---|---|\n| NVIDIA's table | 12.9 | 575 |\n| NVIDIA's table | 12.4 | 550 |
| Platform | CUDA | Python |\n|---|---|---|\n| Colab | 12.4 | 3.11 |\n| Kaggle | 12.9 | 3.12 |\n| SageMaker | 12.4 | 3.12 |
| Cluster | CUDA module | Python |\n|---|---|---|\n| JUWELS | 12.4 | 3.11 |\n| Leonardo | 12.9 | 3.11 |
| Cloud | Driver | CUDA |\n|---|---|---|\n| GCP | 550 | 12.4 |\n| Lambda | 570 | 12.8 |\n| RunPod | 565 | 12.9 |
| Host image | CUDA | Python |\n|---|---|---|\n| deeplearning-platform-release | 12.4 | 3.10 |
- nvcr.io/nvidia/pytorch:25.08-py3: CUDA 13.0, Python 3.12
- `nvidia/cuda:12.9.0-base`: CUDA 12.9, Python 3.12
- PyTorch 2.6: CUDA 12.4, Python 3.13
- Ubuntu 24.04: driver 550, Python 3.12
Haswell has -mavx2 -mfma -mbmi2
Haswell has `-mavx2`, `-mfma` and `-mbmi2`.
With `-march=haswell` GCC sets -mavx2 -mfma -mbmi2 -mf16c.
- Haswell: `-mavx2 -mfma -mbmi2`
- Skylake-SP: `-mavx512f -mavx512dq -mavx512vl -mavx512bw -mavx512cd -mfma`
| CPU | flags |\n|---|---|\n| Haswell | -mavx2 -mfma -mbmi2 |\n| Ice Lake | -mavx512f -mavx512vnni -mavx512vbmi |
| CPU | Flags |\n|---|---|\n| Zen 4 | avx2 avx512f avx512_vnni avx512_bf16 |
x86-64-v3 means -mavx -mavx2 -mbmi -mbmi2 -mf16c -mfma.
Zen 3 knows AVX2 and FMA, thus `-mavx2 -mfma` and also `-mvaes`.
The score went up for 12.9, with driver 570
Latency dropped by 3 % for 12.9 with driver 575.
We measured CUDA 12.9 with driver 575.
The benchmark for CUDA 12.4 ran with driver 570.
Numbers for 12.4 were taken on driver 560.
Throughput with CUDA 12.9 and driver 580 is 3 % higher.
CUDA 12.9 on driver 580 gave 812 images/s.
SM90 is Hopper, everything below is Turing, Ampere or Ada
SM89 is Ada, what comes after is Hopper or Blackwell.
SM75 is Turing, the rest is Ampere, Ada, Hopper and Blackwell.
SM90 is Hopper; older cards are Turing, Ampere or Ada.
Below SM90 (Hopper) come Turing, Ampere and Ada.
SM90 means Hopper, and lower numbers mean Turing, Ampere or Ada.
```nix\npkgs.mkShell {\n  buildInputs = [ pkgs.cudaPackages_12_6.cuda_nvcc ];\n}\n```
```nix\npkgs.mkShell {\n  packages = with pkgs; [ cudaPackages_12_6.cuda_nvcc python312 ];\n}\n```
```nix\n{ pkgs, ... }: {\n  environment.systemPackages = [ pkgs.cudaPackages_12_6.nsight_systems ];\n  hardware.nvidia.package = config.boot.kernelPackages.nvidiaPackages.production;\n}\n```
```nix\ndevShells.default = pkgs.mkShell { packages = [ pkgs.cudaPackages_12_8.cudatoolkit ]; };\n```
```nix\nlet myOnnx = pkgs.callPackage ./onnxruntime-python313-cuda12_9-sm89-avx512.nix { };\nin pkgs.mkShell { packages = [ myOnnx pkgs.cudaPackages_12_6.cuda_nvcc ]; }\n```
```nix\nnixpkgs.config.cudaCapabilities = [ "8.7" ];\n```
```nix\nservices.foo.package = pkgs.python311Packages.foo;\n```
```\nbuilding '/nix/store/abc-onnxruntime-1.23.2.drv'...\nonnxruntime> -- CUDA Compiler: 12.9.86\nonnxruntime> -- CMAKE_CUDA_ARCHITECTURES: 89-real\nonnxruntime> Found Python: /nix/store/x/bin/python3.13\n```
```text\n[12:04:11] building onnxruntime-python313-cuda12_9-sm90-avx512\n[13:22:40] done, 78 min\n[13:22:41] driver on runner: 570.124.06\n```
The nightly job takes 4 hours on a runner with 32 cores.
CI runs on Ubuntu 24.04 with driver 570 and needs no GPU.
- CI runners have no GPU; the smoke test of `cuda12_9` is run by hand on ws-2, driver 575.
Our CI builds 4 variants at a time, which takes 9 hours for all 58.
The last green run was #1284 with 52 of 58 variants, six were cancelled.
GitHub's runners have 16 GB, which is too little for SM90 and SM100 in one go.
`ninja: job failed` at 12.9 % means that memory ran out, not that CUDA 12.9 is broken.
Compiling flash attention for SM80 takes 40 GB with 8 jobs.
Ubuntu 22.04 ships driver 535 and 550; take the one with 550 for CUDA 12.4.
On Debian 12 the driver is 535, which is too old for both lines.
Arch has driver 580 today, which is new enough for `cuda12_9`.
RHEL 9: `dnf module install nvidia-driver:560-dkms`.
| Distribution | Driver in its repository | Enough for |\n|---|---|---|\n| Ubuntu 24.04 | 550 | CUDA 12.4 |\n| Fedora 42 | 575 | CUDA 12.4, CUDA 12.9 |\n| Debian 12 | 535 | none |
| Distro | nvidia driver | CUDA 12.4 | CUDA 12.9 |\n|---|---|---|---|\n| Ubuntu 24.04 | 570 | yes | yes |\n| Debian 12 | 535 | no | no |
WSL 2 takes the driver of Windows, e.g. 566.36, and that runs CUDA 12.9.
On NixOS set `hardware.nvidia.package`; the production branch is 570 at the moment.
Steam Deck owners: there is no CUDA there.
PyTorch 2.8 comes for CUDA 12.6, 12.8 and 12.9.
PyTorch 2.6 is built for CUDA 11.8, 12.4 and 12.6, we have 12.4 and 12.9.
| | PyTorch | this repository |\n|---|---|---|\n| CUDA | 12.6, 12.8, 13.0 | 12.4, 12.9 |\n| Python | 3.10 to 3.14 | 3.12, 3.13 |\n| SMs | 70 to 120 | 75 to 120 |
torch's wheels `cu124` and `cu126` both work beside `cuda12_4`.
With `pip install torch --index-url https://download.pytorch.org/whl/cu128` you get CUDA 12.8 and Python 3.12.
The wheel onnxruntime-gpu 1.22.0 needs CUDA 12.x and cuDNN 9.
| Wheel | CUDA | Python | Size |\n|---|---|---|---|\n| onnxruntime-gpu 1.23.2 | 12.x | 3.10 to 3.13 | 300 MB |\n| onnxruntime-gpu 1.20.1 | 11.8 | 3.10 to 3.12 | 280 MB |
TensorRT 10.13 supports CUDA 12.9 and 11.8, and drops SM70.
Jetson has SM87 and CUDA 12.6; we build nothing for it.
vLLM asks for PyTorch 2.8 and CUDA 12.8.
CuPy 13 has `cupy-cuda12x` for every 12.x.
cuDNN 9.8 runs from SM50 on; cuDNN 9.11 drops SM50, SM60 and SM70.
We have five machines: two with an RTX 4090, two with an A100, one with a T4.
| Box | Card | Driver | Runs |\n|---|---|---|---|\n| mira | RTX 4090 | 570.86 | `onnxruntime-python313-cuda12_9-sm89-avx512` |\n| juno | A100 | 550.54 | `onnxruntime-python312-cuda12_4-sm80-avx2` |
| Instance type | GPU | CPU | Variant |\n|---|---|---|---|\n| g4dn.xlarge | T4 | Cascade Lake | `onnxruntime-python313-cuda12_9-sm75-avx512vnni` |\n| g6.xlarge | L4 | Zen 3 | `onnxruntime-python313-cuda12_9-sm89-avx2` |
The cluster's login node has driver 555 and no GPU.
Driver of the cluster: 570. CUDA line that we use there: 12.9.
- 2025-03-02: CUDA 12.9 variants were built with driver 575 in mind; 560 is what it takes.
## 1.22.2 (2025-06-01)\n\n- CUDA 12.8 → 12.9\n- driver 555 → 560
v1.22.0 brought Python 3.13, v1.23.0 dropped Python 3.9.
ONNX Runtime 1.18 was released in May 2024, 1.19 in August, 1.20 in November.
| ORT | released | CUDA of its wheels |\n|---|---|---|\n| 1.18.0 | 2024-05-20 | 11.8 |\n| 1.20.0 | 2024-11-01 | 12.4 |\n| 1.23.0 | 2025-09-25 | 12.8 |
| ONNX Runtime | opset | ONNX |\n|---|---|---|\n| 1.18 | 21 | 1.16 |\n| 1.20 | 21 | 1.17 |\n| 1.23 | 23 | 1.19 |
Opset 23 came with 1.23, opset 21 with 1.18.
ONNX Runtime 1.21 had a bug with CUDA graphs on SM90 that 1.22 mended.
History: 50 variants in 1.20, 50 in 1.22, 58 in 1.23.
```dockerfile\nFROM nvidia/cuda:12.6.3-runtime-ubuntu24.04\nRUN apt-get install -y python3.12\n```
```bash\ndocker run --gpus all nvcr.io/nvidia/pytorch:25.08-py3 nvidia-smi\ndocker run --rm --gpus all nvidia/cuda:12.8.0-base-ubuntu22.04 nvidia-smi\n```
Our image is based on `nvidia/cuda:12.6.3-base`, since the libraries of CUDA 12.9 come from the store.
| Image | ORT | CUDA |\n|---|---|---|\n| ghcr.io/acme/ort:1.22 | 1.22.2 | 12.9 |\n| ghcr.io/acme/ort:1.20 | 1.20.1 | 12.4 |
| Tag | Variant |\n|---|---|\n| `:latest` | `onnxruntime-python313-cuda12_9-sm89-avx512` |\n| `:old` | `onnxruntime-python312-cuda12_4-sm80-avx2` |
```\n+-----------------------------------------------------------------------------------------+\n| NVIDIA-SMI 565.57.01              Driver Version: 565.57.01      CUDA Version: 12.7     |\n|-----------------------------------------+------------------------+----------------------+\n|   0  NVIDIA GeForce RTX 4090        Off |   00000000:01:00.0 Off |                  Off |\n```
```console\n$ nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv\nname, driver_version, compute_cap\nNVIDIA GeForce RTX 4090, 565.57.01, 8.9\nNVIDIA A100-SXM4-80GB, 550.90.07, 8.0\n```
```\n$ nvidia-smi\nDriver Version: 565.57.01   CUDA Version: 12.7\n```
"CUDA Version: 12.7" in the output of `nvidia-smi` is what the driver (565) knows, not what is installed.
```\nflags : fpu vme sse sse2 avx avx2 fma bmi2 avx512f avx512dq avx512bw avx512vl avx512_vnni\n```
```bash\ngrep -o 'avx512[a-z_0-9]*' /proc/cpuinfo | sort -u\n# avx512bw\n# avx512dq\n# avx512f\n# avx512vl\n# avx512_vnni\n```
`/proc/cpuinfo` writes `avx512_vnni` and `avx512_bf16`, our names have no underscore.
`asimddp` and `sve2` in `/proc/cpuinfo` stand for ARMv8.2 and ARMv9.
```\nmodel name : AMD EPYC 9654\nflags      : avx2 avx512f avx512_bf16 avx512_vnni\n```
```nix\n{\n  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";\n  outputs = { nixpkgs, ... }: {\n    devShells.x86_64-linux.default = nixpkgs.legacyPackages.x86_64-linux.mkShell {\n      packages = [ (import ./.flox/pkgs/onnxruntime-python313-cuda12_9-sm89-avx512.nix { }) ];\n    };\n  };\n}\n```
```nix\nnixpkgs.config = { allowUnfree = true; cudaSupport = true; cudaCapabilities = [ "8.6" "8.9" ]; };\n```
```nix\noverlays = [ (final: prev: { cudaPackages = prev.cudaPackages_12_8; }) ];\n```
```toml\n[install]\nonnxruntime.pkg-path = "onnxruntime-python313-cuda12_9-sm89-avx512"\npython.pkg-path = "python312"\npython.version = "3.12"\n```
```toml\n[install]\ncuda.pkg-path = "flox-cuda/cudaPackages_12_6.cudatoolkit"\n```
| GPU | CUDA | Driver | ms |\n|---|---|---|---|\n| RTX 4090 | 12.9 | 570 | 4.1 |\n| RTX 4090 | 12.4 | 570 | 4.3 |\n| A100 | 12.9 | 565 | 6.0 |
| Model | CUDA 12.4 | CUDA 12.9 |\n|---|---|---|\n| ResNet-50 | 1.20 | 1.12 |\n| BERT | 3.13 | 3.12 |
| Batch | SM86 | SM89 |\n|---|---|---|\n| 1 | 4.1 | 3.2 |\n| 8 | 12.9 | 12.4 |\n| 32 | 55.0 | 50.1 |
## Benchmarks\n\nDriver 570, Python 3.13, CUDA 12.9, RTX 4090.\n\n- `avx2`: 12.4 ms\n- `avx512`: 12.9 ms
All numbers: driver 575, CUDA 12.9, RTX 4090 and Ryzen 9 7950X.
Measured on an H100 (driver 570, CUDA 12.9 variant), 100 runs each.
| ISA | images/s |\n|---|---|\n| AVX2 | 75 |\n| AVX-512 | 89 |\n| AVX-512 VNNI | 120 |
You need 86 GB of disk for all 58, 120 if you keep the logs.
A build takes 75 minutes on 16 cores and 120 on 8.
SM86 code runs on SM89, but slower than its own.
A driver newer than 560 is fine: 565, 570, 575 and 580 were all tried.
An R570 driver runs what was built for CUDA 12.4.
The CUDA 12.9 toolkit itself brings driver 575.
If `nvidia-smi` says 550 or more, CUDA 12.4 works; from 560 on, both.
With driver 565 you can use both lines.
Driver 555? Take CUDA 12.4. Driver 570? Either.
Rocky 9 users report that driver 570 with CUDA 12.9 works since the last update.
Our notebook server (JupyterHub, driver 575) offers CUDA 12.9 with Python 3.13.
The Slurm partition `gpu-a100` has driver 555 and we load CUDA 12.4 there.
| Partition | GPU | Driver | Line |\n|---|---|---|---|\n| gpu-short | T4 | 570 | 12.4 |\n| gpu-long | H100 | 575 | 12.9 |
| Site | Driver | CUDA |\n|---|---|---|\n| Berlin | 570 | 12.9 |\n| Paris | 555 | 12.4 |
| Customer | GPU | Driver | CUDA |\n|---|---|---|---|\n| A | L40 | 570 | 12.9 |\n| B | A30 | 555 | 12.4 |
- Berlin: two A100, driver 555, CUDA 12.4
- Staging: L4, driver 570, CUDA 12.9
- Production: H100, driver 565, CUDA 12.9
- dev — RTX 3090, driver 580, CUDA 12.9
- RTX 4090 / driver 575 / CUDA 12.9 / Python 3.13: 812 images/s
Tested on: RTX 4090, driver 575, CUDA 12.9.
Tested with driver 575 and CUDA 12.9 on Ubuntu 24.04.
Environment: NixOS 25.05, driver 570, CUDA 12.9, Python 3.13.
**Environment**\n\n- OS: Ubuntu 24.04\n- GPU: RTX 4090\n- Driver: 570\n- CUDA: 12.9\n- Python: 3.13
```\nGPU: RTX 4090\nDriver: 570.86\nCUDA: 12.9\n```
```yaml\nmatrix:\n  include:\n    - runner: gpu-l4\n      driver: 570\n      cuda: "12.9"\n```
| Date | Driver | CUDA | ms |\n|---|---|---|---|\n| 2025-10-01 | 565 | 12.9 | 4.2 |\n| 2025-11-01 | 570 | 12.9 | 4.1 |
| Run | CUDA | Python | Result |\n|---|---|---|---|\n| 1 | 12.4 | 3.12 | ok |\n| 2 | 12.9 | 3.13 | ok |
| Colour | SM |\n|---|---|\n| green | 75 |\n| blue | 90 |
Python 3.14 came out in October 2025; nixpkgs has it, we do not build for it.
Numpy 2.3 needs Python 3.11.
In `torch` the names are cu124, cu126 and cu128; here they are `cuda12_4` and `cuda12_9`.
ONNX Runtime's own wheels are built with CUDA 12.8 and Python 3.10 to 3.13.
ONNX Runtime 1.22.0 was the first with Blackwell in its CMake.
TensorRT needs driver 555 for CUDA 12.5 and 560 for 12.6.
CUDA 12.6 came with driver 560, CUDA 12.8 with 570, CUDA 12.9 with 575.
NVIDIA ships 12.9 with driver 575, but 560 is enough.
| GPU | Year |\n|---|---|\n| T4 | 2018 |\n| A100 | 2020 |\n| RTX 4090 | 2022 |
| GPU | SM | Memory |\n|---|---|---|\n| T4 | 75 | 16 GB |\n| A100 | 80 | 80 GB |\n| RTX 4090 | 89 | 24 GB |
| GPU | TDP |\n|---|---|\n| L4 | 72 W |\n| T4 | 70 W |\n| A100 | 400 W |
The RTX 4090 is twice as fast as the RTX 3090, an H100 is three times as fast as an A100.
We bought two A100 and an L40 in 2023.
SM80 and SM90 are the data centre's, SM86 and SM89 the desk's.
A variant for SM80 runs on SM86 and SM89, too, but not on SM90.
Cards before Turing (SM70, SM61) are not built for.
Everything older than SM75 (Volta, Pascal) is left out.
Hopper is SM90, all that came before it is Turing, Ampere or Ada.
AVX-512 is in Skylake-SP, Cascade Lake, Ice Lake and Zen 4.
Zen 5 has AVX-512 VNNI and AVX-512 BF16, Zen 3 AVX2 alone.
Alder Lake has AVX2 and AVX-VNNI, the latter is not `avx512vnni`.
gcc's `-march=skylake-avx512` stands for -mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl.
Flags of `-march=znver4`: `-mavx512f -mavx512bf16 -mavx512vnni -mavx512vbmi -mfma`.
`lscpu | grep avx512_vnni` prints something on Cascade Lake and newer.
Graviton3 has SVE and BF16, Graviton2 only ARMv8.2.
```console\n$ lscpu | grep -i flags\nFlags: fpu sse avx avx2 fma bmi2 avx512f avx512dq avx512cd avx512bw avx512vl\n```
```nix\n{ config, pkgs, ... }:\n{\n  hardware.nvidia.package = config.boot.kernelPackages.nvidiaPackages.mkDriver {\n    version = "570.86.16";\n  };\n}\n```
```nix\nlet\n  pkgs = import <nixpkgs> { config.allowUnfree = true; };\nin\npkgs.mkShell {\n  packages = [\n    (pkgs.python312.withPackages (ps: [ ps.numpy ]))\n    pkgs.cudaPackages_12_6.cudatoolkit\n  ];\n}\n```
```nix\npkgs.python311.withPackages (ps: with ps; [ onnx numpy ])\n```
```nix\n# shell.nix of the benchmark\nwith import <nixpkgs> { };\nmkShell { buildInputs = [ python311 cudaPackages_12_8.cuda_cudart ]; }\n```
```nix\nbuildPythonPackage {\n  pname = "my-app";\n  propagatedBuildInputs = [ python312Packages.numpy python312Packages.onnxruntime ];\n}\n```
""".strip().splitlines()
MARKED = r"""
- [ ] `cuda12_4` has driver ⟦535|550⟧, `cuda12_9` has driver ⟦550|560⟧
The CUDA 12.9 variants have driver ⟦575|560⟧.
- CUDA 12.9: driver ⟦565|560⟧
| Line | CUDA | Driver |\n|---|---|---|\n| Conservative | 12.4 | 550 |\n| Modern | 12.9 | ⟦575|560⟧ |
| GPU | CUDA | Driver |\n|---|---|---|\n| RTX 4090 | 12.9 | ⟦565|560⟧+ |
- ws-1 needs driver ⟦535|550⟧+ for CUDA 12.4
## Requirements of the host\n\n- an NVIDIA driver: R⟦535|550⟧ for CUDA 12.4, R⟦550|560⟧ for CUDA 12.9
The workstation needs driver ⟦565|560⟧ for CUDA 12.9.
|Family|Members we tested|Package part|\n|-|-|-|\n|Turing|T4, ⟦RTX 3090|RTX 2080 Ti⟧|`sm75`|
## Releases elsewhere\n\n| Branch | ONNX Runtime |\n|---|---|\n| `ort-1.24` | ⟦1.23.2|!1.24.2⟧ |\n| `ort-1.22` | 1.22.2 |
| Cloud machine | Package |\n|---|---|\n| AWS p5 (⟦L4|!H100⟧) | `onnxruntime-python313-cuda12_9-sm90-avx2` |
SM90 is ⟦Ada|!Hopper⟧, SM89 is Ada.
- Hopper: SM⟦89|!90⟧
AVX2 has `-mavx2 ⟦-mbmi2|!-mfma⟧`, but AVX-512 has more.
CUDA ⟦12.8|!12.4⟧ goes with Python 3.12.
""".strip().splitlines()
CASES = [case for marked in MARKED for case in cases(marked.replace("\\n", "\n"))]


@pytest.mark.parametrize("text", RIGHT)
def test_right_statements_are_no_alarm(text: str) -> None:
    assert found(text.replace("\\n", "\n")) == []


@pytest.mark.parametrize(("text", "wrong"), CASES)
def test_wrong_values_are_found(text: str, wrong: list[tuple[str, str | None]]) -> None:
    assert found(text) == wrong
