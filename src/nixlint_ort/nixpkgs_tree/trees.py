"""Where a tree of nixpkgs is read from: a folder, an archive as GitHub gives it, or a revision of a git checkout."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from nixlint_ort.files import entry_of, read_plain
from nixlint_ort.nixpkgs_tree.archive import ArchiveError, Names, scan
from nixlint_ort.repository.git_folder import GitError
from nixlint_ort.repository.revision import Objects, Revision

MAX_BYTES = 1_000_000
"""Of one file. The largest that is read, python-packages.nix, has about 700,000."""

KEPT = ("lib/", "pkgs/top-level/", "pkgs/build-support/trivial-builders/")
"""What of an archive is kept when its names are first read; for other files it is read again."""


class TreeError(Exception):
    """A tree that cannot be read: it is not there, no tree of nixpkgs, or damaged. The message is one line."""


class Tree(Protocol):
    """The files of a tree, by paths from its root, such as `lib/default.nix`."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is no plain file of that name, or where it is too large."""

    def folders(self, path: str) -> tuple[str, ...]:
        """The names of the folders in a folder, sorted; none where there is no such folder."""


class FolderTree:
    """A folder on disk. Nothing outside it is read, also where a link leads there."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is no plain file of that name below the root."""
        try:
            return read_plain(self.root / path, MAX_BYTES, below=self.root)
        except (OSError, ValueError):
            return None

    def folders(self, path: str) -> tuple[str, ...]:
        """The names of the folders in a folder, without links."""
        try:
            with entry_of(self.root, f"{path}/x") as entry, os.scandir(entry.folder) as entries:
                return tuple(sorted(one.name for one in entries if one.is_dir(follow_symlinks=False)))
        except OSError:
            return ()


class ArchiveTree:
    """A `.tar.gz` with one folder at its top, of which nothing is unpacked to disk.

    It is read once for its names and for the files of KEPT, and once more for each file besides.
    """

    def __init__(self, path: Path) -> None:
        """Raises TreeError for what is no such archive."""
        self.path = path
        self._files: dict[str, bytes | None] = {}
        found = self._scan(lambda name: name.startswith(KEPT))
        if not found.paths:
            raise TreeError(f"{path} is an empty archive")
        self.top = found.top
        """The name of the folder at its top, which GitHub names after the revision."""
        self._folders = found.folders
        for name in found.paths:
            self._files.setdefault(name, None)
        self._read = {name for name in found.paths if name.startswith(KEPT)}

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where the archive has none of that name, or a larger one than is read."""
        if path in self._files and path not in self._read:
            self._scan(lambda name: name == path)
            self._read.add(path)
        return self._files.get(path)

    def folders(self, path: str) -> tuple[str, ...]:
        """The names of the folders in a folder."""
        return tuple(sorted(self._folders.get(path, ())))

    def _scan(self, wanted: Callable[[str], bool]) -> Names:
        """The names of all plain files; those that are wanted are kept with their bytes."""
        try:
            return scan(self.path, wanted, MAX_BYTES, self._files)
        except ArchiveError as error:
            raise TreeError(str(error)) from None


class RevisionTree:
    """A revision of a git repository, read from its objects; what is checked out is not looked at."""

    def __init__(self, root: Path, revision: str) -> None:
        """Raises TreeError where git cannot be asked, or has no such revision."""
        self._objects = Objects(root)
        try:
            self._revision = Revision(self._objects, revision)
        except GitError as error:
            raise TreeError(f"{root}: {error}") from None
        self.commit = self._revision.commit
        """The whole hash."""

    def close(self) -> None:
        """End git."""
        self._objects.close()

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where the revision has no plain file of that name, or a larger one than is read."""
        data, problem = self._revision.read(path)
        return data if problem is None else None

    def folders(self, path: str) -> tuple[str, ...]:
        """The names of the folders in a folder."""
        return self._revision.folders(path)


def open_tree(path: Path, revision: str | None) -> Tree:
    """The tree at a path: a git checkout at a revision where one is named, else a folder or an archive as it is.

    Raises TreeError for anything else, and for what is not a tree of nixpkgs.
    """
    tree: Tree
    if path.is_dir():
        is_checkout = (path / ".git").exists() or (path / "HEAD").is_file()
        tree = RevisionTree(path, revision) if revision and is_checkout else FolderTree(path)
    elif path.is_file():
        tree = ArchiveTree(path)
    else:
        raise TreeError(f"no such folder or archive: {path}")
    if tree.read("lib/default.nix") is None or "top-level" not in tree.folders("pkgs"):
        raise TreeError(f"{path} is not nixpkgs: it lacks lib/default.nix or pkgs/top-level")
    return tree


def revision_in(tree: Tree) -> str | None:
    """The revision that a tree names itself: git's, the one in an archive's folder, or the one in `.git-revision`."""
    if isinstance(tree, RevisionTree):
        return tree.commit
    if isinstance(tree, ArchiveTree):
        named = tree.top.rpartition("-")[2]
    else:
        named = (tree.read(".git-revision") or b"").decode("utf-8", "replace").strip()
    return named if re.fullmatch(r"[0-9a-f]{40}", named) else None
