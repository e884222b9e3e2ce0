"""This repository's variants as each release of the table would have them, ORT's version and source set in the file."""

from __future__ import annotations

import re

from tests.support.linting import convention, repository

_LET = b"in\n(nixpkgs_pinned."
_LAYER = b"}).overrideAttrs (oldAttrs: {\n"
_SOURCE = b"""
  ortVersion = "%(version)b";
  ortSrc = nixpkgs_pinned.fetchFromGitHub {
    owner = "microsoft";
    repo = "onnxruntime";
    tag = "v${ortVersion}";
    fetchSubmodules = true;
    hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  };
"""
_CXXFLAGS = b'export CXXFLAGS="$'
NO_WARNINGS_STOP_THEM = ("ort-1.18", "ort-1.19", "ort-1.20")
"""Branches whose compiler is newer than their sources, so that each variant exports `-Wno-error`, in C++ alone."""


def files(branch: str) -> dict[str, bytes | None]:
    """The variants of a release by path: for its architectures, and stating and building its version."""
    row = convention().releases.row(branch, {})
    assert row is not None
    version = str(row.cells["version"])
    return {
        variant.path: _tolerant(_released(variant.source.data, version.encode()), branch)
        for variant in repository().variants
        if (sm := re.search(r"-sm(\d+)-", variant.stem)) is None or sm[1] in row.cells["gpus"]
    }


def _tolerant(data: bytes, branch: str) -> bytes:
    return data.replace(_CXXFLAGS, b'export CXXFLAGS="-Wno-error $') if branch in NO_WARNINGS_STOP_THEM else data


def _released(data: bytes, version: bytes) -> bytes:
    pinned = str(convention().fields["pin.ort"]).encode()
    if version == pinned:
        return data
    data = data.replace(pinned, version)
    data = data.replace(_LET, _SOURCE % {b"version": version} + _LET, 1)
    return data.replace(_LAYER, _LAYER + b"    version = ortVersion;\n    src = ortSrc;\n", 1)
