"""Whether this tool and real Nix agree on the facts of a variant."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from nixlint_ort.nix.values import Unknown
from nixlint_ort.source import Source
from nixlint_ort.variant.architectures import NIXPKGS_OWN
from nixlint_ort.variant.variant import Variant
from tests.support.linting import convention
from tests.support.oracle import Json, NixError, NixFacts, evaluate_variants_each
from tests.support.oracle.nix import scratch

_STORE_PATH = re.compile(r"@[\w.]+@|/stub/[\w.-]+")
"""How the tool and the stub nixpkgs write the path of a package."""
PATH = ".flox/pkgs/onnxruntime-python313-cuda12_9-sm90-avx512.nix"

COMPARED = (
    "config_cuda_support",
    "cuda_packages",
    "python_packages",
    "pname",
    "description",
    "platforms",
    "cuda_support",
    "python_support",
    "layer_python_packages",
    "gpu_targets",
    "ort_version",
    "ort_src_tag",
    "system_features",
    "cmake_cuda_architectures",
    "cxx_flags",
    "c_flags",
    "other_flags",
    "other_c_flags",
    "wrapper_flags",
    "wrapper_features",
    "patches",
    "cpp_layer",
    "nixpkgs_url",
    "nixpkgs_rev",
)


class Answer(NamedTuple):
    """What is said of one fact: a value, or none of the file's own; or why the tool does not know it."""

    value: Json | tuple[str, ...]
    unknown: Unknown | None = None


def read(files: Mapping[str, bytes], path: str = PATH) -> Variant:
    """The variant at a path of a repository that has these files."""

    def read_file(other: str) -> bytes | str:
        return files.get(other, "there is no such file")

    return Variant(Source(path, files[path]), convention(), None, read_file)


def by_tool(variant: Variant) -> dict[str, Answer]:
    """What the tool says of each fact."""
    return {name: Answer(variant.fact(name).value, variant.fact(name).unknown) for name in COMPARED}


def by_nix(folders: Sequence[Mapping[str, bytes]], path: str = PATH) -> list[NixFacts | NixError]:
    """What Nix says of the variant at a path in each of several repositories, or why it refuses it."""
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        paths = []
        for number, files in enumerate(folders):
            for name, data in files.items():
                file = Path(folder, str(number), name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            paths.append(Path(folder, str(number), path))
        return evaluate_variants_each(paths)


def contradictions(tool: Mapping[str, Answer], nix: NixFacts) -> dict[str, tuple[object, object]]:
    """The facts that the tool says it knows, and that Nix knows otherwise: what each says."""
    found: dict[str, tuple[object, object]] = {}
    for name in COMPARED:
        own, truth = tool[name], _truth(name, nix)
        if own.unknown is None and _said(name, own.value) != truth:
            found[name] = (own.value, truth)
    return found


def _said(name: str, value: object) -> object:
    if name == "patches" and isinstance(value, tuple):
        return tuple(PurePosixPath(str(one)).name for one in value) or None
    return None if value == NIXPKGS_OWN else _plain(value)


def _truth(name: str, nix: NixFacts) -> object:
    value = getattr(nix, name)
    if name == "config_cuda_support":
        layer = nix.layer_config_cuda_support
        if (layer or False) != (value or False):
            values = tuple(str(one).lower() for one in (layer, value) if one is not None)
            return values if len(values) > 1 else values[0]
    if name == "patches":
        return None if value is None else tuple(PurePosixPath(str(one)).name for one in value)
    return _plain(value)


def _plain(value: object) -> object:
    """A value as the tool shows it; an empty list is no value of the file's own where only the file's items count."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return tuple(_STORE_PATH.sub("@", str(one)) for one in value) or None
    return value
