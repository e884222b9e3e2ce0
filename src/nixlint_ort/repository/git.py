"""Reads files from git's objects: whole revisions, neither touching the work tree nor running anything of it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from nixlint_ort.source import MAX_BYTES, Unreadable, encoding_problem

_OPTIONS = (
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "diff.external="),
    *("-c", "log.showSignature=false"),
)
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # an object that is missing is missing: it is never fetched
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
MAX_OBJECT = 64_000_000
"""Bytes; a larger object is passed over as if it were not there."""

_REGULAR = ("100644", "100755")
_TREE = "40000"


class GitError(Exception):
    """Git is missing, this is no repository of it, or it does not know what was asked for."""


class Branch(NamedTuple):
    """A branch by its short name, and the full name of its ref, such as `refs/remotes/origin/main`."""

    name: str
    ref: str


class Entry(NamedTuple):
    """An entry of a tree: its mode in octal, its name, and the id of its object in hex."""

    mode: str
    name: str
    object_id: str


def command(root: Path, *arguments: str) -> list[str]:
    """The command line of git in a folder, with nothing of the repository's configuration that runs programs."""
    return ["git", *_OPTIONS, "-C", str(root), *arguments]


def environment() -> dict[str, str]:
    """The environment for git: the user's own, less what would point it at another repository."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **_ENVIRONMENT}


def run(root: Path, *arguments: str) -> str:
    """What git prints; a byte that is not UTF-8 becomes a surrogate. Raises GitError with git's own last line."""
    try:
        done = subprocess.run(  # noqa: S603  # git by name, as everybody calls it
            command(root, *arguments), env=environment(), capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(said[-1].removeprefix("fatal: ") if said else f"git {arguments[0]} failed")
    return done.stdout.decode("utf-8", "surrogateescape")


def branches(root: Path) -> dict[str, Branch]:
    """The branches of a repository by their names; one of a remote only where there is no local one of that name."""
    listed = run(root, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes").splitlines()
    found: dict[str, Branch] = {}
    for ref in listed:
        local = ref.startswith("refs/heads/")
        name = ref.removeprefix("refs/heads/") if local else ref.removeprefix("refs/remotes/").partition("/")[2]
        if name and name != "HEAD":
            found.setdefault(name, Branch(name, ref))
    return found


class Objects:
    """The objects of a repository, read by one process of `git cat-file --batch`; close it, or use it with `with`."""

    def __init__(self, root: Path) -> None:
        """Raises GitError where git cannot be run."""
        self.root = root
        try:
            self.prefix = run(root, "rev-parse", "--show-prefix").removesuffix("\n")
        except GitError:  # a bare repository, or none
            self.prefix = ""
        self._trees: dict[str, tuple[Entry, ...]] = {}
        try:
            self._process = subprocess.Popen(  # noqa: S603  # as in `run`
                command(root, "cat-file", "--batch"),
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from None

    def __enter__(self) -> Objects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what was not written, git no longer reads
                    pipe.close()
        self._process.wait()

    def read(self, name: str) -> tuple[str, str, bytes] | None:
        """The id, the type and the bytes of an object by any name git knows; None where there is none."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if "\n" in name or stdin is None or stdout is None:
            return None
        try:
            stdin.write(os.fsencode(name) + b"\n")
            stdin.flush()
            header = stdout.readline()
        except BrokenPipeError:
            header = b""
        if not header:
            raise GitError(f"{self.root} is not a git repository that can be read")
        words = header.decode("utf-8", "replace").split(" ")
        if len(words) != 3 or not words[2].strip().isdigit():
            return None
        left = int(words[2]) + 1
        if left > MAX_OBJECT:
            while left > 0:
                left -= len(stdout.read(min(left, MAX_OBJECT)))
            return None
        return words[0], words[1], stdout.read(left)[:-1]

    def tree(self, name: str) -> tuple[Entry, ...]:
        """The entries of a tree by any name git knows; none where there is no such tree."""
        if name not in self._trees:
            found = self.read(name)
            is_tree = found is not None and found[1] == "tree"
            self._trees[name] = tuple(_entries(found[2], len(found[0]) // 2)) if found and is_tree else ()
        return self._trees[name]


def _entries(data: bytes, id_length: int) -> Iterator[Entry]:
    at = 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        at = end + 1 + id_length
        yield Entry(mode.decode("ascii"), os.fsdecode(name), data[end + 1 : at].hex())


class Revision:
    """The files of one revision, as a Tree that a Repository can be read from."""

    def __init__(self, objects: Objects, name: str) -> None:
        """Raises GitError where the repository has no such revision."""
        commit = objects.read(f"{name}^{{commit}}")
        if commit is None or name.startswith("-"):
            raise GitError(f"there is no revision {name!r}")
        self.objects = objects
        self.name = name
        self.commit = commit[0]
        self.tree = f"{self.commit}:{objects.prefix}"
        """The tree that is the root: not the whole commit's where the repository is a folder of a larger one."""
        self._files: dict[str, Entry] = {}

    def glob(self, pattern: str) -> Iterator[str]:
        """The paths of the files that fit a pattern with `*`, `?`, `[…]` and, for any folders, `**`."""
        for path, entry in self._walk(self.tree, "", pattern.split("/")):
            self._files[path] = entry
            yield path

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""
        entry = self._files.get(path) or self._entry(path)
        if entry is None:
            return b"", Unreadable(f"the file cannot be read: {self.name} does not have it")
        if entry.mode not in _REGULAR:
            return b"", Unreadable("this is not a regular file, so it cannot be a variant")
        found = self.objects.read(entry.object_id)
        if found is None:
            return b"", Unreadable("the file cannot be read: git does not have its content")
        if len(found[2]) > MAX_BYTES:
            return b"", Unreadable(f"the file has {len(found[2])} bytes; more than {MAX_BYTES} are not read")
        return found[2], encoding_problem(found[2])

    def tracked(self, folder: str) -> None:  # a revision has only what is tracked
        """Nothing to tell: all files of a revision are tracked."""

    def _entry(self, path: str) -> Entry | None:
        tree = self.tree
        *folders, name = path.split("/")
        for folder in folders:
            below = next((one for one in self.objects.tree(tree) if one.name == folder and one.mode == _TREE), None)
            if below is None:
                return None
            tree = below.object_id
        return next((one for one in self.objects.tree(tree) if one.name == name and one.mode != _TREE), None)

    def _walk(self, tree: str, folder: str, parts: Sequence[str]) -> Iterator[tuple[str, Entry]]:
        first, rest = parts[0], parts[1:]
        if first == "**" and rest:
            yield from self._walk(tree, folder, rest)
        for entry in self.objects.tree(tree):
            path = f"{folder}{entry.name}"
            if first == "**" and entry.mode == _TREE:
                yield from self._walk(entry.object_id, f"{path}/", parts)
            elif fnmatchcase(entry.name, first):
                if entry.mode == _TREE and rest:
                    yield from self._walk(entry.object_id, f"{path}/", rest)
                elif entry.mode != _TREE and not rest:
                    yield path, entry
