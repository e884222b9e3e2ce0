"""A file gets another name by git where git tracks it, and never one that is in use."""

from pathlib import Path

import pytest

from nixlint_ort.files import WriteError
from nixlint_ort.fix.rename import rename_file
from tests.support import scratch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with one file that git tracks and one that it does not."""
    scratch.init(tmp_path / "r")
    scratch.commit(tmp_path / "r", {"pkgs/tracked.nix": b"tracked\n"})
    scratch.write(tmp_path / "r", {"pkgs/new.nix": b"new\n"})
    return tmp_path / "r"


def status(folder: Path) -> list[str]:
    return scratch.git(folder, "status", "--porcelain", "--untracked-files=all").splitlines()


def test_git_renames_what_it_tracks(folder: Path) -> None:
    rename_file(folder, "pkgs/tracked.nix", "pkgs/better.nix")
    assert status(folder) == ["R  pkgs/tracked.nix -> pkgs/better.nix", "?? pkgs/new.nix"]


def test_what_git_does_not_track_is_renamed_too(folder: Path) -> None:
    rename_file(folder, "pkgs/new.nix", "pkgs/better.nix")
    assert status(folder) == ["?? pkgs/better.nix"]
    assert (folder / "pkgs/better.nix").read_bytes() == b"new\n"


def test_a_name_that_begins_like_an_option_is_a_name(folder: Path) -> None:
    scratch.commit(folder, {"-n.nix": b"tracked\n"})
    rename_file(folder, "-n.nix", "--better.nix")
    assert status(folder) == ["R  -n.nix -> --better.nix"]


@pytest.mark.parametrize("path", ["pkgs/tracked.nix", "pkgs/new.nix"])
def test_a_name_in_use_is_never_taken(folder: Path, path: str) -> None:
    (folder / "pkgs/used.nix").symlink_to("nowhere")
    with pytest.raises(WriteError) as caught:
        rename_file(folder, path, "pkgs/used.nix")
    assert str(caught.value) == f"{path} was not renamed: there is a file pkgs/used.nix already"
    assert (folder / path).exists()
    assert (folder / "pkgs/used.nix").readlink() == Path("nowhere")


def test_what_cannot_be_renamed_is_said(folder: Path) -> None:
    with pytest.raises(WriteError) as caught:
        rename_file(folder, "pkgs/new.nix", "gone/better.nix")
    assert str(caught.value) == "pkgs/new.nix was not renamed: No such file or directory"
    with pytest.raises(WriteError) as caught:
        rename_file(folder, "pkgs/tracked.nix", "gone/better.nix")
    assert str(caught.value) == "pkgs/tracked.nix was not renamed: No such file or directory"
    assert status(folder) == ["?? pkgs/new.nix"]
