"""Reads the files of a revision from git's objects: their sizes first, and nothing of the work tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from nixlint_ort.glob import fits, is_wild
from nixlint_ort.repository.git import Process, asking, run
from nixlint_ort.repository.git_folder import GitError
from nixlint_ort.source import MAX_BYTES, Unreadable, encoding_problem

MAX_ENTRIES = 1_000_000
MAX_BRANCHES = 100
"""Branches of one run: some seconds of git, where most hold the same files."""
"""Files that a revision may have below the folder that is asked for."""

_BROKEN = "warning: ignoring broken ref "
_REGULAR = ("100644", "100755")


class UnknownRevisionError(GitError):
    """The repository has no such revision."""


class Branch(NamedTuple):
    """A branch by its short name, and the full name of its ref, such as `refs/remotes/origin/main`."""

    name: str
    ref: str


class RevisionFile(NamedTuple):
    """A file of a revision: its mode in octal, the id of its object in hex, and its bytes if they are known."""

    mode: str
    object_id: str
    size: int | None


def branches(root: Path) -> dict[str, Branch]:
    """The branches of a repository by their names; one of a remote only where there is no local one of that name.

    Those are among them that git passes over because their refs name nothing.
    """
    with asking(root, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes") as process:
        listed = process.result().splitlines()
        broken = [line.removeprefix(_BROKEN) for line in process.said() if line.startswith(_BROKEN)]
    found: dict[str, Branch] = {}
    for ref in sorted({*listed, *broken}):
        local = ref.startswith("refs/heads/")
        name = ref.removeprefix("refs/heads/") if local else ref.removeprefix("refs/remotes/").partition("/")[2]
        if name and name != "HEAD":
            found.setdefault(name, Branch(name, ref))
    return found


class Objects:
    """The objects of a repository, read by one process of `git cat-file --batch`; use it with `with`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._open = ExitStack()
        self._process: Process | None = None

    def __enter__(self) -> Objects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End git."""
        self._open.close()
        self._process = None

    def read(self, object_id: str) -> bytes | None:
        """The bytes of an object by its id in hex; None where git cannot read it. Raises GitError where it must not."""
        if self._process is None:
            self._process = self._open.enter_context(asking(self.root, "cat-file", "--batch"))
        self._process.write(object_id.encode() + b"\n")
        header = self._process.read(1 << 16, end=b"\n").split()
        if not header:  # it ends where it cannot read an object
            self.close()
            return None
        if len(header) != 3 or not header[2].isdigit():
            return None
        data, size = self._process.read(int(header[2]) + 1), int(header[2])
        if len(data) <= size:  # it has ended amid the object, which is damaged or too large
            self.close()
            return None
        return data[:size]


class Revision:
    """The files of one revision, as a Tree that a Repository can be read from."""

    def __init__(self, objects: Objects, name: str) -> None:
        """Raises UnknownRevisionError where there is no such revision, and GitError where git cannot be asked."""
        self.objects = objects
        self.name = name
        try:
            said = run(objects.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except GitError as error:
            if str(error) == "git rev-parse failed":  # so it says of a name that it does not know
                raise UnknownRevisionError(f"unknown revision {name!r}") from None
            raise
        self.commit = said.splitlines()[-1]
        self._files: dict[str, RevisionFile] = {}
        self._listed: set[str] = set()
        self._folders: dict[str, set[str]] = {}

    def glob(self, pattern: str) -> Iterator[str]:
        """The paths of the files that fit a pattern with `*`, `?`, `[…]` and, for any folders, `**`."""
        parts = pattern.split("/")
        fixed = next((at for at, part in enumerate(parts) if is_wild(part)), len(parts) - 1)
        folder = "/".join(parts[:fixed])
        self._list(folder + "/" if folder else "")
        return (path for path in self._files if fits(parts, path.split("/")))

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""
        if path not in self._files:
            self._list(path)
        entry = self._files.get(path)
        if entry is None:
            return b"", Unreadable(f"the file cannot be read: {self.name} does not have it")
        if entry.mode not in _REGULAR:
            return b"", Unreadable("this is not a regular file, so it cannot be a variant")
        if entry.size is not None and entry.size > MAX_BYTES:
            return b"", Unreadable(f"the file has {entry.size} bytes; nixlint-ort reads at most {MAX_BYTES}")
        found = self.objects.read(entry.object_id) if entry.size is not None else None
        if found is None:
            return b"", Unreadable("the file cannot be read: git cannot read its content")
        return found, encoding_problem(found)

    def folders(self, path: str) -> tuple[str, ...]:
        """The names of the folders in a folder; none where there is no such folder."""
        prefix = f"{path}/" if path else ""
        if not any(prefix.startswith(listed) for listed in self._folders):
            found = set(self._names(prefix, "-d", "--name-only"))
            self._folders[prefix] = found
        listed = next(names for place, names in self._folders.items() if prefix.startswith(place))
        below = (name.removeprefix(prefix) for name in listed if name.startswith(prefix))
        return tuple(sorted(name for name in below if name and "/" not in name))

    def tracked(self, folder: str) -> None:  # a revision has only what is tracked
        """Nothing to tell: all files of a revision are tracked."""

    def _list(self, place: str) -> None:
        """Ask which files there are in a folder (which ends in `/`), or whether there is one of that path."""
        if place in self._listed:
            return
        self._listed.add(place)
        for line in self._names(place, "-l"):
            about, _, path = line.partition("\t")
            mode, _, object_id, size = about.split()
            self._files[path] = RevisionFile(mode, object_id, int(size) if size.isdigit() else None)

    def _names(self, place: str, *options: str) -> Iterator[str]:
        """What git lists below a folder, or of one path."""
        names = ("--", place) if place else ()
        arguments = ("ls-tree", "-r", "-z", *options, "--end-of-options", self.commit, *names)
        with asking(self.objects.root, *arguments) as process:
            process.end_input()
            for _ in range(MAX_ENTRIES):
                line = process.read(1 << 20, end=b"\0")
                if not line.endswith(b"\0"):
                    process.succeed()
                    return
                yield line[:-1].decode("utf-8", "surrogateescape")
        raise GitError(f"{self.name} has more than {MAX_ENTRIES:,} files")
