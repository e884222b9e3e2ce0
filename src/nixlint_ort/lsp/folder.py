"""One repository as an editor has it: the files on disk, with the open ones as they are typed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from nixlint_ort.files import read_plain
from nixlint_ort.lint import LintError, NothingToLintError, Options, Session
from nixlint_ort.lsp.wrong import FileError, wrong_of
from nixlint_ort.repository.document import is_document
from nixlint_ort.repository.root import find_root
from nixlint_ort.source import MAX_BYTES

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.finding import Finding
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.source import Source
    from nixlint_ort.variant.variant import Variant

_OF_RULES = (".yaml", ".yml")
"""What the names of the files end in that a repository is judged by."""


class Superseded(Exception):  # noqa: N818  # it is not an error
    """What is being checked has changed, so the rest need not be checked."""


class Text(NamedTuple):
    """An open file: its address and its version, as the editor says them, and its bytes."""

    uri: str
    version: int | None
    data: bytes


class Folder:
    """A repository in an editor. What has changed is taken in when something is asked, and only that is read again."""

    def __init__(self, root: Path, is_superseded: Callable[[], bool] = lambda: False) -> None:
        self.root = root
        self.open: dict[str, Text] = {}
        """The open files by path from the root."""
        self.wrong: FileError | None = None
        """Why the repository cannot be checked; None where it can, or where there is nothing to check."""
        self.session: Session | None = None
        """What the repository is checked by; None where it cannot be checked."""
        self._is_superseded = is_superseded
        self._last: Session | None = None
        """What it was checked by when that could last be done."""
        self._changed: set[str] = set()
        self._is_stale = True
        self._result: Result | None = None
        self._found: dict[str, list[Finding]] = {}

    def type(self, path: str, text: Text) -> None:
        """An open file has other bytes, or was opened."""
        self.open[path] = text
        self._changed.add(path)

    def close(self, path: str) -> None:
        """A file is no longer open: what is on disk counts again."""
        if self.open.pop(path, None) is not None:
            self._changed.add(path)

    def reread(self) -> None:
        """Files on disk may have changed, or the branch."""
        self._is_stale = True

    def settle(self) -> Result | None:
        """Take in what has changed, and check; None where the repository cannot be checked.

        Raises Superseded where something changes meanwhile; it is then to be called again.
        """
        typed = [path for path in self._changed if self._source(path) is not None]
        if self._is_stale or any(map(self._needs_reading, self._changed)):
            self._result = None
            self._read()
        elif typed and self.session is not None:
            self._result = None
            files: dict[str, bytes | None] = {path: self.open[path].data for path in typed}
            self.session = self._last = self.session.edited(self.session.repository.with_files(files))
        self._is_stale = False
        self._changed.clear()
        if self._result is None and self.session is not None:
            self._result = self.session.lint()
            self._found = _by_path(self._result.findings)
        return self._result

    def findings(self) -> dict[str, list[Finding]]:
        """What was found when it was last settled, by path."""
        return self._found if self._result is not None else {}

    @property
    def latest(self) -> Session | None:
        """What the repository is checked by, or was before its settings or its convention were wrong."""
        return self.session or self._last

    @property
    def repository(self) -> Repository | None:
        """The repository as it was last settled; None where it cannot be checked."""
        return self.session.repository if self.session else None

    def variant(self, path: str) -> Variant | None:
        """The variant at a path; None where there is none."""
        return next((one for one in self.repository.variants if one.path == path), None) if self.repository else None

    def data(self, path: str) -> bytes:
        """The bytes of a file as an editor has them, or as they were read; none where there is no such file."""
        if path in self.open:
            return self.open[path].data
        source = self._source(path)
        if source is not None:
            return source.data
        try:
            return read_plain(self.root / path, MAX_BYTES, below=self.root)
        except OSError:
            return b""

    def uri(self, path: str) -> str:
        """The address of a file by its path from the root, as the editor says it where it has it open."""
        return self.open[path].uri if path in self.open else f"file://{quote(os.fsencode(self.root / path))}"

    def path(self, uri: str) -> str | None:
        """A file's path from the root; None for one that is not below it."""
        path = path_of(uri)
        return path.relative_to(self.root).as_posix() if path and path.is_relative_to(self.root) else None

    def _source(self, path: str) -> Source | None:
        """The variant or document at a path; None for any other file."""
        repository = self.repository
        if repository is None:
            return None
        sources = [*(one.source for one in repository.variants), *(one.source for one in repository.documents)]
        return next((source for source in sources if source.path == path), None)

    def _needs_reading(self, path: str) -> bool:
        """Whether a file that has changed changes what others are judged by, or which files there are."""
        repository = self.repository
        if repository is None or path.endswith(_OF_RULES):
            return True
        if any(path in one.imports for one in repository.variants):
            return True
        if self._source(path) is not None:
            return path not in self.open  # what is on disk may be anything, also nothing
        convention = repository.convention
        is_beside = path.startswith(f"{convention.home}/") or not convention.home
        return (path.endswith(".nix") and is_beside) or is_document(path, convention.documents)

    def _read(self) -> None:
        """Read the settings, the convention and the files again, and keep what was worked out for the same ones."""
        self.session = self.wrong = None
        try:
            session = self._opened()
            _ = session.release  # a branch that is set and is none is said at once
        except NothingToLintError:
            return
        except LintError as error:
            self.wrong = wrong_of(self.root, str(error), self.open)
            return
        self.session = self._last = session

    def _opened(self) -> Session:
        unsaved = {self.root / path: text.data for path, text in self.open.items()}
        session = Session.open((self.root,), Options(unsaved=unsaved))
        session.progress = self._watched
        last = self._last
        if last is not None and _judge_alike(last, session):
            repository = replace(last, options=session.options).repository
            repository.reuse(last.repository)
            return last.edited(repository)
        return session

    def _watched(self, variants: Iterable[Variant]) -> Iterable[Variant]:
        for variant in variants:
            if self._is_superseded():
                raise Superseded
            yield variant


def _judge_alike(one: Session, other: Session) -> bool:
    return (one.convention.digest, one.settings) == (other.convention.digest, other.settings)


def _by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.place.path, []).append(finding)
    return found


def root_of(path: Path) -> Path | None:
    """The root of the repository around a path; None for a path that no file can have, such as one that is too long."""
    try:
        return find_root(path)
    except OSError:
        return None


def path_of(uri: str) -> Path | None:
    """The path of a file's address; None for an address of another kind."""
    try:
        parts = urlsplit(uri)
        path = unquote(parts.path, errors="surrogateescape")
    except ValueError:
        return None
    return Path(path) if parts.scheme == "file" and path.startswith("/") and "\0" not in path else None
