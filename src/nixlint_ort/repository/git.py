"""Asks git for facts, by commands that can start no program, and each within a time limit."""

from __future__ import annotations

import os
import re
import signal
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from types import TracebackType
from typing import IO

from nixlint_ort.files import is_below
from nixlint_ort.repository.git_folder import GitError, find_folder, names_files

MAX_SECONDS = 10.0
"""For one answer of git."""

MAX_LATE = 3
"""Answers that do not come in time; after so many, git is not asked for a while."""
PAUSE = 600.0
"""Seconds for which it is not asked then."""
MAX_MEMORY = 600_000_000
"""Bytes that git may write to, where the system can limit that: a small pack may hold an object of any size."""
MAX_OUTPUT = 64_000_000
"""Bytes of one answer of git."""
MAX_SAID = 1_000_000
"""Bytes of what git says is wrong; what is beyond them is passed over."""

_OPTIONS = (
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "diff.external="),
    *("-c", "log.showSignature=false"),
    *("-c", "log.mailmap=false"),
)
_NO_FILES = Path("/dev")
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "/",  # no protocol can have that name: an object that is missing is never fetched
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


_late: deque[float] = deque(maxlen=MAX_LATE)
"""When the last answers were given up, by the monotonic clock."""


def program(top: Path) -> str:
    """The path of git, never in the working directory or in what may be a stranger's. Raises GitError without one."""
    own, refused = _folders(top)
    for folder in own:
        if _has_git(folder):
            return f"{folder}/git"
    for folder in filter(_has_git, refused):
        raise GitError(f"git is not installed; {folder}/git is in the repository, and is not run")
    raise GitError("git is not installed")


def _folders(top: Path) -> tuple[list[str], list[str]]:
    """The folders of the `PATH` in which a program is the user's own, and those in which it may be a stranger's.

    The `PATH` may name folders of the repository `top`, or of one around it, such as `.venv/bin`.
    In a repository that is all of a machine, every program is of the tree.
    """
    strangers = next((one for one in (*reversed(top.parents), top) if os.path.lexists(one / ".git")), top)
    folders = [one for one in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(one).is_absolute()]
    own = [one for one in folders if strangers == Path("/") or not is_below(one, strangers)]
    return own, [one for one in folders if one not in own]


def _has_git(folder: str) -> bool:
    try:
        return Path(folder, "git").is_file() and os.access(f"{folder}/git", os.X_OK)
    except OSError:  # the folder may not be searched
        return False


def environment(top: Path) -> dict[str, str]:
    """The environment for git: the user's own, less what would point it at another repository than that of `top`.

    Git finds programs of its own by the `PATH` too, such as `git-remote-NAME`: so no folder of the tree is left there.
    """
    own = re.compile(r"GIT_CONFIG_(COUNT|GLOBAL|SYSTEM|NOSYSTEM|KEY_\d+|VALUE_\d+)")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_") or own.fullmatch(name)}
    path = os.pathsep.join(_folders(top)[0])
    return {**kept, **_ENVIRONMENT, "PATH": path, "GIT_CEILING_DIRECTORIES": str(top.parent)}


class Process:
    """A command of git that runs, with a time limit for each answer; use it with `with`."""

    def __init__(self, root: Path, top: Path, *arguments: str) -> None:
        """Git is run in `root`, a folder of the repository `top`. Raises GitError where it cannot be run."""
        if len(_late) == MAX_LATE and _late[0] + PAUSE > time.monotonic():
            raise GitError(f"git is not asked any more: {MAX_LATE} times it took more than {MAX_SECONDS:.0f} seconds")
        command = [program(top), *_OPTIONS, "-C", str(root), *arguments]
        self._name = next(word for word in arguments if not word.startswith("-"))
        self._buffer = b""
        self._said = b""
        import subprocess  # not where git is not asked

        try:
            self._process = subprocess.Popen(  # noqa: S603  # the program is git, and its arguments are ours
                command,
                env=environment(top),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # so that it has no terminal to wait at
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from None
        _limit_memory(self._process.pid)

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with suppress(OSError):
                self._stream(pipe).close()
        self._process.wait()

    @staticmethod
    def _stream(pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            raise ValueError("the process was started with three pipes")
        return pipe

    def write(self, data: bytes) -> None:
        """Ask something; a process that has ended does not hear it."""
        stdin = self._stream(self._process.stdin)
        with suppress(BrokenPipeError):
            stdin.write(data)
            stdin.flush()

    def end_input(self) -> None:
        """Say that nothing more is asked."""
        with suppress(BrokenPipeError):
            self._stream(self._process.stdin).close()

    def read(self, most: int, end: bytes | None = None) -> bytes:
        """The next `most` bytes, or those up to and with `end`; fewer at the end. Raises GitError after MAX_SECONDS."""
        limit = time.monotonic() + MAX_SECONDS
        pieces, length = [self._buffer], len(self._buffer)
        while length < most and (end is None or end not in pieces[-1]):
            piece = self._next(limit)
            if not piece:
                break
            pieces.append(piece)
            length += len(piece)
        data = b"".join(pieces)
        at = min(most, length) if end is None or end not in data else data.index(end) + len(end)
        self._buffer = data[at:]
        return data[:at]

    def _next(self, limit: float) -> bytes:
        """The next bytes that git prints; what it says beside that is taken too, so that it need not wait."""
        stdout, stderr = (self._stream(one).fileno() for one in (self._process.stdout, self._process.stderr))
        watched = [stdout, stderr]
        while True:
            ready = select(watched, [], [], max(limit - time.monotonic(), 0))[0]
            if not ready:
                raise self._too_late()
            if stderr in ready:
                said = os.read(stderr, 1 << 16)
                self._said += said[: MAX_SAID - len(self._said)]
                watched = watched if said else [stdout]
            if stdout in ready:
                return os.read(stdout, 1 << 16)

    def _too_late(self) -> GitError:
        _late.append(time.monotonic())
        return GitError(f"git {self._name} took more than {MAX_SECONDS:.0f} seconds")

    def result(self) -> str:
        """All that it prints; raises GitError with what git says is wrong. A byte that is not UTF-8 is a surrogate."""
        self.end_input()
        printed = self.read(MAX_OUTPUT + 1)
        if len(printed) > MAX_OUTPUT:
            raise GitError(f"git {self._name} printed more than {MAX_OUTPUT:,} bytes")
        self.succeed()
        return printed.decode("utf-8", "surrogateescape")

    def succeed(self) -> None:
        """Wait for the end, once all was read; raises GitError with what git says is wrong."""
        from subprocess import TimeoutExpired

        try:
            code = self._process.wait(MAX_SECONDS)
        except TimeoutExpired:
            raise self._too_late() from None
        if code != 0:
            said = self.said()
            wrong = next((line for line in said if line.startswith(("fatal: ", "error: "))), said[-1] if said else "")
            for word in ("fatal: ", "error: ", "warning: "):
                wrong = wrong.removeprefix(word)
            raise GitError(wrong or f"git {self._name} failed")

    def said(self) -> list[str]:
        """The lines that it has said beside its answer, once it has ended."""
        while len(self._said) < MAX_SAID and (more := os.read(self._stream(self._process.stderr).fileno(), 1 << 16)):
            self._said += more
        return self._said.decode("utf-8", "replace").strip().splitlines()


def _limit_memory(process: int) -> None:
    import resource

    if hasattr(resource, "prlimit"):  # as Linux has it
        with suppress(OSError):
            resource.prlimit(process, resource.RLIMIT_DATA, (MAX_MEMORY, MAX_MEMORY))


@contextmanager
def asking(root: Path, *arguments: str) -> Iterator[Process]:
    """A command of git about the repository around `root`. Raises GitError where there is none, or it must not run."""
    folder = find_folder(root)
    if folder is None:
        raise GitError(f"not a git repository: {root}")
    if folder.own != folder.top and names_files(folder.own):
        with Process(root, folder.top, "rev-parse", "--show-toplevel") as process:
            named = process.result().removesuffix("\n")
        if os.path.realpath(named) != os.path.realpath(folder.top):
            raise GitError(f"{folder.own} names files that are elsewhere: {named}")
    with Process(root, folder.top, *arguments) as process:
        yield process


def run(root: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What a command of git prints; a byte that is not UTF-8 becomes a surrogate. Raises GitError with git's reason."""
    with asking(root, *arguments) as process:
        process.write(stdin)
        return process.result()


def update_index(root: Path, lines: bytes) -> None:
    """Change entries of the index, as `git update-index -z --index-info` takes them. Raises GitError with git's reason.

    Where git finds a file of an entry's name, it compares the two, and for that runs filters. So it is run in a folder
    in which there is none of any name that a variant can have.
    """
    folder = find_folder(root)
    if folder is None:
        raise GitError(f"not a git repository: {root}")
    where = (f"--git-dir={folder.own}", f"--work-tree={_NO_FILES}")
    with Process(_NO_FILES, folder.top, *where, "update-index", "-z", "--index-info") as process:
        process.write(lines)
        process.result()
