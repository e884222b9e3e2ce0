"""The user's cache folder: where it is, and entries that are whole or count as missing."""

from __future__ import annotations

import os
import zlib

SWITCH = "NIXLINT_ORT_CACHE"
"""The environment variable that names another folder for the cache; empty for no cache at all."""

KINDS = ("convention-", "sound-", ".entry-")
"""What the names of all entries begin with, the last being one that is not whole yet."""

KEPT = 30 * 24 * 3600
"""Seconds for which an entry is kept after it was written; one that is still of use is written anew."""

Signature = tuple[int, ...] | None


def entry(name: str) -> str | None:
    """The path of an entry: in `$NIXLINT_ORT_CACHE`, else in `$XDG_CACHE_HOME` or `~/.cache`; None for no cache."""
    folder = os.environ.get(SWITCH)
    if folder is None:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        folder = os.path.join(base, "nixlint-ort") if os.path.isabs(base) else ""
    return os.path.join(os.path.abspath(folder), name) if folder else None


def read(path: str) -> bytes | None:
    """What was written to an entry; None where there is none, or where it is damaged."""
    try:
        with open(path, "rb") as file:
            checksum, data = file.read(4), file.read()
    except OSError:
        return None
    return data if zlib.crc32(data).to_bytes(4, "big") == checksum else None


def write(path: str, data: bytes) -> None:
    """Write an entry, whole or not at all; a cache that cannot be written is no error."""
    import tempfile

    temporary = None
    try:
        folder = os.path.dirname(path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".entry-")
        with os.fdopen(handle, "wb") as file:
            file.write(zlib.crc32(data).to_bytes(4, "big") + data)
        os.replace(temporary, path)
        _drop_old(folder)
    except OSError:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def _drop_old(folder: str) -> None:
    """Remove the entries that were written long ago, and nothing else: the folder may be somebody's own."""
    import time

    with os.scandir(folder) as entries:
        for one in entries:
            if one.name.startswith(KINDS) and one.stat(follow_symlinks=False).st_mtime < time.time() - KEPT:
                os.unlink(one.path)


def program() -> tuple[str, ...]:
    """The path of each of the program's files, whether this run imports it or not."""
    folders, files = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))], []
    for folder in folders:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir() and entry.name != "__pycache__":
                    folders.append(entry.path)
                elif entry.name.endswith(".py"):
                    files.append(entry.path)
    return tuple(sorted(files))


def signature(path: str) -> Signature:
    """What changes when a file, or the names in a folder, change; None where there is nothing."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return (status.st_ino, status.st_dev, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
