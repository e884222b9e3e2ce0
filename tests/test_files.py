"""Reading and writing below a folder that is a stranger's: whatever is there, or is put there meanwhile, stays inside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from nixlint_ort.files import (
    NotPlainError,
    WriteError,
    create_file,
    move_file,
    read_plain,
    replace_file,
)
from tests.support import scratch
from tests.support.linting import CPU, GPU, original
from tests.support.running import break_driver, clean_environment, run

OUTSIDE = "it is a link to a place outside"
NO_FILE = "it is not a regular file"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with files, folders and links of each kind, beside one that is none of its business."""
    top = tmp_path / "tree"
    (top / "sub").mkdir(parents=True)
    (top / ".git/hooks").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    for path in ("tree/file", "tree/sub/file", "tree/.git/config", "tree/.git/hooks/x", "outside/file"):
        (tmp_path / path).write_text("old")
    links = {
        "in": "sub/file",
        "absolute": str(top / "sub/file"),
        "folder": "sub",
        "chain": "in",
        "sub/up": "../file",
        "round": "sub/../folder/./file",
        "out": "../outside/file",
        "absolute-out": str(tmp_path / "outside/file"),
        "out-folder": "../outside",
        "out-and-in": "../tree/file",
        "beside": str(tmp_path / "tree-not/file"),
        "circle": "circle",
        "one": "two",
        "two": "one",
        "nowhere": "nothing",
        "git": ".git/config",
        "hook": ".git/hooks/x",
        "git-folder": ".git",
        "upper": ".GIT/config",
        "device": "/dev/zero",
    }
    for name, target in links.items():
        (top / name).symlink_to(target)
    os.mkfifo(top / "pipe")
    (top / "to-pipe").symlink_to("pipe")
    before = Path.cwd()
    os.chdir(top)
    socket.socket(socket.AF_UNIX).bind("socket")
    os.chdir(before)
    (top / "large").write_bytes(b"x" * 1001)
    return top


READABLE = [
    "file",
    "sub/file",
    "./sub//file",
    "in",
    "absolute",
    "folder/file",
    "chain",
    "sub/up",
    "round",
]
UNREADABLE = [
    ("out", OUTSIDE),
    ("absolute-out", OUTSIDE),
    ("out-folder/file", OUTSIDE),
    ("out-and-in", OUTSIDE),
    ("beside", OUTSIDE),
    ("../outside/file", OUTSIDE),
    ("circle", "it is a circular link"),
    ("one", "it is a circular link"),
    ("nowhere", "No such file or directory"),
    ("nothing", "No such file or directory"),
    ("nothing/file", "No such file or directory"),
    (".git/config", "it is in .git"),
    ("git", "it is a link into .git"),
    ("hook", "it is a link into .git"),
    ("git-folder/config", "it is a link into .git"),
    ("upper", "it is a link into .git"),
    ("device", OUTSIDE),
    ("pipe", NO_FILE),
    ("to-pipe", NO_FILE),
    ("socket", NO_FILE),
    ("sub", NO_FILE),
    ("folder", NO_FILE),
    ("file/x", "Not a directory"),
    ("large", "it has 1001 bytes; nixlint-ort reads at most 1000"),
]


@pytest.mark.parametrize("path", READABLE)
def test_a_file_of_the_tree_is_read(path: str, tree: Path) -> None:
    assert read_plain(tree / path, 1000, below=tree) == b"old"


@pytest.mark.parametrize(("path", "reason"), UNREADABLE)
def test_what_is_no_file_of_the_tree_is_not_read(path: str, reason: str, tree: Path) -> None:
    with pytest.raises(OSError, match=reason) as raised:
        read_plain(f"{tree}/{path}", 1000, below=tree)
    assert raised.value.strerror == reason


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository of two variants with its documents."""
    root = tmp_path / "r"
    files = {path: original(path) for path in (GPU, CPU)}
    scratch.write(root, {**files, "README.md": b"# Variants\n\nThere are 2 variants.\n"})
    (root / ".git").mkdir()
    (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    return root


def contents(place: Path) -> dict[str, bytes | str]:
    """Every file below a folder, and what each link names."""
    found: dict[str, bytes | str] = {}
    for path in sorted(place.rglob("*")):
        if path.is_symlink():
            found[str(path.relative_to(place))] = str(path.readlink())
        elif path.is_file():
            found[str(path.relative_to(place))] = path.read_bytes()
    return found


@pytest.mark.parametrize("path", [path for path, reason in UNREADABLE if path != "large"])
def test_what_is_no_file_of_the_tree_is_neither_written_nor_made_nor_moved(path: str, tree: Path) -> None:
    before = contents(tree.parent)
    with pytest.raises(WriteError):
        replace_file(tree, path, b"old", b"new")
    if not path.endswith(("nothing", "nowhere", "nothing/file")):
        with pytest.raises(WriteError):
            create_file(tree, path, b"new")
    with pytest.raises(WriteError):
        move_file(tree, "file", f"{path}/x" if path == "device" else path if path != "nothing" else "sub/file")
    assert contents(tree.parent) == before


@pytest.mark.parametrize(
    "path", [one for one in READABLE if one not in ("file", "sub/file", "./sub//file", ".git/config")]
)
def test_a_link_is_written_through_only_where_that_is_asked_for(path: str, tree: Path) -> None:
    with pytest.raises(WriteError, match=f"^{path} was not written: it is a link$"):
        replace_file(tree, path, b"old", b"new", links=False)
    links = contents(tree)
    replace_file(tree, path, b"old", b"new")
    changed = {name for name, data in contents(tree).items() if data != links[name]}
    assert changed == {"file" if path == "sub/up" else "sub/file"}


Swap = Callable[[Path], None]


def swap_folder(tree: Path) -> None:
    (tree / "sub").rename(tree.parent / "moved")
    (tree / "sub").symlink_to(tree.parent / "outside")


def swap_file(tree: Path) -> None:
    (tree / "sub/file").unlink()
    (tree / "sub/file").symlink_to(tree.parent / "outside/file")


@pytest.mark.parametrize("swap", [swap_folder, swap_file])
def test_a_swap_in_the_middle_of_writing_leads_nowhere(swap: Swap, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        swap(tree)

    monkeypatch.setattr(os, "fsync", fsync)
    outside = contents(tree.parent / "outside")
    with suppress(WriteError):
        replace_file(tree, "sub/file", b"old", b"new")
    assert contents(tree.parent / "outside") == outside
    assert not list(tree.parent.rglob("*.tmp"))


def test_a_swap_at_any_moment_leads_nowhere(tree: Path) -> None:
    """Another process swaps the folder for a link to another place, over and over."""
    outside = contents(tree.parent / "outside")
    (tree / "link").symlink_to(tree.parent / "outside")
    ended = threading.Event()

    def swap() -> None:
        while not ended.is_set():
            for old, new in (("sub", "aside"), ("link", "sub"), ("sub", "link"), ("aside", "sub")):
                (tree / old).rename(tree / new)

    swapping = threading.Thread(target=swap)
    swapping.start()
    written = 0
    try:
        for _ in range(500):
            try:
                replace_file(tree, "sub/file", b"old", b"old")
                create_file(tree, "sub/new", b"new")
                move_file(tree, "sub/new", "sub/other")
                (tree / "sub/other").unlink()
                written += 1
            except (WriteError, OSError):
                for name in ("sub", "aside"):
                    for one in ("new", "other"):
                        path = tree / name / one
                        if not (tree / name).is_symlink() and path.exists():
                            path.unlink(missing_ok=True)
    finally:
        ended.set()
        swapping.join()
    assert contents(tree.parent / "outside") == outside


REPORT = "nixlint-ort: {} could not be written: {}\n"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("report.json", "it is a link"),
        ("dangling.json", "it is a link"),
        ("circle.json", "it is a link"),
        ("pipe", NO_FILE),
        ("reports/x.json", "it is a link"),
        ("git.json", "it is a link"),
        (".flox", NO_FILE),
        ("missing/x.json", "No such file or directory"),
    ],
)
def test_a_report_is_written_through_no_link_of_the_tree(path: str, reason: str, place: Path) -> None:
    outside = place.parent / "outside"
    outside.mkdir()
    (outside / "file").write_text("mine")
    (place / "report.json").symlink_to("../outside/file")
    (place / "dangling.json").symlink_to("../outside/new")
    (place / "circle.json").symlink_to("circle.json")
    (place / "git.json").symlink_to(".git/config")
    (place / "reports").symlink_to("../outside")
    os.mkfifo(place / "pipe")
    before = contents(place.parent)
    for name in (path, str(place / path)):
        ran = run("--output-format", "gitlab", "--output-file", name, cwd=place)
        assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", REPORT.format(name, reason))
    (place / ".flox/pkgs/.flox").mkdir()  # a folder that passes for a repository of its own
    ran = run(
        "--output-format", "gitlab", "--output-file", f"../../{path}", GPU.rpartition("/")[2], cwd=place / ".flox/pkgs"
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert contents(place.parent) == before


# How the path of a report gets to `out`, a link of the tree, and from where the program is run.
WAYS_IN = {
    "the tree has another name": ("{top}/name/out/x", "r"),
    "the working directory has another name": ("{top}/name/out/x", "name"),
    "a folder of the tree has another name": ("{top}/pkgs/out/x", "pkgs"),
    "the program runs beside the tree": ("{top}/r/out/x", "."),
    "up and in again": ("../r/out/x", "r"),
}


@pytest.mark.parametrize(("path", "cwd"), WAYS_IN.values(), ids=WAYS_IN)
def test_no_link_of_the_tree_is_followed_whatever_the_tree_is_called(path: str, cwd: str, place: Path) -> None:
    top = place.parent
    (top / "outside").mkdir()
    (top / "name").symlink_to("r")
    (top / "pkgs").symlink_to("r/.flox/pkgs")
    for folder in (place, place / ".flox/pkgs"):
        (folder / "out").symlink_to(top / "outside")
    named = path.format(top=top)
    commands = {
        ("--output-format", "json", "--output-file", named): f"{named} could not be written: it is a link",
        ("--report", f"sarif={named}"): f"{named} could not be written: it is a link",
        ("--write-baseline", "--baseline", named): f"{named} could not be written: it is a link",
        ("learn", "--write", named): "convention.yaml was not created: it is a link",
    }
    for words, said in commands.items():
        ran = run(*words, str(place / GPU), cwd=top / cwd)
        assert ran.returncode == 2
        assert said in ran.stderr
    assert contents(top / "outside") == {}


def test_a_report_replaces_a_file_and_keeps_its_mode(place: Path) -> None:
    break_driver(place)
    (place / "report.json").write_text("old")
    (place / "report.json").chmod(0o640)
    for path in ("report.json", "new.json", str(place.parent / "elsewhere.json")):
        assert run("--output-format", "json", "--output-file", path, cwd=place).returncode == 1
        assert '"header-driver"' in (place / path).read_text()
    assert (place / "report.json").stat().st_mode & 0o777 == 0o640
    assert (place / "new.json").stat().st_mode & 0o777 == 0o666 & ~umask()


@pytest.mark.parametrize(("kept", "mode"), [(True, 0o6750), (False, 0o750)])
def test_a_file_that_runs_as_its_owner_does_so_only_where_the_owner_is_kept(
    mode: int, tree: Path, monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    """The owner may be the stranger, in a folder that both may write to: the file would run as the user."""
    path = tree / "file"
    path.chmod(0o6750)

    def refused(*_: object) -> None:
        raise PermissionError

    if not kept:
        monkeypatch.setattr(os, "fchown", refused)
    replace_file(tree, "file", b"old", b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o7777) == (b"new", mode)


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("stream", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_a_report_may_go_to_a_stream(stream: str, place: Path) -> None:
    assert '"summary"' in run("--output-format", "json", "--output-file", stream, cwd=place).stdout


@pytest.mark.parametrize("target", ["AGENTS.md", ".git/hooks/pre-commit", "../outside.md", ".flox/notes.md"])
def test_a_document_is_mended_where_it_is_and_not_where_it_leads(target: str, place: Path) -> None:
    text = "# Variants\n\n- **ort-1.22**: ONNX Runtime 1.22.0 + CUDA 12.4/12.9, driver 550+/560+ (compat)\n"
    (place / ".git/hooks").mkdir(parents=True, exist_ok=True)
    (place / target).write_text(text)
    (place / "README.md").unlink()
    (place / "README.md").symlink_to(target)
    ran = run("--fix", cwd=place)
    if target == "AGENTS.md":
        assert (ran.returncode, ran.stderr) == (2, "nixlint-ort: README.md was not written: it is a link\n")
    assert (place / target).read_text() == text
    assert (place / "README.md").is_symlink()


def test_a_variant_that_is_a_link_into_the_folder_of_git_is_not_read(place: Path) -> None:
    """It holds what CI uses to log in."""
    (place / ".git").mkdir(exist_ok=True)
    (place / ".git/config").write_text('[http]\n\textraheader = "AUTHORIZATION: basic aHVzaA=="\n')
    (place / ".flox/pkgs/x.nix").symlink_to("../../.git/config")
    ran = run(cwd=place)
    assert "aHVzaA" not in ran.stdout + ran.stderr
    assert "x.nix:1:1: error[unreadable-file] the file cannot be read: it is a link into .git" in ran.stdout


def test_a_file_that_is_larger_than_it_says_is_read_up_to_the_cap() -> None:
    with pytest.raises(NotPlainError, match="nixlint-ort reads at most 5"):
        read_plain("/proc/self/maps", 5)


def test_init_on_a_full_disk_leaves_nothing(place: Path) -> None:
    command = f"ulimit -f 1; '{sys.executable}' -m nixlint_ort init"
    full = subprocess.run(
        ["bash", "-c", command],
        cwd=place,
        env=clean_environment({"NIXLINT_ORT_CACHE": ""}),
        capture_output=True,
        check=False,
    )
    assert (full.returncode, full.stdout) == (2, b"")
    assert full.stderr == b"nixlint-ort: nixlint-ort.yaml was not created: File too large\n"
    assert not list(place.glob("*nixlint-ort*"))
    assert run("init", cwd=place).returncode == 0
