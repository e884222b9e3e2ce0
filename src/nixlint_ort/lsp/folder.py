"""One repository as an editor has it: the files on disk, with the open ones as they are typed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from nixlint_ort.lint import LintError, Options, Session
from nixlint_ort.repository.repository import find_root

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.finding import Finding
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.variant.variant import Variant

_PLACE = re.compile(r"(?P<path>[^:]+):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.*)", re.DOTALL)


class Wrong(NamedTuple):
    """Why a repository cannot be checked: a file, from the root, with line and column from 1, and a message."""

    path: str
    line: int
    column: int
    message: str


class Folder:
    """A repository in an editor; `refresh` reads anew what is on disk, all else is kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.open: dict[str, bytes] = {}
        """The bytes of the open files by path from the root."""
        self.versions: dict[str, int] = {}
        """Their versions, as the editor counts them."""
        self.wrong: Wrong | None = None
        self._session: Session | None = None
        self._saved: Repository | None = None
        self._now: Repository | None = None
        self._result: Result | None = None
        self.refresh()

    def refresh(self) -> None:
        """Read the settings, the convention and the files anew."""
        self._session = self._saved = None
        self.wrong = None
        try:
            self._session = Session.open((self.root,), Options())
            self._saved = self._session.repository
            self._session.release  # noqa: B018  # a branch that is set and is none is said at once
        except LintError as error:
            self._saved = None
            self.wrong = _wrong(str(error))
        self._changed()

    def type(self, path: str, data: bytes) -> None:
        """An open file has other bytes."""
        self.open[path] = data
        self._changed(path)

    def close(self, path: str) -> None:
        """A file is no longer open: what is on disk counts again."""
        self.open.pop(path, None)
        self.refresh()

    @property
    def session(self) -> Session | None:
        """What the repository is checked by; None where that cannot be read."""
        return self._session

    @property
    def repository(self) -> Repository | None:
        """The repository with the open files as they are typed; None where it cannot be checked."""
        if self._now is None and self._saved is not None:
            known = {variant.path for variant in self._saved.variants}
            known |= {document.source.path for document in self._saved.documents}
            self._now = self._saved.with_files({path: data for path, data in self.open.items() if path in known})
        return self._now

    def result(self) -> Result | None:
        """What is found; None where the repository cannot be checked."""
        repository = self.repository
        if self._result is None and repository is not None and self._session is not None:
            self._result = self._session.lint(repository)
        return self._result

    def findings(self) -> dict[str, list[Finding]]:
        """What is found, by path."""
        found: dict[str, list[Finding]] = {}
        result = self.result()
        for finding in result.findings if result else ():
            found.setdefault(finding.place.path, []).append(finding)
        return found

    def variant(self, path: str) -> Variant | None:
        """The variant at a path; None where there is none."""
        repository = self.repository
        return next((one for one in repository.variants if one.path == path), None) if repository else None

    def data(self, path: str) -> bytes:
        """The bytes of a file as an editor has them, or as they are on disk; none where it cannot be read."""
        if path in self.open:
            return self.open[path]
        repository = self.repository
        sources = [one.source for one in repository.variants] if repository else []
        sources += [one.source for one in repository.documents] if repository else []
        known = next((source.data for source in sources if source.path == path), None)
        if known is not None:
            return known
        try:
            return (self.root / path).read_bytes()
        except OSError:
            return b""

    def uri(self, path: str) -> str:
        """The address of a file, by its path from the root."""
        return f"file://{quote(str(self.root / path))}"

    def path(self, uri: str) -> str | None:
        """A file's path from the root; None for one that is not below it."""
        path = path_of(uri)
        return path.relative_to(self.root).as_posix() if path and path.is_relative_to(self.root) else None

    def _changed(self, path: str | None = None) -> None:
        self._result = None
        if path is None or self._now is None:
            self._now = None
        elif path in {one.path for one in self._now.variants} | {one.source.path for one in self._now.documents}:
            self._now = self._now.with_files({path: self.open[path]})


def path_of(uri: str) -> Path | None:
    """The path of a file's address; None for an address of another kind."""
    parts = urlsplit(uri)
    return Path(unquote(parts.path)) if parts.scheme == "file" and parts.path else None


def folder_of(uri: str, folders: dict[Path, Folder]) -> Folder | None:
    """The folder that a file is in, made where it is new; None for what is no file."""
    path = path_of(uri)
    if path is None:
        return None
    root = find_root(path)
    if root not in folders:
        folders[root] = Folder(root)
    return folders[root]


def _wrong(message: str) -> Wrong:
    match = _PLACE.fullmatch(message)
    if match is None:
        return Wrong("nixlint-ort.yaml", 1, 1, message)
    return Wrong(match["path"], int(match["line"]), int(match["column"] or 1), match["message"])
