"""Finds git's own folder for some files, and refuses one that is another repository's or that would hold git up.

What `.git` holds is a stranger's too: a link or a line in it can name the folder of another repository, and a pipe or
a device in it would let git wait for ever. So all of that is looked at before git is.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from nixlint_ort.files import read_plain

_READ_BY_GIT = (
    *("HEAD", "config", "config.worktree", "commondir", "index", "packed-refs", "shallow"),
    *("info/attributes", "info/exclude", "info/grafts", "info/sparse-checkout", "objects/info/alternates"),
)
_INCLUDE = re.compile(rb"\[\s*include", re.IGNORECASE)
_WORK_TREE = re.compile(rb"worktree\s*=", re.IGNORECASE)
_PREFIX = b"gitdir: "
_SMALL = 4096
_MAX_CONFIG = 1_000_000


class GitError(Exception):
    """Git is missing or must not be asked, this is not a repository of it, or it does not know what was asked for."""


class Folder(NamedTuple):
    """Where a repository of git is: the folder of its files, and git's own, both absolute."""

    top: Path
    own: Path


def find_folder(root: Path) -> Folder | None:
    """The repository of git around a folder; None where there is none.

    Raises GitError where git must not be asked: its folder is another repository's, or git would wait in it.
    """
    for top, own in _around(root):
        if own is not None and _is_git_folder(own):
            _check(own)
            return Folder(top, own)
        if own is None and _is_git_folder(top):
            if any(os.path.lexists(above / ".git") for above in top.parents):
                raise GitError(f"{top} is a bare repository inside another one")
            _check(top)
            return Folder(top, top)
    return None


def current_branch(root: Path) -> str | None:
    """The branch that is checked out around a folder, read from git's file; None where there is none, or no git."""
    with suppress(GitError, OSError, ValueError):
        own = next((own for _, own in _around(root) if own is not None), None)
        head = read_plain(own / "HEAD", _SMALL).decode().strip() if own else ""
        if head.startswith("ref: refs/heads/") and head != "ref: refs/heads/.invalid":
            return head.removeprefix("ref: refs/heads/")
    return None


def _around(root: Path) -> Iterator[tuple[Path, Path | None]]:
    """Each folder from `root` upwards, with git's own folder for its files."""
    real = Path(os.path.realpath(root))  # as git sees it
    for top in (real, *real.parents):
        yield top, _own_folder(top)


def _own_folder(top: Path) -> Path | None:
    """Git's own folder for the files in `top`, as `.git` says; None where that leads to nothing of git's."""
    git = top / ".git"
    try:
        mode = git.lstat().st_mode
        if stat.S_ISDIR(mode):
            own = git
        elif stat.S_ISREG(mode):
            own = top / _named(git, _PREFIX)
        else:
            raise GitError(f"{git} is neither a folder nor a file")
        if not os.path.lexists(own / "HEAD"):
            return None
    except OSError:  # there is none
        return None
    if own is git:
        if os.path.lexists(own / "commondir"):
            raise GitError(f"{own} says that it belongs to another repository")
    elif not _is_work_tree(git, own) and not _is_submodule(own):
        raise GitError(f"{git} leads to the folder of another repository: {own}")
    return own


def _named(path: Path, prefix: bytes = b"") -> str:
    """The path that a file of git's names, as git reads it: all but the line ends, so also blanks, are of the path.

    Raises GitError where git may read it otherwise, and OSError.
    """
    data = read_plain(path, _SMALL).rstrip(b"\r\n")
    named = data.removeprefix(prefix)
    if not data.startswith(prefix) or not named or b"\0" in named:
        raise GitError(f"{path} names no folder of git")
    return os.fsdecode(named)


def _is_git_folder(folder: Path) -> bool:
    try:
        common = _common(folder)
    except OSError:
        return False
    return os.path.lexists(folder / "HEAD") and (common / "objects").is_dir() and (common / "refs").is_dir()


def _common(folder: Path) -> Path:
    """The folder with the objects and refs, which work trees share."""
    if not os.path.lexists(folder / "commondir"):
        return folder
    return folder / _named(folder / "commondir")


def _is_work_tree(git: Path, own: Path) -> bool:
    """Whether another repository has a work tree here, and itself says so."""
    try:
        back = (own / _named(own / "gitdir")).resolve()
        return back == git.resolve() and own.resolve().parent == (_common(own) / "worktrees").resolve()
    except (OSError, GitError, RuntimeError):
        return False


def _is_submodule(own: Path) -> bool:
    """Whether the folder is one of git's for a submodule, which names its files; `run` sees that they are these."""
    return "modules" in own.resolve().parts and not os.path.lexists(own / "commondir") and names_files(own)


def names_files(own: Path) -> bool:
    """Whether git's folder says where its files are. Raises GitError where that cannot be read."""
    return any(
        _WORK_TREE.search(_config(own / name)) for name in ("config", "config.worktree") if os.path.lexists(own / name)
    )


def _config(path: Path) -> bytes:
    try:
        return read_plain(path, _MAX_CONFIG)
    except OSError as error:
        raise GitError(f"{path} cannot be read: {error.strerror}") from None


def _check(own: Path) -> None:
    """Raise GitError where something in git's folder could hold git up, or lead it to files elsewhere."""
    for folder in {own, _common(own)}:
        for name in _READ_BY_GIT:
            with suppress(FileNotFoundError, NotADirectoryError):
                if not stat.S_ISREG((folder / name).lstat().st_mode):
                    raise GitError(f"{folder / name} is not a regular file")
        for name in ("config", "config.worktree"):
            if os.path.lexists(folder / name) and _INCLUDE.search(_config(folder / name)):
                raise GitError(f"{folder / name} includes other files")
