"""Repeats the answer of an earlier run where nothing that it read has changed since: the quickest check is none.

Python itself tells which files a run opens and which folders it lists, so none can be forgotten. An answer is kept
with their signatures (inode, size, times), the arguments and the environment, and is given again only while all of
them are the same. As git does, it trusts no file that changed less than two seconds before it was read.
"""

from __future__ import annotations

import io
import marshal
import os
import sys
import time
import zlib

from nixlint_ort import __version__, cache

TYPE_CHECKING = False  # without the cost of importing typing
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TextIO

VOLATILE = frozenset({"_", "SHLVL", "OLDPWD"})
"""What shells change in the environment from one command to the next."""

SETTLED = 2_000_000_000
"""Nanoseconds for which a file must have been unchanged: times are coarse, and a later change might not show."""

Answer = tuple[bytes, bytes, int]


def recall(arguments: Iterable[str]) -> Answer | None:
    """What an earlier run with these arguments wrote to stdout and stderr, and its exit code; None to run again."""
    arguments = tuple(arguments)
    question = _question(arguments)
    path = _path(arguments)
    if path is None:
        return None
    kept = cache.read(path)
    if kept is None:
        return None
    try:
        asked, inputs, answer = marshal.loads(kept)  # noqa: S302  # it holds data only, and is the user's own
        if asked != question or any(cache.signature(one) != then for one, then in inputs):
            return None
    except (EOFError, ValueError, TypeError):
        return None
    stdout, stderr, code = answer
    return stdout, stderr, code


class Recorder:
    """Notes what a run reads and says from now on, so that its answer can be kept."""

    def __init__(self, arguments: Iterable[str]) -> None:
        arguments = tuple(arguments)
        self._question = _question(arguments)
        self._path = _path(arguments)
        self._begin = time.time_ns()
        self._inputs: set[str] = set()
        self._listening = self._path is not None
        if self._listening:
            sys.addaudithook(self._hear)
            sys.stdout, sys.stderr = _Overheard.through(sys.stdout), _Overheard.through(sys.stderr)

    def _hear(self, event: str, details: tuple[Any, ...]) -> None:
        if self._listening and event in ("open", "os.listdir", "os.scandir"):
            path = details[0]
            if isinstance(path, (str, bytes, os.PathLike)):
                self._inputs.add(os.path.abspath(os.fsdecode(path)))

    def keep(self, code: int, also: Iterable[str | os.PathLike[str]] = ()) -> None:
        """Keep the answer, unless something that it rests on is too new to be trusted.

        `also` names what was looked at without being opened. The program's own files count too, also those that were
        not needed because an earlier run is remembered. A cache that cannot be written is no error.
        """
        self._listening = False
        if self._path is None:
            return
        paths = {*self._inputs, *(os.fspath(path) for path in also), *cache.program(), *sys.path[1:]}
        entries = os.path.dirname(self._path)
        inputs = [(path, cache.signature(path)) for path in sorted(paths) if not path.startswith(entries)]
        if any(then is not None and max(then[3:]) > self._begin - SETTLED for _, then in inputs):
            return
        answer = (_Overheard.said(sys.stdout), _Overheard.said(sys.stderr), code)
        cache.write(self._path, marshal.dumps((self._question, inputs, answer)))


class _Overheard(io.BufferedIOBase):
    """A stream's bytes on their way, kept in memory too."""

    def __init__(self, stream: TextIO) -> None:
        self._below = stream.buffer
        self.heard: list[bytes] = []

    @classmethod
    def through(cls, stream: TextIO) -> TextIO:
        """The same stream, overheard."""
        stream.flush()
        return io.TextIOWrapper(
            cls(stream),  # type: ignore[type-var]  # typeshed wants more of a buffer than is used
            stream.encoding,
            stream.errors,
            line_buffering=stream.isatty(),
            write_through=True,
        )

    @staticmethod
    def said(stream: TextIO) -> bytes:
        """All that was written to a stream that `through` has returned."""
        stream.flush()
        return b"".join(stream.buffer.heard)  # type: ignore[attr-defined]

    def write(self, data: Any) -> int:
        """Pass the bytes on."""
        self.heard.append(bytes(data))
        return self._below.write(data)

    def flush(self) -> None:
        """Pass all bytes on now."""
        self._below.flush()

    def writable(self) -> bool:
        """Yes."""
        return True

    def isatty(self) -> bool:
        """Whether a person is at the other end."""
        return self._below.isatty()

    def fileno(self) -> int:
        """The descriptor of the stream itself."""
        return self._below.fileno()


def _question(arguments: tuple[str, ...]) -> tuple[Any, ...]:
    """All that an answer depends on and that is not in a file."""
    environment = tuple(sorted(item for item in os.environ.items() if item[0] not in VOLATILE))
    terminals = tuple(stream is not None and stream.isatty() for stream in (sys.stdout, sys.stderr))
    return (__version__, sys.version, arguments, os.getcwd(), environment, terminals)


def _path(arguments: tuple[str, ...]) -> str | None:
    """One entry for the same arguments in the same folder: a new answer takes the place of the one before."""
    asked = "\0".join((os.getcwd(), *arguments))
    return cache.entry(f"answer-{zlib.crc32(asked.encode('utf-8', 'surrogateescape')):08x}")
