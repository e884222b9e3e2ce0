"""Reads a file for judging without trusting it: only regular files of sensible size, in UTF-8."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from nixlint_ort.files import GIT_FOLDER, OUTSIDE, TOO_LARGE, NotPlainError, is_below, read_plain
from nixlint_ort.glob import fits, fits_name, is_wild
from nixlint_ort.repository import git
from nixlint_ort.repository.git_folder import find_folder
from nixlint_ort.source import MAX_BYTES, Unreadable, encoding_problem

NO_SUCH_FILE = "there is no such file"


class Tree(Protocol):
    """Where a repository's files are read from; paths are relative to its root, with `/` between parts."""

    def glob(self, pattern: str) -> Iterable[str]:
        """The paths of the files that fit a pattern."""

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""

    def tracked(self, folder: str) -> frozenset[str] | None:
        """The paths below a folder that git tracks; None where that is beside the point.

        Raises GitError where git cannot be asked.
        """


class WorkTree(NamedTuple):
    """The files below a folder, as they are on disk."""

    root: Path

    def glob(self, pattern: str) -> Iterable[str]:
        """The paths of the files that fit a pattern."""
        return _walk(self.root, pattern)

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""
        try:
            data = read_plain(self.root / path, MAX_BYTES, below=self.root)
        except OSError as error:
            return b"", Unreadable(f"the file cannot be read: {error.strerror}")
        return data, encoding_problem(data)

    def tracked(self, folder: str) -> frozenset[str] | None:
        """The paths below a folder in git's index; None where there is no repository of git."""
        if find_folder(self.root) is None:
            return None
        listed = git.run(self.root, "ls-files", "-z", "--", folder or ".")
        return frozenset(filter(None, listed.split("\0")))


class InMemory(NamedTuple):
    """Files by path that are nowhere but in memory."""

    files: Mapping[str, bytes]
    in_git: frozenset[str] | None = None
    """The paths that count as tracked; None where there is no git."""

    def glob(self, pattern: str) -> Iterable[str]:
        """The paths of the files that fit a pattern; of files in Nix, all fit any."""
        if pattern.endswith(".nix"):
            return [path for path in self.files if path.endswith(".nix")]
        return [path for path in self.files if fits(pattern.split("/"), path.split("/"))]

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""
        data = self.files.get(path)
        return (b"", Unreadable(NO_SUCH_FILE)) if data is None else (data, encoding_problem(data))

    def tracked(self, folder: str) -> frozenset[str] | None:
        """The paths that count as tracked, whatever the folder."""
        del folder
        return self.in_git


class Overlay(NamedTuple):
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
        """The paths below a folder that git tracks; what is in place of a file counts as that file."""
        below = self.below.tracked(folder)
        return None if below is None else below | self.contents.keys()


class Edited(NamedTuple):
    """Files of a tree as an editor has them: some with other contents, some that are not saved yet."""

    below: Tree
    contents: Mapping[str, bytes]

    def glob(self, pattern: str) -> Iterable[str]:
        """The paths of the files that fit a pattern."""
        parts = pattern.split("/")
        return {*self.below.glob(pattern), *(path for path in self.contents if fits(parts, path.split("/")))}

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""
        data = self.contents.get(path)
        if data is None:
            return self.below.read(path)
        if len(data) > MAX_BYTES:
            return b"", Unreadable(f"the file cannot be read: {TOO_LARGE.format(size=len(data), most=MAX_BYTES)}")
        return data, encoding_problem(data)

    def tracked(self, folder: str) -> frozenset[str] | None:
        """The paths below a folder that git tracks."""
        return self.below.tracked(folder)


class Imports(NamedTuple):
    """Reads the files that variants import: those that were read already as they were then.

    It holds bytes alone, so that a variant which is kept does not keep other states of the repository.
    """

    tree: Tree
    known: Mapping[str, bytes | str]
    """The bytes of files that were read, or why they are not read."""

    def read(self, path: str) -> bytes | str:
        """The bytes of any file of the repository, or why it is not read."""
        if path in self.known:
            return self.known[path]
        return _or_why(*self.tree.read(path))

    def with_files(self, contents: Mapping[str, bytes | None]) -> Imports:
        """The same with other contents of some files by path, None for no file."""
        changed = {
            path: NO_SUCH_FILE if data is None else _or_why(data, encoding_problem(data))
            for path, data in contents.items()
        }
        return Imports(self.tree, {**self.known, **changed})


def imports_of(tree: Tree, read: Mapping[str, tuple[bytes, Unreadable | None]]) -> Imports:
    """What reads the files that variants import, where these were read."""
    return Imports(tree, {path: _or_why(*one) for path, one in read.items()})


def _or_why(data: bytes, problem: Unreadable | None) -> bytes | str:
    return data if problem is None else problem.message


def _walk(root: Path, pattern: str) -> Iterator[str]:
    """The paths below a folder that fit, but for those in git's own folder; raises OSError."""
    left = [("", pattern.split("/"))]
    while left:
        prefix, parts = left.pop()
        first, *rest = parts
        if first == "**" and rest:
            left.append((prefix, rest))
        for name, is_folder in _entries(root, prefix, first):
            if first == "**" and is_folder:
                left.append((f"{prefix}{name}/", parts))
            elif fits_name(first, name) and not rest:
                yield f"{prefix}{name}"
            elif fits_name(first, name) and is_folder:
                left.append((f"{prefix}{name}/", rest))


def _entries(root: Path, prefix: str, part: str) -> Iterator[tuple[str, bool]]:
    """The names in a folder that a part of a pattern may be about, and whether each is a folder.

    A link to a folder is one only where the part names it outright; raises NotPlainError where it leads out of `root`,
    since what is elsewhere is not even listed.
    """
    if is_wild(part):
        with os.scandir(root / prefix) as entries:
            for entry in entries:
                if entry.name.lower() != GIT_FOLDER:
                    yield entry.name, entry.is_dir(follow_symlinks=False)
    elif part.lower() != GIT_FOLDER and os.path.lexists(path := root / prefix / part):
        if path.is_symlink() and path.is_dir() and not is_below(path, root):
            raise NotPlainError(0, OUTSIDE, f"{prefix}{part}")
        yield part, path.is_dir()
