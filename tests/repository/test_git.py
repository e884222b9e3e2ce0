"""Revisions read from git's objects: the right bytes, nothing else touched, and nothing of the repository run."""

from pathlib import Path

import pytest

from nixlint_ort.repository.git_folder import GitError
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.revision import Objects, Revision, branches
from tests.support import scratch
from tests.support.linting import GPU, convention, original

FILES = {
    "README.md": b"# here\n",
    ".flox/pkgs/a.nix": b"a",
    ".flox/pkgs/b.nix": b"b\xff",
    ".flox/pkgs/deep/c.nix": b"c",
    "other/d.nix": b"",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    scratch.init(tmp_path)
    scratch.commit(tmp_path, FILES)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        (".flox/pkgs/*.nix", [".flox/pkgs/a.nix", ".flox/pkgs/b.nix"]),
        ("**/*.nix", [".flox/pkgs/a.nix", ".flox/pkgs/b.nix", ".flox/pkgs/deep/c.nix", "other/d.nix"]),
        ("*/*.nix", ["other/d.nix"]),
        (".flox/pkgs/[a]?nix", [".flox/pkgs/a.nix"]),
        ("README.md", ["README.md"]),
        ("nosuch/*.nix", []),
    ],
)
def test_glob_is_that_of_the_work_tree(pattern: str, paths: list[str], repository: Path) -> None:
    with Objects(repository) as objects:
        assert sorted(Revision(objects, "main").glob(pattern)) == paths
    assert sorted(path.relative_to(repository).as_posix() for path in repository.glob(pattern)) == paths


@pytest.mark.parametrize(
    ("path", "data", "problem"),
    [
        (".flox/pkgs/a.nix", b"a", None),
        (".flox/pkgs/b.nix", b"b\xff", "the byte 0xff here is not UTF-8; save the file as UTF-8"),
        ("other/d.nix", b"", None),
        ("other", b"", "the file cannot be read: main does not have it"),
        ("nosuch/x", b"", "the file cannot be read: main does not have it"),
        ("link.nix", b"", "this is not a regular file, so it cannot be a variant"),
    ],
)
def test_read(path: str, data: bytes, problem: str | None, repository: Path) -> None:
    (repository / "link.nix").symlink_to("/etc/passwd")
    scratch.commit(repository, {})
    with Objects(repository) as objects:
        read, unreadable = Revision(objects, "main").read(path)
    assert (read, unreadable and unreadable.message) == (data, problem)


def test_the_work_tree_is_not_looked_at(repository: Path) -> None:
    before = scratch.git(repository, "rev-parse", "HEAD")
    scratch.commit(repository, {"README.md": b"later", ".flox/pkgs/a.nix": None})
    (repository / "README.md").write_bytes(b"not committed")
    with Objects(repository) as objects:
        assert Revision(objects, before).read("README.md") == (b"# here\n", None)
        assert Revision(objects, "main").read("README.md") == (b"later", None)
        assert list(Revision(objects, "main").glob(".flox/pkgs/*.nix")) == [".flox/pkgs/b.nix"]
    assert (repository / "README.md").read_bytes() == b"not committed"


@pytest.mark.parametrize("name", ["nosuch", "main\nmain", "--help", "", "main:README.md"])
def test_what_is_no_revision(name: str, repository: Path) -> None:
    with Objects(repository) as objects, pytest.raises(GitError, match="unknown revision"):
        Revision(objects, name)


def test_branches_are_local_before_remote(repository: Path) -> None:
    scratch.git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    scratch.git(repository, "update-ref", "refs/remotes/origin/ort-1.24", "HEAD")
    scratch.git(repository, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    scratch.git(repository, "branch", "topic/deep")
    refs = {name: branch.ref for name, branch in branches(repository).items()}
    assert refs == {
        "main": "refs/heads/main",
        "topic/deep": "refs/heads/topic/deep",
        "ort-1.24": "refs/remotes/origin/ort-1.24",
    }


def test_what_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        branches(tmp_path)
    with Objects(tmp_path) as objects, pytest.raises(GitError, match="not a git repository"):
        Revision(objects, "main")


def test_nothing_that_the_repository_configures_is_run(repository: Path) -> None:
    trap = repository / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{repository}/sprung'\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand", "core.editor"):
        scratch.git(repository, "config", key, str(trap))
    scratch.git(repository, "config", "alias.cat-file", f"!{trap}")
    with Objects(repository) as objects:
        assert list(Revision(objects, "main").glob("README.md")) == ["README.md"]
    branches(repository)
    assert not (repository / "sprung").exists()


def test_variants_of_a_revision_are_those_of_the_files(repository: Path) -> None:
    scratch.commit(repository, {GPU: original(GPU)})
    with Objects(repository) as objects:
        variants = Repository(repository, convention(), tree=Revision(objects, "HEAD")).variants
        (variant,) = (one for one in variants if one.path == GPU)
        assert variant.source.data == original(GPU)
        assert variant.fact("nixpkgs_rev").value == convention().fields["pin.rev"]


def test_a_repository_in_a_folder_of_a_larger_one(repository: Path) -> None:
    (repository / "inner").mkdir()
    scratch.commit(repository, {"inner/.flox/pkgs/e.nix": b"e"})
    with Objects(repository / "inner") as objects:
        revision = Revision(objects, "main")
        assert list(revision.glob("**/*.nix")) == [".flox/pkgs/e.nix"]
        assert revision.read(".flox/pkgs/e.nix") == (b"e", None)


def test_a_bare_repository(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("bare")
    scratch.git(place, "clone", "--quiet", "--bare", str(repository), "bare.git")
    with Objects(place / "bare.git") as objects:
        assert Revision(objects, "main").read("README.md") == (b"# here\n", None)
