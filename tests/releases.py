"""This repository's variants as each release of the table would have them, ORT's version and source set in the file."""

from __future__ import annotations

import re

from linting import convention, repository

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


def files(branch: str) -> dict[str, bytes | None]:
    """The variants of a release by path: for its architectures, and stating and building its version."""
    row = convention().releases.row(branch, {})
    assert row is not None
    version = str(row.cells["version"])
    return {
        variant.path: _released(variant.source.data, version.encode())
        for variant in repository().variants
        if (sm := re.search(r"-sm(\d+)-", variant.stem)) is None or sm[1] in row.cells["gpus"]
    }


def _released(data: bytes, version: bytes) -> bytes:
    if version == convention().fields["pin.ort"].encode():
        return data
    data = data.replace(convention().fields["pin.ort"].encode(), version)
    data = data.replace(_LET, _SOURCE % {b"version": version} + _LET, 1)
    return data.replace(_LAYER, _LAYER + b"    version = ortVersion;\n    src = ortSrc;\n", 1)
