"""Reads and writes files of an untrusted tree: plain files only, and none outside the tree.

A path is followed one part at a time from a folder that is open, and every link in it is read here and not by the
system. So neither a link nor a folder that is swapped meanwhile leads a read or a write out of the tree.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

PREFIX, SUFFIX = ".nixlint-ort-", ".tmp"
"""Of temporary files: no pattern of variants fits them, since those end in `.nix`."""

MAX_LINKS = 40  # that one path may lead through, as in Linux
STREAM = r"/dev/(stdout|stderr|null|full|fd/[0-9]+)|/proc/self/fd/[0-9]+"
"""What a report may be written to without being a file: no tree can put something else there."""

OUTSIDE = "it is a link to a place outside"
GIT_FOLDER = ".git"
"""Git's own files, which nobody means who names files of a repository; file systems may take no note of case."""
NO_FILE = "it is not a regular file"
TOO_LARGE = "it has {size} bytes; nixlint-ort reads at most {most}"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC

Path = str | os.PathLike[str]


class NotPlainError(OSError):
    """A path that leads to no regular file, to too large a one, or out of the folder that it must be in."""


class WriteError(Exception):
    """A file was not written; it is as it was before."""


class Entry(NamedTuple):
    """Where a path leads: the descriptor of a folder that is open, and a name in it, which is not a link."""

    folder: int
    name: str


@contextmanager
def entry_of(top: Path, path: str, *, links: bool = True, trusted: bool = False) -> Iterator[Entry]:
    """The place that a path below the folder `top` leads to; there need be nothing there. Links lead to it too.

    Raises NotPlainError for a link out of `top`, a path into git's own folder unless it is `trusted`, or any link where
    `links` is false, and OSError where a folder is missing.
    """
    folders = [os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)]
    try:
        yield _follow(os.fspath(top), folders, path.split("/"), links=links, trusted=trusted)
    finally:
        for folder in folders:
            os.close(folder)


def _follow(top: str, folders: list[int], parts: list[str], *, links: bool, trusted: bool) -> Entry:
    left = _reversed(parts)
    followed = 0
    while left:
        part = left.pop()
        if part == "..":
            if len(folders) == 1:
                raise NotPlainError(0, OUTSIDE)
            os.close(folders.pop())
        elif (target := _link(part, folders[-1])) is not None:
            followed += 1
            if followed > (MAX_LINKS if links else 0):
                raise NotPlainError(0, "it is a circular link" if links else "it is a link")
            if target.startswith("/"):
                target = _below(top, target)
                while len(folders) > 1:
                    os.close(folders.pop())
            left += _reversed(target.split("/"))
        elif part.lower() == GIT_FOLDER and not trusted:
            raise NotPlainError(0, f"it is a link into {GIT_FOLDER}" if followed else f"it is in {GIT_FOLDER}")
        elif not left:
            return Entry(folders[-1], part)
        else:
            folders.append(os.open(part, _FOLDER, dir_fd=folders[-1]))
    raise NotPlainError(0, NO_FILE)


def _reversed(parts: list[str]) -> list[str]:
    return [part for part in reversed(parts) if part not in ("", ".")]


def _link(name: str, folder: int) -> str | None:
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError:  # it is not a link, or there is nothing
        return None


def _below(top: str, target: str) -> str:
    """What is left of an absolute path below `top`. Raises NotPlainError where it is elsewhere."""
    real, folder = os.path.realpath(target), os.path.realpath(top)
    if not real.startswith(folder.rstrip("/") + "/"):
        raise NotPlainError(0, OUTSIDE)
    return real[len(folder.rstrip("/")) + 1 :]


def is_below(path: Path, folder: Path) -> bool:
    """Whether a path, with all symlinks followed, is in a folder or is that folder."""
    return f"{os.path.realpath(path)}/".startswith(os.path.realpath(folder).rstrip("/") + "/")


def relative(path: Path, top: Path) -> str:
    """A path from `top` on, by its text alone. Raises NotPlainError for one that is not below it."""
    absolute, folder = os.path.abspath(path), os.path.abspath(top).rstrip("/") + "/"
    if not absolute.startswith(folder):
        raise NotPlainError(0, OUTSIDE)
    return absolute[len(folder) :]


def read_plain(path: Path, most: int, below: Path | None = None, *, links: bool = True) -> bytes:
    """The bytes of a regular file of at most `most` bytes; no link leaves `below`, and without `links` there is none.

    Never waits for a pipe, nor opens a device; git's own files are read only without `below`. Raises NotPlainError, or
    OSError as `open` does; both have a `strerror`.
    """
    is_trusted = below is None
    if below is None:
        real = os.path.realpath(path)
        below, path = os.path.dirname(real), real
    with entry_of(below, relative(path, below), links=links, trusted=is_trusted) as entry:
        data, size = _read(entry, most + 1)
    if len(data) > most:
        raise NotPlainError(0, TOO_LARGE.format(size=size, most=most))
    return data


def _read(entry: Entry, most: int) -> tuple[bytes, int]:
    """The first bytes of a regular file, and how many there are in all."""
    if not stat.S_ISREG(os.stat(entry.name, dir_fd=entry.folder, follow_symlinks=False).st_mode):
        raise NotPlainError(0, NO_FILE)  # even to open a device may set something off
    handle = os.open(entry.name, READ, dir_fd=entry.folder)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise NotPlainError(0, NO_FILE)
        data = os.read(handle, min(most, status.st_size + 1))
        while len(data) < most and (more := os.read(handle, most - len(data))):  # it may have grown meanwhile
            data += more
    finally:
        os.close(handle)
    return data, max(status.st_size, len(data))


def replace_file(top: Path, path: str, before: bytes, after: bytes, *, links: bool = True) -> None:
    """Replace the content of the file at `path`, relative to `top`, in one step, keeping its mode.

    Raises WriteError if a link leads out of `top` (or, without `links`, if there is any), or if the file is no longer
    what was read or cannot be replaced; the file is then untouched.
    """
    try:
        with entry_of(top, path, links=links) as entry, Temporary(entry.folder, after) as temporary:
            status = os.stat(entry.name, dir_fd=entry.folder, follow_symlinks=False)
            temporary.take_after(status)
            if _read(entry, len(before) + 1)[0] != before:
                raise WriteError(f"{path} changed after it was read, so it was not written")
            temporary.become(entry.name)
    except NotPlainError as error:
        raise WriteError(f"{path} was not written: {error.strerror}") from None
    except FileNotFoundError:
        raise WriteError(f"{path} was not written: it no longer exists") from None
    except OSError as error:
        raise WriteError(f"{path} was not written and is unchanged: {error.strerror}") from None


def create_file(top: Path, path: str, data: bytes, *, folders: bool = False) -> None:
    """Make a new file at `path`, relative to `top`. Raises WriteError if anything of that name is there already.

    With `folders`, those above it are made too, and no link is followed on the way: a stranger may have put it there.
    """
    folder, _, name = path.rpartition("/")
    try:
        if folders:
            _make_folders(top, folder)
        with (
            entry_of(top, f"{folder}/x", links=not folders) as entry,
            Temporary(entry.folder, data, mode=0o666) as temporary,
        ):
            temporary.become(name, new=True)
    except FileExistsError:
        raise WriteError(f"{path} was not created: a file of that name exists") from None
    except OSError as error:
        raise WriteError(f"{path} was not created: {error.strerror}") from None


def _make_folders(top: Path, path: str) -> None:
    parts = path.split("/") if path else []
    for count in range(1, len(parts) + 1):
        with entry_of(top, "/".join(parts[:count]), links=False) as entry, suppress(FileExistsError):
            os.mkdir(entry.name, dir_fd=entry.folder)


def move_file(top: Path, path: str, new_path: str) -> None:
    """Give a file or a folder another name below `top`. Raises WriteError if anything has that name already."""
    folder, _, name = new_path.rpartition("/")
    old_folder, _, old_name = path.rpartition("/")
    try:
        with entry_of(top, f"{old_folder}/x") as old, entry_of(top, f"{folder}/x") as new:
            if stat.S_ISDIR(os.stat(old_name, dir_fd=old.folder, follow_symlinks=False).st_mode):
                os.mkdir(name, dir_fd=new.folder)  # which fails where there is anything, as renaming does not
                os.rename(old_name, name, src_dir_fd=old.folder, dst_dir_fd=new.folder)
            else:
                os.link(old_name, name, src_dir_fd=old.folder, dst_dir_fd=new.folder, follow_symlinks=False)
                os.unlink(old_name, dir_fd=old.folder)
    except FileExistsError:
        raise WriteError(f"{path} was not renamed: {new_path} exists") from None
    except OSError as error:
        raise WriteError(f"{path} was not renamed: {error.strerror}") from None


def write_report(path: Path, data: bytes, within: Path) -> None:
    """Write a file that may be there already, or a stream such as /dev/stdout. Raises OSError.

    Below `within`, a folder that is not trusted, no link is followed; elsewhere only the file itself must be none.
    """
    named = os.fspath(path)
    if re.fullmatch(STREAM, named):
        with open(named, "wb") as stream:
            stream.write(data)
        return
    absolute = os.path.abspath(named)
    inside = absolute.startswith(os.path.abspath(within).rstrip("/") + "/")
    folder = within if inside else os.path.dirname(absolute)
    with entry_of(folder, relative(absolute, folder), links=False) as entry:
        status = None
        with suppress(FileNotFoundError):
            status = os.stat(entry.name, dir_fd=entry.folder, follow_symlinks=False)
        if status is not None and not stat.S_ISREG(status.st_mode):
            raise NotPlainError(0, NO_FILE)
        with Temporary(entry.folder, data, mode=0o666 if status is None else 0o600) as temporary:
            if status is not None:
                temporary.take_after(status)
            temporary.become(entry.name)


class Temporary:
    """A locked file in an open folder that holds `data` on the disk, and is gone in the end unless it became another.

    `mode` is what the file may be used for, less the user's mask; without `durable` it need not be on the disk yet.
    """

    def __init__(self, folder: int, data: bytes, mode: int = 0o600, *, durable: bool = True) -> None:
        self.folder = folder
        self.name = f"{PREFIX}{os.urandom(8).hex()}{SUFFIX}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self.handle = os.open(self.name, flags, mode, dir_fd=folder)
        try:
            with suppress(OSError):  # a file system without locks: only two runs at once would notice
                fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            written = 0
            while written < len(data):
                written += os.write(self.handle, data[written:])
            if durable:
                os.fsync(self.handle)
        except BaseException:
            self.__exit__()
            raise

    def take_after(self, status: os.stat_result) -> None:
        """Give the file the owner of another, where that is allowed, and its mode, setuid for that owner alone."""
        mode = status.st_mode & 0o7777
        try:
            os.fchown(self.handle, status.st_uid, status.st_gid)
        except PermissionError:
            mode &= 0o777
        os.fchmod(self.handle, mode)

    def become(self, name: str, *, new: bool = False) -> None:
        """Take that name in the folder, in place of what has it; raises FileExistsError where it must be `new`."""
        if new:
            os.link(self.name, name, src_dir_fd=self.folder, dst_dir_fd=self.folder, follow_symlinks=False)
        else:
            os.rename(self.name, name, src_dir_fd=self.folder, dst_dir_fd=self.folder)

    def __enter__(self) -> Temporary:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self.name, dir_fd=self.folder)
        os.close(self.handle)
