"""Gives files other names, in git's index too where git tracks them, and never takes a name that is in use."""

from __future__ import annotations

import os
from pathlib import Path

from nixlint_ort.files import WriteError, move_file
from nixlint_ort.repository.git import run, update_index
from nixlint_ort.repository.git_folder import GitError, find_folder


def rename_file(root: Path, path: str, new_path: str) -> None:
    """Rename a file; both paths are relative to `root`. Raises WriteError where that cannot be done.

    In the index, the new name gets the object of the old one. `git mv` would run the repository's filters, and so would
    `git update-index` where it finds a file of the new name.
    """
    if os.path.lexists(root / new_path):
        raise WriteError(f"{path} was not renamed: there is a file {new_path} already")
    try:
        entry = _index_entry(root, path)
    except GitError as error:
        raise WriteError(f"{path} was not renamed: {error}") from None
    move_file(root, path, new_path)
    if entry is None:
        return
    try:
        prefix = run(root, "rev-parse", "--show-prefix").removesuffix("\n")
        lines = f"0 {'0' * 40}\t{prefix}{path}\0{entry}\t{prefix}{new_path}\0"
        update_index(root, os.fsencode(lines))
    except GitError as error:
        move_file(root, new_path, path)
        raise WriteError(f"{path} was not renamed: {error}") from None


def _index_entry(root: Path, path: str) -> str | None:
    """The mode, the object and the stage of a file in git's index; None where git does not track it, or there is none.

    Raises GitError where git cannot be asked, or where the file is in the middle of a merge.
    """
    if find_folder(root) is None:
        return None
    listed = run(root, "ls-files", "-z", "--stage", "--", path).split("\0")[:-1]
    entries = [line.partition("\t")[0] for line in listed]
    if len(entries) > 1:
        raise GitError("it is in the middle of a merge")
    return entries[0] if entries else None
