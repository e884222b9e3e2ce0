"""The user's cache folder, and entries in it that are whole or count as missing.

It is used only where nobody else can have put something into it: not inside the repository that is checked, which a
stranger fills, not behind a link, and not in a folder that another user owns or may write to.
"""

from __future__ import annotations

import os
import stat
import zlib
from contextlib import suppress

from nixlint_ort.files import PREFIX, Temporary, is_below, read_plain

SWITCH = "NIXLINT_ORT_CACHE"
"""The environment variable that names another folder for the cache; empty for no cache at all."""

KINDS = ("convention-", "program-", "sound-", PREFIX)
"""What the names of all entries begin with, the last being one that is not whole yet."""

KEPT = 30 * 24 * 3600
"""Seconds for which an entry is kept after it was written; one that is still of use is written again."""

MAX_ENTRY = 4_000_000
"""Bytes; a larger entry is neither written nor read. That of the shipped convention has about 200,000."""

MAX_TOTAL = 64_000_000
"""Bytes of all entries together; the oldest go first."""


class Cache:
    """The entries of the user's cache, apart from a repository; without a folder it holds nothing."""

    def __init__(self, folder: str | None, outside: str | os.PathLike[str] | None = None) -> None:
        """The cache in a folder that must not be inside `outside`; what stands against that is in `problem`."""
        self.problem: str | None = None
        """Why the folder is not used, in words; None where it is, or where there is none to use."""
        self._folder = folder
        if folder is None:
            return
        reason = "it is inside the repository" if outside is not None and _is_inside(folder, outside) else None
        if reason is None:
            with suppress(OSError):  # a cache that cannot be made is not an error
                os.makedirs(folder, mode=0o700, exist_ok=True)
            reason = _reason(folder)
        if reason is not None:
            self.problem = f"the cache {folder} is not used: {reason}"
            self._folder = None

    @classmethod
    def of_user(
        cls, outside: str | os.PathLike[str] | None = None, chosen: str | os.PathLike[str] | None = None
    ) -> Cache:
        """That in the folder that was `chosen`; else in `$NIXLINT_ORT_CACHE`, `$XDG_CACHE_HOME` or `~/.cache`."""
        folder = os.environ.get(SWITCH) if chosen is None else os.fspath(chosen)
        if folder is None:
            base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
            folder = os.path.join(base, "nixlint-ort") if os.path.isabs(base) else ""
        return cls(os.path.abspath(folder) if folder else None, outside)

    def __bool__(self) -> bool:
        return self._folder is not None

    def read(self, name: str) -> bytes | None:
        """What was written to an entry; None where there is none, or where it is damaged or not the user's own."""
        if self._folder is None:
            return None
        try:
            path = os.path.join(self._folder, name)
            kept = read_plain(path, MAX_ENTRY, below=self._folder, links=False)
            own = os.lstat(path).st_uid == os.geteuid()
        except OSError:
            return None
        return kept[4:] if own and zlib.crc32(kept[4:]).to_bytes(4, "big") == kept[:4] else None

    def write(self, name: str, data: bytes) -> None:
        """Write an entry, whole or not at all; a cache that cannot be written is not an error."""
        if self._folder is None or len(data) > MAX_ENTRY - 4:
            return
        with suppress(OSError):
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                with Temporary(folder, zlib.crc32(data).to_bytes(4, "big") + data, durable=False) as temporary:
                    temporary.become(name)
                _drop_old(folder)
            finally:
                os.close(folder)


NO_CACHE = Cache(None)
"""What holds nothing."""


def _is_inside(folder: str, outside: str | os.PathLike[str]) -> bool:
    """Whether a folder is in another one, as it is called or as its links lead."""
    top = os.path.join(os.path.abspath(outside), "")
    return is_below(folder, outside) or os.path.join(folder, "").startswith(top)


def _reason(folder: str) -> str | None:
    """Why a folder is no place for a cache; None where it is one, or is not there."""
    try:
        status = os.lstat(folder)
    except OSError:
        return None
    if stat.S_ISLNK(status.st_mode):
        return "it is a link"
    if not stat.S_ISDIR(status.st_mode):
        return "it is not a folder"
    if status.st_uid != os.geteuid():
        return "it belongs to another user"
    if status.st_mode & 0o022:
        return "other users may write to it"
    return None


def _drop_old(folder: int) -> None:
    """Remove the entries that were written long ago or are too many, and nothing else: the folder may be shared."""
    import time

    found = []
    with os.scandir(folder) as entries:
        for one in entries:
            if one.name.startswith(KINDS) and one.is_file(follow_symlinks=False):
                status = one.stat(follow_symlinks=False)
                found.append((status.st_mtime, status.st_size, one.name))
    total = 0
    for written, size, name in sorted(found, reverse=True):
        total += size
        if total > MAX_TOTAL or written < time.time() - KEPT:
            os.unlink(name, dir_fd=folder)
