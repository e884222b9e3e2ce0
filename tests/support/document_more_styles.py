"""Three more styles of documents, written from the facts of the domain alone: questions and answers, a wiki, and a grid."""

from __future__ import annotations

from tests.support.document_styles import Release


def _named(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def questions(r: Release) -> str:
    """Questions as headings, answers in sentences; code only in places."""
    first, last = r.stacks[0], r.stacks[-1]
    answers = "".join(
        f"### I have a {g.names[0]}. Which variant do I want?\n\n"
        f"The ⟦gpu{'~' if len(g.names) > 1 else ''}:{g.names[0]}⟧ is a ⟦arch:{g.architecture}⟧ card, so look for `sm⟦sm:{g.sm}⟧` in the name.\n\n"
        for g in r.gpus
    )
    cpus = "".join(
        f"* *{i.short}* (`-{i.name}` at the end of the name): the compiler is given"
        f" {' '.join(f'`{flag}`' for flag in i.flags)}, on {i.platform}.\n"
        for i in (*r.x86, *r.arm)
    )
    return f"""<p align="center"><b>onnxruntime for Flox</b><br>
<img alt="ORT" src="https://img.shields.io/badge/ONNX%20Runtime-⟦ort:{r.version}⟧-informational">
</p>

You are looking at branch **⟦branch:{r.branch}⟧**, which builds ONNX Runtime ⟦ort:{r.version}⟧.

## Questions

### How many variants are there?

⟦count:{r.total}⟧ in all: ⟦count:{r.gpu_count}⟧ for GPUs and ⟦count:{r.cpu}⟧ without CUDA. \
The GPU ones come in ⟦count:{len(r.gpus)}⟧ architectures.

### Which driver do I need?

It depends on the toolkit in the name. With CUDA ⟦cuda:{first.version}⟧ your driver must be ⟦driver:{first.driver}⟧ or newer; \
with CUDA ⟦cuda:{last.version}⟧ it must be ⟦driver:{last.driver}⟧ or newer.

> *Short version:* `cuda{first.tag}` → driver ⟦driver:{first.driver}⟧+, `cuda{last.tag}` → driver ⟦driver:{last.driver}⟧+.

### And which Python?

Variants of CUDA ⟦cuda:{first.version}⟧ are for Python ⟦python:{first.python}⟧, those of CUDA ⟦cuda:{last.version}⟧ for \
Python ⟦python:{last.python}⟧.

{answers}### What do the endings mean?

{cpus}
### Where does nixpkgs come from?

All variants share one commit of nixpkgs, \
[`⟦pinshort:{r.pin[:10]}⟧`](https://github.com/NixOS/nixpkgs/commit/⟦pin:{r.pin}⟧).

### How do I build one?

```sh
flox build ⟦name:{r.name("90", "avx512")}⟧
ls result-⟦name:{r.name("90", "avx512")}⟧/lib
```
"""


def wiki(r: Release) -> str:
    """Nested bullets, definition-like lines, and details in HTML; the pin first, the releases last."""
    stacks = "".join(
        f"- CUDA ⟦cuda:{s.version}⟧\n"
        f"  - overlay: `⟦overlay:cudaPackages_{s.tag}⟧`\n"
        f"  - minimum driver: ⟦driver:{s.driver}⟧\n"
        f"  - Python: ⟦python:{s.python}⟧ (`⟦pyset~:{s.packages}⟧`)\n"
        for s in r.stacks
    )
    gpus = "".join(
        f"- **⟦arch:{g.architecture}⟧** — SM⟦sm:{g.sm}⟧\n  - cards: {_named([f'⟦gpu:{n}⟧' for n in g.names])}\n"
        for g in r.gpus
    )
    releases = "".join(
        f"<tr><td>⟦ort:{x.version}⟧</td><td><code>⟦branch:{x.branch}⟧</code></td><td>⟦status~:{x.status}⟧</td></tr>\n"
        for x in r.lines
        if x.branch not in ("main", "ort-1.23")
    )
    return f"""# onnxruntime variants

*nixpkgs revision:* `⟦pin:{r.pin}⟧`

*ONNX Runtime:* ⟦ort:{r.version}⟧

## Toolkits

{stacks}
## Cards

{gpus}
<details>
<summary>Older and newer releases</summary>
<table>
<thead><tr><th>ONNX Runtime</th><th>Branch</th><th>Status</th></tr></thead>
<tbody>
{releases}</tbody>
</table>
</details>

## Numbers

1. ⟦count:{r.per_stack[0]}⟧ variants with CUDA ⟦cuda~:{r.stacks[0].version}⟧
2. ⟦count:{r.per_stack[-1]}⟧ variants with CUDA ⟦cuda~:{r.stacks[-1].version}⟧
3. ⟦count:{r.cpu}⟧ CPU-only variants

Total: **⟦count:{r.total}⟧ variants**
"""


def grid(r: Release) -> str:
    """Tables with a column for each toolkit, each release and each platform; links and notes at the end."""
    heads = " | ".join(f"⟦cuda:{s.version}⟧" for s in r.stacks)
    line = "---|" * (len(r.stacks) + 1)
    gpus = "".join(
        f"{' / '.join(f'⟦gpu:{n}⟧' for n in g.names)} | compute capability ⟦cc:{g.sm[:-1]}.{g.sm[-1]}⟧"
        f" | ⟦arch:{g.architecture}⟧\n"
        for g in r.gpus
    )
    releases = "".join(
        f"| {'✅' if x.blackwell else '❌'} | ⟦ort:{x.version}⟧ | [`⟦branch:{x.branch}⟧`][{x.branch}] |\n"
        for x in r.lines
    )
    links = "".join(f"[{x.branch}]: https://example.org/tree/{x.branch}\n" for x in r.lines)
    isas = "".join(f"| ⟦platform:{i.platform}⟧ | `⟦isaname:{i.name}⟧` | ⟦isa:{i.short}⟧ |\n" for i in (*r.x86, *r.arm))
    return f"""ONNX Runtime ⟦ort:{r.version}⟧ · branch `⟦branch:{r.branch}⟧` · ⟦count:{r.total}⟧ packages
=====

| CUDA | {heads} |
|{line}
| NVIDIA driver | {" | ".join(f"⟦driver:{s.driver}⟧+" for s in r.stacks)} |
| Python | {" | ".join(f"⟦python:{s.python}⟧" for s in r.stacks)} |
| nixpkgs attribute | {" | ".join(f"`⟦overlay:cudaPackages_{s.tag}⟧`" for s in r.stacks)} |

Cards | Capability | Generation
---|---|---
{gpus}
| Platform | Suffix | Instruction set |
|---|---|---|
{isas}
| Blackwell | Version | Branch |
|:-:|---|---|
{releases}
The pin[^1] is the same on each branch.

[^1]: nixpkgs at `⟦pin:{r.pin}⟧`.

{links}"""
