"""Writes fixed files so that each is whole at every moment: old or new, never in between."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class WriteError(Exception):
    """A file could not be written; it is as it was before."""


def write_file(path: Path, before: bytes, after: bytes) -> None:
    """Replace a file's content atomically, keeping its mode.

    Raises WriteError if the file is no longer what was read, or cannot be replaced; it is then untouched.
    """
    try:
        if path.read_bytes() != before:
            raise WriteError(f"{path} changed while it was checked, so it was left alone")
        _replace(path, after)
    except OSError as error:
        raise WriteError(f"{path} could not be written: {error.strerror}") from None


def _replace(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".nixlint-ort", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, path.stat().st_mode & 0o7777)
            file.write(data)
            file.flush()
            os.fsync(handle)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
