"""The files of a folder that fit a pattern: none of git's own, none of another place, however deep they are."""

import os
import subprocess
from pathlib import Path

import pytest

from nixlint_ort.convention import find_rules, load
from nixlint_ort.repository.repository import MAX_DOCUMENTS, Repository
from nixlint_ort.repository.tree import WorkTree
from tests.support.linting import GPU, original


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with files, folders, links within it and out of it, and two folders of git's own."""
    for path in ("a.md", "docs/b.md", "docs/c/d.md", ".git/e.md", ".Git/f.md", "docs/.git/g.md", "docs/.gitx/h.md"):
        (tmp_path / "r" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "r" / path).write_text("# x\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/i.md").write_text("secret\n")
    (tmp_path / "r/inside").symlink_to("docs")
    (tmp_path / "r/out").symlink_to("../outside")
    (tmp_path / "r/link.md").symlink_to("../outside/i.md")
    return tmp_path / "r"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.md", {"a.md", "link.md"}),
        ("**/*.md", {"a.md", "link.md", "docs/b.md", "docs/c/d.md", "docs/.gitx/h.md"}),
        ("docs/*.md", {"docs/b.md"}),
        ("docs/**/*.md", {"docs/b.md", "docs/c/d.md", "docs/.gitx/h.md"}),
        ("*/*.md", {"docs/b.md"}),
        ("inside/*.md", {"inside/b.md"}),
        ("inside/b.md", {"inside/b.md"}),
        (".git/e.md", set()),
        (".git/*.md", set()),
        (".GIT/*.md", set()),
        (".g*/*.md", set()),
        ("docs/.git/g.md", set()),
        ("nosuch/*.md", set()),
        ("a.md/*.md", set()),
    ],
)
def test_what_fits(pattern: str, found: set[str], root: Path) -> None:
    assert set(WorkTree(root).glob(pattern)) == found


@pytest.mark.parametrize("pattern", ["out/*.md", "out/i.md", "out/**/*.md"])
def test_what_is_elsewhere_is_not_even_listed(pattern: str, root: Path) -> None:
    with pytest.raises(OSError, match="it is a link to a place outside"):
        list(WorkTree(root).glob(pattern))


def test_no_folder_is_too_deep(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1900):
        os.mkdir("x", dir_fd=here)
        deeper = os.open("x", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    try:
        assert list(WorkTree(tmp_path).glob("**/*.md")) == ["x/" * 1900 + "a.md"]
    finally:  # which Python, and so pytest, cannot remove
        subprocess.run(["rm", "-r", tmp_path / "x"], check=True)


def test_documents_beyond_the_limit_are_said_to_be_unread(tmp_path: Path) -> None:
    (tmp_path / GPU).parent.mkdir(parents=True)
    (tmp_path / GPU).write_bytes(original(GPU))
    (tmp_path / "docs").mkdir()
    for number in range(MAX_DOCUMENTS + 3):
        (tmp_path / f"docs/{number:04}.md").write_text("# x\n")
    repository = Repository(tmp_path, load(find_rules())._replace(documents=("docs/*.md",)))
    unread = [one for one in repository.documents if one.problem is not None]
    assert [one.source.path for one in unread] == [f"docs/{MAX_DOCUMENTS}.md"]
    assert unread[0].problem is not None
    assert unread[0].problem.message == (
        "this document and those after it are not read: nixlint-ort reads at most 1,000 documents"
    )
