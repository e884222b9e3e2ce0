"""A file gets another name by git where git tracks it, and never one that is in use."""

from pathlib import Path

import pytest

from nixlint_ort.files import WriteError
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.fix.rename import rename_file
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support import scratch
from tests.support.linting import GPU, convention, original, repository, session


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


MISNAMED = GPU.replace("313", "312")
DOCUMENT = """# Variants

Build `flox build {name}`, run ./result-{name}/bin/python, see .flox/pkgs/{name}.nix.
Not {name}bf16, not {name}-copy and not x{name}.
"""


def test_documents_follow_a_file_that_gets_another_name(tmp_path: Path) -> None:
    right, wrong = Path(GPU).stem, Path(MISNAMED).stem
    before = DOCUMENT.format(name=wrong).encode()
    files = {one.path: one.source.data for one in repository().variants if one.path != GPU}
    tree = InMemory({**files, MISNAMED: original(GPU), "README.md": before})
    there = Repository(tmp_path, convention(), tree=tree)
    fixed = fix_all(there, session(there).lint, unsafe=True)
    followed = DOCUMENT.format(name=right)
    kept = (
        followed.replace(f"{right}bf16", f"{wrong}bf16")
        .replace(f"{right}-", f"{wrong}-")
        .replace(f"x{right}", f"x{wrong}")
    )
    assert fixed.contents["README.md"].decode() == kept
    assert fixed.contents[GPU] == original(GPU)
    assert fix_all(there, session(there).lint).contents == {}
