"""Where the file is wrong for which a repository cannot be checked, read from the one line that says so."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from nixlint_ort.settings import FILE_NAME

_PLACE = re.compile(r"(?P<path>[^:]+)(?::(?P<line>\d+):(?P<column>\d+))?: (?P<message>.*)", re.DOTALL)


class FileError(NamedTuple):
    """A file, by its path from the root, a line and a column from 1 in code points, and what is wrong there."""

    path: str
    line: int
    column: int
    message: str


def wrong_of(root: Path, message: str, unsaved: Collection[str] = ()) -> FileError:
    """The place that a message begins with; where that is not a file of the repository, the settings.

    `unsaved` are paths from the root of files that need not be on disk.
    """
    match = _PLACE.fullmatch(message)
    found = (match["path"] if match["path"] in unsaved else _file(root, match["path"])) if match else None
    if match is None or found is None:
        return FileError(FILE_NAME, 1, 1, message)
    return FileError(found, int(match["line"] or 1), int(match["column"] or 1), match["message"])


def _file(root: Path, name: str) -> str | None:
    """The path from the root of the file that a message names: from the root on, or from a convention's folder on."""
    if (root / name).exists():
        return name
    first = name.partition("/")[0]
    folders = (one.parent for one in root.glob(f"*/{first}/convention.yaml"))
    return next(
        ((one.parent / name).relative_to(root).as_posix() for one in folders if (one.parent / name).exists()), None
    )
