"""The truth about a variant: what real Nix evaluates it to, over a nixpkgs that records instead of building."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.oracle.nix import (
    Evaluated,
    Json,
    NixError,
    evaluate_expressions,
    evaluate_json,
    nix_string,
    oracle_file,
    parses,
    scratch,
)

__all__ = ["Evaluated", "Json", "NixError", "NixFacts", "evaluate_expressions", "evaluate_variants", "parses"]


@dataclass(frozen=True, slots=True)
class NixFacts:
    """The facts of one variant, named as in the tool. None: nixpkgs decides it, in whole or in part."""

    pname: Json
    description: Json
    platforms: Json
    python_packages: Json
    nixpkgs_url: Json
    nixpkgs_rev: str | None
    config_cuda_support: Json
    cuda_packages: str | None
    cuda_support: Json
    python_support: Json
    layer_python_packages: Json
    cmake_cuda_architectures: str | None
    earlier_cuda_architectures: tuple[str, ...]
    """Values of the flags that come before the last one, so have no effect; "stub" is nixpkgs' own."""
    cxx_flags: tuple[str, ...]
    c_flags: tuple[str, ...]
    ort_version: Json
    ort_src_tag: Json
    system_features: Json
    nixpkgs_source: dict[str, Json]
    """How nixpkgs was got: `fetcher` (a builtin's name, "search path" or "argument") and its arguments."""
    cmake_flags: Json
    pre_configure: Json
    src: Json
    derivation: Json
    """All that decides what is built, so without any `meta`: equal before and after a safe fix.

    Functions that stay functions (a predicate in `config`) are compared by their formals only.
    """


def evaluate_variants(paths: Sequence[Path]) -> dict[Path, NixFacts]:
    """The facts of each file, from one Nix process. Raises NixError, naming the file, where Nix refuses one."""
    facts_of = f"builtins.toJSON (import {oracle_file('facts.nix')}"
    answers = evaluate_json([f"{facts_of} {nix_string(str(path.resolve()))})" for path in paths])
    facts = {}
    for path, answer in zip(paths, answers, strict=True):
        if not isinstance(answer.value, dict):
            raise NixError(f"{path}: {answer.error}")
        facts[path] = _facts(answer.value)
    return facts


def _facts(raw: dict[str, Json]) -> NixFacts:
    source = _set(raw["nixpkgs_source"])
    architectures = _cuda_architectures(raw["cmake_flags"])
    cxx_flags, c_flags = _compiler_flags(raw["pre_configure"], _set(raw["exported"]))
    fetched = _set(_set(raw["src"]).get("arguments"))
    return NixFacts(
        pname=_own(raw["pname"]),
        description=_own(raw["description"]),
        platforms=_own(raw["platforms"]),
        python_packages=raw["python_packages"],
        nixpkgs_url=source.get("url"),
        nixpkgs_rev=_revision(source),
        config_cuda_support=raw["config_cuda_support"],
        cuda_packages=_cuda_line(raw["cuda_packages"]),
        cuda_support=raw["cuda_support"],
        python_support=raw["python_support"],
        layer_python_packages=raw["layer_python_packages"],
        cmake_cuda_architectures=next((value for value in architectures[-1:] if value != "stub"), None),
        earlier_cuda_architectures=architectures[:-1],
        cxx_flags=cxx_flags,
        c_flags=c_flags,
        ort_version=_own(raw["version"]),
        ort_src_tag=_own(fetched.get("tag", fetched.get("rev"))),
        system_features=_own(raw["system_features"]),
        nixpkgs_source=source,
        cmake_flags=raw["cmake_flags"],
        pre_configure=raw["pre_configure"],
        src=raw["src"],
        derivation=raw["derivation"],
    )


def _set(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _own(value: Json) -> Json:
    return None if "stub" in json.dumps(value) else value


def _revision(source: dict[str, Json]) -> str | None:
    """What is asked for by name in an archive's address, or as `rev`: a commit, a branch or a tag."""
    archive = re.search(r"/archive/(.+)\.(?:tar\.gz|zip)$", str(source.get("url")))
    revision = source.get("rev", archive and archive[1])
    return revision if isinstance(revision, str) else None


def _cuda_line(attribute: Json) -> str | None:
    line = re.fullmatch(r"cudaPackages_(\w+)", str(attribute))
    return line and line[1]


def _cuda_architectures(cmake_flags: Json) -> tuple[str, ...]:
    flags = cmake_flags if isinstance(cmake_flags, list) else []
    matches = (re.fullmatch(r"-DCMAKE_CUDA_ARCHITECTURES(?::\w+)?=(.*)", str(flag)) for flag in flags)
    return tuple(match[1] for match in matches if match)


def _compiler_flags(pre_configure: Json, exported: dict[str, Json]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    given = tuple((name, value) for name, value in exported.items() if isinstance(value, str))
    return _run_hook(pre_configure if isinstance(pre_configure, str) else "", given)


# Only what is exported reaches the compiler; PATH leads nowhere, so the hook can run no program.
_HOOK = """
eval "$1" >/dev/null 2>&1
[[ ${CXXFLAGS@a} == *x* ]] && printf %s "$CXXFLAGS"
printf '\\0'
[[ ${CFLAGS@a} == *x* ]] && printf %s "$CFLAGS"
printf '\\0'
"""
_WORD = re.compile(r"[^ \t\n]+")


@functools.cache
def _run_hook(text: str, given: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """CXXFLAGS and CFLAGS, split as bash splits words, after a real bash has run the text."""
    bash = shutil.which("bash")
    if bash is None:
        raise RuntimeError("bash is not on PATH, and this test needs it to run preConfigure")
    run = subprocess.run(
        [bash, "--norc", "--noprofile", "-c", _HOOK, "preConfigure", text],
        env={"PATH": "/nowhere", **dict(given)},
        cwd=scratch(),
        capture_output=True,
        timeout=10,
        check=False,
    )
    cxx_flags, c_flags, _ = run.stdout.decode().split("\0")
    return tuple(_WORD.findall(cxx_flags)), tuple(_WORD.findall(c_flags))
