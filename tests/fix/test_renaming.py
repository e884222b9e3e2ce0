"""A file gets another name by git where git tracks it, and never one that is in use."""

import subprocess
from pathlib import Path

import pytest

from nixlint_ort.files import WriteError
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.fix.apply_to_disk import carry_out
from nixlint_ort.fix.rename import rename_file
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.template.template import Template
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
    assert str(caught.value) == f"{path} was not renamed: pkgs/used.nix exists"
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


@pytest.mark.parametrize("path", ["pkgs/tracked.nix", "pkgs"])
def test_nothing_is_renamed_in_the_middle_of_a_merge(path: str, folder: Path) -> None:
    scratch.git(folder, "checkout", "--quiet", "-b", "other")
    scratch.commit(folder, {"pkgs/tracked.nix": b"theirs\n"})
    scratch.git(folder, "checkout", "--quiet", "main")
    scratch.commit(folder, {"pkgs/tracked.nix": b"ours\n"})
    with pytest.raises(subprocess.CalledProcessError):
        scratch.git(folder, "merge", "--quiet", "other")
    with pytest.raises(WriteError) as caught:
        rename_file(folder, path, "better")
    assert str(caught.value) == f"{path} was not renamed: a merge is in progress"
    assert (folder / path).exists()


PACKAGE = {"pkgs/a/default.nix": b"a\n", "pkgs/a/lib/flags.nix": b"flags\n"}


def test_a_folder_is_renamed_with_all_that_is_in_it(folder: Path) -> None:
    scratch.commit(folder, PACKAGE)
    scratch.write(folder, {"pkgs/a/new.patch": b"patch\n"})
    rename_file(folder, "pkgs/a", "pkgs/b")
    assert status(folder) == [
        "R  pkgs/a/default.nix -> pkgs/b/default.nix",
        "R  pkgs/a/lib/flags.nix -> pkgs/b/lib/flags.nix",
        "?? pkgs/b/new.patch",
    ]
    assert not (folder / "pkgs/a").exists()


@pytest.mark.parametrize("used", ["pkgs/b", "pkgs/b/x"])
def test_a_folder_never_takes_the_place_of_another(folder: Path, used: str) -> None:
    scratch.commit(folder, PACKAGE)
    (folder / used).mkdir(parents=True)
    with pytest.raises(WriteError) as caught:
        rename_file(folder, "pkgs/a", "pkgs/b")
    assert str(caught.value) == "pkgs/a was not renamed: pkgs/b exists"
    assert status(folder) == []


def test_a_variant_that_is_a_folder_gets_another_name_whole(tmp_path: Path) -> None:
    wrong, right = (str(Path(path).with_suffix("")) for path in (MISNAMED, GPU))
    files = {one.path: one.source.data for one in repository().variants if one.path != GPU}
    scratch.init(tmp_path)
    scratch.commit(tmp_path, {**files, f"{wrong}/default.nix": original(GPU), f"{wrong}/notes": b"kept\n"})
    there = Repository(tmp_path, convention())
    fixed = fix_all(there, session(there).lint, unsafe=True)
    outcome = carry_out(there, fixed)
    assert outcome.done == [f"renamed {wrong} to {Path(right).name} (filename-stack)"]
    assert status(tmp_path) == [f"R  {wrong}/{one} -> {right}/{one}" for one in ("default.nix", "notes")]
    after = session(there).lint(Repository(tmp_path, convention()))
    assert not [one.message for one in after.findings if one.place.path.startswith(right)]


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


@pytest.mark.parametrize("part", ["a/b", "a\0b"])
def test_a_name_that_a_rule_expects_and_no_file_can_have_is_told_and_not_given(part: str) -> None:
    rules = dict(convention().rules)
    rule = rules["filename-stack"]
    rules["filename-stack"] = rule._replace(templates=(Template(f"{{cuda.python}}{part}", {}),))
    there = repository()
    found = session(there, rules=rules).lint(there).findings
    named = [one for one in found if one.rule == "filename-stack"]
    assert len(named) == len(there.variants)
    assert {one.fix for one in named} == {None}
