"""Makes a repository as they are in the field: a branch for each release, every variant, a README and a guide."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.support import releases, scratch
from tests.support.document_styles import STYLES
from tests.support.documents import parsed, release_of
from tests.support.linting import convention

_STILL_BUILT = re.compile(r"-python313-cuda12_9-(sm1\d0-)")
_OLDER = (
    ("python313-cuda12_9", "python312-cuda12_4"),
    ("cudaPackages_12_9", "cudaPackages_12_4"),
    ("CUDA 12.9", "CUDA 12.4"),
    ("560+", "550+"),
    ("nixpkgs_pinned.python3Packages", "nixpkgs_pinned.python312Packages"),
    (
        "    pythonSupport = true;\n",
        "    pythonSupport = true;\n    python3Packages = nixpkgs_pinned.python312Packages;\n",
    ),
)
"""What a variant of CUDA 12.4 has in place of one of CUDA 12.9."""


def files(branch: str) -> dict[str, bytes]:
    """A branch's variants by path: 66 where it has Blackwell, of which 8 cannot be built, else 50; and its documents."""
    found = {path: data.decode() for path, data in releases.files(branch).items() if data is not None}
    unbuildable = {_older(path): _older(text) for path, text in found.items() if _STILL_BUILT.search(path)}
    return {
        path: text.encode() for path, text in {**found, **unbuildable, **documents(branch, len(unbuildable))}.items()
    }


def _older(text: str) -> str:
    for new, old in _OLDER:
        text = text.replace(new, old)
    return text


def documents(branch: str, more: int = 0) -> dict[str, str]:
    """A README of tables and a guide of bullets about the variants of a branch, and so many more of them."""
    release = release_of(branch)
    readme, guide = (parsed(STYLES[style](release))[0] for style in ("tables", "guide"))
    for count in (release.total, release.gpu_count):
        readme = re.sub(rf"\b{count}\b(?= variants| GPU)", str(count + more), readme)
    gpus, each = len(release.gpus), len(release.gpus) * len(release.x86) + len(release.arm)
    heading = (
        f"({gpus} architectures x {len(release.x86)} x86 ISAs + {len(release.arm)} SM90 ARM = {each} per CUDA version)"
    )
    readme = readme.replace("## GPU variants\n", f"## GPU variants {heading}\n")
    return {"README.md": readme, "CLAUDE.md": guide}


def build(folder: Path) -> Path:
    """A repository of all releases, with main checked out."""
    scratch.init(folder, "main")
    for branch in convention().releases.keys:
        scratch.git(folder, "checkout", "--quiet", "--orphan", branch)
        shutil.rmtree(folder / ".flox", ignore_errors=True)
        scratch.commit(folder, {**files(branch)})
    scratch.git(folder, "checkout", "--quiet", "main")
    return folder
