"""A tree is the same from a folder, from an archive and from git's objects, and nothing else is taken for one."""

import gzip
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

import nixlint_ort.nixpkgs_tree.archive as archive_module
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
    (tmp_path / "private/onnxruntime").mkdir(parents=True)
    (folder / "pkgs/by-name").symlink_to(tmp_path / "private")
    opened = open_tree(folder, None)
    assert [opened.read(f"lib/{name}.nix") for name in ("default", "link", "large", "pipe", "../../secret")] == [
        b"{ }", *[None] * 4
    ]  # fmt: skip
    assert opened.folders("pkgs/by-name") == opened.folders("..") == ()


def member(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE) -> bytes:
    """The block that begins a member which has so many bytes."""
    header = tarfile.TarInfo(name)
    header.size, header.type = size, kind
    return header.tobuf(tarfile.GNU_FORMAT)


def with_holes(blocks: int) -> bytes:
    """A member with a map of its holes that has so many blocks."""
    header = bytearray(member("x", kind=tarfile.GNUTYPE_SPARSE))
    header[482] = 1  # more of the map follows
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + (bytes(504) + b"\1" + bytes(7)) * blocks


HEADER = "cannot be read: a header has more than 1,000,000 bytes"
TOO_LARGE = "is too large to be nixpkgs"


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        pytest.param([member("x", 10**9, tarfile.XHDTYPE), bytes(2_000_000)], HEADER, id="the fields of a member"),
        pytest.param([member("x", 10**9, tarfile.XGLTYPE), bytes(2_000_000)], HEADER, id="the fields of all members"),
        pytest.param([member("x", 10**9, tarfile.GNUTYPE_LONGNAME), bytes(2_000_000)], HEADER, id="a long name"),
        pytest.param([with_holes(4_000)], HEADER, id="a map of holes"),
        pytest.param([member(f"t/lib/{n}", 512) + bytes(512) for n in range(60)], TOO_LARGE, id="files that are kept"),
        pytest.param([member("t/" + "a/" * 48 + "b")], TOO_LARGE, id="a deep folder"),
        pytest.param([member(f"t/{n}" + "/a" * 20) for n in range(60)], TOO_LARGE, id="folders"),
        pytest.param([member(f"t/{'n' * 80}{n}") for n in range(600)], TOO_LARGE, id="names"),
        pytest.param([member(f"t/{n}") for n in range(1_200)], TOO_LARGE, id="members"),
        pytest.param([member(f"t/{n}", 512_000) + bytes(512_000) for n in range(5)], TOO_LARGE, id="bytes in all"),
    ],
)
def test_no_archive_takes_too_much_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: list[bytes], reason: str
) -> None:
    limits = {"KEPT": 25_000, "FOLDERS": 1_000, "NAMES": 40_000, "MEMBERS": 1_000, "UNPACKED": 2_200_000}
    for name, most in limits.items():
        monkeypatch.setattr(archive_module, f"MAX_{name}", most)
    with gzip.open(tmp_path / "bomb.tar.gz", "wb", compresslevel=1) as out:
        out.writelines(blocks)
    with pytest.raises(TreeError, match=reason):
        open_tree(tmp_path / "bomb.tar.gz", None)
