"""Documents in many styles, made from the tables of a release.

A value that can go stale stands between `⟦kind:` and `⟧`; a `~` after the kind says that nothing else in its unit names
the same row, so that a wrong value can be found there but not mended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

PIN = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"


class Stack(NamedTuple):
    tag: str
    version: str
    driver: str
    python: str
    packages: str

    @property
    def py(self) -> str:
        return self.python.replace(".", "")


class Gpu(NamedTuple):
    sm: str
    architecture: str
    names: tuple[str, ...]


class Isa(NamedTuple):
    name: str
    label: str
    flags: tuple[str, ...]
    platform: str

    @property
    def short(self) -> str:
        return self.label.partition(" (")[0]


class Line(NamedTuple):
    branch: str
    version: str
    status: str
    blackwell: bool


class Release(NamedTuple):
    branch: str
    version: str
    pin: str
    stacks: tuple[Stack, ...]
    gpus: tuple[Gpu, ...]
    x86: tuple[Isa, ...]
    arm: tuple[Isa, ...]
    lines: tuple[Line, ...]
    per_stack: tuple[int, ...]
    cpu: int
    cpu_python: str

    @property
    def gpu_count(self) -> int:
        return sum(self.per_stack)

    @property
    def total(self) -> int:
        return self.gpu_count + self.cpu

    @property
    def newest(self) -> Stack:
        return self.stacks[-1]

    @property
    def cudas(self) -> str:
        return "/".join(f"⟦cuda:{one.version}⟧" for one in self.stacks)

    @property
    def drivers(self) -> str:
        return "/".join(f"⟦driver:{one.driver}⟧+" for one in self.stacks)

    @property
    def modern(self) -> Line:
        """A release with Blackwell that is not this one."""
        return next(one for one in self.lines if one.blackwell and one.branch not in (self.branch, "main"))

    def name(self, gpu: str, isa: str, stack: Stack | None = None) -> str:
        stack = stack or self.newest
        return f"onnxruntime-python{stack.py}-cuda{stack.tag}-sm{gpu}-{isa}"


def tables(r: Release) -> str:
    """Tables under the usual heads."""
    rows = "".join(
        f"| `⟦branch:{one.branch}⟧` | ⟦ort:{one.version}⟧ | {', '.join(f'⟦cuda:{s.version}⟧' for s in r.stacks)}"
        f" | {r.drivers} | ⟦status~:{one.status.capitalize()}⟧ |\n"
        for one in r.lines
    )
    toolkits = "".join(
        f"| CUDA Toolkit | ⟦cuda:{s.version}⟧ | ⟦driver:{s.driver}⟧+ | Via nixpkgs `⟦overlay:cudaPackages_{s.tag}⟧` |\n"
        for s in r.stacks
    )
    gpus = "".join(
        f"| SM⟦sm:{g.sm}⟧ | ⟦arch:{g.architecture}⟧ | {', '.join(f'⟦gpu:{n}⟧' for n in g.names)} |"
        f" {', '.join(f'⟦isa:{i.label}⟧' for i in r.x86)} | {', '.join(i.label for i in r.arm) if g.sm == '90' else '—'} |\n"
        for g in r.gpus
    )
    isas = "".join(
        f"| ⟦isa:{i.label}⟧ | `{' '.join(f'⟦flag:{f}⟧' for f in i.flags)}` | ⟦platform:{i.platform}⟧ |\n"
        for i in (*r.x86, *r.arm)
    )
    pythons = "".join(
        f"| Python | ⟦python~:{s.python}⟧ | — | CUDA ⟦cuda~:{s.version}⟧ variants |\n" for s in r.stacks[:1]
    )
    return f"""# ONNX Runtime for Flox

> You are on the `⟦branch:{r.branch}⟧` branch — ONNX Runtime ⟦ort:{r.version}⟧, CUDA {r.cudas}, Driver {r.drivers} (⟦count:{r.total}⟧ variants)

## Branches

| Branch | ORT Version | CUDA | Min Driver | Status |
|--------|-------------|------|------------|--------|
{rows}
- **CUDA ⟦cuda:{r.stacks[0].version}⟧ + Python ⟦python:{r.stacks[0].python}⟧** — requires **NVIDIA driver ⟦driver:{r.stacks[0].driver}⟧+**. Runs on older clusters.
- **CUDA ⟦cuda:{r.newest.version}⟧ + Python ⟦python:{r.newest.python}⟧** — requires **NVIDIA driver ⟦driver:{r.newest.driver}⟧+** (production branch R⟦driver:{r.newest.driver}⟧).

## Versions

| Component | Version | Min Driver | Notes |
|-----------|---------|------------|-------|
| ONNX Runtime | ⟦ort:{r.version}⟧ | — | built with its Python bindings |
{toolkits}{pythons}| nixpkgs | [`⟦pinshort:{r.pin[:7]}⟧`](https://github.com/NixOS/nixpkgs/tree/⟦pin:{r.pin}⟧) | — | pinned |

## GPU variants

| SM | Architecture | GPUs | x86 ISAs | ARM ISAs |
|----|--------------|------|----------|----------|
{gpus}
### CPU instruction sets (⟦count:{len(r.x86) + len(r.arm)}⟧ ISAs)

| ISA | Compiler flags | Platform |
|-----|----------------|----------|
{isas}
## Total: ⟦count:{r.total}⟧ variants (⟦count:{r.gpu_count}⟧ GPU + ⟦count:{r.cpu}⟧ CPU-only)

```bash
# H100 with AVX-512, driver ⟦driver:{r.newest.driver}⟧+
flox build ⟦name:{r.name("90", "avx512")}⟧
flox publish ⟦name:{r.name("80", "avx2", r.stacks[0])}⟧
```
"""


def guide(r: Release) -> str:
    """A guide of bullets and fences."""
    n, o = r.newest, r.stacks[0]
    lines = "".join(
        f"- **⟦branch:{one.branch}⟧**: ONNX Runtime ⟦ort:{one.version}⟧ + CUDA {r.cudas}, driver {r.drivers}"
        f" (⟦status~:{one.status}⟧, {'Blackwell support' if one.blackwell else 'no Blackwell'})\n"
        for one in r.lines
    )
    overlays = "".join(
        f"- CUDA: ⟦cuda:{s.version}⟧ via `⟦overlay:cudaPackages_{s.tag}⟧` overlay — **requires NVIDIA driver ⟦driver:{s.driver}⟧+**\n"
        for s in r.stacks
    )
    return f"""# CLAUDE.md

## Commands

```bash
# Build a variant
flox build ⟦name:{r.name("90", "avx512")}⟧
./result-⟦name:{r.name("90", "avx512")}⟧/bin/python -c "import onnxruntime"
```

### Names
```
onnxruntime-python⟦py~:{o.py}⟧-cuda{o.tag}[-sm{{XX}}]-{{cpuisa}}.nix
onnxruntime-python⟦py~:{n.py}⟧-{{cuda{n.tag}|cpu}}[-sm{{XX}}]-{{cpuisa}}.nix
```

CUDA ⟦cuda~:{o.version}⟧ variants use Python ⟦python~:{o.python}⟧; CUDA ⟦cuda~:{n.version}⟧ and CPU-only variants use Python ⟦python~:{n.python}⟧.

Examples:
- `⟦name:{r.name("90", "avx512")}⟧.nix` (⟦gpu~:H100⟧ + ⟦isa:AVX-512⟧, CUDA ⟦cuda:{n.version}⟧, Python ⟦python:{n.python}⟧)
- `⟦name:{r.name("80", "avx2", o)}⟧.nix` (⟦gpu~:A100⟧ + ⟦isa:AVX2⟧, CUDA ⟦cuda:{o.version}⟧, Python ⟦python:{o.python}⟧)

### Pin
- Revision: `⟦pin:{r.pin}⟧`
- ONNX Runtime: ⟦ort:{r.version}⟧ (with CUTLASS)
{overlays}- Python: ⟦python~:{n.python}⟧ (CUDA ⟦cuda~:{n.version}⟧ + CPU variants), ⟦python~:{o.python}⟧ (CUDA ⟦cuda~:{o.version}⟧ variants)

### Branches
{lines}
### Headers
```nix
# ONNX Runtime ⟦ort:{r.version}⟧ for NVIDIA ⟦arch:Hopper⟧ (SM⟦sm:90⟧: ⟦gpu:H100⟧, ⟦gpu:L40S⟧) + AVX-512
# CUDA ⟦cuda~:{n.version}⟧ — Requires NVIDIA driver ⟦driver~:{n.driver}⟧+
```
```nix
description = "ONNX Runtime ⟦ort:{r.version}⟧ for NVIDIA ⟦gpu:H100⟧/⟦gpu:L40S⟧ (SM⟦sm:90⟧) + AVX-512 [CUDA {n.version}]";
```

CUDA ⟦cuda:{o.version}⟧ variants take ⟦pyset:{o.packages}⟧.onnxruntime (Python ⟦python:{o.python}⟧).
"""


def cards(gpu: Gpu) -> list[str]:
    """The first two cards; where there are more, a wrong one could be any of the others."""
    return [f"⟦gpu{'~' if len(gpu.names) > 2 else ''}:{name}⟧" for name in gpu.names[:2]]


def prose(r: Release) -> str:
    """Sentences."""
    n, o = r.newest, r.stacks[0]
    others = " ".join(
        f"The branch `⟦branch~:{one.branch}⟧` builds ONNX Runtime ⟦ort~:{one.version}⟧."
        for one in r.lines
        if one.branch != r.branch
    )
    gpus = " ".join(f"For {' and '.join(cards(g))} ({g.architecture}), take SM⟦sm:{g.sm}⟧." for g in r.gpus)
    return f"""# Builds of ONNX Runtime

This repository packages ONNX Runtime ⟦ort:{r.version}⟧ once per target.

There are ⟦count:{r.total}⟧ variants in all, of which ⟦count:{r.gpu_count}⟧ GPU variants and ⟦count:{r.cpu}⟧ CPU-only variants.

The CUDA ⟦cuda:{o.version}⟧ builds are made for Python ⟦python:{o.python}⟧ and need an NVIDIA driver of at least ⟦driver:{o.driver}⟧.
The CUDA ⟦cuda:{n.version}⟧ builds are made for Python ⟦python:{n.python}⟧ and need an NVIDIA driver of at least ⟦driver:{n.driver}⟧.

All variants share one nixpkgs, pinned to ⟦pin:{r.pin}⟧.

{others}

{gpus}

Build one with `flox build ⟦name:{r.name("86", "avx512vnni")}⟧`.
With AWS Graviton2 choose `⟦isaname~:armv8_2⟧`.
Each of the ⟦count:{len(r.gpus)}⟧ GPU architectures has ⟦count:{len(r.x86)}⟧ x86 ISAs.
"""


def html(r: Release) -> str:
    """Badges and tables in HTML."""
    n = r.newest
    stacks = "".join(
        f"<tr><td>⟦cuda:{s.version}⟧</td><td>≥ ⟦driver:{s.driver}⟧</td><td>⟦python:{s.python}⟧</td>"
        f"<td><code>⟦overlay:cudaPackages_{s.tag}⟧</code></td><td>⟦count:{c}⟧</td></tr>\n"
        for s, c in zip(r.stacks, r.per_stack, strict=True)
    )
    lines = "".join(
        f"<tr>\n<td><code>⟦branch:{one.branch}⟧</code></td>\n<td>⟦ort:{one.version}⟧</td>\n<td>⟦status~:{one.status}⟧</td>\n</tr>\n"
        for one in r.lines
    )
    gpus = "".join(
        f"<tr><td>⟦arch:{g.architecture}⟧</td><td>sm_⟦sm:{g.sm}⟧</td><td>{', '.join(f'⟦gpu:{x}⟧' for x in g.names)}</td></tr>\n"
        for g in r.gpus
    )
    return f"""<h1>onnxruntime</h1>

![ONNX Runtime ⟦ort:{r.version}⟧](https://img.shields.io/badge/ONNX%20Runtime-⟦ort:{r.version}⟧-blue)

<p>This branch builds <b>ONNX Runtime ⟦ort:{r.version}⟧</b>: ⟦count:{r.total}⟧ variants.</p>

<table>
<thead><tr><th>CUDA</th><th>NVIDIA driver</th><th>Python</th><th>Overlay</th><th>Variants</th></tr></thead>
<tbody>
{stacks}</tbody>
</table>

<table>
<tr><th>Branch</th><th>ONNX Runtime</th><th>Status</th></tr>
{lines}</table>

<table>
<tr><th>GPU architecture</th><th>Compute target</th><th>Cards</th></tr>
{gpus}</table>

<ul>
<li>CUDA ⟦cuda:{n.version}⟧ / Python ⟦python:{n.python}⟧ / driver ⟦driver:{n.driver}⟧+</li>
<li>nixpkgs at <a href="https://github.com/NixOS/nixpkgs/commit/⟦pin:{r.pin}⟧">⟦pinshort:{r.pin[:12]}⟧</a></li>
</ul>
"""


def outline(r: Release) -> str:
    """Headings, nested bullets and labels."""
    n = r.newest
    stacks = "".join(
        f"### CUDA ⟦cuda:{s.version}⟧\n\n- Driver: ⟦driver:{s.driver}⟧ or newer\n- Python: ⟦python:{s.python}⟧\n"
        f"- Overlay: `⟦overlay:cudaPackages_{s.tag}⟧`\n- Variants: ⟦count:{c}⟧\n\n"
        for s, c in zip(r.stacks, r.per_stack, strict=True)
    )
    gpus = "".join(
        f"- **SM⟦sm:{g.sm}⟧**\n  - Architecture: ⟦arch:{g.architecture}⟧\n  - Cards: {', '.join(f'⟦gpu:{x}⟧' for x in g.names)}\n"
        for g in r.gpus
    )
    lines = "".join(
        f"* `⟦branch:{one.branch}⟧`\n  * ONNX Runtime ⟦ort:{one.version}⟧\n  * CUDA {', '.join(f'⟦cuda:{s.version}⟧' for s in r.stacks)}\n"
        for one in r.lines
    )
    isas = "".join(
        f"{i.label}\n: `⟦isaname~:{i.name}⟧` on ⟦platform:{i.platform}⟧, built with `{' '.join(f'⟦flag:{f}⟧' for f in i.flags)}`\n\n"
        for i in (*r.x86, *r.arm)
    )
    return f"""# Variants of ONNX Runtime ⟦ort:{r.version}⟧ (`⟦branch:{r.branch}⟧`)

**Version:** ONNX Runtime ⟦ort:{r.version}⟧
**Pin:** `⟦pin:{r.pin}⟧`
**Total:** ⟦count:{r.total}⟧

## Stacks

{stacks}## Architectures

{gpus}
## Releases

{lines}
## Instruction sets

{isas}
## Example

1. `flox build ⟦name:{r.name("89", "avx512", n)}⟧`
2. `./result-⟦name:{r.name("89", "avx512", n)}⟧/bin/python`
"""


def sideways(r: Release) -> str:
    """Tables with other heads, in another order, with columns more, and turned over."""
    heads = " | ".join(f"CUDA {s.version}" for s in r.stacks)
    lines = "".join(
        f"| {number} | {'⟦status~:' + one.status + '⟧'} | [⟦branch:{one.branch}⟧](../../tree/{one.branch}) | {r.drivers} | v⟦ort:{one.version}⟧ |"
        f" {' and '.join(f'⟦cuda:{s.version}⟧' for s in r.stacks)} |\n"
        for number, one in enumerate(r.lines, 1)
    )
    gpus = "".join(
        f"| {' / '.join(f'⟦gpu:{x}⟧' for x in g.names)} | {g.sm[:-1]}.{g.sm[-1]} | `sm⟦sm:{g.sm}⟧` | ⟦arch:{g.architecture}⟧ | yes |\n"
        for g in r.gpus
    )
    isas = "".join(
        f"| {i.platform} | `⟦isaname:{i.name}⟧` | ⟦isa:{i.short}⟧ | {' '.join(f'`⟦flag:{f}⟧`' for f in i.flags)} | fine |\n"
        for i in (*r.x86, *r.arm)
    )
    counts = "".join(
        f"| CUDA ⟦cuda:{s.version}⟧, driver ⟦driver:{s.driver}⟧+, Python ⟦python:{s.python}⟧ | x86 and ARM | ⟦count:{c}⟧ |\n"
        for s, c in zip(r.stacks, r.per_stack, strict=True)
    )
    return f"""# What is built here

|  | {heads} |
|---|{"---|" * len(r.stacks)}
| Minimum NVIDIA driver | {" | ".join(f"⟦driver:{s.driver}⟧+" for s in r.stacks)} |
| Python | {" | ".join(f"⟦python:{s.python}⟧" for s in r.stacks)} |
| nixpkgs attribute | {" | ".join(f"`⟦overlay:cudaPackages_{s.tag}⟧`" for s in r.stacks)} |

| # | Status | Branch | Driver | Release | CUDA toolkits |
|--:|:------:|--------|--------|---------|---------------|
{lines}
| Cards | CC | Target | GPU architecture | Tested |
|---|---|---|---|---|
{gpus}
| System | Target | Instruction set | Flags | Remarks |
|---|---|---|---|---|
{isas}
| Stack | Sets | Variants |
|---|---|---|
{counts}| CPU only, Python {r.cpu_python} | x86 and ARM | ⟦count:{r.cpu}⟧ |
| **Total** | | **⟦count:{r.total}⟧** |

ONNX Runtime ⟦ort:{r.version}⟧ is what this branch builds.
nixpkgs revision: ⟦pinshort:{r.pin[:10]}⟧
"""


def terse(r: Release) -> str:
    """Few words and many signs."""
    arrows = "".join(
        f"- {', '.join(f'⟦gpu:{x}⟧' for x in g.names)} → sm⟦sm:{g.sm}⟧\n" for g in r.gpus if len(g.names) > 1
    )
    stacks = "".join(
        f"- CUDA ⟦cuda:{s.version}⟧ – Python ⟦python:{s.python}⟧ – driver ≥ ⟦driver:{s.driver}⟧ – `⟦overlay:cudaPackages_{s.tag}⟧`\n"
        for s in r.stacks
    )
    ccs = "".join(
        f"- compute capability ⟦cc:{g.sm[:-1]}.{g.sm[-1]}⟧: ⟦arch:{g.architecture}⟧, {g.names[0]}\n" for g in r.gpus
    )
    lines = "".join(
        f"- `⟦branch:{one.branch}⟧` → ⟦ort:{one.version}⟧ (CUDA {r.cudas}; R{r.stacks[0].driver}/R{r.newest.driver}; ⟦status~:{one.status}⟧)\n"
        for one in r.lines
    )
    arithmetic = ""
    if len(set(r.per_stack)) == 1:
        arithmetic = (
            f"## GPU variants (⟦count:{len(r.gpus)}⟧ architectures x ⟦count:{len(r.x86)}⟧ x86 ISAs + ⟦count:2⟧ SM90 ARM"
            f" = ⟦count:{r.per_stack[0]}⟧ per CUDA version, ⟦count:{r.gpu_count}⟧ total)\n"
        )
    return f"""# ort ⟦ort:{r.version}⟧

> **⟦branch:{r.branch}⟧** · ONNX Runtime ⟦ort:{r.version}⟧ · CUDA {r.cudas} · driver {r.drivers} · ⟦count:{r.total}⟧ variants

{stacks}
{lines}
{arithmetic}
{arrows}
{ccs}
- Blackwell: ⟦pointer~:{r.modern.branch}⟧ or newer
- ⟦count:{r.gpu_count}⟧ GPU + ⟦count:{r.cpu}⟧ CPU-only = ⟦count:{r.total}⟧

```sh
flox build ⟦name:{r.name("75", "avx2")}⟧  # CUDA ⟦cuda:{r.newest.version}⟧, Python ⟦python:{r.newest.python}⟧, driver ⟦driver:{r.newest.driver}⟧+
nix build .#⟦name:{r.name("90", "armv9")}⟧
```
"""


STYLES: dict[str, Callable[[Release], str]] = {
    one.__name__: one for one in (tables, guide, prose, html, outline, sideways, terse)
}
