"""Reads a file for judging without trusting it: only regular files of sensible size, in UTF-8."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nixlint_ort.source import Span

MAX_BYTES = 1_000_000
_START = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file cannot be judged, and at which bytes."""

    message: str
    span: Span = _START


class Tree(Protocol):
    """Where a repository's files are read from; paths are relative to its root, with `/` between parts."""

    def glob(self, pattern: str) -> Iterable[str]:
        """The paths of the files that fit a pattern."""

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""

    def tracked(self, folder: str) -> frozenset[str] | None:
        """The paths below a folder that git tracks; None where that cannot be told, or is beside the point."""


@dataclass(frozen=True, slots=True)
class WorkTree:
    """The files below a folder, as they are on disk."""

    root: Path

    def glob(self, pattern: str) -> Iterable[str]:
        """The paths of the files that fit a pattern."""
        return (path.relative_to(self.root).as_posix() for path in self.root.glob(pattern))

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""
        return read_file(self.root / path)

    def tracked(self, folder: str) -> frozenset[str] | None:
        """The paths below a folder in git's index; None where there is no git, or no repository of it."""
        if not any((place / ".git").exists() for place in (self.root, *self.root.parents)):
            return None
        from nixlint_ort.variant import git

        try:
            listed = git.run(self.root, "ls-files", "-z", "--", folder or ".")
        except git.GitError:
            return None
        return frozenset(filter(None, listed.split("\0")))


@dataclass(frozen=True, slots=True)
class Overlay:
    """Files of a tree with some in place of them, or besides them, that fit any pattern."""

    below: Tree
    contents: Mapping[str, bytes]

    def glob(self, pattern: str) -> Iterable[str]:
        """The paths of the files that fit a pattern."""
        return {*self.below.glob(pattern), *self.contents}

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""
        data = self.contents.get(path)
        return self.below.read(path) if data is None else (data, encoding_problem(data))

    def tracked(self, folder: str) -> frozenset[str] | None:
        """The paths below a folder that git tracks; what stands in place of a file counts as that file."""
        below = self.below.tracked(folder)
        return None if below is None else below | self.contents.keys()


def read_file(path: Path) -> tuple[bytes, Unreadable | None]:
    """The bytes of a file, and why it cannot be judged if that is so. Never raises, and never waits for a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return b"", Unreadable(f"the file cannot be read: {error.strerror}")
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return b"", Unreadable("this is not a regular file, so it cannot be a variant")
        if status.st_size > MAX_BYTES:
            return b"", Unreadable(f"the file has {status.st_size} bytes; more than {MAX_BYTES} are not read")
        try:
            data = file.read(MAX_BYTES)
        except OSError as error:
            return b"", Unreadable(f"the file cannot be read: {error.strerror}")
    return data, encoding_problem(data)


def encoding_problem(data: bytes) -> Unreadable | None:
    """The first byte that is not UTF-8, as a reason not to judge the file; None if there is none."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Unreadable(f"the byte 0x{data[error.start]:02x} here is not UTF-8", Span(error.start, error.end))
    return None
