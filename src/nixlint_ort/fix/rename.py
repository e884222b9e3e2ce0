"""Gives files other names, in git too where git tracks them, and never takes a name that is in use."""

from __future__ import annotations

import os
from pathlib import Path

from nixlint_ort.files import WriteError, move_file
from nixlint_ort.repository.git import GitError, run


def rename_file(root: Path, path: str, new_path: str) -> None:
    """Rename a file; both paths are relative to `root`. Raises WriteError where that cannot be done."""
    if os.path.lexists(root / new_path):
        raise WriteError(f"{path} was not renamed: there is a file {new_path} already")
    try:
        if _is_tracked(root, path):
            run(root, "mv", "--", path, new_path)
        else:
            move_file(root, path, new_path)
    except GitError as error:
        raise WriteError(f"{path} was not renamed: {error}") from None


def _is_tracked(root: Path, path: str) -> bool:
    try:
        run(root, "ls-files", "--error-unmatch", "--", path)
    except GitError:
        return False
    return True
