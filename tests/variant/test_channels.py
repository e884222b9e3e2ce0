"""What maintainers write in a variant of this repository, and the facts that follow: Nix's, or none that is known."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from nixlint_ort.nix.parse import MAX_FILE
from nixlint_ort.repository.repository import Repository
from tests.support.linting import CPU, GPU, convention, original, repository
from tests.support.oracle import NixError
from tests.support.variant.agreement import PATH, by_nix, by_tool, contradictions, read

UNKNOWN = "unknown"
FOLDER = ".flox/pkgs"
LAYER = "}).overrideAttrs (oldAttrs: {\n    cmakeFlags"
MACHINE = ("-mavx512f", "-mavx512dq", "-mavx512vl", "-mavx512bw", "-mfma")


class Edit(NamedTuple):
    """Texts of the GPU variant with what is put in their place, and the facts that are to follow from it."""

    changes: dict[str, str]
    facts: dict[str, object]


def layer(attributes: str) -> dict[str, str]:
    """More attributes of the layer."""
    return {LAYER: LAYER.replace("cmakeFlags", f"{attributes}\n    cmakeFlags")}


WRAPPER = "nixpkgs_pinned.python3Packages.onnxruntime"
OVERLAY = "(final: prev: { cudaPackages = final.cudaPackages_12_9; })"
PLATFORMS = 'platforms = [ "x86_64-linux" ];'
DESCRIPTION = 'description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]";'
META = "meta = (oldAttrs.meta or {}) // {"
NAME = "pname = variantName;"
FLAG = '"-DCMAKE_CUDA_ARCHITECTURES=${gpuArchCMake}"'
CONFIGURE = "preConfigure = ''\n"
CMAKE = (
    'builtins.filter (flag: !lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" flag) (oldAttrs.cmakeFlags or [])\n      ++ [ '
    + FLAG
    + " ];"
)

EDITS: dict[str, Edit] = {
    # A name of nixpkgs is no text.
    "the platform of the build": Edit({PLATFORMS: "platforms = [ nixpkgs_pinned.stdenv.hostPlatform.system ];"}, {"platforms": UNKNOWN}),
    "nixpkgs' description": Edit({DESCRIPTION: "description = nixpkgs_pinned.onnxruntime.meta.description;"}, {"description": None}),
    "nixpkgs' description by inherit": Edit({DESCRIPTION: "inherit (nixpkgs_pinned.onnxruntime.meta) description;"}, {"description": None}),
    "nixpkgs' version": Edit(layer("version = nixpkgs_pinned.onnxruntime.version;"), {"ort_version": None}),
    "another package's version": Edit(layer("version = nixpkgs_pinned.cmake.version;"), {"ort_version": UNKNOWN}),
    "nixpkgs' name": Edit({NAME: "pname = nixpkgs_pinned.onnxruntime.pname;"}, {"pname": None}),
    "what the configuration says": Edit({"    cudaSupport = true;\n    python": "    cudaSupport = nixpkgs_pinned.config.cudaSupport;\n    python"}, {"cuda_support": "true"}),
    "a package for a switch": Edit({"    cudaSupport = true;\n    python": "    cudaSupport = nixpkgs_pinned.cudaPackages;\n    python"}, {"cuda_support": UNKNOWN}),
    "the packages of the interpreter": Edit({WRAPPER: "nixpkgs_pinned.python3.pkgs.onnxruntime"}, {"python_packages": "python3Packages"}),
    # What nixpkgs sets is only what the file leaves untouched.
    "a version that is replaced": Edit(layer('version = builtins.replaceStrings [ "23" ] [ "20" ] oldAttrs.version;'), {"ort_version": UNKNOWN}),
    "a source of another tag": Edit(layer('src = oldAttrs.src.override { tag = "v1.20.0"; };'), {"ort_src_tag": "v1.20.0"}),
    "a source by address": Edit(layer('src = nixpkgs_pinned.fetchurl { url = "https://example.org/archive/v1.20.0.tar.gz"; hash = ""; };'), {"ort_src_tag": "v1.20.0"}),
    "meta by recursiveUpdate": Edit({META: "meta = lib.recursiveUpdate (oldAttrs.meta or { }) {"}, {"platforms": ("x86_64-linux",)}),
    "meta by filterAttrs": Edit({META: "meta = lib.filterAttrs (n: v: true) ((oldAttrs.meta or { }) // {", f"    {PLATFORMS}\n  }};": f"    {PLATFORMS}\n  }});"}, {"platforms": ("x86_64-linux",)}),
    "a script that is replaced": Edit(layer('prePatch = builtins.replaceStrings [ "a" ] [ "b" ] oldAttrs.preConfigure;'), {"cxx_flags": UNKNOWN, "cmake_cuda_architectures": UNKNOWN, "pname": "onnxruntime-python313-cuda12_9-sm90-avx512"}),
    # What decides the build is read from every channel.
    "CUDA by an argument": Edit({"    pythonSupport = true;\n": "    pythonSupport = true;\n    cudaPackages = nixpkgs_pinned.cudaPackages_12_4;\n"}, {"cuda_packages": "12_4"}),
    "CUDA by the packages of a line": Edit({"(nixpkgs_pinned.onnxruntime.": "(nixpkgs_pinned.cudaPackages_12_4.pkgs.onnxruntime."}, {"cuda_packages": "12_4"}),
    "flags by env": Edit(layer('env = (oldAttrs.env or { }) // { CXXFLAGS = "-mavx512vnni"; };'), {"cxx_flags": (*MACHINE, "-mavx512vnni"), "c_flags": MACHINE}),
    "flags by CMake": Edit({FLAG: f'{FLAG} "-DCMAKE_CXX_FLAGS=-march=native"'}, {"cxx_flags": ("-march=native",), "c_flags": MACHINE}),
    "architectures by an array": Edit({CONFIGURE: f'{CONFIGURE}      cmakeFlagsArray+=("-DCMAKE_CUDA_ARCHITECTURES=80")\n'}, {"cmake_cuda_architectures": "80"}),
    "architectures by a text": Edit({CMAKE: '"-DCMAKE_CUDA_ARCHITECTURES=${gpuArchCMake}";'}, {"cmake_cuda_architectures": "90"}),
    "architectures, nothing filtered": Edit({CMAKE: f"(oldAttrs.cmakeFlags or []) ++ [ {FLAG} ];"}, {"cmake_cuda_architectures": "90"}),
    "the wrapper's own flags": Edit({NAME: f"{NAME} preConfigure = ''export CXXFLAGS=\"-mavx2\"''; requiredSystemFeatures = [ \"kvm\" ];"}, {"wrapper_flags": ("-mavx2",), "wrapper_features": ("kvm",), "cxx_flags": MACHINE}),
    # Package sets are extended, and imports are read; what cannot be told takes only what depends on it.
    "a set with overrides in an overlay": Edit({OVERLAY: OVERLAY + " (final: prev: { python3Packages = prev.python3Packages.override { overrides = pf: pp: { }; }; })"}, {"python_packages": "python3Packages", "cuda_packages": "12_9"}),
    "an interpreter with overrides": Edit({WRAPPER: "(nixpkgs_pinned.python313.override { packageOverrides = self: super: { }; }).pkgs.onnxruntime"}, {"python_packages": "python313Packages"}),
    "a scope": Edit({WRAPPER: "(nixpkgs_pinned.python3Packages.overrideScope (f: p: { })).onnxruntime"}, {"python_packages": "python3Packages"}),
    "an extension that changes the wrapper": Edit({OVERLAY: OVERLAY + " (final: prev: { pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [ (pf: pp: { onnxruntime = pp.onnxruntime.overrideAttrs (o: { requiredSystemFeatures = [ \"kvm\" ]; }); }) ]; })"}, {"wrapper_features": ("kvm",), "python_packages": "python3Packages"}),
    "an overlay that cannot be told": Edit({OVERLAY: OVERLAY + " (final: prev: builtins.fromJSON (builtins.toJSON { }))"}, {"pname": "onnxruntime-python313-cuda12_9-sm90-avx512", "nixpkgs_rev": "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", "cuda_packages": UNKNOWN, "python_packages": UNKNOWN, "platforms": ("x86_64-linux",)}),
    "a package that an overlay hides": Edit({OVERLAY: OVERLAY + ' (final: prev: { numpy = builtins.getEnv "X"; })'}, {"cuda_packages": "12_9", "python_packages": "python3Packages"}),
    # The old attributes by a set pattern.
    "a pattern for the layer": Edit({LAYER: LAYER.replace("oldAttrs:", '{ cmakeFlags ? [ ], preConfigure ? "", ... }:'), "(oldAttrs.cmakeFlags or [])": "cmakeFlags", '(oldAttrs.preConfigure or "")': "preConfigure"}, {"cmake_cuda_architectures": "90", "cxx_flags": MACHINE, "c_flags": MACHINE}),
    "a pattern beside a name": Edit({LAYER: LAYER.replace("oldAttrs:", "oldAttrs@{ cmakeFlags ? [ ], ... }:"), "(oldAttrs.cmakeFlags or [])": "cmakeFlags"}, {"cmake_cuda_architectures": "90", "cxx_flags": MACHINE}),
    "a pattern of what is there": Edit({LAYER: LAYER.replace("oldAttrs:", "{ cmakeFlags, ... }@oldAttrs:"), "(oldAttrs.cmakeFlags or [])": "cmakeFlags"}, {"cmake_cuda_architectures": "90", "cxx_flags": MACHINE}),
    "a pattern with a default that is something": Edit({LAYER: LAYER.replace("oldAttrs:", 'oldAttrs@{ pname ? "other", cmakeFlags ? [ ], ... }:'), "(oldAttrs.cmakeFlags or [])": "cmakeFlags"}, {"cmake_cuda_architectures": "90", "cxx_flags": MACHINE}),
    # Flags that choose no instructions stay beside those that do.
    "warnings that are no errors": Edit({'export CXXFLAGS="${': 'export CXXFLAGS="-Wno-error ${'}, {"cxx_flags": MACHINE, "other_flags": ("-Wno-error",), "other_c_flags": None}),
    "an include path": Edit({'export CFLAGS="${': 'export CFLAGS="-I${nixpkgs_pinned.eigen}/include ${'}, {"c_flags": MACHINE, "other_c_flags": ("-I@eigen@/include",)}),
    # A file of the repository.
    "a list of a file": Edit({'cpuFlags = [\n    "-mavx512f"\n    "-mavx512dq"\n    "-mavx512vl"\n    "-mavx512bw"\n    "-mfma"\n  ];': "cpuFlags = (import ./lib/flags.nix).avx2;"}, {"cxx_flags": ("-mavx2", "-mfma"), "cuda_packages": "12_9"}),
    "a function of a file": Edit({'gpuArchCMake = "90";': "gpuArchCMake = import ../arch.nix { inherit lib; } 80;"}, {"cmake_cuda_architectures": "80"}),
    "a file by another": Edit({'gpuArchCMake = "90";': 'gpuArchCMake = (import ./lib).arch;'}, {"cmake_cuda_architectures": "86"}),
    "a layer of a file": Edit({"(nixpkgs_pinned.onnxruntime.": "((nixpkgs_pinned.callPackage ./lib/layer.nix { })."}, {"ort_version": "1.20.1", "python_support": "true"}),
    "another variant for the layer": Edit({"onnxruntime = onnxruntimeCpp;": "onnxruntime = (import ./other.nix { }).layer;"}, {"ort_version": "1.18.1"}),
}  # fmt: skip

FILES = {
    f"{FOLDER}/lib/flags.nix": '{ avx2 = [ "-mavx2" "-mfma" ]; }',
    f"{FOLDER}/lib/default.nix": "{ arch = import ./arch.nix; }",
    f"{FOLDER}/lib/arch.nix": '"86"',
    ".flox/arch.nix": "{ lib }: number: lib.concatStrings [ (toString number) ]",
    f"{FOLDER}/lib/layer.nix": '{ onnxruntime, cudaSupport ? false, pythonSupport ? false }: (onnxruntime.override { inherit cudaSupport pythonSupport; }).overrideAttrs { version = "1.20.1"; }',
    f"{FOLDER}/other.nix": '{ pkgs ? import <nixpkgs> { } }: { layer = (import (fetchTarball "https://example.org/x.tar.gz") { }).onnxruntime.overrideAttrs { version = "1.18.1"; }; }',
}


def edited(edit: Edit) -> dict[str, bytes]:
    text = original(GPU).decode()
    for old, new in edit.changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return {PATH: text.encode(), **{path: data.encode() for path, data in FILES.items()}}


@pytest.mark.parametrize("name", EDITS)
def test_the_facts_are_those_that_follow(name: str) -> None:
    facts = by_tool(read(edited(EDITS[name])))
    shown = {fact: UNKNOWN if facts[fact].unknown else facts[fact].value for fact in EDITS[name].facts}
    assert shown == EDITS[name].facts


def test_nix_agrees() -> None:
    found = by_nix([edited(edit) for edit in EDITS.values()])
    assert {name: str(nix) for name, nix in zip(EDITS, found, strict=True) if isinstance(nix, NixError)} == {}
    wrong = {
        name: contradictions(by_tool(read(edited(edit))), nix)
        for (name, edit), nix in zip(EDITS.items(), found, strict=True)
        if not isinstance(nix, NixError)
    }
    assert {name: facts for name, facts in wrong.items() if facts} == {}


def test_places_in_imported_files_are_where_they_are_imported() -> None:
    files = edited(EDITS["a list of a file"])
    variant = read(files)
    fact = variant.fact("cxx_flags")
    place = "(import ./lib/flags.nix).avx2"
    assert fact.items
    assert {files[PATH][slice(*item.pieces[0].origin.span)].decode() for item in fact.items} <= {
        place,
        "import ./lib/flags.nix",
        "cpuFlags",
    }
    assert all(span.end <= len(files[PATH]) for span in fact.siblings.values())
    assert variant.imports == (f"{FOLDER}/lib/flags.nix",)


# What is imported, and why it is not read.
REFUSED = {
    "/etc/passwd": "nixlint-ort does not read files outside the repository",
    "../../../x.nix": "nixlint-ort does not read files outside the repository",
    "~/x.nix": "nixlint-ort does not read files outside the repository",
    "./none.nix": f"nixlint-ort does not evaluate {FOLDER}/none.nix: there is no such file",
    "./large.nix": f"the imported files have more than {MAX_FILE:,} bytes",
    "./itself.nix": "infinite recursion: this needs its own value",
    "./torn.nix": f"{FOLDER}/torn.nix is not valid Nix: ",
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_is_not_read_takes_only_what_depends_on_it(path: str) -> None:
    files = edited(Edit({'gpuArchCMake = "90";': f"gpuArchCMake = import {path};"}, {}))
    files |= {
        f"{FOLDER}/large.nix": b'"' + b"a" * MAX_FILE + b'"',
        f"{FOLDER}/itself.nix": b"import ./itself.nix",
        f"{FOLDER}/torn.nix": b"{ a = ",
    }
    facts = by_tool(read(files))
    unknown = facts["cmake_cuda_architectures"].unknown
    assert unknown is not None
    assert unknown.reason.startswith(REFUSED[path])
    assert facts["cuda_packages"].value == "12_9"
    assert facts["pname"].value


def test_a_repository_reads_what_is_changed_in_memory() -> None:
    text = original(CPU).replace(
        b'variantName = "onnxruntime-python313-cpu-avx2";', b"variantName = import ./name.nix;"
    )
    other = repository().with_files({CPU: text, f"{FOLDER}/name.nix": b'"one"'})
    (first,) = (one for one in other.variants if one.path == CPU)
    assert first.fact("pname").value == "one"
    changed = other.with_files({f"{FOLDER}/name.nix": b'"two"'})
    (second,) = (one for one in changed.variants if one.path == CPU)
    assert second.fact("pname").value == "two"
    without = changed.with_files({f"{FOLDER}/name.nix": None})
    (third,) = (one for one in without.variants if one.path == CPU)
    unknown = third.fact("pname").unknown
    assert unknown is not None
    assert unknown.reason == f"nixlint-ort does not evaluate {FOLDER}/name.nix: there is no such file"


@pytest.mark.parametrize("target", ["/etc/hostname", "../outside.nix", "../../.git/config"])
def test_no_link_leads_out_of_the_repository(tmp_path: Path, target: str) -> None:
    root = tmp_path / "repository"
    folder = root / FOLDER
    folder.mkdir(parents=True)
    (root / ".git").mkdir()
    (root / ".git/config").write_text('"90"')
    (tmp_path / "outside.nix").write_text('"90"')
    text = original(GPU).replace(b'gpuArchCMake = "90";', b"gpuArchCMake = import ./link.nix;")
    (root / GPU).write_bytes(text)
    (folder / "link.nix").symlink_to(target.replace("../outside", "../../../outside"))
    variants = {one.path: one for one in Repository(root, convention()).variants}
    fact = variants[GPU].fact("cmake_cuda_architectures")
    assert fact.unknown is not None
    assert fact.unknown.reason.startswith(f"nixlint-ort does not evaluate {FOLDER}/link.nix: ")
    assert variants[GPU].fact("cuda_packages").value == "12_9"
