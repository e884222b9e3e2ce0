"""Refs that are damaged, or name what is no commit: each is said of its branch, and the others are judged all the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import scratch
from tests.support.linting import CPU, original
from tests.support.running import run

MISSING = b"1234567890123456789012345678901234567890"
REFS = Path(".git/refs/heads")


def text(data: bytes) -> Callable[[Path], bytes]:
    return lambda _: data


def of_blob(root: Path) -> bytes:
    return scratch.git(root, "hash-object", "-w", "--stdin", stdin=b"x").encode()


def of_tree(root: Path) -> bytes:
    return scratch.git(root, "rev-parse", "HEAD^{tree}").encode()


def of_commit_without_tree(root: Path) -> bytes:
    about = b"author a <a> 0 +0000\ncommitter a <a> 0 +0000\n\nx\n"
    data = b"tree %s\n%s" % (MISSING, about)
    return scratch.git(root, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=data).encode()


def of_damaged_commit(root: Path) -> bytes:
    commit = scratch.git(root, "commit-tree", "HEAD^{tree}", "-m", "x")
    path = root / ".git/objects" / commit[:2] / commit[2:]
    path.chmod(0o600)
    path.write_bytes(b"no object")
    return commit.encode()


DAMAGE: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "no name of an object": (text(b"garbage"), "ignoring broken ref refs/heads/other"),
    "nothing": (text(b""), "ignoring broken ref refs/heads/other"),
    "a missing object": (text(MISSING), "unknown revision 'refs/heads/other'"),
    "a file's object": (of_blob, "expected commit type"),
    "a folder's object": (of_tree, "expected commit type"),
    "a commit without its folder": (of_commit_without_tree, "not a tree object"),
    "a commit that is no object": (of_damaged_commit, "inflate: data stream error"),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    scratch.init(tmp_path, "main")
    scratch.commit(tmp_path, {CPU: original(CPU)})
    scratch.git(tmp_path, "branch", "another")
    return tmp_path


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_ref_is_an_error_of_its_branch_alone(name: str, repository: Path) -> None:
    write, reason = DAMAGE[name]
    (repository / REFS / "other").write_bytes(write(repository) + b"\n")
    done = run("branches", "--all", "--output-format", "json", cwd=repository)
    assert (done.returncode, done.stderr) == (1, "")
    states = {one["branch"]: one for one in json.loads(done.stdout)["branches"]}
    assert [states[branch]["variants"] for branch in ("main", "another")] == [1, 1]
    assert [one["rule"] for one in states["other"]["problems"]] == ["branch-unreadable"]
    assert reason in states["other"]["problems"][0]["message"]
    named = run("branches", "other", cwd=repository)
    assert (named.returncode, named.stderr) == (1, "")
    assert "error[branch-unreadable] git cannot read refs/heads/other: " in named.stdout
    assert "1 branch, 0 variants, 1 with errors" in named.stdout


def test_learning_of_every_branch_says_which_it_could_not_read(repository: Path) -> None:
    (repository / REFS / "other").write_bytes(MISSING + b"\n")
    done = run("learn", "--branches", cwd=repository)
    assert "nixlint-ort: git cannot read refs/heads/other: unknown revision 'refs/heads/other'" in done.stderr


def test_thousands_of_damaged_refs_are_said_and_not_waited_for(repository: Path) -> None:
    """What git says of them is more than a pipe holds."""
    for number in range(3000):
        (repository / REFS / f"{number}-{'x' * 40}").write_bytes(b"garbage\n")
    done = run("branches", "main", cwd=repository)
    assert (done.returncode, done.stderr) == (0, "")
