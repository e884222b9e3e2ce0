"""Which release a run is judged by: the branch that is named, CI's, git's, or the one that most variants state."""

from pathlib import Path

import pytest

from nixlint_ort.convention import ConventionError
from nixlint_ort.repository.git_folder import current_branch
from nixlint_ort.repository.release import Release, find_release, release_of_branch
from nixlint_ort.repository.repository import Repository
from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, convention, original, path_of

# Three variants of a version that no release has, two of one that ort-1.22 has, and one that states none.
STATED = {
    GPU: b"1.99.0",
    OLDER: b"1.99.0",
    CPU: b"1.99.0",
    path_of("onnxruntime-python313-cpu-avx512"): b"1.22.2",
    path_of("onnxruntime-python313-cpu-armv9"): b"1.22.2",
    path_of("onnxruntime-python313-cpu-armv8_2"): b"",
}
MOST = "checking against ort-1.22 (1.22.2, stated by 2 of 6 variants); use --branch to choose another"
BASE, REF = "GITHUB_BASE_REF", "GITHUB_REF_NAME"
MERGE, COMMIT = "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_COMMIT_REF_NAME"


def stating(folder: Path, versions: dict[str, bytes]) -> Repository:
    """A repository whose variants state those versions in their headers; an empty text for a header that states none."""
    version = str(convention().fields["pin.ort"]).encode()
    files = {
        path: original(path).replace(b"Runtime " + version if not text else version, text or b"Runtime", 1)
        for path, text in versions.items()
    }
    scratch.write(folder, files)
    return Repository(folder, convention())


def on_branch(folder: Path, name: str) -> None:
    scratch.write(folder, {".git/HEAD": f"ref: refs/heads/{name}\n".encode()})


@pytest.mark.parametrize(
    ("named", "environment", "checked_out", "release"),
    [
        ("ort-1.18", {BASE: "ort-1.20"}, "main", Release("ort-1.18")),
        (None, {BASE: "ort-1.20", REF: "ort-1.19"}, "main", Release("ort-1.20")),
        (None, {BASE: "", REF: "ort-1.19"}, "main", Release("ort-1.19")),
        (None, {MERGE: "ort-1.20", COMMIT: "ort-1.19"}, "main", Release("ort-1.20")),
        (None, {COMMIT: "ort-1.19"}, "main", Release("ort-1.19")),
        (None, {BASE: "topic"}, "ort-1.24", Release("ort-1.24")),
        (None, {}, "ort-1.24", Release("ort-1.24")),
        (None, {}, "topic", Release("ort-1.22", f"branch 'topic' is not a release; {MOST}")),
        (None, {REF: "feature"}, "topic", Release("ort-1.22", f"branch 'feature' is not a release; {MOST}")),
        (None, {}, None, Release("ort-1.22", f"there is no branch; {MOST}")),
    ],
    ids=[
        "named",
        "GitHub's target",
        "GitHub's branch",
        "GitLab's target",
        "GitLab's branch",
        "git's, where CI's is no release",
        "git's",
        "neither is a release",
        "neither CI's nor git's is a release",
        "no branch at all",
    ],
)
def test_the_release_of_a_run(
    named: str | None, environment: dict[str, str], checked_out: str | None, release: Release, tmp_path: Path
) -> None:
    repository = stating(tmp_path, STATED)
    if checked_out is not None:
        on_branch(tmp_path, checked_out)
    assert find_release(repository, named, environment) == release


def test_a_name_that_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConventionError) as refused:
        find_release(stating(tmp_path, {GPU: b"1.23.2"}), "ort-1.244", {})
    assert str(refused.value) == (
        "rules/tables/releases.yaml: the table of releases has no branch 'ort-1.244'; did you mean ort-1.24?"
    )


@pytest.mark.parametrize("version", [b"1.99.0", b""], ids=["of a version that no release has", "of no version"])
def test_variants_by_which_no_release_is_known(version: bytes, tmp_path: Path) -> None:
    repository = stating(tmp_path, {GPU: version, CPU: version})
    on_branch(tmp_path, "topic")
    said = (
        "branch 'topic' is not a release, and no variant states the version of a release, so versions are not checked;"
        " use --branch to choose a release"
    )
    assert find_release(repository, None, {}) == Release(None, said)


def test_the_release_of_a_branch_whatever_is_checked_out(tmp_path: Path) -> None:
    repository = stating(tmp_path, STATED)
    on_branch(tmp_path, "main")
    assert release_of_branch(repository, "ort-1.20") == Release("ort-1.20")
    assert release_of_branch(repository, "topic") == Release("ort-1.22", f"branch 'topic' is not a release; {MOST}")


HEAD = b"ref: refs/heads/topic\n"
MAIN = {".git/HEAD": b"ref: refs/heads/main\n"}
WORK_TREE = {
    ".git/worktrees/other/HEAD": HEAD,
    ".git/worktrees/other/gitdir": b"../../../other/.git\n",
    ".git/worktrees/other/commondir": b"../..\n",
}


@pytest.mark.parametrize(
    ("files", "root", "branch"),
    [
        ({".git/HEAD": HEAD}, ".", "topic"),
        ({".git/HEAD": HEAD}, "a/folder", "topic"),
        ({".git/HEAD": b"ref: refs/heads/a/topic"}, ".", "a/topic"),
        ({".git/HEAD": b"ed142ab1b3a092c4d149245d0c4126a5d7ea00b0\n"}, ".", None),
        ({".git/HEAD": b"ref: refs/heads/.invalid\n"}, ".", None),
        ({".git/HEAD": b"ref: refs/heads/\xff\n"}, ".", None),
        ({".git/HEAD": HEAD.ljust(4096)}, ".", "topic"),
        ({".git/HEAD": HEAD.ljust(4097)}, ".", None),
        ({"other/.git": b"gitdir: ../.git/worktrees/other\n", **WORK_TREE, **MAIN}, "other", "topic"),
        ({"other/.git": b"gitdir: ../.git/worktrees/other".ljust(4096, b"\n"), **WORK_TREE, **MAIN}, "other", "topic"),
        ({"other/.git": b"gitdir: ../.git/worktrees/other".ljust(4097, b"\n"), **WORK_TREE, **MAIN}, "other", "main"),
        ({"other/.git": b"gitdir: ../.git", **MAIN}, "other", None),
        ({"other/.git": b"gitdir: ../.git/x", ".git/x/HEAD": HEAD, **MAIN}, "other", None),
        ({"third/.git": b"gitdir: ../.git/worktrees/other", **WORK_TREE, **MAIN}, "third", None),
        ({"other/.git": b"gitdir: \xff", **MAIN}, "other", "main"),
        ({"other/.git": b"gitdir: \0", **MAIN}, "other/folder", None),
        ({"other/.git": b"gitdir: nowhere", **MAIN}, "other", "main"),
        ({"other/.git/config": b"", **MAIN}, "other", "main"),
        ({"other/.git/config": b""}, "other", None),
    ],
    ids=[
        "a branch",
        "a branch, from a folder below",
        "a branch with a slash",
        "a commit",
        "a branch that git keeps elsewhere",
        "no text",
        "a long file",
        "too long a file",
        "a work tree",
        "a long link",
        "too long a link",
        "the folder of another repository",
        "a folder in that of another repository",
        "the folder of another work tree",
        "a link that is no text",
        "a link with a zero byte",
        "a link that leads nowhere",
        "no HEAD, within a repository",
        "no repository",
    ],
)  # fmt: skip
def test_the_branch_that_is_checked_out(files: dict[str, bytes], root: str, branch: str | None, tmp_path: Path) -> None:
    scratch.write(tmp_path, files)
    (tmp_path / root).mkdir(parents=True, exist_ok=True)
    assert current_branch(tmp_path / root) == branch
