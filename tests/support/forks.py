"""Runs the command in forks of one process that has its modules: as real as a program, and without the time to import them.

A fork has its own environment, folder, streams and exit code, and nothing that an earlier run left behind. What Python
reads while it starts (its own variables, the locale) it does not read again, and limits of the process that asks are
not its own: for those, start the program.
"""

from __future__ import annotations

import gc
import os
import pickle
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent


class Request(NamedTuple):
    """What a run is started with, besides its streams."""

    arguments: list[bytes]
    cwd: bytes
    environment: dict[bytes, bytes]


class Done(NamedTuple):
    """What a run left: its exit code, or minus the signal that ended it, and what it printed."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run(arguments: Sequence[str | bytes], cwd: Path, environment: Mapping[str, str], stdin: bytes = b"") -> Done:
    """Run the command in a fork, to its end."""
    request = Request(
        [os.fsencode(one) for one in arguments],
        os.fsencode(cwd),
        {os.fsencode(name): os.fsencode(text) for name, text in environment.items()},
    )
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        data = pickle.dumps(request)
        line, _ = _server()
        socket.send_fds(line, [len(data).to_bytes(4, "big")], [one.fileno() for one in (given, out, err)])
        line.sendall(data)
        status = int.from_bytes(_received(line, 4), "big")
        out.seek(0)
        err.seek(0)
        return Done(os.waitstatus_to_exitcode(status), out.read(), err.read())


@cache
def _server() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """The line to a server, and the server, which ends when this process does."""
    own, other = socket.socketpair()
    command = [sys.executable, "-m", "tests.support.forks", str(other.fileno())]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[other.fileno()], stdin=subprocess.DEVNULL)
    other.close()
    return own, server


def _received(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        assert more, "the other end is gone"
        data += more
    return data


def _serve(line: socket.socket) -> None:
    """Fork for each request, and answer with its status; returns in each fork, and where there are no more requests."""
    while True:
        head, streams, _, _ = socket.recv_fds(line, 4, 3)
        if not head:
            sys.exit()
        request: Request = pickle.loads(_received(line, int.from_bytes(head, "big")))
        child = os.fork()
        if child == 0:
            line.close()
            _become(request, streams)
            return
        for stream in streams:
            os.close(stream)
        line.sendall(os.waitpid(child, 0)[1].to_bytes(4, "big"))


def _become(request: Request, streams: Sequence[int]) -> None:
    """Make this process one that was started so."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request.cwd)
    os.environb.clear()
    os.environb.update(request.environment)
    sys.argv[1:] = map(os.fsdecode, request.arguments)


def _load() -> None:
    """Import what any command may."""
    import nixlint_ort

    for module in pkgutil.walk_packages(nixlint_ort.__path__, "nixlint_ort."):
        import_module(module.name)
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _load()
    from nixlint_ort.__main__ import __file__ as program
    from nixlint_ort.__main__ import main

    sys.argv[0] = program
    sys.path[:] = [one for one in sys.path if one != str(ROOT)]
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _serve(socket.socket(fileno=int(sys.argv[1])))
    main()
