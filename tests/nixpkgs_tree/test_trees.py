"""A tree is the same from a folder, from an archive and from git's objects, and nothing else is taken for one."""

import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from nixlint_ort.nixpkgs_tree.attributes import Attributes
from nixlint_ort.nixpkgs_tree.trees import MAX_BYTES, RevisionTree, TreeError, open_tree
from tests.support.nixpkgs import STATES, attributes, tree


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *identity, "-C", folder, *arguments], capture_output=True, check=True, text=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git checkout whose revisions are the three states, in which nothing is checked out."""
    folder = tmp_path_factory.mktemp("checkout")
    git(folder, "init", "-q")
    for state in STATES:
        git(folder, f"--work-tree={tree(state)}", "add", "-A")
        git(folder, f"--work-tree={tree(state)}", "commit", "-qm", state)
        git(folder, "tag", state)
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "nixpkgs.tar.gz"
    with tarfile.open(path, "w:gz") as out:
        out.add(tree("after"), "nixpkgs-ed142ab")
    return path


def everything(found: Attributes) -> dict[str, tuple[str, str]]:
    return {name: found.find(name)[:2] for name in (*found.names.values, "lib.strings.cmakeFeature", "nothing")}


@pytest.mark.parametrize("state", STATES)
def test_a_revision_of_git_is_its_tree(checkout: Path, state: str) -> None:
    opened = open_tree(checkout, state)
    assert isinstance(opened, RevisionTree)
    assert opened.commit == git(checkout, "rev-parse", state)
    assert everything(Attributes(opened)) == everything(attributes(state))
    opened.close()


def test_an_archive_is_its_tree(archive: Path) -> None:
    opened = open_tree(archive, None)
    assert everything(Attributes(opened)) == everything(attributes("after"))
    path = "pkgs/by-name/on/onnxruntime/package.nix"
    assert opened.read(path) == (tree("after") / path).read_bytes()
    assert opened.read("pkgs/nothing.nix") is None


def test_what_is_no_tree_is_said_in_one_line(tmp_path: Path, checkout: Path) -> None:
    (tmp_path / "text.tar.gz").write_bytes(b"no archive")
    with tarfile.open(tmp_path / "empty.tar.gz", "w:gz"):
        pass
    cut = tmp_path / "cut.tar.gz"
    with tarfile.open(tmp_path / "whole.tar.gz", "w:gz") as out:
        out.add(tree("before"), "nixpkgs")
    cut.write_bytes((tmp_path / "whole.tar.gz").read_bytes()[:4000])
    os.mkfifo(tmp_path / "pipe")
    for path, revision, reason in (
        (tmp_path / "nothing", None, "no such folder or archive"),
        (tmp_path / "pipe", None, "no such folder or archive"),
        (tmp_path, None, "is not nixpkgs: it lacks lib/default.nix or pkgs/top-level"),
        (tmp_path / "text.tar.gz", None, "cannot be read: it is no .tar.gz"),
        (tmp_path / "empty.tar.gz", None, "is an empty archive"),
        (cut, None, "cannot be read: it is no .tar.gz"),
        (checkout, "nothing", "unknown revision 'nothing'"),
    ):
        with pytest.raises(TreeError, match=reason) as refused:
            open_tree(path, revision)
        assert "\n" not in str(refused.value)


def test_a_folder_gives_nothing_from_outside_and_nothing_too_large(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    (folder / "lib").mkdir(parents=True)
    (folder / "pkgs/top-level").mkdir(parents=True)
    (folder / "lib/default.nix").write_bytes(b"{ }")
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "lib/link.nix").symlink_to(tmp_path / "secret")
    (folder / "lib/large.nix").write_bytes(b" " * (MAX_BYTES + 1))
    os.mkfifo(folder / "lib/pipe.nix")
    opened = open_tree(folder, None)
    assert [opened.read(f"lib/{name}.nix") for name in ("default", "link", "large", "pipe", "../../secret")] == [
        b"{ }", *[None] * 4
    ]  # fmt: skip
