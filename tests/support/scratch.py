"""Makes scratch git repositories, with nothing of the user's own configuration of git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_WHO = ("-c", "user.name=A Maintainer", "-c", "user.email=maintainer@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What git prints in a folder; fails where git does."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *_WHO, "-C", str(folder), *arguments],
        env={**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        input=stdin,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def init(folder: Path, branch: str = "main") -> Path:
    """An empty repository."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", f"--initial-branch={branch}")
    return folder


def write(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Write files by path, None for a file to remove."""
    for path, data in files.items():
        if data is None:
            (folder / path).unlink()
        else:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)


def commit(folder: Path, files: Mapping[str, bytes | None], message: str = "onnxruntime: init") -> str:
    """Commit files by path, None for a file to remove; gives the commit's id."""
    write(folder, files)
    git(folder, "add", "--all", "--force", ".")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def commit_refs(folder: Path, refs: Mapping[str, Mapping[str, bytes]]) -> None:
    """Point refs, each by its full name, at a commit of their own with some files by path; nothing is checked out."""
    stream = b"".join(
        b"commit %b\ncommitter A Maintainer <maintainer@example.org> 0 +0000\ndata 0\n" % ref.encode()
        + b"".join(
            b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(data), data) for path, data in files.items()
        )
        for ref, files in refs.items()
    )
    git(folder, "fast-import", "--quiet", stdin=stream)
