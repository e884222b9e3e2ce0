"""The repository that is checked: which of its files are variants, and which are documents about them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from nixlint_ort.glob import matches
from nixlint_ort.repository.document import Document, is_document
from nixlint_ort.repository.git_folder import GitError
from nixlint_ort.repository.tree import Tree, WorkTree, imports_of
from nixlint_ort.source import Source, Unreadable, encoding_problem
from nixlint_ort.variant.kept import Kept
from nixlint_ort.variant.path import FOLDER_FILE
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention

MAX_FILES = 100_000
LARGE = 20_000
"""Bytes of a variant that counts as large: real ones have 3,000."""
MAX_ALL_LARGE = 800_000
"""Bytes of all large variants together: what is worked out of them takes up to 500 times as many."""
MAX_DOCUMENTS = 1_000
"""That fit one pattern."""
MAX_DOCUMENT = 250_000
"""Bytes; to read as many takes a tenth of a second, and where they are made to be slow, two or three."""
MAX_ALL_DOCUMENTS = 500_000
"""Bytes of all documents together."""


class RepositoryError(Exception):
    """What was asked for cannot be checked: a path that does not exist, or no variants at all."""


def relative_path(root: Path, path: Path) -> str:
    """A path from the repository's root, with `/` between parts; raises RepositoryError for one outside."""
    absolute = os.path.abspath(path)  # noqa: PTH100  # a symlink is named as it is, not as what it leads to
    if not Path(absolute).is_relative_to(root):
        raise RepositoryError(f"{path} is outside the repository {root}")
    return Path(absolute).relative_to(root).as_posix()


class NoVariantsError(RepositoryError):
    """There are no variants at all."""


class Repository:
    """All variants of a repository, and which of them were asked for. Nothing is read before it is needed."""

    def __init__(
        self,
        root: Path,
        convention: Convention,
        paths: Sequence[Path] = (),
        tree: Tree | None = None,
        *,
        exclude: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Read from `tree`, else from disk; `exclude` says which files are left out of findings.

        Raises RepositoryError where a path does not exist, is outside the root, or is a folder without variants.
        """
        self.root = root
        self.convention = convention
        self.tree = tree or WorkTree(root)
        everything = self._everything()
        chosen = set(self._choose(paths, everything)) if paths else everything
        if not chosen:
            places = ", ".join(map(str, paths)) or str(root)
            raise NoVariantsError(f"no variants found: looked for {convention.variants} in {places}")
        self.asked = frozenset(path for path in chosen if path.endswith(".nix") and not self._is_part(path, ()))
        """The variants that were asked for, also excluded ones."""
        self.excluded = frozenset(path for path in everything | chosen if exclude(path))
        """Files of which nothing is found; they are there all the same: for counts, peers and documents."""
        self.passed_over = tuple(sorted(path for path in chosen if path in self.excluded or path not in self.asked))
        """What was asked for and is not checked."""
        self.chosen = self.asked - self.excluded
        """The variants that are checked."""
        self._paths = sorted(self.asked | everything)
        self._in_memory: frozenset[str] = frozenset()
        self._imports = imports_of(self.tree, {})
        self._kept = Kept()
        self.stems: dict[str | None, tuple[str, ...]] = {}
        """The names of the variants that a release's matrix has, by branch."""
        self.matrices: dict[str | None, list[list[Variant]]] = {}
        """The variants that releases should have, as a rule has worked them out, by branch."""
        self.notes: list[str] = []
        """What could not be determined of the repository, and why."""

    def _everything(self) -> set[str]:
        """Every path that fits the convention's pattern."""
        pattern = self.convention.variants
        in_folders = f"{pattern.removesuffix('.nix')}/{FOLDER_FILE}"
        found: set[str] = set()
        for one in (pattern, in_folders):
            try:
                found.update(islice(self.tree.glob(one), MAX_FILES + 1))
            except OSError as error:
                raise RepositoryError(f"{error.filename} cannot be read: {error.strerror}") from None
        if len(found) > MAX_FILES:
            raise RepositoryError(f"more than {MAX_FILES:,} files match {pattern}")
        packages = {path.rpartition("/")[0] + "/" for path in found if path.endswith(f"/{FOLDER_FILE}")}
        packages.discard(f"{self.convention.home}/")
        return {path for path in found if not self._is_part(path, packages)}

    def _is_part(self, path: str, packages: Collection[str]) -> bool:
        """Whether a file is a helper, or a part of a package that is the folder around it, and so none itself."""
        if any(matches(pattern, path) for pattern in self.convention.helpers):
            return True
        if not packages:
            return False
        folders = [f"{parent}/" for parent in map(str, PurePosixPath(path).parents)]
        return any(one in packages for one in folders[path.endswith(f"/{FOLDER_FILE}") :])

    def _choose(self, paths: Iterable[Path], everything: set[str]) -> Iterable[str]:
        for path in paths:
            if path.is_dir():
                folder = relative_path(self.root, path)
                yield from (one for one in everything if folder == "." or one.startswith(folder + "/"))
            elif os.path.lexists(path) or relative_path(self.root, path) in everything:
                yield relative_path(self.root, path)
            else:
                raise RepositoryError(f"no such file or folder: {path}")

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """Every variant of the repository by path, also those that were not asked for."""
        read = dict(_within_budget((path, *self.tree.read(path)) for path in self._paths))
        self._imports = imports_of(self.tree, read)
        return tuple(self._variant(Source(path, data), problem) for path, (data, problem) in read.items())

    def _variant(self, source: Source, problem: Unreadable | None) -> Variant:
        return Variant(source, self.convention, problem, self._imports.read, self._kept)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the variants that there are."""
        return frozenset(one.stem for one in self.variants)

    @cached_property
    def is_of_another_package(self) -> bool:
        """Whether nothing here has to do with the convention's package: no file has its name, nor uses it in code."""
        package = self.convention.package
        names = {package, self.convention.layer or package}
        return not any(
            variant.identity is not None or variant.stem.startswith(package) or variant.has_in_code(names)
            for variant in self.variants
        )

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The documents beside the variants that say something about them, also those that cannot be read."""
        found: dict[str, None] = {}
        for pattern in self.convention.documents:
            try:
                found.update(dict.fromkeys(sorted(self.tree.glob(pattern))))
            except OSError as error:
                raise RepositoryError(f"{error.filename} cannot be read: {error.strerror}") from None
        paths = (path for path in found if is_document(path, self.convention.documents))
        return tuple(
            _documents((Source(path, data), problem) for path in paths for data, problem in [self.tree.read(path)])
        )

    @property
    def is_whole(self) -> bool:
        """Whether every variant was asked for, so that what is missing matters too."""
        return all(variant.path in self.chosen or variant.path in self.excluded for variant in self.variants)

    def is_tracked(self, path: str) -> bool:
        """Whether git tracks a variant; True where that cannot be determined, or is beside the point."""
        return path in self._in_memory or self._tracked is None or path in self._tracked

    @cached_property
    def _tracked(self) -> frozenset[str] | None:
        try:
            return self.tree.tracked(self.convention.home)
        except GitError as error:
            self.notes.append(f"git could not list the files that it tracks: {error}")
            return None

    def with_files(self, contents: Mapping[str, bytes | None]) -> Repository:
        """The same repository with other contents of some files by path, None for no file; nothing is written.

        A path that is new is a variant that was asked for, unless documents have that name.
        """
        known = {variant.path for variant in self.variants}
        other = copy(self)
        for derived in ("is_of_another_package", "names"):
            other.__dict__.pop(derived, None)
        other._imports = self._imports.with_files(contents)
        changed = {path for path in contents if is_document(path, self.convention.documents)}
        if changed:
            documents = {one.source.path: (one.source, encoding_problem(one.source.data)) for one in self.documents}
            for path in sorted(changed):
                data = contents[path]
                documents.pop(path, None)
                if data is not None:
                    documents[path] = (Source(path, data), encoding_problem(data))
            other.documents = tuple(_documents(documents[path] for path in sorted(documents)))
            contents = {path: data for path, data in contents.items() if path not in changed}
        by_path = {variant.path: variant for variant in self.variants if variant.path not in contents}
        for path, data in contents.items():
            if data is not None:
                by_path[path] = other._variant(Source(path, data), encoding_problem(data))
        imported = {*contents, *(path.removesuffix(f"/{FOLDER_FILE}") for path in contents)}
        for path, variant in by_path.items():
            if path not in contents and (not variant.is_judged or not imported.isdisjoint(variant.imports)):
                by_path[path] = other._variant(variant.source, variant.problem)
        other.variants = tuple(by_path[path] for path in sorted(by_path))
        other._in_memory = self._in_memory | (contents.keys() - known)
        other.chosen = frozenset(path for path in by_path if path in self.chosen or path not in known)
        return other

    def reuse(self, earlier: Repository) -> None:
        """Take over what was worked out for the files of an earlier state that are the same in this one.

        Both have one convention. A variant that imports other files, or may, is not taken over: they may be others now.
        """
        variants = {one.path: one for one in earlier.variants if one.is_judged and not one.imports}
        sources = {one.source.path: one.source for one in earlier.documents}
        self.stems, self.matrices = earlier.stems, earlier.matrices
        self.variants = tuple(
            variants[new.path] if new.path in variants and variants[new.path].source.data == new.source.data else new
            for new in self.variants
        )
        self.documents = tuple(
            Document(old, new.problem) if (old := sources.get(new.source.path)) and old.data == new.source.data else new
            for new in self.documents
        )


def _within_budget(
    read: Iterable[tuple[str, bytes, Unreadable | None]],
) -> Iterator[tuple[str, tuple[bytes, Unreadable | None]]]:
    """Files by path, in order, of which the large ones together are no larger than what a run can work out."""
    left = MAX_ALL_LARGE
    for path, data, problem in read:
        if len(data) > LARGE:
            left -= len(data)
            if left < 0:
                reason = (
                    f"with this one, the files of more than {LARGE} bytes have more than {MAX_ALL_LARGE}, the limit"
                )
                yield path, (b"", Unreadable(reason))
                continue
        yield path, (data, problem)


def _documents(read: Iterable[tuple[Source, Unreadable | None]]) -> Iterator[Document]:
    left = MAX_ALL_DOCUMENTS
    for number, (source, problem) in enumerate(read):
        if number == MAX_DOCUMENTS:
            most = f"nixlint-ort reads at most {MAX_DOCUMENTS:,} documents"
            yield Document(source, Unreadable(f"this document and those after it are not read: {most}"))
            return
        size = len(source.data)
        left -= size
        reason = None
        if size > MAX_DOCUMENT:
            reason = f"the document has {size} bytes; nixlint-ort reads at most {MAX_DOCUMENT}"
        elif left < 0:
            reason = f"with this one, the documents have more than {MAX_ALL_DOCUMENTS} bytes, the limit"
        yield Document(source, problem or (Unreadable(reason) if reason else None))
