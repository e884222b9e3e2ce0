"""The repository that is checked: where its root is, and which of its files are variants."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nixlint_ort.source import Source
from nixlint_ort.variant.reading import Tree, WorkTree, encoding_problem
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention

ROOT_MARKS = (".git", ".flox", "rules/convention.yaml")


class RepositoryError(Exception):
    """What was asked for cannot be checked: a path that does not exist, or no variants at all."""


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upwards that is a repository; the folder of `start` if there is none."""
    folder = start if start.is_dir() else start.parent
    folder = Path(os.path.abspath(folder))  # noqa: PTH100  # resolve() would follow a symlinked working directory
    for candidate in (folder, *folder.parents):
        if any((candidate / mark).exists() for mark in ROOT_MARKS):
            return candidate
    return folder


class Repository:
    """All variants of a repository, and which of them were asked for. Nothing is read before it is needed."""

    def __init__(
        self, root: Path, convention: Convention, paths: Sequence[Path] = (), tree: Tree | None = None
    ) -> None:
        """Read from `tree`, which is what is on disk unless it is a revision of git.

        Raises RepositoryError where a path does not exist, is outside the root, or holds no variants.
        """
        self.root = root
        self.convention = convention
        self.tree = tree or WorkTree(root)
        everything = set(self.tree.glob(convention.variants))
        chosen = set(self._choose(paths, everything)) if paths else everything
        if not chosen:
            places = ", ".join(map(str, paths)) or str(root)
            raise RepositoryError(f"no variants found: looked for {convention.variants} in {places}")
        self.chosen = frozenset(chosen)
        self._paths = sorted(everything | chosen)

    def _relative(self, path: Path) -> str:
        absolute = os.path.abspath(path)  # noqa: PTH100  # a symlink is named as it is, not as what it leads to
        if not Path(absolute).is_relative_to(self.root):
            raise RepositoryError(f"{path} is outside the repository {self.root}")
        return Path(absolute).relative_to(self.root).as_posix()

    def _choose(self, paths: Iterable[Path], everything: set[str]) -> Iterable[str]:
        for path in paths:
            if path.is_dir():
                folder = self._relative(path)
                yield from (one for one in everything if folder == "." or one.startswith(folder + "/"))
            elif os.path.lexists(path):
                yield self._relative(path)
            else:
                raise RepositoryError(f"{path}: there is no such file or folder")

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """Every variant of the repository by path, also those that were not asked for."""
        return tuple(self._read(path) for path in self._paths)

    def with_files(self, contents: Mapping[str, bytes | None]) -> Repository:
        """The same repository with other contents of some files by path, None for no file; nothing is written.

        A path that is new is a variant that was asked for.
        """
        other = copy(self)
        by_path = {variant.path: variant for variant in self.variants if variant.path not in contents}
        for path, data in contents.items():
            if data is not None:
                by_path[path] = Variant(Source(path, data), self.convention, encoding_problem(data))
        other.variants = tuple(by_path[path] for path in sorted(by_path))
        known = {variant.path for variant in self.variants}
        other.chosen = frozenset(path for path in by_path if path in self.chosen or path not in known)
        return other

    def _read(self, path: str) -> Variant:
        data, problem = self.tree.read(path)
        return Variant(Source(path, data), self.convention, problem)
