"""Where a repository's root is, and from where on a path may be a stranger's."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nixlint_ort.files import is_below

ROOT_MARKS = (".git", ".flox", "rules/convention.yaml")
_FOR_EVERYBODY = stat.S_ISVTX | stat.S_IWOTH


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upwards that is a repository; the folder of `start` if there is none.

    One that a link leads to, out of a repository around it, is none: the link may be a stranger's.
    """
    folder = start if start.is_dir() else start.parent
    folder = Path(os.path.abspath(folder))  # noqa: PTH100  # resolve() would follow a symlinked working directory
    roots = [one for one in (folder, *folder.parents) if any((one / mark).exists() for mark in ROOT_MARKS)]
    if len(roots) > 1:
        around = outermost_root(folder)
        roots = [one for one in roots if not one.is_relative_to(around) or is_below(one, around)]
    return roots[0] if roots else folder


def outermost_root(start: Path) -> Path:
    """The outermost folder from `start` upwards that is a repository; `start` if there is none.

    What is below it may be a stranger's, also where a folder in it seems to be another repository. A folder such as
    /tmp, in which everybody may make files but remove only their own, is none.
    """
    folder = Path(os.path.abspath(start))  # noqa: PTH100  # as in `find_root`
    return _outermost(folder) or folder


def _outermost(folder: Path) -> Path | None:
    around = (one for one in reversed((folder, *folder.parents)) if any((one / mark).exists() for mark in ROOT_MARKS))
    return next((one for one in around if one.stat().st_mode & _FOR_EVERYBODY != _FOR_EVERYBODY), None)


def tree_around(path: Path) -> Path | None:
    """The outermost folder of a path that is in a repository, under whatever name; None where none is.

    A path may lead into a repository by a link of the user's own. From there on, its links may be a stranger's.
    """
    above = reversed(Path(os.path.abspath(path)).parents)  # noqa: PTH100  # as in `find_root`
    return next((one for one in above if _outermost(one.resolve()) is not None), None)
