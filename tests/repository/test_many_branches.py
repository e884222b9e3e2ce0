"""What is done with all branches of a repository is bounded by their number and by that of their variants."""

from pathlib import Path

import pytest

from nixlint_ort.learn import reading
from nixlint_ort.repository.repository import RepositoryError
from nixlint_ort.repository.revision import MAX_BRANCHES, Objects
from tests.support import scratch
from tests.support.linting import CPU, GPU, original
from tests.support.running import run

FILES = {path: original(path) for path in (GPU, CPU)}


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """A repository with one branch more than are read."""
    folder = scratch.init(tmp_path)
    scratch.commit(folder, FILES)
    head = scratch.git(folder, "rev-parse", "HEAD").strip()
    lines = [f"{head} refs/heads/b{number:04}\n" for number in range(MAX_BRANCHES)]
    (folder / ".git/packed-refs").write_text("# pack-refs with: peeled fully-peeled sorted \n" + "".join(lines))
    return folder


@pytest.mark.parametrize("command", [("branches", "--all"), ("learn", "--branches")])
def test_more_branches_than_are_read_are_said(command: tuple[str, ...], crowded: Path) -> None:
    done = run(*command, cwd=crowded)
    assert done.returncode == 2
    assert f"there are {MAX_BRANCHES + 1} branches" in done.stderr


def test_some_of_them_can_be_named(crowded: Path) -> None:
    done = run("branches", "b0001", "b0002", cwd=crowded)
    assert "2 branches" in done.stdout


def test_learn_holds_so_many_variants_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = scratch.init(tmp_path)
    scratch.commit(folder, FILES)
    scratch.git(folder, "branch", "other")
    monkeypatch.setattr(reading, "MAX_VARIANTS", 3)
    with (
        Objects(folder) as objects,
        pytest.raises(RepositoryError, match="the branches have more than 3 variants, the most to learn from"),
    ):
        list(reading.read_branches(objects, print))
