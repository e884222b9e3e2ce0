"""Files of the repository that a file imports by a path literal, within the importing file's budgets."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import NamedTuple

from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.parse import MAX_FILE, parse
from nixlint_ort.nix.stuck import failure, unknown
from nixlint_ort.nix.values import Environment, NixPath, Thunk, Value, later
from nixlint_ort.source import Span

MAX_FILES = 30
Read = Callable[[str], "bytes | str"]
"""The bytes of a file of the repository by its path from the root, or why it is not read."""


class _File(NamedTuple):
    """A file whose places begin at `start`, after those of all files before it."""

    path: str
    start: int
    end: int
    imported: Span
    """Where it is imported, which may be in another such file."""


class ImportedFiles:
    """The values of imported files. A place in one of them is a place after the end of the file itself."""

    def __init__(self, machine: Machine, path: str, read: Read) -> None:
        self._machine = machine
        self._read = read
        self._files = [_File(path, 0, len(machine.data), Span(0, 0))]
        self._values: dict[str, Thunk] = {}

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that were looked at, or for, so far: what the facts depend on besides the file itself."""
        return tuple(self._values)

    def value(self, path: NixPath, span: Span) -> Value:
        """The value of the file at a path. Raises Stuck where it is not one of the repository that can be read."""
        found = self._target(path, span)
        if found not in self._values:
            if len(self._values) >= MAX_FILES:
                raise unknown(f"this file imports more than {MAX_FILES} files", span)
            self._values[found] = later(lambda: self._load(found, span))
        return self._machine.force(self._values[found])

    def _target(self, path: NixPath, span: Span) -> str:
        if path.text.startswith(("/", "~")):
            raise unknown("nixlint-ort does not read files outside the repository", span)
        file = self._file_of(path.origin.span)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), path.text))
        if target.startswith("..") or target == ".":
            raise unknown("nixlint-ort does not read files outside the repository", span)
        return target

    def _load(self, path: str, span: Span) -> Value:
        data = self._read(path)
        if isinstance(data, str) and not path.endswith(".nix"):
            path, data = f"{path}/default.nix", self._read(f"{path}/default.nix")
        if isinstance(data, str):
            raise unknown(f"nixlint-ort does not evaluate {path}: {data}", span)
        start = self._files[-1].end
        if start + len(data) > MAX_FILE:
            raise unknown(f"the imported files have more than {MAX_FILE:,} bytes", span)
        document = parse(b" " * start + data)
        if document.expression is None:
            why = document.problems[0].message if document.problems else "it holds no expression"
            raise failure(f"{path} is not valid Nix: {why}", span)
        self._machine.data += data
        self._files.append(_File(path, start, start + len(data), span))
        return self._machine.evaluate(document.expression, Environment({}, None))

    def _file_of(self, span: Span) -> _File:
        return next(file for file in reversed(self._files) if file.start <= span.start)

    def home(self, span: Span) -> Span:
        """The place in the file itself: where another file is imported, for a place in that one."""
        file = self._file_of(span)
        while file.start > 0:
            span = file.imported
            file = self._file_of(span)
        return span

    def is_home(self, span: Span) -> bool:
        """Whether a place is in the file itself."""
        return span.start <= self._files[0].end
