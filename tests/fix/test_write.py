"""Writing files: each is whole at every moment, keeps what it has, and nothing is lost where it cannot be written."""

import fcntl
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from nixlint_ort.files import WriteError, create_file, replace_file
from nixlint_ort.fix.leftovers import clear_leftovers
from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, original, path_of, replace_once
from tests.support.running import run, run_program

BROKEN = {
    path: original(path).replace(b"# ONNX Runtime 1.23.2", b"# ONNX Runtime 1.22.0") for path in (GPU, OLDER, CPU)
}
WHOLE = {path: original(path) for path in BROKEN}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository of three variants, each with a wrong header."""
    scratch.init(tmp_path / "r")
    scratch.commit(tmp_path / "r", dict(BROKEN))
    return tmp_path / "r"


def contents(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in BROKEN}


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in (folder / GPU).parent.iterdir() if path.suffix != ".nix"]


def test_what_was_done_is_said_for_each_file(folder: Path) -> None:
    done = run("--fix", cwd=folder)
    assert (done.returncode, "error" in done.stdout) == (0, False)
    assert done.stderr.splitlines() == ["nixlint-ort: fixed header-ort-version: 3 findings in 3 files"]
    assert contents(folder) == WHOLE


def test_a_clean_tree_is_not_written(folder: Path) -> None:
    run("--fix", cwd=folder)
    before = written_when(folder)
    done = run("--fix", "--unsafe-fixes", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert written_when(folder) == before


def written_when(folder: Path) -> dict[str, tuple[int, int, int]]:
    """The inode of each file, and when it and its folder were written, in nanoseconds."""
    place = (folder / GPU).parent.stat().st_mtime_ns
    return {path: ((folder / path).stat().st_ino, (folder / path).stat().st_mtime_ns, place) for path in BROKEN}


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o444])
def test_the_mode_is_kept(folder: Path, mode: int) -> None:
    (folder / GPU).chmod(mode)
    assert run("--fix", cwd=folder).returncode == 0
    assert (folder / GPU).stat().st_mode & 0o7777 == mode
    assert contents(folder) == WHOLE


def test_a_link_inside_the_repository_is_followed(folder: Path) -> None:
    (folder / GPU).rename(folder / "elsewhere")
    (folder / GPU).symlink_to("../../elsewhere")
    assert run("--fix", cwd=folder).returncode == 0
    assert (folder / GPU).is_symlink()
    assert (folder / "elsewhere").read_bytes() == WHOLE[GPU]


def test_what_a_link_out_of_the_repository_leads_to_is_neither_read_nor_written(folder: Path) -> None:
    outside = folder.parent / "outside"
    (folder / GPU).rename(outside)
    (folder / GPU).symlink_to(outside)
    done = run("--fix", cwd=folder)
    assert done.returncode == 1
    assert f"{GPU}:1:1: error[unreadable-file]" in done.stdout
    assert outside.read_bytes() == BROKEN[GPU]
    assert contents(folder) == {**WHOLE, GPU: BROKEN[GPU]}


@pytest.mark.parametrize("path", ["link", "link/.flox/pkgs", f"link/{GPU}"])
def test_another_repository_that_a_link_leads_to_is_not_written(folder: Path, path: str) -> None:
    outside = folder.parent / "outside"
    (outside / GPU).parent.mkdir(parents=True)
    (outside / GPU).write_bytes(BROKEN[GPU])
    (folder / "link").symlink_to(outside)
    run("--fix", "--branch", "main", path, cwd=folder)
    assert (outside / GPU).read_bytes() == BROKEN[GPU]


def test_a_file_that_changed_after_it_was_read_is_left_alone(folder: Path) -> None:
    (folder / GPU).write_bytes(b"somebody else's\n")
    with pytest.raises(WriteError, match="changed after it was read"):
        replace_file(folder, GPU, BROKEN[GPU], WHOLE[GPU])
    assert (folder / GPU).read_bytes() == b"somebody else's\n"
    assert leftovers(folder) == []


def test_a_file_that_is_replaced_while_the_new_one_is_written_is_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_meanwhile(handle: int) -> None:
        other = folder / "other"
        other.write_bytes(b"somebody else's\n")
        other.replace(folder / GPU)

    monkeypatch.setattr(os, "fsync", replace_meanwhile)
    with pytest.raises(WriteError, match="changed after it was read"):
        replace_file(folder, GPU, BROKEN[GPU], WHOLE[GPU])
    assert (folder / GPU).read_bytes() == b"somebody else's\n"
    assert leftovers(folder) == []


def test_the_new_content_waits_in_a_locked_file_that_a_later_run_can_clear(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bytes]] = []

    def look(_: int) -> None:
        for path in (folder / GPU).parent.glob(".nixlint-ort-*.tmp"):
            seen.append((path.name, path.read_bytes()))
            with path.open("rb") as other, pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert clear_leftovers(folder, [GPU]) == []

    monkeypatch.setattr(os, "fsync", look)
    replace_file(folder, GPU, BROKEN[GPU], WHOLE[GPU])
    create_file(folder, f"{Path(GPU).parent}/new.nix", b"new")
    assert [data for _, data in seen] == [WHOLE[GPU], b"new"]


def test_what_the_system_writes_in_parts_is_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: whole(handle, data[:100]))
    replace_file(folder, GPU, BROKEN[GPU], WHOLE[GPU])
    assert (folder / GPU).read_bytes() == WHOLE[GPU]


@pytest.mark.parametrize(
    ("module", "name", "error"),
    [
        (fcntl, "flock", OSError(37, "No locks available")),
        (os, "fchown", PermissionError(1, "Operation not permitted")),
    ],
)
def test_a_lock_or_an_owner_that_cannot_be_had_is_done_without(
    module: ModuleType, name: str, error: OSError, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(module, name, refuse)
    (folder / GPU).chmod(0o640)
    replace_file(folder, GPU, BROKEN[GPU], WHOLE[GPU])
    assert (folder / GPU).read_bytes() == WHOLE[GPU]
    assert (folder / GPU).stat().st_mode & 0o7777 == 0o640
    assert leftovers(folder) == []


def test_nothing_is_written_through_a_link_out_of_the_repository(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.write_bytes(BROKEN[GPU])
    (folder / "link.nix").symlink_to(outside)
    (folder / "folder").symlink_to(folder.parent)
    for path in ("link.nix", "folder/outside", "../outside"):
        with pytest.raises(WriteError) as raised:
            replace_file(folder, path, BROKEN[GPU], WHOLE[GPU])
        assert str(raised.value) == f"{path} was not written: it is a link to a place outside"
    assert outside.read_bytes() == BROKEN[GPU]


def test_a_file_that_is_gone_is_not_made_again(folder: Path) -> None:
    (folder / GPU).unlink()
    with pytest.raises(WriteError, match=f"^{GPU} was not written: it no longer exists$"):
        replace_file(folder, GPU, BROKEN[GPU], WHOLE[GPU])
    assert not (folder / GPU).exists()


@contextmanager
def no_larger_files_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_every_file_stays_as_it_was(folder: Path) -> None:
    with no_larger_files_than(1000):
        done = run_program("--fix", "--no-cache", cwd=folder)
    assert done.returncode == 2
    lines = [f"nixlint-ort: {path} was not written and is unchanged: File too large" for path in sorted(BROKEN)]
    written = [path for path in BROKEN if len(WHOLE[path]) <= 1000]
    assert [line for line in done.stderr.splitlines() if "not written" in line] == lines[: 3 - len(written)]
    assert contents(folder) == BROKEN
    assert leftovers(folder) == []


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(30, "Read-only file system")])
def test_a_folder_that_cannot_be_written_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("nixlint_ort.files.Temporary.__init__", refuse)
    with pytest.raises(WriteError, match=f"{GPU} was not written and is unchanged: {error.strerror}"):
        replace_file(folder, GPU, BROKEN[GPU], WHOLE[GPU])
    assert contents(folder) == BROKEN


def test_a_replacement_that_fails_leaves_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(WriteError, match="is unchanged: Input/output error"):
        replace_file(folder, GPU, BROKEN[GPU], WHOLE[GPU])
    assert contents(folder) == BROKEN
    assert leftovers(folder) == []


def test_a_new_file_never_takes_the_place_of_another(folder: Path) -> None:
    with pytest.raises(WriteError, match="a file of that name exists"):
        create_file(folder, GPU, b"new\n")
    (folder / "link.nix").symlink_to("nowhere")
    with pytest.raises(WriteError, match="a file of that name exists"):
        create_file(folder, "link.nix", b"new\n")
    assert contents(folder) == BROKEN
    with pytest.raises(WriteError, match=r"^a/b\.nix was not created: No such file or directory$"):
        create_file(folder, "a/b.nix", b"new\n")
    with pytest.raises(WriteError, match=r"^x{300} was not created: File name too long$"):
        create_file(folder, "x" * 300, b"new\n")
    create_file(folder, "really-new.nix", b"new\n")
    assert (folder / "really-new.nix").read_bytes() == b"new\n"
    assert leftovers(folder) == []


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_a_new_file_has_the_mode_that_the_user_gives_to_new_files(mask: int, mode: int, folder: Path) -> None:
    before = os.umask(mask)
    try:
        create_file(folder, "new.nix", b"{ }")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert (folder / "new.nix").stat().st_mode & 0o7777 == mode


def test_what_a_killed_run_left_is_cleared_and_what_a_live_run_writes_is_not(folder: Path) -> None:
    place = (folder / GPU).parent
    dead, alive = place / ".nixlint-ort-dead.tmp", place / ".nixlint-ort-alive.tmp"
    dead.write_bytes(b"half")
    with alive.open("wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        done = run("--fix", cwd=folder)
        assert done.returncode == 0
        assert "removed .nixlint-ort-dead.tmp, left by an interrupted run" in done.stderr
        assert leftovers(folder) == [alive.name]
    assert clear_leftovers(folder, [GPU]) == [alive.name]


def test_what_only_looks_like_a_leftover_is_neither_followed_nor_waited_for(folder: Path) -> None:
    (folder / "kept").write_bytes(b"kept")
    (folder / ".nixlint-ort-link.tmp").symlink_to("kept")
    os.mkfifo(folder / ".nixlint-ort-pipe.tmp")
    (folder / ".nixlint-ort-file.tmp").write_bytes(b"half")
    assert clear_leftovers(folder, ["x.nix"]) == [".nixlint-ort-file.tmp"]
    assert (folder / "kept").read_bytes() == b"kept"
    assert (folder / ".nixlint-ort-link.tmp").is_symlink()


def rename_fault(folder: Path) -> tuple[str, bytes]:
    """The older stack's variant under a name of the wrong Python, as its contents say too."""
    wrong = path_of("onnxruntime-python313-cuda12_4-sm90-avx512")
    data = original(OLDER).replace(b"python312-", b"python313-")
    scratch.commit(folder, {OLDER: None, GPU: WHOLE[GPU], CPU: WHOLE[CPU], wrong: data})
    return wrong, data


def test_a_rename_is_one_for_git_too(folder: Path) -> None:
    wrong, _ = rename_fault(folder)
    done = run("--fix", "--unsafe-fixes", "--verbose", cwd=folder)
    assert done.returncode == 0
    assert f"renamed {wrong} to {Path(OLDER).name} (filename-stack, variant-name)" in done.stderr
    assert (folder / OLDER).read_bytes() == WHOLE[OLDER]
    assert scratch.git(folder, "ls-files", "--", OLDER, wrong) == OLDER
    scratch.git(folder, "add", "--all")
    assert scratch.git(folder, "diff", "--cached", "--name-status", "-M").split("\t")[1:] == [wrong, OLDER]


def test_a_rename_without_git_is_one_too(tmp_path: Path) -> None:
    wrong = path_of("onnxruntime-python313-cuda12_4-sm90-avx512")
    scratch.write(tmp_path, {wrong: original(OLDER).replace(b"python312-", b"python313-")})
    assert run("--fix", "--unsafe-fixes", cwd=tmp_path).returncode == 0
    assert [path.name for path in (tmp_path / OLDER).parent.iterdir()] == [Path(OLDER).name]


@pytest.mark.parametrize("is_link", [True, False])
def test_a_rename_never_overwrites_and_is_not_offered(is_link: bool, folder: Path) -> None:
    wrong, data = rename_fault(folder)
    if is_link:
        (folder / OLDER).symlink_to("nowhere")
    else:
        scratch.write(folder, {OLDER: original(OLDER)})
    for _ in range(2):
        done = run("--fix", "--unsafe-fixes", "--ignore", "syntax", "--select", "naming", cwd=folder)
        assert (done.stderr, "rename the file" in done.stdout) == ("", False)
        assert f"note: {OLDER}:1:1: this file has that name, so nothing is renamed" in done.stdout
    assert (folder / wrong).read_bytes() == data


@pytest.mark.parametrize("tool", [["git", "apply"], ["patch", "-p1"]])
def test_a_diff_can_be_applied(folder: Path, tool: list[str]) -> None:
    broken = replace_once(WHOLE[GPU], "driver 560+", "driver 535+")
    wrong, _ = rename_fault(folder)
    scratch.write(folder, {GPU: broken})
    done = run("--diff", "--unsafe-fixes", cwd=folder)
    assert done.returncode == 1
    assert (folder / GPU).read_bytes() == broken
    subprocess.run(tool, cwd=folder, input=done.stdout.encode(), check=True, capture_output=True)
    assert contents(folder) == WHOLE
    assert not (folder / wrong).exists()
    assert run("--diff", "--unsafe-fixes", cwd=folder).returncode == 0
