"""Writes files so that each is whole at every moment: old or new, never in between, and never another's."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

PREFIX, SUFFIX = ".nixlint-ort-", ".tmp"
"""Of temporary files: no pattern of variants fits them, since those end in `.nix`."""


class WriteError(Exception):
    """A file was not written; it is as it was before."""


def replace_file(root: Path, path: str, before: bytes, after: bytes) -> None:
    """Replace the content of the file at `path`, relative to `root`, in one step, keeping its mode.

    A symlink is followed inside the root. Raises WriteError if it leads out of it, or if the file is no longer what
    was read or cannot be replaced; the file is then untouched.
    """
    real = _inside(root, path)
    try:
        with _Temporary(real.parent, after) as temporary:
            status = real.stat()
            temporary.take_after(status)
            if real.read_bytes() != before:
                raise WriteError(f"{path} changed after it was read, so it was left alone")
            temporary.path.replace(real)
    except OSError as error:
        raise WriteError(f"{path} was not written and is as before: {error.strerror}") from None


def create_file(root: Path, path: str, data: bytes) -> None:
    """Make a new file at `path`, relative to `root`. Raises WriteError if anything of that name is there already."""
    folder = _inside(root, str(PurePosixPath(path).parent))
    target = folder / PurePosixPath(path).name
    try:
        with _Temporary(folder, data) as temporary:
            temporary.path.chmod(0o666 & ~_umask())
            os.link(temporary.path, target)
    except FileExistsError:
        raise WriteError(f"{path} was not made: there is a file of that name already") from None
    except OSError as error:
        raise WriteError(f"{path} was not made: {error.strerror}") from None


def clear_leftovers(folders: Iterable[Path]) -> list[Path]:
    """Remove the temporary files of runs that were killed; those of a run that still goes on are locked and stay."""
    cleared: list[Path] = []
    for folder in folders:
        for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
            with suppress(OSError):
                handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
                    cleared.append(path)
                finally:
                    os.close(handle)
    return cleared


class _Temporary:
    """A locked file in a folder that holds `data` on the disk, and is gone in the end unless it became another."""

    def __init__(self, folder: Path, data: bytes) -> None:
        self.handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=folder)
        self.path = Path(name)
        try:
            with suppress(OSError):  # a file system without locks: only two runs at once would notice
                fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            written = 0
            while written < len(data):
                written += os.write(self.handle, data[written:])
            os.fsync(self.handle)
        except BaseException:
            self._remove()
            raise

    def take_after(self, status: os.stat_result) -> None:
        """Give the file the owner of another, where that is allowed, and its mode."""
        with suppress(PermissionError):
            os.fchown(self.handle, status.st_uid, status.st_gid)
        os.fchmod(self.handle, status.st_mode & 0o7777)

    def __enter__(self) -> _Temporary:
        return self

    def __exit__(self, *_: object) -> None:
        self._remove()

    def _remove(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self.handle)


def _inside(root: Path, path: str) -> Path:
    """The file or folder that a path leads to. Raises WriteError if that is not below the root."""
    try:
        real = (root / path).resolve(strict=True)
    except (OSError, RuntimeError):
        raise WriteError(f"{path} was not written: it is gone, or leads nowhere") from None
    if not real.is_relative_to(root.resolve()):
        raise WriteError(f"{path} was not written: it is a link to {real}, outside the repository")
    return real


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
