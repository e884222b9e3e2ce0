"""A digest of all code that decides what a run says: this program, and the libraries that it reads with."""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec

LIBRARIES = ("tree_sitter", "tree_sitter_nix", "ruamel.yaml", "markdown_it")
"""Packages that make of bytes what the rules judge."""

_CODE = (".py", ".so", ".pyd", ".dylib", ".scm", ".json")


@cache
def program_digest() -> bytes:
    """It is another one where anything differs that is imported: a file of this program, a library, or Python."""
    digest = blake2b(repr((sys.version, sys.implementation.cache_tag)).encode(), digest_size=16)
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (package, *filter(None, map(_folder_of, LIBRARIES))):
        for path in _files(folder):
            with open(path, "rb") as file:
                data = file.read()
            digest.update(b"%d %d " % (len(os.fsencode(path)), len(data)))
            digest.update(os.fsencode(os.path.relpath(path, folder)))
            digest.update(data)
    return digest.digest()


def _folder_of(library: str) -> str | None:
    """The folder of a package, without importing it; None where there is none."""
    top, _, below = library.partition(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return next((path for place in places if os.path.isdir(path := os.path.join(place, below))), None)


def _files(folder: str) -> list[str]:
    """The code below a folder, by path."""
    folders, files = [folder], []
    for one in folders:
        with os.scandir(one) as entries:
            for entry in entries:
                if entry.is_dir() and entry.name not in ("__pycache__", "rules"):
                    folders.append(entry.path)
                elif entry.name.endswith(_CODE):
                    files.append(entry.path)
    return sorted(files)
