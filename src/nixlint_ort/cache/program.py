"""A digest of all code that decides what a run says: this program, and the libraries that it reads with."""

from __future__ import annotations

import os
import sys
import time
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.cache.digest import blake2b

if TYPE_CHECKING:
    from nixlint_ort.cache.store import Cache

LIBRARIES = ("tree_sitter", "tree_sitter_nix", "ruamel.yaml", "markdown_it")
"""Packages that make of bytes what the rules judge."""

SETTLED = 2.0
"""Seconds after which a change of a file cannot have the same times as the one before."""

_CODE = (".py", ".so", ".pyd", ".dylib", ".scm", ".json")
_DATA = ("__pycache__", "rules", "conventions", "compiled")


class _File(NamedTuple):
    """A file of code, and what changes with it whenever it is written to or another file takes its place."""

    path: str
    state: tuple[int, ...]
    changed: float


def program_digest(cache: Cache | None = None) -> bytes:
    """It is another one where anything differs that is imported: a file of this program, a library, or Python.

    With a cache, no file is read whose size, times and number are those that it had when its digest was kept: it takes
    a change of the clock, or a user who may write to the cache, to bring the same ones about with other content.
    """
    return _known_digest(cache) if cache else _digest()


@cache
def package_digest() -> bytes:
    """The same of this program's own code alone."""
    return _digest_of([_package()])


@cache
def _digest() -> bytes:
    digest = blake2b(repr((sys.version, sys.implementation.cache_tag)).encode(), digest_size=16)
    digest.update(package_digest())
    digest.update(_digest_of(_libraries()))
    return digest.digest()


@cache
def _known_digest(cache: Cache) -> bytes:
    began = time.time()
    files = [one for folder in (_package(), *_libraries()) for one in _files(folder)]
    states = repr((sys.version, sys.implementation.cache_tag, [(one.path, one.state) for one in files]))
    entry = f"program-{blake2b(states.encode(), digest_size=16).hexdigest()}"
    kept = cache.read(entry)
    if kept is not None and len(kept) == 16:
        return kept
    if all(one.changed + SETTLED < began for one in files):
        cache.write(entry, _digest())
    return _digest()


def _digest_of(folders: list[str]) -> bytes:
    digest = blake2b(digest_size=16)
    for folder in folders:
        for one in _files(folder):
            handle = os.open(one.path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                data = os.read(handle, os.fstat(handle).st_size + 1)
            finally:
                os.close(handle)
            name = os.fsencode(os.path.relpath(one.path, folder))
            digest.update(b"%d %d " % (len(name), len(data)))
            digest.update(name)
            digest.update(data)
    return digest.digest()


def _package() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@cache
def _libraries() -> list[str]:
    return list(filter(None, map(_folder_of, LIBRARIES)))


def _folder_of(library: str) -> str | None:
    """The folder of a package, without importing it; None where there is none."""
    top, _, below = library.partition(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return next((path for place in places if os.path.isdir(path := os.path.join(place, below))), None)


def _files(folder: str) -> list[_File]:
    """The code below a folder, by path."""
    folders, files = [folder], []
    for one in folders:
        with os.scandir(one) as entries:
            for entry in entries:
                if entry.name.endswith(_CODE):
                    status = entry.stat()
                    state = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev)
                    files.append(_File(entry.path, state, max(status.st_mtime, status.st_ctime)))
                elif entry.name not in _DATA and entry.is_dir():
                    folders.append(entry.path)
    return sorted(files)
