"""What is asked of git, and what is not: a folder of git that is another's, or that would hold git up, is refused."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import zlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from nixlint_ort.files import WriteError
from nixlint_ort.fix.rename import rename_file
from nixlint_ort.repository import git
from nixlint_ort.repository.git_folder import Folder, GitError, find_folder
from nixlint_ort.repository.revision import Objects, Revision, branches
from tests.support import scratch
from tests.support.linting import GPU, original
from tests.support.running import run

WHY = "git could not list the files that it tracks: "


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository of one variant, which git tracks, beside a victim's repository."""
    scratch.init(tmp_path / "victim")
    scratch.commit(tmp_path / "victim", {GPU: b"victim's\n", "secret": b"hush\n"})
    root = scratch.init(tmp_path / "r")
    scratch.commit(root, {GPU: original(GPU)})
    return root


def pipe(name: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        path = root / ".git" / name
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        os.mkfifo(path)

    return make


def link(name: str, target: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        path = root / ".git" / name
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return make


def config(*words: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        scratch.git(root, "config", *(word.format(root=root) for word in words))

    return make


def append(text: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        with (root / ".git/config").open("a") as file:
            file.write(text)

    return make


def leads(target: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        shutil.rmtree(root / ".git")
        (root / ".git").write_text(f"gitdir: {target}\n")

    return make


def linked(root: Path) -> None:
    shutil.rmtree(root / ".git")
    (root / ".git").symlink_to("../victim/.git")


def common(root: Path) -> None:
    (root / ".git/commondir").write_text("../../victim/.git\n")


def victims_work_tree(root: Path) -> None:
    scratch.git(root.parent / "victim", "worktree", "add", "--quiet", "--detach", "../w")
    leads("../victim/.git/worktrees/w")(root)


def module(root: Path) -> Path:
    """The folder of a submodule, in the tree, that says that its files are those of the tree."""
    own = root / "a/modules/x"
    own.parent.mkdir(parents=True)
    shutil.move(root / ".git", own)
    scratch.git(root, "config", "--file", str(own / "config"), "core.worktree", str(root))
    return own


def named_otherwise(text: bytes) -> Callable[[Path], None]:
    """Git reads the path to the end of the line, up to a zero byte: it leads to the victim's folder."""

    def make(root: Path) -> None:
        module(root)
        for name in ("a/modules/x ", " x"):
            (root / name).symlink_to(root.parent / "victim/.git")
        (root / ".git").write_bytes(text)

    return make


def victims_by_a_link(root: Path) -> None:
    shutil.rmtree(module(root))
    (root / "a/modules/x").symlink_to(root.parent / "victim/.git")
    with (root.parent / "victim/.git/config").open("a") as file:
        file.write("# worktree = here\n")
    (root / ".git").write_text("gitdir: a/modules/x\n")


def victims_submodule(root: Path) -> None:
    modules = root.parent / "victim/.git/modules/x"
    shutil.copytree(root / ".git", modules)
    scratch.git(root.parent / "victim", "config", "--file", str(modules / "config"), "core.worktree", "../../../x")
    (root.parent / "victim/x").mkdir()
    leads("../victim/.git/modules/x")(root)


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "HEAD is a pipe": (pipe("HEAD"), "{own}/HEAD is not a regular file"),
    "the index is a pipe": (pipe("index"), "{own}/index is not a regular file"),
    "the configuration is a pipe": (pipe("config"), "{own}/config is not a regular file"),
    "commondir is a pipe": (pipe("commondir"), "{own} says that it belongs to another repository"),
    "packed refs are a pipe": (pipe("packed-refs"), "{own}/packed-refs is not a regular file"),
    "attributes are a pipe": (pipe("info/attributes"), "{own}/info/attributes is not a regular file"),
    "alternates are a pipe": (pipe("objects/info/alternates"), "{own}/objects/info/alternates is not a regular file"),
    "the index is a link": (link("index", "../../victim/.git/index"), "{own}/index is not a regular file"),
    "the configuration is a device": (link("config", "/dev/zero"), "{own}/config is not a regular file"),
    "a pipe is included": (append("[include]\n\tpath = pipe\n"), "{own}/config includes other files"),
    "a terminal is included": (append("[ InClude ]path=/dev/tty\n"), "{own}/config includes other files"),
    "a device is included on a condition": (
        append('[includeIf "gitdir:/"]\n\tpath = /dev/zero\n'),
        "{own}/config includes other files",
    ),
    "the files are a victim's": (
        config("core.worktree", "{root}/../victim"),
        "{own} names files that are elsewhere: {victim}",
    ),
    "the files are a victim's, in one line": (
        append("[core]WorkTree=../../victim\n"),
        "{own} names files that are elsewhere: {victim}",
    ),
    "the folder is a victim's": (
        leads("../victim/.git"),
        "{own} leads to the folder of another repository: {root}/../victim/.git",
    ),
    "the folder is a link to a victim's": (linked, "{own} is neither a folder nor a file"),
    "the objects are a victim's": (common, "{own} says that it belongs to another repository"),
    "a victim's work tree": (
        victims_work_tree,
        "{own} leads to the folder of another repository: {root}/../victim/.git/worktrees/w",
    ),
    "a blank is of the path": (
        named_otherwise(b"gitdir: a/modules/x \n"),
        "{own} leads to the folder of another repository: {root}/a/modules/x ",
    ),
    "two blanks before the path": (
        named_otherwise(b"gitdir:  x\n"),
        "{own} leads to the folder of another repository: {root}/ x",
    ),
    "a zero byte ends the path": (named_otherwise(b"gitdir: ../victim/.git\0\n"), "{own} names no folder of git"),
    "no blank before the path": (named_otherwise(b"gitdir:a/modules/x\n"), "{own} names no folder of git"),
    "a link in a folder of submodules": (
        victims_by_a_link,
        "{own} leads to the folder of another repository: {root}/a/modules/x",
    ),
    "a victim's submodule": (
        victims_submodule,
        "{root}/../victim/.git/modules/x names files that are elsewhere: {victim}/x",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_repository_that_must_not_be_asked_is_said_in_one_note(name: str, place: Path) -> None:
    damage, reason = REFUSED[name]
    damage(place)
    victim = files(place.parent / "victim")
    ran = run("--branch", "main", "--ignore", "matrix-gap", cwd=place)
    expected = reason.format(own=place / ".git", root=place, victim=place.parent / "victim")
    assert (ran.returncode, ran.stderr) == (0, f"nixlint-ort: {WHY}{expected}\n")
    assert run("branches", cwd=place).returncode == 2
    assert run("compare", "HEAD", cwd=place).returncode == 2
    assert files(place.parent / "victim") == victim


def test_an_index_that_is_none_is_said(place: Path) -> None:
    (place / ".git/index").write_bytes(b"x" * 100)
    ran = run("--branch", "main", "--ignore", "matrix-gap", cwd=place)
    assert (ran.returncode, ran.stderr) == (0, f"nixlint-ort: {WHY}bad signature 0x78787878\n")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


def test_a_rename_stays_in_the_tree_whatever_git_says_of_its_files(place: Path) -> None:
    scratch.git(place, "config", "core.worktree", str(place.parent / "victim"))
    victim = files(place.parent / "victim")
    with pytest.raises(WriteError, match="names files that are elsewhere"):
        rename_file(place, GPU, "x.nix")
    assert (place / GPU).exists()
    assert files(place.parent / "victim") == victim


@pytest.mark.parametrize("size", ["same", "other"])
@pytest.mark.parametrize("kind", ["clean", "process", "smudge"])
def test_a_rename_runs_no_filter_and_stages_what_was_staged(kind: str, size: str, place: Path) -> None:
    mark = place.parent / "mark"
    (place / ".gitattributes").write_text("*.nix filter=x ident\n")
    scratch.git(place, "config", f"filter.x.{kind}", f"touch '{mark}'; cat")
    scratch.git(place, "config", "filter.x.required", "true")
    staged = scratch.git(place, "ls-files", "--stage", "--", GPU).partition("\t")[0]
    data = b"not staged\n" if size == "other" else original(GPU).replace(b"SM90", b"SM80")
    (place / GPU).write_bytes(data)
    rename_file(place, GPU, ".flox/pkgs/new.nix")
    assert not mark.exists()
    assert scratch.git(place, "ls-files", "--stage", "--", ".flox").split("\t") == [staged, ".flox/pkgs/new.nix"]
    assert (place / ".flox/pkgs/new.nix").read_bytes() == data


def test_a_rename_that_git_cannot_note_is_undone_and_says_why(place: Path) -> None:
    (place / ".git/index.lock").touch()
    with pytest.raises(WriteError) as raised:
        rename_file(place, GPU, ".flox/pkgs/new.nix")
    lock = place / ".git/index.lock"
    assert str(raised.value) == f"{GPU} was not renamed: Unable to create '{lock}': File exists."
    assert (place / GPU).exists()
    assert not (place / ".flox/pkgs/new.nix").exists()


def test_a_file_that_is_only_to_be_added_is_not_renamed_into_an_empty_one(place: Path) -> None:
    name = ".flox/pkgs/new.nix"
    (place / name).write_bytes(original(GPU))
    scratch.git(place, "add", "--intent-to-add", name)
    with pytest.raises(WriteError) as raised:
        rename_file(place, name, "x.nix")
    assert str(raised.value) == f"{name} was not renamed: git has no content of {name} yet; run: git add {name}"
    assert (place / name).exists()
    scratch.git(place, "add", name)
    rename_file(place, name, "x.nix")
    assert scratch.git(place, "show", ":x.nix").encode() == original(GPU).strip()


def test_a_rename_where_objects_have_ids_of_sha256(tmp_path: Path) -> None:
    scratch.git(tmp_path, "init", "--quiet", "--object-format=sha256")
    (tmp_path / "a.nix").write_text("a")
    scratch.git(tmp_path, "add", "a.nix")
    rename_file(tmp_path, "a.nix", "b.nix")
    assert scratch.git(tmp_path, "ls-files") == "b.nix"


def test_a_rename_below_the_top_of_the_repository(place: Path) -> None:
    (place / "sub").mkdir()
    scratch.commit(place, {"sub/a.nix": b"a"})
    rename_file(place / "sub", "a.nix", "b.nix")
    assert scratch.git(place, "ls-files", "--", "sub") == "sub/b.nix"


def test_a_file_in_the_middle_of_a_merge_is_not_renamed(place: Path) -> None:
    blob = scratch.git(place, "rev-parse", f"HEAD:{GPU}")
    lines = f"0 {'0' * 40}\t{GPU}\n" + "".join(f"100644 {blob} {stage}\t{GPU}\n" for stage in (1, 2, 3))
    scratch.git(place, "update-index", "--index-info", stdin=lines.encode())
    with pytest.raises(WriteError, match="a merge is in progress"):
        rename_file(place, GPU, "x.nix")
    assert (place / GPU).exists()


def test_work_trees_and_submodules_and_folders_below_are_asked(place: Path) -> None:
    scratch.git(place, "worktree", "add", "--quiet", "-b", "other", "../w")
    outer = scratch.init(place.parent / "outer")
    scratch.git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(place), "inner")
    for root in (place, place.parent / "w", outer / "inner", place / ".flox/pkgs"):
        assert git.run(root, "ls-files").endswith(GPU.rpartition("/")[2] + "\n")
    assert find_folder(place / ".flox") == Folder(place, place / ".git")


def test_a_bare_repository_that_the_tree_holds_is_not_asked(place: Path) -> None:
    """It could be committed with any configuration, and git takes it for the repository of a folder in it."""
    sub = place / "sub"
    shutil.copytree(place / ".git", sub)
    with pytest.raises(GitError, match="is a bare repository inside another one"):
        git.run(sub, "rev-parse", "HEAD")


def test_what_is_no_repository_of_git_sends_git_no_further_up(place: Path) -> None:
    (place / "sub/.git/objects").mkdir(parents=True)
    (place / "sub/.git/refs").mkdir()
    (place / "sub/.git/HEAD").write_text("nonsense\n")
    with pytest.raises(GitError, match="not a git repository"):
        git.run(place / "sub", "ls-files")


def test_an_answer_that_does_not_come_ends(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "MAX_SECONDS", 0.3)
    (place / ".git/refs/heads/pipe").parent.mkdir(exist_ok=True)
    os.mkfifo(place / ".git/refs/heads/pipe")
    with pytest.raises(GitError, match="took more than"):
        git.run(place, "rev-parse", "refs/heads/pipe")


def test_git_that_is_late_again_and_again_is_not_asked_any_more(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "MAX_SECONDS", 0.2)
    monkeypatch.setattr(git, "_late", deque(maxlen=git.MAX_LATE))
    for name in "abcdefgh":  # a branch each, of whose commit the file is a pipe
        (place / ".git/refs/heads" / name).write_text(f"{name * 40}\n".translate(str.maketrans("gh", "01")))
        folder = place / ".git/objects" / f"{name * 2}".translate(str.maketrans("gh", "01"))
        folder.mkdir(exist_ok=True)
        os.mkfifo(folder / f"{name * 38}".translate(str.maketrans("gh", "01")))
    reasons = []
    with Objects(place) as objects:
        for name in "abcdefgh":
            with pytest.raises(GitError) as raised:
                Revision(objects, name)
            reasons.append(str(raised.value))
    assert reasons[:3] == ["git rev-parse took more than 0 seconds"] * 3
    assert reasons[3:] == ["git is not asked any more: 3 times it took more than 0 seconds"] * 5


def packed_bomb(place: Path, size: int) -> str:
    """The id of a small object that is a change of one with so many bytes, in a pack of a thousandth of them."""

    def head(kind: int, length: int) -> bytes:
        first, rest = (kind << 4) | (length & 15), length >> 4
        return bytes([first | 0x80]) + number(rest) if rest else bytes([first])

    def number(value: int) -> bytes:
        return bytes([value & 0x7F | 0x80]) + number(value >> 7) if value >> 7 else bytes([value])

    small = original(GPU) + b"# small\n"
    pieces = b"".join(bytes([len(one)]) + one for one in (small[at : at + 100] for at in range(0, len(small), 100)))
    change = number(size) + number(len(small)) + pieces
    squeezer = zlib.compressobj(9)
    large = b"".join(squeezer.compress(b"\0" * 1_000_000) for _ in range(size // 1_000_000)) + squeezer.flush()
    base = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    for _ in range(size // 1_000_000):
        base.update(b"\0" * 1_000_000)
    body = head(3, size) + large + head(7, len(change)) + base.digest() + zlib.compress(change)
    pack = b"PACK" + struct.pack(">II", 2, 2) + body
    (place / "x.pack").write_bytes(pack + hashlib.sha1(pack, usedforsecurity=False).digest())
    scratch.git(place, "index-pack", "x.pack")
    for suffix in ("pack", "idx"):
        shutil.move(place / f"x.{suffix}", place / f".git/objects/pack/pack-x.{suffix}")
    return hashlib.sha1(b"blob %d\0" % len(small) + small, usedforsecurity=False).hexdigest()


def test_an_object_that_takes_too_much_memory_is_not_read_and_the_next_one_is(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "MAX_MEMORY", 50_000_000)
    bomb = packed_bomb(place, 100_000_000)
    good = scratch.git(place, "rev-parse", f"HEAD:{GPU}")
    with Objects(place) as objects:
        assert [objects.read(one) for one in (bomb, good, bomb)] == [None, original(GPU), None]


def test_an_object_that_is_damaged_in_its_middle_is_not_a_shorter_one(place: Path) -> None:
    commit = scratch.commit(place, {"x.nix": os.urandom(100_000).hex().encode(), "y.nix": b"y"})
    blob = scratch.git(place, "rev-parse", "HEAD:x.nix")
    path = place / ".git/objects" / blob[:2] / blob[2:]
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(whole[: len(whole) // 2])
    with Objects(place) as objects:
        revision = Revision(objects, commit)
        data, problem = revision.read("x.nix")
        assert (data, problem and problem.message) == (b"", "the file cannot be read: git cannot read its content")
        assert revision.read("y.nix") == (b"y", None)


def test_an_answer_without_end_ends(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "MAX_OUTPUT", 10)
    with pytest.raises(GitError, match="printed more than 10 bytes"):
        git.run(place, "ls-files")


def bomb(place: Path, levels: int = 12) -> str:
    """The id of a commit whose tree has ten names for one tree, over and over: 10 to the power of `levels` files."""
    blob = scratch.git(place, "hash-object", "-w", "--stdin", stdin=b"x")
    entry, kind = f"100644 blob {blob}", "nix"
    for _ in range(levels):
        lines = "".join(f"{entry}\t{name}.{kind}\n" for name in "abcdefghij")
        entry, kind = f"040000 tree {scratch.git(place, 'mktree', stdin=lines.encode())}", "d"
    tree = scratch.git(place, "mktree", stdin=f"{entry}\tbomb\n".encode())
    return scratch.git(place, "commit-tree", "-m", "x", tree)


def test_a_bomb_of_trees_ends(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = bomb(place)
    monkeypatch.setattr("nixlint_ort.repository.revision.MAX_ENTRIES", 20_000)
    with Objects(place) as objects:
        revision = Revision(objects, commit)
        with pytest.raises(GitError, match="has more than 20,000 files"):
            list(revision.glob("bomb/**/*.nix"))
        assert list(revision.glob(".flox/pkgs/*.nix")) == []


def test_a_large_object_is_known_by_its_size_alone(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = scratch.commit(place, {"large.nix": b"x" * 1_000_001})
    with Objects(place) as objects:
        monkeypatch.setattr(objects, "read", lambda _: pytest.fail("it was read"))
        data, problem = Revision(objects, commit).read("large.nix")
    assert data == b""
    assert problem is not None
    assert problem.message == "the file has 1000001 bytes; nixlint-ort reads at most 1000000"


def test_git_is_never_taken_from_the_working_directory(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "git").write_text("#!/bin/sh\ntouch mark\n")
    (place / "git").chmod(0o755)
    monkeypatch.chdir(place)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
    assert branches(place).keys() == {"main"}
    assert not (place / "mark").exists()


@pytest.mark.parametrize("above", [".", "sub/repository"], ids=["the repository", "one around it"])
@pytest.mark.parametrize("is_link", [False, True], ids=["a folder", "a link in the tree"])
def test_no_git_of_the_tree_is_run(place: Path, monkeypatch: pytest.MonkeyPatch, above: str, *, is_link: bool) -> None:
    """Who uses direnv, a virtual environment or npm has folders of the tree on the `PATH`."""
    programs = place / ".venv/bin"
    programs.mkdir(parents=True)
    (programs / "git").write_text(f"#!/bin/sh\ntouch {place / 'mark'}\n")
    (programs / "git").chmod(0o755)
    (place / "link").symlink_to(programs)
    repository = place / above
    if above != ".":
        scratch.init(repository)
    own = str(place / "link") if is_link else str(programs)
    system = os.environ["PATH"]
    monkeypatch.setenv("PATH", f"{own}:{system}")
    git.run(repository, "rev-parse", "--show-toplevel")
    monkeypatch.setenv("PATH", own)
    with pytest.raises(GitError, match="in the repository, and is not run"):
        git.run(repository, "rev-parse", "--show-toplevel")
    assert not (place / "mark").exists()


def test_a_folder_of_the_path_that_may_not_be_searched_has_no_git(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one in root's home folder, for who became another user; root itself may search all."""
    is_file = Path.is_file

    def refused(path: Path) -> bool:
        if path.is_relative_to("/closed"):
            raise PermissionError
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refused)
    monkeypatch.setenv("PATH", f"/closed:{os.environ['PATH']}")
    assert git.run(place, "rev-parse", "--show-prefix") == "\n"


def test_no_helper_of_git_in_the_tree_is_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git fetches an object that is missing by a program `git-remote-NAME` of the `PATH`; old ones know no ban on that."""
    programs = place / ".venv/bin"
    programs.mkdir(parents=True)
    blob = scratch.git(place, "rev-parse", f"HEAD:{GPU}")
    (place / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for word in ("core.repositoryFormatVersion=1", "extensions.partialClone=origin", "remote.origin.promisor=true"):
        scratch.git(place, "config", *word.split("="))
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    environment = {name: text for name, text in git.environment(place).items() if name != "GIT_NO_LAZY_FETCH"}
    for protocol in ("none", "", "file", "ext", "x"):
        for name in (f"git-remote-{protocol}", "git-remote-", f"git-remote-{environment['GIT_ALLOW_PROTOCOL']}"):
            with suppress(FileNotFoundError, IsADirectoryError):  # one with a slash is the name of no program
                (programs / name).write_text(f"#!/bin/sh\ntouch {place / 'mark'}\n")
                (programs / name).chmod(0o755)
        for key in ("remote.origin.url", "remote.origin.vcs"):
            scratch.git(place, "config", key, f"{protocol}::x" if key.endswith("url") else protocol)
            for path in (environment["PATH"], os.environ["PATH"]):
                words = ["git", "cat-file", "blob", blob]
                subprocess.run(words, cwd=place, env={**environment, "PATH": path}, check=False, capture_output=True)
                assert not (place / "mark").exists(), (protocol, key)


def test_settings_of_git_in_the_environment_count_and_another_repository_there_does_not(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(place.parent / "victim/.git"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.name")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "of the environment")
    assert git.run(place, "config", "user.name") == "of the environment\n"
    assert "secret" not in git.run(place, "ls-files")


def test_a_repository_of_another_owner_is_said(place: Path) -> None:
    """What git thinks of whom the folder belongs to, where the user has not said that it is safe."""
    for path in (place, place / ".git"):
        os.chown(path, 1234, -1)
    environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    ran = run("--branch", "main", "--ignore", "matrix-gap", cwd=place, environment=environment)
    assert (ran.returncode, ran.stdout) == (0, "1 file checked, no findings\n")
    assert ran.stderr.startswith(f"nixlint-ort: {WHY}detected dubious ownership in repository at")
