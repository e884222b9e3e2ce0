"""Reads a stranger's `.tar.gz` once from its beginning to its end, in bounded memory, and unpacks nothing to disk."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Callable
from io import RawIOBase
from pathlib import Path
from typing import NamedTuple

MAX_MEMBERS = 1_000_000
MAX_UNPACKED = 4_000_000_000
"""Bytes that an archive unpacks to. nixpkgs has about 300,000,000 in 100,000 members."""

MAX_NAMES = 40_000_000
"""Code points of the paths of all files together. Those of nixpkgs have about 5,000,000."""

MAX_DEPTH = 40
"""Folders above one file."""

MAX_FOLDERS = 1_000_000
"""nixpkgs has about 40,000."""

MAX_KEPT = 100_000_000
"""Bytes of all files that are kept. Those of nixpkgs have about 5,000,000."""

_MAX_BETWEEN = 1_000_000
"""Bytes between two members, such as their headers, long names and maps of holes, all of which `tarfile` keeps."""


class ArchiveError(Exception):
    """What is no archive, or too much of one. The message is one line."""


class Names(NamedTuple):
    """What an archive holds: its top folder, the paths of plain files below it, and of each folder those in it."""

    top: str
    paths: list[str]
    folders: dict[str, set[str]]


class _Unpacked(RawIOBase):
    """The bytes of an archive, of which only so many may be read before `left` is set anew."""

    def __init__(self, packed: gzip.GzipFile, path: Path) -> None:
        self._packed = packed
        self._path = path
        self._total = MAX_UNPACKED
        self.left = _MAX_BETWEEN

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises ArchiveError where those were more than may be read."""
        data = self._packed.read(size)
        self._total -= len(data)
        self.left -= len(data)
        if self._total < 0:
            raise _too_large(self._path)
        if self.left < 0:
            raise ArchiveError(f"{self._path} cannot be read: a header has more than {_MAX_BETWEEN:,} bytes")
        return data


def scan(path: Path, wanted: Callable[[str], bool], most: int, kept: dict[str, bytes | None]) -> Names:
    """The names in an archive with one folder at its top; the bytes of files that are wanted are put into `kept`.

    Of a file with more than `most` bytes nothing is kept. Raises ArchiveError for what is no such archive.
    """
    names = Names("", [], {})
    length = number = 0
    room = MAX_KEPT - sum(len(data) for data in kept.values() if data)
    try:
        with (
            gzip.open(path) as packed,
            _Unpacked(packed, path) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|") as archive,
        ):
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # each one is kept else
                unpacked.left = member.size + _MAX_BETWEEN
                number += 1
                top, _, name = member.name.removeprefix("./").partition("/")
                names = names._replace(top=names.top or top)
                if not member.isfile() or not name:
                    continue
                length += len(name)
                is_kept = wanted(name) and member.size <= most
                room -= member.size if is_kept else 0
                if number > MAX_MEMBERS or length > MAX_NAMES or name.count("/") > MAX_DEPTH or room < 0:
                    raise _too_large(path)
                _add(names, name)
                if len(names.folders) > MAX_FOLDERS:
                    raise _too_large(path)
                if is_kept:
                    stream = archive.extractfile(member)
                    kept[name] = stream.read() if stream else None
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no .tar.gz"
        raise ArchiveError(f"{path} cannot be read: {reason}") from None
    return names


def _too_large(path: Path) -> ArchiveError:
    return ArchiveError(f"{path} is too large to be nixpkgs")


def _add(names: Names, path: str) -> None:
    """Note a file, and the folders above it."""
    names.paths.append(path)
    folder, slash, _ = path.rpartition("/")
    while slash:
        above, slash, name = folder.rpartition("/")
        known = names.folders.setdefault(above, set())
        if name in known:
            return
        known.add(name)
        folder = above
