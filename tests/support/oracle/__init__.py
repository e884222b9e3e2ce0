"""The truth about a variant: what real Nix evaluates it to, over a nixpkgs that records instead of building."""

from __future__ import annotations

import functools
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

__all__ = [
    "Evaluated",
    "Json",
    "NixError",
    "NixFacts",
    "evaluate_expressions",
    "evaluate_variants",
    "evaluate_variants_each",
    "parses",
]


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
    gpu_targets: Json
    cmake_cuda_architectures: str | None
    earlier_cuda_architectures: tuple[str, ...]
    """Values of the flags that come before the last one, so have no effect; "stub" is nixpkgs' own."""
    cxx_flags: tuple[str, ...]
    c_flags: tuple[str, ...]
    other_flags: tuple[str, ...]
    other_c_flags: tuple[str, ...]
    wrapper_flags: tuple[str, ...]
    wrapper_features: Json
    cpp_layer: Json
    """The package that the wrapper is built on, where the file has overridden it."""
    layer_config_cuda_support: Json
    """The same of the nixpkgs that the layer is from."""
    patches: Json
    """By address or path, nixpkgs' own left out."""
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
    facts = {}
    for path, found in zip(paths, evaluate_variants_each(paths), strict=True):
        if isinstance(found, NixError):
            raise found
        facts[path] = found
    return facts


def evaluate_variants_each(paths: Sequence[Path]) -> list[NixFacts | NixError]:
    """The facts of each file, or why Nix refuses it; from one Nix process for all that it accepts."""
    facts_of = f"builtins.toJSON (import {oracle_file('facts.nix')}"
    answers = evaluate_json([f"{facts_of} {nix_string(str(path.resolve()))})" for path in paths])
    return [
        _facts(answer.value) if isinstance(answer.value, dict) else NixError(f"{path}: {answer.error}")
        for path, answer in zip(paths, answers, strict=True)
    ]


def _facts(raw: dict[str, Json]) -> NixFacts:
    source = _set(raw["nixpkgs_source"])
    built = _run(_set(raw["build"]))
    architectures = _cuda_architectures(built.command_line)
    fetched = _set(_set(raw["src"]).get("arguments"))
    wrapper = _run(_set(raw["wrapper_build"])) if raw["wrapper_build"] is not None else None
    return NixFacts(
        pname=_own(raw["pname"], "stub-onnxruntime", "stub-cmake"),
        description=_own(raw["description"], "stub description"),
        platforms=_own(raw["platforms"], ["stub-platform"]),
        python_packages=raw["python_packages"],
        nixpkgs_url=source.get("url"),
        nixpkgs_rev=_revision(source),
        config_cuda_support=raw["config_cuda_support"],
        layer_config_cuda_support=raw["layer_config_cuda_support"],
        cuda_packages=_cuda_line(raw["cuda_packages"]),
        cuda_support=raw["cuda_support"],
        python_support=raw["python_support"],
        layer_python_packages=raw["layer_python_packages"],
        gpu_targets=raw["gpu_targets"],
        cmake_cuda_architectures=next((value for value in architectures[-1:] if value != "stub"), None),
        earlier_cuda_architectures=architectures[:-1],
        cxx_flags=tuple(word for word in built.cxx_flags if _chooses_instructions(word)),
        c_flags=tuple(word for word in built.c_flags if _chooses_instructions(word)),
        other_flags=tuple(word for word in built.cxx_flags if not _chooses_instructions(word)),
        other_c_flags=tuple(word for word in built.c_flags if not _chooses_instructions(word)),
        wrapper_flags=wrapper.cxx_flags if wrapper else (),
        wrapper_features=raw["wrapper_features"],
        cpp_layer=raw["cpp_layer"],
        ort_version=_own(raw["version"], "1.23.2-stub", "0.0.0-stub"),
        ort_src_tag=_tag(fetched),
        patches=_patches(raw["patches"]),
        system_features=_own(raw["system_features"], ["stub-feature"]),
        nixpkgs_source=source,
        cmake_flags=raw["cmake_flags"],
        pre_configure=raw["pre_configure"],
        src=raw["src"],
        derivation=raw["derivation"],
    )


def _set(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _own(value: Json, *of_nixpkgs: Json) -> Json:
    """None for what nixpkgs itself has there, untouched."""
    return None if value in of_nixpkgs else value


def _chooses_instructions(word: str) -> bool:
    return word.startswith("-m") and not word.startswith(("-m64", "-mcmodel=", "-mno-omit-leaf"))


def _tag(fetched: dict[str, Json]) -> Json:
    """The tag that a source is fetched at, which an address may name."""
    address = re.search(
        r"/(?:archive|download)/(?:refs/tags/)?([^/]+?)(?:\.tar\.gz|\.zip|/.*)?$", str(fetched.get("url"))
    )
    tag = fetched.get("tag", fetched.get("rev", address and address[1]))
    return _own(tag, "v1.23.2-stub")


def _patches(value: Json) -> Json:
    found = []
    for patch in value if isinstance(value, list) else []:
        if patch != "stub.patch":
            arguments, path = _set(_set(patch).get("arguments")), _set(patch).get("text")
            found.append(arguments.get("url", path))
    return found or None


def _revision(source: dict[str, Json]) -> str | None:
    """What is asked for by name in an archive's address, or as `rev`: a commit, a branch or a tag."""
    archive = re.search(r"/archive/(.+)\.(?:tar\.gz|zip)$", str(source.get("url")))
    revision = source.get("rev", archive and archive[1])
    return revision if isinstance(revision, str) else None


def _cuda_line(attribute: Json) -> str | None:
    line = re.fullmatch(r"cudaPackages_(\w+)", str(attribute))
    return line and line[1]


def _cuda_architectures(command_line: tuple[str, ...]) -> tuple[str, ...]:
    matches = (re.fullmatch(r"-DCMAKE_CUDA_ARCHITECTURES(?::\w+)?=(.*)", flag) for flag in command_line)
    return tuple(match[1] for match in matches if match)


@dataclass(frozen=True, slots=True)
class _Built:
    """What CMake and the compilers are given."""

    cxx_flags: tuple[str, ...]
    c_flags: tuple[str, ...]
    command_line: tuple[str, ...]


def _run(build: dict[str, Json]) -> _Built:
    """What stdenv and CMake make of a build's variables and phases, its scripts run by bash."""
    variables = tuple(
        (name, _as_environment(value)) for name, value in _set(build["variables"]).items() if value is not None
    )
    phases = build["phases"]
    cxx, c, late, *command_line = _run_phases(
        "\n".join(map(str, phases if isinstance(phases, list) else [])), variables
    )
    around = [
        [str(flag) for flag in found] if isinstance(found := build[side], list) else [] for side in ("early", "late")
    ]

    def words(environment: str, language: str) -> tuple[str, ...]:
        given, release = environment, ""
        for flag in command_line:
            match = re.fullmatch(rf"-DCMAKE_{language}_FLAGS(_RELEASE)?(?::\w+)?=(.*)", flag, re.DOTALL)
            if match and match[1]:
                release = match[2]
            elif match:
                given = match[2]
        return (*around[0], *_WORD.findall(given), *_WORD.findall(release), *_WORD.findall(late), *around[1])

    return _Built(words(cxx, "CXX"), words(c, "C"), tuple(command_line))


def _as_environment(value: Json) -> str:
    """An attribute as the text that a builder finds in its environment."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


# Only what is exported reaches the compiler, and NIX_CFLAGS_COMPILE is, by the compiler's setup hook. PATH leads
# nowhere, so the phases can run no program. `appendToVar` and `prependToVar` are those of stdenv's setup.sh.
_PHASES = """
appendToVar() {
  local -n nameref="$1"; shift
  if [[ ${nameref@a} == *a* ]]; then nameref+=( "$@" ); else nameref="${nameref-} $*"; fi
}
prependToVar() {
  local -n nameref="$1"; shift
  if [[ ${nameref@a} == *a* ]]; then nameref=( "$@" ${nameref+"${nameref[@]}"} ); else nameref="$* ${nameref-}"; fi
}
export NIX_CFLAGS_COMPILE
eval "$1" >/dev/null 2>&1
[[ ${CXXFLAGS@a} == *x* ]] && printf %s "$CXXFLAGS"
printf '\\0'
[[ ${CFLAGS@a} == *x* ]] && printf %s "$CFLAGS"
printf '\\0'
printf '%s\\0' "$NIX_CFLAGS_COMPILE"
for flag in $cmakeFlags "${cmakeFlagsArray[@]}"; do printf '%s\\0' "$flag"; done
"""
_WORD = re.compile(r"[^ \t\n]+")


@functools.cache
def _run_phases(text: str, given: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """CXXFLAGS, CFLAGS and NIX_CFLAGS_COMPILE, then CMake's arguments, after a real bash has run the phases."""
    bash = shutil.which("bash")
    if bash is None:
        raise RuntimeError("bash is not on PATH, and this test needs it to run a build's phases")
    run = subprocess.run(
        [bash, "--norc", "--noprofile", "-c", _PHASES, "phases", text],
        env={"PATH": "/nowhere", **dict(given)},
        cwd=scratch(),
        capture_output=True,
        timeout=10,
        check=False,
    )
    return tuple(run.stdout.decode().split("\0")[:-1])
