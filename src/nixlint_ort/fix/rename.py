"""Gives files and folders other names, in git's index too where git tracks them, and never takes one that is in use."""

from __future__ import annotations

import os
from pathlib import Path

from nixlint_ort.files import WriteError, move_file
from nixlint_ort.repository.git import run, update_index
from nixlint_ort.repository.git_folder import GitError, find_folder

_EMPTY = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
"""The id of an object of no bytes, in SHA-1 and in SHA-256; no variant is empty."""


def rename_file(root: Path, path: str, new_path: str) -> None:
    """Rename a file, or a folder with all in it; paths are relative to `root`. Raises WriteError if that is impossible.

    In the index, each new name gets the object of the old one. `git mv` would run the repository's filters, and so
    would `git update-index` where it finds a file of the new name.
    """
    if os.path.lexists(root / new_path):
        raise WriteError(f"{path} was not renamed: {new_path} exists")
    try:
        entries = _index_entries(root, path)
    except GitError as error:
        raise WriteError(f"{path} was not renamed: {error}") from None
    move_file(root, path, new_path)
    if not entries:
        return
    try:
        prefix = run(root, "rev-parse", "--show-prefix").removesuffix("\n")
        lines = [
            f"0 {'0' * len(entry.split()[1])}\t{prefix}{name}\0{entry}\t{prefix}{new_path}{name.removeprefix(path)}\0"
            for name, entry in entries.items()
        ]
        update_index(root, os.fsencode("".join(lines)))
    except GitError as error:
        move_file(root, new_path, path)
        raise WriteError(f"{path} was not renamed: {error}") from None


def _index_entries(root: Path, path: str) -> dict[str, str]:
    """The mode, the object and the stage in git's index of a file, or of each below a folder, by its path.

    There is none where git does not track it. Raises GitError where git cannot be asked, in the middle of a merge, or
    where git knows a name alone (`git add --intent-to-add`), of which it would make an empty file to be committed.
    """
    if find_folder(root) is None:
        return {}
    entries: dict[str, str] = {}
    for line in run(root, "ls-files", "-z", "--stage", "--", path).split("\0")[:-1]:
        entry, _, name = line.partition("\t")
        if name in entries:
            raise GitError("a merge is in progress")
        if entry.split()[1].startswith(_EMPTY):
            raise GitError(f"git has no content of {name} yet; run: git add {name}")
        entries[name] = entry
    return entries
