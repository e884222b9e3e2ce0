"""Removes the temporary files that runs which were killed left in a tree."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterable
from contextlib import suppress

from nixlint_ort.files import PREFIX, READ, SUFFIX, Path, entry_of


def clear_leftovers(top: Path, paths: Iterable[str]) -> list[str]:
    """Remove the temporary files that killed runs left beside files of `top`, and return the names of what was removed.

    Those of a run that still goes on are locked and stay.
    """
    cleared: list[str] = []
    seen: set[tuple[int, int]] = set()
    for path in paths:
        with suppress(OSError), entry_of(top, path) as entry:
            status = os.fstat(entry.folder)
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                names = [one for one in os.listdir(entry.folder) if one.startswith(PREFIX) and one.endswith(SUFFIX)]
                cleared += [name for name in names if _cleared(entry.folder, name)]
    return cleared


def _cleared(folder: int, name: str) -> bool:
    try:
        if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            return False
        handle = os.open(name, READ, dir_fd=folder)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(name, dir_fd=folder)
        finally:
            os.close(handle)
    except OSError:
        return False
    return True
