"""Ways to say each fact of a variant: one text for each, of the parts that a variant is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

PIN = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"
ADDRESS = f"https://github.com/NixOS/nixpkgs/archive/{PIN}.tar.gz"
SOURCE = f'builtins.fetchTarball {{ url = "{ADDRESS}"; }}'

PARTS = {
    "source": SOURCE,
    "config": "{ allowUnfree = true; cudaSupport = true; }",
    "overlays": "[ (final: prev: { cudaPackages = final.cudaPackages_12_9; }) ]",
    "import": "config = @config@; overlays = @overlays@;",
    "nixpkgs": "import (@source@) { @import@ }",
    "let": "",
    "flags": '"-mavx512f" "-mavx512dq" "-mavx512vl" "-mavx512bw" "-mfma"',
    "layer": "p.onnxruntime",
    "layer-arguments": "{ cudaSupport = true; pythonSupport = true; @more-arguments@ }",
    "more-arguments": "",
    "cmake": 'cmakeFlags = builtins.filter (flag: !lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" flag)'
    ' (old.cmakeFlags or [ ]) ++ [ "-DCMAKE_CUDA_ARCHITECTURES=90" ];',
    "configure": "preConfigure = ''\n"
    '    export CXXFLAGS="${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"\n'
    '    export CFLAGS="${lib.concatStringsSep " " cpuFlags} $CFLAGS"\n'
    "  '' + (old.preConfigure or \"\");",
    "features": 'requiredSystemFeatures = [ "big-parallel" ];',
    "layer-attributes": "@cmake@ @configure@ @features@",
    "after-layer": "",
    "wrapper": "p.python3Packages.onnxruntime",
    "given": "onnxruntime = cpp;",
    "name": "pname = variantName;",
    "description": '"ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]"',
    "platforms": '[ "x86_64-linux" ]',
    "meta": "meta = (old.meta or { }) // { description = @description@; platforms = @platforms@; };",
    "wrapper-attributes": "@name@ @meta@",
    "after-wrapper": "",
    "variant": """# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512
# CUDA 12.9 — Requires NVIDIA driver 560+
{ pkgs ? import <nixpkgs> { } }:
let
  p = @nixpkgs@;
  inherit (p) lib;
  variantName = "onnxruntime-python313-cuda12_9-sm90-avx512";
  cpuFlags = [ @flags@ ];
  @let@
  cpp = (((@layer@).override @layer-arguments@).overrideAttrs (old: { @layer-attributes@ }))@after-layer@;
in
(((@wrapper@).override { @given@ }).overrideAttrs (old: { @wrapper-attributes@ }))@after-wrapper@
""",
}
"""The parts of a variant for GPUs; a part may have others in it, by `@name@`."""

CPU_ONLY = {
    "config": "{ allowUnfree = true; }",
    "import": "config = @config@;",
    "flags": '"-mavx2" "-mfma"',
    "layer-arguments": "{ cudaSupport = false; pythonSupport = true; @more-arguments@ }",
    "cmake": "",
    "features": "",
    "description": '"ONNX Runtime 1.23.2 CPU-only + AVX2"',
    "variant": PARTS["variant"]
    .replace(
        "for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n# CUDA 12.9 — Requires NVIDIA driver 560+", "CPU-only + AVX2"
    )
    .replace("cuda12_9-sm90-avx512", "cpu-avx2"),
}
"""The parts that are others in a variant without CUDA."""


def variant(changes: Mapping[str, str], *, gpu: bool = True) -> str:
    """The text of a variant with some parts replaced."""
    parts = {**PARTS, **({} if gpu else CPU_ONLY), **changes}
    text = parts["variant"]
    for _ in range(6):
        for name, part in parts.items():
            text = text.replace(f"@{name}@", part)
    return text


class Ways(NamedTuple):
    """The values of a fact that are tried, right and wrong ones, and the parts by which each way says it, with `@v@`."""

    values: tuple[str, ...]
    ways: dict[str, dict[str, str]]


def _layer(base: str) -> dict[str, str]:
    return {"layer": base}


_OVERLAID = "[ (final: prev: { cudaPackages = final.cudaPackages_12_9; }) (@overlay@) ]"
_MORE = {"import": "config = @config@; overlays = @all@;", "all": _OVERLAID}
_EXPORT = 'export CXXFLAGS="@v@ $CXXFLAGS"\nexport CFLAGS="@v@ $CFLAGS"\n'
_NO_EXPORTS = {"configure": ""}


def _wrapper(attributes: str) -> dict[str, str]:
    return {"name": f"pname = variantName; {attributes}"}


def _script(phase: str, text: str) -> dict[str, str]:
    return {"configure": f"{phase} = ''\n{text}\n'';"}


WAYS: dict[str, Ways] = {
    "config_cuda_support": Ways(
        ("true", "false"),
        {
            "a set": {"config": "{ allowUnfree = true; cudaSupport = @v@; }"},
            "a path": {"import": "config.allowUnfree = true; config.cudaSupport = @v@; overlays = @overlays@;"},
            "an update": {"config": "{ cudaSupport = true; } // { cudaSupport = @v@; }"},
            "a function": {"config": "{ pkgs, ... }: { cudaSupport = @v@; }"},
            "a condition": {"config": "if @v@ then { cudaSupport = true; } else { allowUnfree = true; }"},
            "optionalAttrs": {"config": "{ allowUnfree = true; } // p0.optionalAttrs @v@ { cudaSupport = true; }", "let": "", "variant": PARTS["variant"].replace("\nlet\n", "\nlet\n  p0.optionalAttrs = c: s: if c then s else { };\n")},
            "listToAttrs": {"config": 'builtins.listToAttrs [ { name = "cudaSupport"; value = @v@; } ]'},
            "inherit": {"config": "let cudaSupport = @v@; in { inherit cudaSupport; }"},
            "a comparison": {"config": "{ cudaSupport = @v@ == true; }"},
            "pkgsCuda": {"nixpkgs": "(import (@source@) { config.cudaSupport = @v@; overlays = @overlays@; }).pkgsCuda"},
            "arguments by an update": {"nixpkgs": "import (@source@) ({ overlays = @overlays@; } // { config.cudaSupport = @v@; })"},
            "another import for the layer": _layer("(import (@source@) { config.cudaSupport = @v@; overlays = @overlays@; }).onnxruntime"),
            "both layers of pkgsCuda": {"layer": "p.pkgsCuda.onnxruntime", "config": "{ cudaSupport = @v@; }"},
        },
    ),
    "cuda_packages": Ways(
        ("12_9", "12_8"),
        {
            "an overlay of final": {"overlays": "[ (final: prev: { cudaPackages = final.cudaPackages_@v@; }) ]"},
            "an overlay of prev": {"overlays": "[ (_: prev: { cudaPackages = prev.cudaPackages_@v@; }) ]"},
            "the last overlay": {"import": "config = @config@; overlays = [ (f: p: { cudaPackages = p.cudaPackages_12_4; }) (f: p: { cudaPackages = p.cudaPackages_@v@; }) ];"},
            "an overlay that is undone": {"import": "config = @config@; overlays = [ (f: p: { cudaPackages = p.cudaPackages_@v@; }) (f: p: { mine = p.cudaPackages; }) (f: p: { cudaPackages = f.mine; }) ];"},
            "packageOverrides": {"import": "config = { allowUnfree = true; packageOverrides = prev: { cudaPackages = prev.cudaPackages_@v@; }; };"},
            "packageOverrides of a function": {"import": "config = { pkgs, ... }: { packageOverrides = prev: { cudaPackages = prev.cudaPackages_@v@; }; };"},
            "an overlay over packageOverrides": {"import": "config.packageOverrides = prev: { cudaPackages = prev.cudaPackages_12_4; }; overlays = [ (f: p: { cudaPackages = p.cudaPackages_@v@; }) ];"},
            "an argument of the layer": {"more-arguments": "cudaPackages = p.cudaPackages_@v@;"},
            "an argument by a function": {"layer": "(p.onnxruntime.override (o: { cudaPackages = p.cudaPackages_@v@; }))"},
            "an argument that is given back": {"layer": "(p.onnxruntime.override (o: { inherit (o) cudaPackages; }))", "import": "overlays = [ (f: p: { cudaPackages = p.cudaPackages_@v@; }) ];"},
            "the packages of a line": _layer("p.cudaPackages_@v@.pkgs.onnxruntime"),
            "extend": {"nixpkgs": "(import (@source@) { config = @config@; }).extend (f: p: { cudaPackages = f.cudaPackages_@v@; })"},
            "appendOverlays": {"nixpkgs": "(import (@source@) { }).appendOverlays [ (f: p: { cudaPackages = f.cudaPackages_@v@; }) ]"},
            "another cudnn": {"import": "overlays = [ (f: p: { cudaPackages = p.cudaPackages_@v@ // { cudnn = p.cudaPackages.cudnn; }; }) ];"},
            "overrideScope": {"import": "overlays = [ (f: p: { cudaPackages = p.cudaPackages_@v@.overrideScope (a: b: { cudnn = b.nccl; }); }) ];"},
            "a layer in an overlay": {"import": "overlays = [ (f: p: { onnxruntime = p.onnxruntime.override { cudaPackages = p.cudaPackages_@v@; }; }) ];"},
            "getAttr": {"overlays": '[ (f: p: { cudaPackages = builtins.getAttr "cudaPackages_@v@" p; }) ]', "import": "overlays = @overlays@;"},
        },
    ),
    "python_packages": Ways(
        ("python3Packages", "python312Packages"),
        {
            "a set": {"wrapper": "p.@v@.onnxruntime"},
            "pkgs of the interpreter": {"wrapper": "p.@python@.pkgs.onnxruntime"},
            "an overridden set": {"wrapper": "(p.@v@.override { overrides = f: s: { }; }).onnxruntime"},
            "an overridden set by a function": {"wrapper": "(p.@v@.override (old: { overrides = f: s: { numpy = s.wheel; }; })).onnxruntime"},
            "overrideScope": {"wrapper": "(p.@v@.overrideScope (f: s: { numpy = s.numpy; })).onnxruntime"},
            "an overridden interpreter": {"wrapper": "(p.@python@.override { packageOverrides = f: s: { }; }).pkgs.onnxruntime"},
            "an overlay over the interpreter": {**_MORE, "overlay": "f: s: { @python@ = s.@python@.override { packageOverrides = a: b: { }; }; }", "wrapper": "p.@v@.onnxruntime"},
            "an overlay over the set": {**_MORE, "overlay": "f: s: { @v@ = s.@v@.override { overrides = a: b: { }; }; }", "wrapper": "p.@v@.onnxruntime"},
            "an extension of all sets": {**_MORE, "overlay": "f: s: { pythonPackagesExtensions = s.pythonPackagesExtensions ++ [ (a: b: { numpy = b.wheel; }) ]; }", "wrapper": "p.@v@.onnxruntime"},
            "getAttr": {"wrapper": '(builtins.getAttr "@v@" p).onnxruntime'},
            "with": {"wrapper": "with p; @v@.onnxruntime"},
            "pkgs of pkgs": {"wrapper": "p.pkgs.pkgs.@v@.onnxruntime"},
            "a name": {"let": "set = p.@v@;", "wrapper": "set.onnxruntime"},
            "callPackage": {"wrapper": "(p.callPackage ({ @v@ }: { set = @v@; }) { }).set.onnxruntime"},
        },
    ),
    "pname": Ways(
        ("onnxruntime-python313-cuda12_9-sm90-avx512", "another"),
        {
            "a literal": {"name": 'pname = "@v@";'},
            "a name": {"let": 'named = "@v@";', "name": "pname = named;"},
            "a sum": {"name": 'pname = "" + "@v@";'},
            "a function of two arguments": {"wrapper-attributes": "@meta@", "after-wrapper": '.overrideAttrs (final: prev: { pname = "@v@"; })'},
            "python attributes before": {"name": "", "wrapper": '(p.python3Packages.onnxruntime.overridePythonAttrs (o: { pname = "@v@"; }))'},
            "an override again": {"name": 'pname = "first";', "after-wrapper": '.overrideAttrs { pname = "@v@"; }'},
            "of final": {"name": 'pname = "first";', "after-wrapper": '.overrideAttrs (final: prev: { pname = final.mine; mine = "@v@"; })'},
            "rec": {"after-wrapper": '.overrideAttrs (o: rec { a = "@v@"; pname = a; })'},
            "an update": {"after-wrapper": '.overrideAttrs (o: { pname = "x"; } // { pname = "@v@"; })'},
            "the layer's": {"name": "", "after-layer": '.overrideAttrs { pname = "@v@"; }'},
            "nixpkgs' own": {"name": "pname = p.onnxruntime.pname;", "let": 'unused = "@v@";'},
            "nixpkgs' own of the wrapper": {"name": "inherit (old) pname;", "let": 'unused = "@v@";'},
            "made from nixpkgs' own": {"name": 'pname = "${old.pname}-@v@";'},
            "replaced in nixpkgs' own": {"name": 'pname = builtins.replaceStrings [ "stub" ] [ "@v@" ] old.pname;'},
        },
    ),
    "description": Ways(
        ("ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]", "another"),
        {
            "a literal": {"description": '"@v@"'},
            "recursiveUpdate": {"meta": 'meta = lib.recursiveUpdate (old.meta or { }) { description = "@v@"; platforms = @platforms@; };'},
            "recursiveUpdate the other way": {"meta": 'meta = lib.recursiveUpdate { description = "@v@"; } (old.meta or { });'},
            "filterAttrs": {"meta": 'meta = lib.filterAttrs (n: v: true) ((old.meta or { }) // { description = "@v@"; platforms = @platforms@; });'},
            "filterAttrs takes it out": {"meta": 'meta = lib.filterAttrs (n: v: n != "description") ((old.meta or { }) // { description = "@v@"; });'},
            "mapAttrs": {"meta": 'meta = builtins.mapAttrs (n: v: if n == "description" then "@v@" else v) ((old.meta or { }) // { description = ""; });'},
            "mapAttrs over nixpkgs' own": {"meta": 'meta = builtins.mapAttrs (n: v: if n == "description" then "@v@" else v) old.meta;'},
            "an update the other way": {"meta": 'meta = { description = "@v@"; } // (old.meta or { });'},
            "an update twice": {"meta": 'meta = (old.meta // { description = "x"; }) // { description = "@v@"; };'},
            "removeAttrs": {"meta": 'meta = builtins.removeAttrs (old.meta // { description = "@v@"; }) [ "broken" ];'},
            "removeAttrs takes it out": {"meta": 'meta = builtins.removeAttrs (old.meta // { description = "@v@"; }) [ "description" ];'},
            "nixpkgs' own": {"description": "p.onnxruntime.meta.description", "let": 'unused = "@v@";'},
            "inherit": {"meta": "meta = (old.meta or { }) // { inherit (p.onnxruntime.meta) description; };", "let": 'unused = "@v@";'},
            "of the layer": {"meta": "", "after-layer": '.overrideAttrs (o: { meta = o.meta // { description = "@v@"; }; })'},
            "python attributes": {"meta": "", "wrapper": '(p.python3Packages.onnxruntime.overridePythonAttrs (o: { meta = o.meta // { description = "@v@"; }; }))'},
            "another package's meta": {"meta": 'meta = p.python3Packages.numpy.meta // { description = "@v@"; };'},
            "another package's description": {"description": "p.python3Packages.numpy.meta.description", "let": 'unused = "@v@";'},
        },
    ),
    "platforms": Ways(
        ('[ "x86_64-linux" ]', '[ "aarch64-linux" ]'),
        {
            "a list": {"platforms": "@v@"},
            "a sum": {"platforms": "[ ] ++ @v@"},
            "a name": {"let": "built = @v@;", "platforms": "built"},
            "optionals": {"platforms": "lib.optionals true @v@"},
            "a filter": {"platforms": "builtins.filter (x: true) @v@"},
            "what nixpkgs has besides": {"platforms": "(old.meta.platforms or [ ]) ++ @v@"},
            "what nixpkgs has, filtered": {"platforms": 'builtins.filter (x: x != "no") old.meta.platforms', "let": "unused = @v@;"},
            "the platform of the build": {"platforms": "[ p.stdenv.hostPlatform.system ]", "let": "unused = @v@;"},
            "nixpkgs' own": {"platforms": "old.meta.platforms", "let": "unused = @v@;"},
            "the platform that is asked for": {"platforms": "[ p.stdenv.hostPlatform.system ]", "import": "config = @config@; overlays = @overlays@; system = builtins.head @v@;"},
            "the platform of a set": {"platforms": "[ p.stdenv.system ]", "import": "localSystem = { system = builtins.head @v@; };"},
            "the platform by a test": {"platforms": 'if p.stdenv.hostPlatform.isAarch64 then [ "aarch64-linux" ] else lib.optional p.stdenv.isx86_64 "x86_64-linux"', "import": "localSystem = builtins.head @v@;"},
            "recursiveUpdate": {"meta": "meta = lib.recursiveUpdate old.meta { platforms = @v@; };"},
            "a condition": {"platforms": "if lib.hasPrefix \"a\" \"ab\" then @v@ else [ ]"},
            "a map": {"platforms": "map (x: x) @v@"},
        },
    ),
    "cuda_support": Ways(
        ("true", "false"),
        {
            "an argument": {"layer-arguments": "{ cudaSupport = @v@; pythonSupport = true; }"},
            "a function": {"layer-arguments": "(o: { cudaSupport = @v@; pythonSupport = true; })"},
            "the last of two": {"layer": "p.onnxruntime.override { cudaSupport = true; }", "layer-arguments": "{ cudaSupport = @v@; }"},
            "after the attributes": {"layer-arguments": "{ }", "after-layer": ".override { cudaSupport = @v@; }"},
            "of an overlay": {**_MORE, "overlay": "f: s: { onnxruntime = s.onnxruntime.override { cudaSupport = @v@; }; }", "layer-arguments": "{ pythonSupport = true; }"},
            "the configuration's": {"config": "{ cudaSupport = @v@; }", "layer-arguments": "{ cudaSupport = p.config.cudaSupport; }"},
            "what the configuration leaves out": {"config": "{ }", "layer-arguments": "{ cudaSupport = p.config.cudaSupport; }", "let": "unused = @v@;"},
            "inherit": {"let": "cudaSupport = @v@;", "layer-arguments": "{ inherit cudaSupport; pythonSupport = true; }"},
            "an update": {"layer-arguments": "({ cudaSupport = true; } // { cudaSupport = @v@; })"},
            "a negation": {"layer-arguments": "{ cudaSupport = !(!@v@); }"},
            "callPackage": {"layer": "p.callPackage ({ onnxruntime, cudaSupport ? false }: onnxruntime.override { inherit cudaSupport; }) { cudaSupport = @v@; }", "layer-arguments": "{ }"},
            "callPackage, called again": {"layer": "p.callPackage ({ onnxruntime, cudaSupport ? false }: onnxruntime.override { inherit cudaSupport; }) { }", "layer-arguments": "{ cudaSupport = @v@; }"},
        },
    ),
    "python_support": Ways(
        ("true", "false"),
        {
            "an argument": {"layer-arguments": "{ cudaSupport = true; pythonSupport = @v@; }"},
            "a function": {"layer-arguments": "(o: { pythonSupport = @v@; })"},
            "the last of two": {"layer": "p.onnxruntime.override { pythonSupport = true; }", "layer-arguments": "{ pythonSupport = @v@; }"},
            "after the attributes": {"layer-arguments": "{ }", "after-layer": ".override { pythonSupport = @v@; }"},
            "an overlay": {**_MORE, "overlay": "f: s: { onnxruntime = s.onnxruntime.override { pythonSupport = @v@; }; }", "layer-arguments": "{ }"},
            "packageOverrides": {"import": "config.packageOverrides = s: { onnxruntime = s.onnxruntime.override { pythonSupport = @v@; }; };", "layer-arguments": "{ }"},
            "a name": {"let": "on = @v@;", "layer-arguments": "{ pythonSupport = on; }"},
            "with": {"layer-arguments": "(with { on = @v@; }; { pythonSupport = on; })"},
        },
    ),
    "layer_python_packages": Ways(
        ("python3Packages", "python312Packages"),
        {
            "a set": {"more-arguments": "python3Packages = p.@v@;"},
            "pkgs of the interpreter": {"more-arguments": "python3Packages = p.@python@.pkgs;"},
            "an overridden set": {"more-arguments": "python3Packages = p.@v@.override { overrides = f: s: { }; };"},
            "overrideScope": {"more-arguments": "python3Packages = p.@v@.overrideScope (f: s: { });"},
            "an overridden interpreter": {"more-arguments": "python3Packages = (p.@python@.override { packageOverrides = f: s: { }; }).pkgs;"},
            "a function": {"layer-arguments": "(o: { python3Packages = p.@v@; })"},
            "what nixpkgs gives": {"layer-arguments": "(o: { inherit (o) python3Packages; })", "let": "unused = p.@v@;"},
            "a name": {"let": "mine = p.@v@;", "more-arguments": "python3Packages = mine;"},
            "after the attributes": {"after-layer": ".override { python3Packages = p.@v@; }"},
        },
    ),
    "gpu_targets": Ways(
        ('[ "9.0" ]', '[ "8.0" "9.0" ]'),
        {
            "a list": {"more-arguments": "gpuTargets = @v@;"},
            "a name": {"let": "targets = @v@;", "more-arguments": "gpuTargets = targets;"},
            "a sum": {"more-arguments": "gpuTargets = [ ] ++ @v@;"},
            "a map": {"more-arguments": "gpuTargets = map (x: x) @v@;"},
            "a function": {"layer-arguments": "(o: { gpuTargets = @v@; })"},
            "a function of what nixpkgs gives": {"layer-arguments": "(o: { gpuTargets = (o.gpuTargets or [ ]) ++ @v@; })"},
            "after the attributes": {"after-layer": ".override { gpuTargets = @v@; }"},
            "an overlay": {**_MORE, "overlay": "f: s: { onnxruntime = s.onnxruntime.override { gpuTargets = @v@; }; }"},
        },
    ),
    "ort_version": Ways(
        ("1.23.2", "1.20.1"),
        {
            "an attribute": {"after-layer": '.overrideAttrs { version = "@v@"; }'},
            "of final": {"after-layer": '.overrideAttrs (final: prev: { version = final.mine; mine = "@v@"; })'},
            "a name": {"let": 'ortVersion = "@v@";', "after-layer": ".overrideAttrs (o: { version = ortVersion; })"},
            "rec": {"after-layer": '.overrideAttrs (o: rec { v = "@v@"; version = v; })'},
            "an overlay": {**_MORE, "overlay": 'f: s: { onnxruntime = s.onnxruntime.overrideAttrs (o: { version = "@v@"; }); }'},
            "packageOverrides": {"import": 'config.packageOverrides = s: { onnxruntime = s.onnxruntime.overrideAttrs (o: { version = "@v@"; }); };'},
            "replaced in nixpkgs' own": {"after-layer": '.overrideAttrs (o: { version = builtins.replaceStrings [ "1.23.2-stub" ] [ "@v@" ] o.version; })'},
            "nixpkgs' own": {"after-layer": ".overrideAttrs (o: { version = p.onnxruntime.version; })", "let": 'unused = "@v@";'},
            "nixpkgs' own, put back": {"layer": 'p.onnxruntime.overrideAttrs { version = "@v@"; }', "after-layer": ".overrideAttrs { inherit (p.onnxruntime) version; }"},
            "another package's": {"after-layer": ".overrideAttrs (o: { inherit (p.cmake) version; })", "let": 'unused = "@v@";'},
            "what is left of nixpkgs' own": {"after-layer": '.overrideAttrs (o: { version = lib.removeSuffix "-stub" o.version; })', "let": 'unused = "@v@";'},
            "a default for nixpkgs' own": {"after-layer": '.overrideAttrs (o: { version = o.version or "@v@"; })'},
            "a condition on nixpkgs' own": {"after-layer": '.overrideAttrs (o: { version = if o.version == "x" then "y" else "@v@"; })'},
            "the layer that nixpkgs gives": {**_MORE, "overlay": 'f: s: { onnxruntime = s.onnxruntime.overrideAttrs (o: { version = "@v@"; }); }', "given": ""},
            "an extension of all sets": {**_MORE, "overlay": 'f: s: { pythonPackagesExtensions = s.pythonPackagesExtensions ++ [ (a: b: { onnxruntime = b.onnxruntime.override { onnxruntime = s.onnxruntime.overrideAttrs { version = "@v@"; }; }; }) ]; }', "given": ""},
        },
    ),
    "ort_src_tag": Ways(
        ("v1.23.2", "v1.20.1"),
        {
            "fetchFromGitHub": {"after-layer": '.overrideAttrs { src = p.fetchFromGitHub { owner = "m"; repo = "o"; tag = "@v@"; hash = ""; }; }'},
            "a revision": {"after-layer": '.overrideAttrs { src = p.fetchFromGitHub { owner = "m"; repo = "o"; rev = "@v@"; hash = ""; }; }'},
            "fetchurl": {"after-layer": '.overrideAttrs { src = p.fetchurl { url = "https://example.org/archive/@v@.tar.gz"; hash = ""; }; }'},
            "fetchurl of refs": {"after-layer": '.overrideAttrs { src = p.fetchurl { url = "https://example.org/archive/refs/tags/@v@.zip"; hash = ""; }; }'},
            "fetchzip": {"after-layer": '.overrideAttrs (o: { src = p.fetchzip { url = "https://example.org/archive/@v@.tar.gz"; hash = ""; }; })'},
            "a release": {"after-layer": '.overrideAttrs (o: { src = p.fetchurl { url = "https://example.org/releases/download/@v@/o.tar.gz"; hash = ""; }; })'},
            "fetchgit": {"after-layer": '.overrideAttrs { src = p.fetchgit { url = "https://example.org/o.git"; rev = "@v@"; hash = ""; }; }'},
            "nixpkgs' own, fetched otherwise": {"after-layer": '.overrideAttrs (o: { src = o.src.override { tag = "@v@"; }; })'},
            "nixpkgs' own, by a function": {"after-layer": '.overrideAttrs (o: { src = o.src.override (x: { tag = "@v@"; hash = ""; }); })'},
            "nixpkgs' own with another hash": {"after-layer": '.overrideAttrs (o: { src = o.src.override { hash = "@v@"; }; })'},
            "nixpkgs' own of another owner": {"after-layer": '.overrideAttrs (o: { src = o.src.override { owner = "@v@"; }; })'},
            "nixpkgs' own": {"after-layer": ".overrideAttrs (o: { inherit (o) src; })", "let": 'unused = "@v@";'},
            "of the version": {"after-layer": '.overrideAttrs (final: o: { version = lib.removePrefix "v" "@v@"; src = p.fetchFromGitHub { owner = "m"; repo = "o"; tag = "v${final.version}"; }; })'},
            "an overlay": {**_MORE, "overlay": 'f: s: { onnxruntime = s.onnxruntime.overrideAttrs { src = s.fetchFromGitHub { owner = "m"; repo = "o"; tag = "@v@"; }; }; }'},
            "an address that names none": {"after-layer": '.overrideAttrs { src = p.fetchurl { url = "https://example.org/@v@"; hash = ""; }; }'},
        },
    ),
    "system_features": Ways(
        ('[ "big-parallel" ]', '[ "kvm" ]'),
        {
            "a list": {"features": "requiredSystemFeatures = @v@;"},
            "a sum": {"features": "requiredSystemFeatures = [ ] ++ @v@;"},
            "a name": {"let": "wanted = @v@;", "features": "requiredSystemFeatures = wanted;"},
            "of two arguments": {"features": "", "after-layer": ".overrideAttrs (final: prev: { requiredSystemFeatures = @v@; })"},
            "what nixpkgs has besides": {"features": "requiredSystemFeatures = (old.requiredSystemFeatures or [ ]) ++ @v@;"},
            "nixpkgs' own": {"features": "requiredSystemFeatures = old.requiredSystemFeatures or [ ];", "let": "unused = @v@;"},
            "an override again": {"features": "", "after-layer": ".overrideAttrs { requiredSystemFeatures = @v@; }"},
            "an overlay": {**_MORE, "overlay": "f: s: { onnxruntime = s.onnxruntime.overrideAttrs { requiredSystemFeatures = @v@; }; }", "features": ""},
            "unique": {"features": "requiredSystemFeatures = lib.unique (@v@ ++ @v@);"},
        },
    ),
    "cmake_cuda_architectures": Ways(
        ("90", "80"),
        {
            "a list": {"cmake": 'cmakeFlags = [ "-DCMAKE_CUDA_ARCHITECTURES=@v@" ];'},
            "what nixpkgs has before": {"cmake": 'cmakeFlags = (old.cmakeFlags or [ ]) ++ [ "-DCMAKE_CUDA_ARCHITECTURES=@v@" ];'},
            "what nixpkgs has behind": {"cmake": 'cmakeFlags = [ "-DCMAKE_CUDA_ARCHITECTURES=@v@" ] ++ (old.cmakeFlags or [ ]);'},
            "filtered, and behind": {"cmake": 'cmakeFlags = [ "-DCMAKE_CUDA_ARCHITECTURES=@v@" ] ++ builtins.filter (f: !lib.hasInfix "ARCHITECTURES" f) old.cmakeFlags;'},
            "a text": {"cmake": 'cmakeFlags = "-DCMAKE_CUDA_ARCHITECTURES=@v@";'},
            "a text with another flag": {"cmake": 'cmakeFlags = "-DA=B -DCMAKE_CUDA_ARCHITECTURES:STRING=@v@ -DC=D";'},
            "a text of nixpkgs' own": {"cmake": 'cmakeFlags = "${toString old.cmakeFlags} -DCMAKE_CUDA_ARCHITECTURES=@v@";'},
            "cmakeFeature": {"cmake": 'cmakeFlags = [ (lib.cmakeFeature "CMAKE_CUDA_ARCHITECTURES" "@v@") ];'},
            "the last of two": {"cmake": 'cmakeFlags = [ "-DCMAKE_CUDA_ARCHITECTURES=75" "-DCMAKE_CUDA_ARCHITECTURES=@v@" ];'},
            "an array": {"configure": "preConfigure = ''cmakeFlagsArray+=(\"-DCMAKE_CUDA_ARCHITECTURES=@v@\")'';"},
            "an array over several lines": {"configure": "preConfigure = ''\n  cmakeFlagsArray+=(\n    -DA=B # why\n    \"-DCMAKE_CUDA_ARCHITECTURES=@v@\"\n  )\n'';"},
            "an array that is set": {"configure": "postPatch = ''\n  cmakeFlagsArray=(-DCMAKE_CUDA_ARCHITECTURES=@v@)\n'';"},
            "appendToVar": {"configure": "preConfigure = ''appendToVar cmakeFlags \"-DCMAKE_CUDA_ARCHITECTURES=@v@\"'';"},
            "prependToVar": {"configure": "preConfigure = ''prependToVar cmakeFlags \"-DCMAKE_CUDA_ARCHITECTURES=@v@\"'';"},
            "appended in the shell": {"configure": "preConfigure = ''cmakeFlags+=\" -DCMAKE_CUDA_ARCHITECTURES=@v@\"'';"},
            "set in the shell": {"configure": "preConfigure = ''cmakeFlags=\"-DCMAKE_CUDA_ARCHITECTURES=@v@\"'';"},
            "put before in the shell": {"configure": "preConfigure = ''cmakeFlags=\"-DCMAKE_CUDA_ARCHITECTURES=@v@ $cmakeFlags\"'';"},
            "under a condition": {"configure": "preConfigure = ''\nif true; then\n  cmakeFlagsArray+=(\"-DCMAKE_CUDA_ARCHITECTURES=@v@\")\nfi\n'';"},
            "in a document": {"configure": "preConfigure = ''\ncat > note <<'EOF'\ncmakeFlags=\"-DCMAKE_CUDA_ARCHITECTURES=@v@\"\nEOF\n'';"},
            "the configuration's": {"cmake": "", "import": 'config = { cudaSupport = true; cudaCapabilities = [ "@capability@" ]; };'},
            "the configuration's behind": {"cmake": 'cmakeFlags = [ "-DCMAKE_CUDA_ARCHITECTURES=75" ] ++ old.cmakeFlags;', "import": 'config = { cudaCapabilities = [ "@capability@" ]; };'},
            "nixpkgs' own": {"cmake": "cmakeFlags = old.cmakeFlags or [ ];", "let": "unused = @v@;"},
            "an override again": {"after-layer": '.overrideAttrs (o: { cmakeFlags = o.cmakeFlags ++ [ "-DCMAKE_CUDA_ARCHITECTURES=@v@" ]; })'},
            "replaced in nixpkgs' own": {"cmake": 'cmakeFlags = map (builtins.replaceStrings [ "stub" ] [ "@v@" ]) old.cmakeFlags;'},
            "one of nixpkgs' own for another": {"cmake": 'cmakeFlags = map (f: if lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" f then "-DCMAKE_CUDA_ARCHITECTURES=@v@" else f) (old.cmakeFlags or [ ]);'},
            "all others as they are": {"cmake": 'cmakeFlags = lib.forEach old.cmakeFlags (f: if !(lib.hasInfix "CUDA_ARCHITECTURES" f) then f else (lib.cmakeFeature "CMAKE_CUDA_ARCHITECTURES" "@v@"));'},
            "one for another by a function with a name": {"let": 'ours = f: if lib.hasPrefix "-DCMAKE_CUDA" f then "-DCMAKE_CUDA_ARCHITECTURES=@v@" else f;', "cmake": "cmakeFlags = map ours old.cmakeFlags;"},
            "one for another before others": {"cmake": 'cmakeFlags = map (f: if lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" f then "-DCMAKE_CUDA_ARCHITECTURES=@v@" else f) old.cmakeFlags ++ [ "-DA=B" ];'},
            "one for another and one behind": {"cmake": 'cmakeFlags = map (f: if lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" f then "-DCMAKE_CUDA_ARCHITECTURES=75" else f) old.cmakeFlags ++ [ "-DCMAKE_CUDA_ARCHITECTURES=@v@" ];'},
            "one for another of those that a filter leaves": {"cmake": 'cmakeFlags = map (f: if lib.hasPrefix "-DCMAKE_CUDA" f then "-DCMAKE_CUDA_ARCHITECTURES=@v@" else f) (builtins.filter (f: !lib.hasPrefix "-DCMAKE_CUDA" f) old.cmakeFlags);'},
            "one for another, and then a filter": {"cmake": 'cmakeFlags = builtins.filter (f: !lib.hasPrefix "-DCMAKE_CUDA" f) (map (f: if lib.hasPrefix "-DCMAKE_CUDA" f then "-DCMAKE_CUDA_ARCHITECTURES=@v@" else f) old.cmakeFlags);'},
            "one for another with itself in it": {"cmake": 'cmakeFlags = map (f: if lib.hasPrefix "-DCMAKE_CUDA" f then "${f};@v@" else f) old.cmakeFlags;'},
            "one for another with others gone": {"cmake": 'cmakeFlags = map (f: if lib.hasPrefix "-DCMAKE_CUDA" f then "-DCMAKE_CUDA_ARCHITECTURES=@v@" else "-DA=B") old.cmakeFlags;'},
            "one for another of another kind": {"cmake": 'cmakeFlags = map (f: if lib.hasPrefix "-DCMAKE_CUDA" f then "-DCMAKE_CXX_FLAGS=-mavx@v@" else f) old.cmakeFlags;'},
            "one for another that is not there": {"cmake": 'cmakeFlags = map (f: if f == "-DSTUB" then "-DCMAKE_CUDA_ARCHITECTURES=@v@" else f) old.cmakeFlags;'},
            "each as it is": {"cmake": "cmakeFlags = map (f: if true then f else \"@v@\") old.cmakeFlags;"},
            "all for one": {"cmake": 'cmakeFlags = map (f: if true then "-DCMAKE_CUDA_ARCHITECTURES=@v@" else f) old.cmakeFlags;'},
            "replaced in the file's own": {"cmake": 'cmakeFlags = map (builtins.replaceStrings [ "X" ] [ "@v@" ]) [ "-DCMAKE_CUDA_ARCHITECTURES=X" ];'},
        },
    ),
    "cxx_flags": Ways(
        ("-mavx512f -mavx512dq -mavx512vl -mavx512bw -mfma", "-mavx2 -mfma"),
        {
            "exports": _script("preConfigure", _EXPORT),
            "exports in another phase": _script("postPatch", _EXPORT),
            "exports before": _script("preUnpack", _EXPORT),
            "exports in a loop": _script("preConfigure", "for v in CXXFLAGS CFLAGS; do\n  export \"$v=@v@ ''${!v:-}\"\ndone"),
            "exports in a loop over languages": _script("preConfigure", "for language in CXX C\ndo export ''${language}FLAGS=\"@v@ $CXXFLAGS\"\ndone"),
            "a quoted export": _script("preConfigure", 'export "CXXFLAGS=@v@ $CXXFLAGS"\nexport "CFLAGS=@v@"'),
            "appended": _script("preConfigure", 'export CXXFLAGS+=" @v@"\nexport CFLAGS+=" @v@"'),
            "appended to what is exported": _script("preConfigure", 'export CXXFLAGS CFLAGS\nCXXFLAGS="$CXXFLAGS @v@"\nCFLAGS="@v@"'),
            "not exported": _script("preConfigure", 'CXXFLAGS="@v@"\nCFLAGS="@v@"'),
            "exported later": _script("preConfigure", 'CXXFLAGS="@v@"; CFLAGS="@v@"; export CXXFLAGS CFLAGS'),
            "in single quotes": _script("preConfigure", "export CXXFLAGS='@v@'\nexport CFLAGS='@v@'"),
            "in parts": _script("preConfigure", "export CXXFLAGS=\"-O2\"' @v@'\nexport CFLAGS=\"@v@\""),
            "a variable": _script("preConfigure", 'FLAGS="@v@"\nexport CXXFLAGS="$FLAGS" CFLAGS="$FLAGS"'),
            "one from the other": _script("preConfigure", 'export CFLAGS="@v@"\nexport CXXFLAGS="$CFLAGS -O3"'),
            "attributes": {"configure": 'CXXFLAGS = "@v@"; CFLAGS = "@v@";'},
            "attributes that are lists": {"configure": 'CXXFLAGS = lib.splitString " " "@v@"; CFLAGS = [ "@v@" ];'},
            "env": {"configure": 'env = (old.env or { }) // { CXXFLAGS = "@v@"; CFLAGS = "@v@"; };'},
            "env and exports": {"configure": 'env.CXXFLAGS = "-mavx512vnni"; preConfigure = \'\'\n' + _EXPORT + "'';"},
            "env by a path": {"configure": 'env.CXXFLAGS = "@v@"; env.CFLAGS = toString [ "@v@" ];'},
            "NIX_CFLAGS_COMPILE": {"configure": 'NIX_CFLAGS_COMPILE = "@v@";'},
            "NIX_CFLAGS_COMPILE in env": {"configure": 'env.NIX_CFLAGS_COMPILE = toString [ "@v@" "-Wno-error" ];'},
            "NIX_CFLAGS_COMPILE, what nixpkgs has besides": {"configure": 'env = (old.env or { }) // { NIX_CFLAGS_COMPILE = (old.env.NIX_CFLAGS_COMPILE or "") + " @v@"; };'},
            "NIX_CFLAGS_COMPILE in a phase": _script("preConfigure", 'NIX_CFLAGS_COMPILE+=" @v@"'),
            "NIX_CFLAGS_COMPILE after exports": _script("preConfigure", _EXPORT + 'export NIX_CFLAGS_COMPILE="$NIX_CFLAGS_COMPILE -mno-avx"'),
            "CMake's flags": {"cmake": 'cmakeFlags = [ "-DCMAKE_CXX_FLAGS=@first@" "-DCMAKE_C_FLAGS=@first@" ];'},
            "CMake's flags as an array": _script("preConfigure", 'cmakeFlagsArray+=("-DCMAKE_CXX_FLAGS=@v@" "-DCMAKE_C_FLAGS:STRING=@v@")'),
            "CMake's flags over exports": {"cmake": 'cmakeFlags = [ "-DCMAKE_CXX_FLAGS=-march=native" ];', **_script("preConfigure", _EXPORT)},
            "CMake's flags for releases": {"cmake": 'cmakeFlags = [ "-DCMAKE_CXX_FLAGS_RELEASE=-march=native" ];', **_script("preConfigure", _EXPORT)},
            "the platform": {"configure": "", "import": 'config = @config@; localSystem = { system = "x86_64-linux"; gcc.arch = "@first@"; };'},
            "a stdenv with flags": {"configure": "", "more-arguments": 'stdenv = p.stdenvAdapters.withCFlags [ "@v@" ] p.stdenv;'},
            "another stdenv": {"more-arguments": "stdenv = p.gcc13Stdenv;", **_script("preConfigure", _EXPORT)},
            "an overlaid stdenv": {**_MORE, "overlay": 'f: s: { stdenv = s.stdenvAdapters.withCFlags "@v@" s.stdenv; }', "configure": ""},
            "another flag before": _script("preConfigure", 'export CXXFLAGS="-Wno-error @v@ $CXXFLAGS"\nexport CFLAGS="@v@ -O3"'),
            "an include path before": _script("preConfigure", 'export CXXFLAGS="-I${p.eigen}/include @v@"\nexport CFLAGS="-I${p.eigen.dev}/include @v@"'),
            "under a condition": _script("preConfigure", 'if [ -n "" ]; then\n  export CXXFLAGS="-mavx"\nfi\n' + _EXPORT),
            "taken back": _script("preConfigure", _EXPORT + "unset CXXFLAGS"),
            "replaced in nixpkgs' own": {"configure": 'preConfigure = builtins.replaceStrings [ "stub" ] [ "export CXXFLAGS=@first@" ] old.preConfigure;'},
            "after nixpkgs' own": {"configure": "preConfigure = (old.preConfigure or \"\") + ''\n" + _EXPORT + "'';"},
            "in a document": _script("preConfigure", "cat > x <<EOF\nexport CXXFLAGS=\"@v@\"\nEOF"),
            "in a comment": _script("preConfigure", '# export CXXFLAGS="@v@"\nexport CFLAGS="@v@" # CFLAGS=""'),
            "the last of several": _script("preConfigure", 'export CXXFLAGS="-mavx"; export CXXFLAGS="@v@"; export CFLAGS="@v@"'),
            "in the wrapper alone": {"configure": "", "name": "pname = variantName; preConfigure = ''\n" + _EXPORT + "'';"},
        },
    ),
    "nixpkgs_rev": Ways(
        (PIN, "0" * 40),
        {
            "an address": {"source": 'builtins.fetchTarball { url = "https://github.com/NixOS/nixpkgs/archive/@v@.tar.gz"; }'},
            "an address alone": {"source": 'fetchTarball "https://github.com/NixOS/nixpkgs/archive/@v@.tar.gz"'},
            "a zip": {"source": 'builtins.fetchTarball { url = "https://github.com/NixOS/nixpkgs/archive/@v@.zip"; }'},
            "a sum": {"source": 'builtins.fetchTarball ("https://github.com/NixOS/nixpkgs/archive/" + "@v@" + ".tar.gz")'},
            "a revision put in": {"source": 'builtins.fetchTarball { url = let rev = "@v@"; in "https://github.com/NixOS/nixpkgs/archive/${rev}.tar.gz"; }'},
            "fetchGit": {"source": 'builtins.fetchGit { url = "https://github.com/NixOS/nixpkgs"; rev = "@v@"; }'},
            "a set with a name": {"source": 'builtins.fetchTarball { name = "nixpkgs"; url = "https://github.com/NixOS/nixpkgs/archive/@v@.tar.gz"; sha256 = ""; }'},
            "extended": {"nixpkgs": '(import (fetchTarball "https://github.com/NixOS/nixpkgs/archive/@v@.tar.gz") { }).extend (f: p: { cudaPackages = p.cudaPackages_12_9; })'},
            "an overlay that cannot be told": {"source": 'fetchTarball "https://github.com/NixOS/nixpkgs/archive/@v@.tar.gz"', "overlays": "[ (f: p: builtins.fromJSON (builtins.toJSON { a = 1; })) ]", "import": "overlays = @overlays@;"},
        },
    ),
    "wrapper_features": Ways(
        ('[ "big-parallel" ]', '[ "kvm" ]'),
        {
            "a list": {"name": "pname = variantName; requiredSystemFeatures = @v@;"},
            "an override again": {"after-wrapper": ".overrideAttrs { requiredSystemFeatures = @v@; }"},
            "python attributes": {"wrapper": "(p.python3Packages.onnxruntime.overridePythonAttrs (o: { requiredSystemFeatures = @v@; }))"},
            "a sum": {"name": "pname = variantName; requiredSystemFeatures = [ ] ++ @v@;"},
            "what nixpkgs has besides": {"name": "pname = variantName; requiredSystemFeatures = (old.requiredSystemFeatures or [ ]) ++ @v@;"},
            "a name": {"let": "wanted = @v@;", "after-wrapper": ".overrideAttrs (o: { requiredSystemFeatures = wanted; })"},
            "of two arguments": {"after-wrapper": ".overrideAttrs (f: o: { requiredSystemFeatures = f.wanted; wanted = @v@; })"},
            "an extension": {**_MORE, "overlay": "f: s: { pythonPackagesExtensions = [ (a: b: { onnxruntime = b.onnxruntime.overrideAttrs { requiredSystemFeatures = @v@; }; }) ]; }"},
        },
    ),
    "patches": Ways(
        ("./a.patch", "./b.patch"),
        {
            "a list": {"after-layer": ".overrideAttrs { patches = [ @v@ ]; }"},
            "what nixpkgs has besides": {"after-layer": ".overrideAttrs (o: { patches = (o.patches or [ ]) ++ [ @v@ ]; })"},
            "before what nixpkgs has": {"after-layer": ".overrideAttrs (o: { patches = [ @v@ ] ++ o.patches; })"},
            "none": {"after-layer": ".overrideAttrs { patches = [ ]; }", "let": "unused = @v@;"},
            "fetched": {"after-layer": '.overrideAttrs (o: { patches = [ (p.fetchpatch { url = "https://example.org/a"; hash = ""; }) ]; })', "let": "unused = @v@;"},
            "optional": {"after-layer": ".overrideAttrs (o: { patches = lib.optional true @v@; })"},
            "nixpkgs' own": {"after-layer": ".overrideAttrs (o: { inherit (o) patches; })", "let": "unused = @v@;"},
            "an overlay": {**_MORE, "overlay": "f: s: { onnxruntime = s.onnxruntime.overrideAttrs { patches = [ @v@ ]; }; }"},
        },
    ),
    "nixpkgs_url": Ways(
        (ADDRESS, "https://example.org/nixpkgs.tar.gz"),
        {
            "an address": {"source": 'builtins.fetchTarball { url = "@v@"; }'},
            "an address alone": {"source": 'fetchTarball "@v@"'},
            "a sum": {"source": 'fetchTarball ("https://" + lib0 "@v@")', "variant": PARTS["variant"].replace("\nlet\n", '\nlet\n  lib0 = builtins.replaceStrings [ "https://" ] [ "" ];\n')},
            "a name": {"let": 'address = "@v@";', "source": "fetchTarball { url = address; }"},
            "a set": {"let": 'sources = { nixpkgs.url = "@v@"; };', "source": "fetchTarball sources.nixpkgs.url"},
            "inherit": {"let": 'url = "@v@";', "source": "fetchTarball { inherit url; }"},
            "a function": {"source": '(url: fetchTarball { inherit url; }) "@v@"'},
            "extended": {"nixpkgs": '(import (fetchTarball "@v@") { }).extend (f: p: { cudaPackages = p.cudaPackages_12_9; })'},
            "the layer of another": _layer('(import (fetchTarball "@v@") { }).onnxruntime'),
        },
    ),
    "other_flags": Ways(
        ("-Wno-error", "-O3 -Wall"),
        {
            "exports": _script("preConfigure", _EXPORT),
            "before the machine flags": _script("preConfigure", 'export CXXFLAGS="@v@ -mavx2 $CXXFLAGS"'),
            "behind the machine flags": _script("preConfigure", 'export CXXFLAGS="-mavx2 @v@"'),
            "appended": _script("postPatch", 'export CXXFLAGS+=" @v@"'),
            "an attribute": {"configure": 'CXXFLAGS = "@v@";'},
            "env": {"configure": 'env.CXXFLAGS = "-mavx @v@";'},
            "NIX_CFLAGS_COMPILE": {"configure": 'env.NIX_CFLAGS_COMPILE = "@v@";'},
            "CMake's flags": {"cmake": 'cmakeFlags = [ "-DCMAKE_CXX_FLAGS=@first@" ];'},
            "CMake's flags as an array": _script("preConfigure", 'cmakeFlagsArray+=("-DCMAKE_CXX_FLAGS:STRING=@v@ -mfma")'),
            "in C alone": _script("preConfigure", 'export CFLAGS="@v@"'),
            "of the ABI": _script("preConfigure", 'export CXXFLAGS="-m64 @v@ -mcmodel=large"'),
        },
    ),
    "wrapper_flags": Ways(
        ("-mavx2", "-O3 -mfma"),
        {
            "exports": _wrapper("preConfigure = ''\n" + _EXPORT + "'';"),
            "exports in another phase": _wrapper("postPatch = ''\n" + _EXPORT + "'';"),
            "an attribute": _wrapper('CXXFLAGS = "@v@";'),
            "env": _wrapper('env.CXXFLAGS = "@v@";'),
            "NIX_CFLAGS_COMPILE": _wrapper('NIX_CFLAGS_COMPILE = "@v@";'),
            "NIX_CFLAGS_COMPILE in a phase": _wrapper("preConfigure = ''export NIX_CFLAGS_COMPILE+=\" @v@\"'';"),
            "not exported": _wrapper("preConfigure = ''CXXFLAGS=\"@v@\"'';"),
            "python attributes": {"wrapper": '(p.python3Packages.onnxruntime.overridePythonAttrs (o: { CXXFLAGS = "@v@"; }))'},
        },
    ),
    "cpp_layer": Ways(
        ("onnxruntime", "cmake"),
        {
            "a name": {"after-layer": "", "layer": "p.@v@"},
            "with": {"layer": "with p; @v@"},
            "getAttr": {"layer": '(builtins.getAttr "@v@" p)'},
            "an update": {"given": "onnxruntime = ({ @v@ = cpp; }).@v@;"},
            "a function": {"given": "} // { onnxruntime = cpp; } // {", "layer": "p.@v@"},
            "the last of two": {"after-wrapper": ".override { onnxruntime = p.@v@.overrideAttrs { a = 1; }; }"},
            "an overlay": {**_MORE, "overlay": "f: s: { @v@ = s.@v@.overrideAttrs { a = 1; }; }", "given": ""},
            "callPackage": {"layer": "(p.callPackage ({ @v@ }: { inner = @v@; }) { }).inner"},
        },
    ),
}  # fmt: skip


class Case(NamedTuple):
    """One variant: which fact it is about, in which way it says it, its value, whether it is for GPUs, its text."""

    fact: str
    way: str
    value: str
    gpu: bool
    text: str

    @property
    def name(self) -> str:
        """What the case is called."""
        return f"{self.fact}: {self.way}: {self.value}, {'GPU' if self.gpu else 'CPU'}"


def filled(part: str, value: str) -> str:
    """A part with a value, and what goes with it, in the place of its marks."""
    python = value.removesuffix("Packages")
    marks = {
        "@v@": value,
        "@first@": value.split(" ", 1)[0],
        "@python@": python,
        "@capability@": f"{value[:-1]}.{value[-1:]}",
    }
    for mark, text in marks.items():
        part = part.replace(mark, text)
    return part


def cases() -> list[Case]:
    """Every way of every fact with each of its values, in a variant with CUDA and in one without."""
    return [
        Case(fact, way, value, gpu, filled(variant(parts, gpu=gpu), value))
        for fact, (values, ways) in WAYS.items()
        for way, parts in ways.items()
        for value in values
        for gpu in (True, False)
    ]
