"""The user's cache: what is in it is the user's own, of this very program, and nothing of the environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nixlint_ort.cache import program
from nixlint_ort.cache.store import MAX_ENTRY, MAX_TOTAL, SWITCH, Cache
from nixlint_ort.convention import built, find_rules, load
from nixlint_ort.finding import Severity
from tests.support import scratch
from tests.support.linting import GPU, original
from tests.support.running import clean_environment, run, run_program


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository of one variant."""
    root = scratch.init(tmp_path / "r")
    scratch.commit(root, {GPU: original(GPU)})
    return root


def test_an_entry_is_what_was_written(folder: Path) -> None:
    cache = Cache(str(folder))
    assert cache.read("sound-0") is None
    cache.write("sound-0", b"one")
    cache.write("sound-0", b"two")
    assert Cache(str(folder)).read("sound-0") == b"two"
    assert [path.name for path in folder.iterdir()] == ["sound-0"]
    assert (folder.stat().st_mode & 0o777, (folder / "sound-0").stat().st_mode & 0o777) == (0o700, 0o600)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def link(path: Path) -> None:
    path.rename(path.with_name("other"))
    path.symlink_to("other")


def device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def other_owner(path: Path) -> None:
    os.chown(path, 1234, -1)


def too_large(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(MAX_ENTRY + 1)


DAMAGES: list[Callable[[Path], object]] = [
    *(pipe, link, device, folder_instead, other_owner, too_large),
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(path.read_bytes()[:-1]),
    lambda path: path.write_bytes(path.read_bytes().replace(b"one", b"two")),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_entry_that_is_not_the_users_own_and_whole_counts_as_none(
    damage: Callable[[Path], object], folder: Path
) -> None:
    cache = Cache(str(folder))
    cache.write("sound-0", b"one")
    damage(folder / "sound-0")
    assert cache.read("sound-0") is None


def in_tree(place: Path) -> Path:
    return place / ".cache"


def in_outer_tree(place: Path) -> Path:
    """The repository that is checked is a folder of a larger one, which a stranger may have made of it."""
    shutil.copytree(place / ".flox", place / "sub/.flox")
    return place / "cache"


def linked(place: Path) -> Path:
    (place.parent / "elsewhere").mkdir()
    (place.parent / "cache").symlink_to("elsewhere")
    return place.parent / "cache"


def linked_into_tree(place: Path) -> Path:
    (place.parent / "above").symlink_to("r")
    return place.parent / "above/cache"


def linked_out_of_tree(place: Path) -> Path:
    """To make the folder would be to make one elsewhere."""
    (place / ".cache").symlink_to("../elsewhere")
    (place.parent / "elsewhere").mkdir()
    return place / ".cache/nixlint-ort"


def owned(place: Path) -> Path:
    (place.parent / "cache").mkdir()
    os.chown(place.parent / "cache", 1234, -1)
    return place.parent / "cache"


def shared(place: Path) -> Path:
    (place.parent / "cache").mkdir()
    (place.parent / "cache").chmod(0o777)
    return place.parent / "cache"


def file(place: Path) -> Path:
    (place.parent / "cache").touch()
    return place.parent / "cache"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (in_tree, "it is inside the repository"),
        (in_outer_tree, "it is inside the repository"),
        (linked, "it is a link"),
        (linked_into_tree, "it is inside the repository"),
        (linked_out_of_tree, "it is inside the repository"),
        (owned, "it belongs to another user"),
        (shared, "other users may write to it"),
        (file, "it is not a folder"),
    ],
)
def test_a_cache_that_others_could_fill_is_not_used_and_that_is_said_once(
    make: Callable[[Path], Path], reason: str, place: Path
) -> None:
    folder = make(place)
    where = place / "sub" if make is in_outer_tree else place
    for _ in range(2):
        ran = run("--branch", "main", cwd=where, environment={SWITCH: str(folder)})
        assert ran.stderr == f"nixlint-ort: the cache {folder} is not used: {reason}\n"
    assert not folder.is_dir() or not list(folder.iterdir())
    assert not folder.exists() or reason != "it is inside the repository"
    assert run("--branch", "main", "--no-cache", cwd=where, environment={SWITCH: str(folder)}).stderr == ""
    assert run("--branch", "main", "--quiet", cwd=where, environment={SWITCH: str(folder)}).stderr == ""


def test_what_somebody_puts_into_a_folder_for_everybody_makes_no_repository_of_it(place: Path) -> None:
    (place.parent / ".flox").mkdir()
    folder = place.parent / "cache"
    assert run("--branch", "main", cwd=place, environment={SWITCH: str(folder)}).stderr.endswith(
        "inside the repository\n"
    )
    place.parent.chmod(0o1777)
    assert run("--branch", "main", cwd=place, environment={SWITCH: str(folder)}).stderr == ""


def test_the_usual_cache_of_ci_is_in_the_tree_and_is_not_used(place: Path) -> None:
    ran = run("--branch", "main", cwd=place, environment={"XDG_CACHE_HOME": str(place / ".cache"), SWITCH: ""})
    assert ran.stderr == ""
    environment = clean_environment({"XDG_CACHE_HOME": str(place / ".cache")})
    environment.pop(SWITCH, None)
    command = [sys.executable, "-m", "nixlint_ort", "--branch", "main"]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert (
        done.stderr == f"nixlint-ort: the cache {place}/.cache/nixlint-ort is not used: it is inside the repository\n"
    )


def test_nothing_of_the_environment_is_written(place: Path, folder: Path) -> None:
    secret = "hunter2-" * 3
    environment = {SWITCH: str(folder), "AWS_SECRET_ACCESS_KEY": secret, secret: "1"}
    for arguments in ((), ("--strict",), ("matrix",), ("facts", GPU), ("branches",)):
        run(*arguments, cwd=place, environment=environment)
    entries = list(folder.iterdir())
    assert entries
    assert not [one for one in entries if secret.encode() in one.read_bytes() or secret in one.name]


@pytest.mark.parametrize(
    ("name", "days", "stays"),
    [
        ("convention-0123.json", 31, False),
        ("sound-0123", 31, False),
        (".nixlint-ort-abcdefgh.tmp", 31, False),
        ("sound-01234567", 29, True),
        ("my answers", 31, True),
    ],
)
def test_an_entry_is_kept_for_a_month(name: str, days: int, stays: bool, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    written = time.time() - days * 24 * 3600
    (folder / name).touch()
    os.utime(folder / name, (written, written))
    Cache(str(folder)).write("sound-0", b"new")
    assert {path.name for path in folder.iterdir()} == {"sound-0", *([name] if stays else [])}


def test_what_is_much_goes_oldest_first(folder: Path) -> None:
    cache = Cache(str(folder))
    cache.write("sound-large", b"x" * (MAX_ENTRY - 3))
    assert not list(folder.iterdir())
    size = MAX_ENTRY - 4
    count = MAX_TOTAL // MAX_ENTRY
    for number in range(count + 2):
        cache.write(f"sound-{number}", b"x" * size)
        os.utime(folder / f"sound-{number}", (time.time() - 1000 + number,) * 2)
    assert {path.name for path in folder.iterdir()} == {f"sound-{number}" for number in range(2, count + 2)}


def digest_in_a_process(environment: dict[str, str]) -> str:
    code = "from nixlint_ort.cache.program import program_digest as d; print(d().hex())"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("library", program.LIBRARIES)
def test_another_library_is_another_program(library: str, tmp_path: Path) -> None:
    place = tmp_path.joinpath(*library.split("."))
    place.mkdir(parents=True)
    (place / "__init__.py").write_text("def language(): raise RuntimeError('x')\n")
    before = digest_in_a_process(clean_environment())
    assert digest_in_a_process(clean_environment()) == before
    if library == "ruamel.yaml":
        (place.parent / "__init__.py").touch()
    assert digest_in_a_process(clean_environment({"PYTHONPATH": str(tmp_path)})) != before


def test_a_change_that_no_time_shows_is_another_program(tmp_path: Path) -> None:
    files = [tmp_path / "a.py", tmp_path / "b.py"]
    for path in files:
        path.write_text("x = 1\n")

    def digest() -> bytes:
        return program._digest_of([str(tmp_path)])

    before, state = digest(), program._files(str(tmp_path))
    assert [Path(one.path).name for one in state] == ["a.py", "b.py"]
    times = files[0].stat()
    files[0].write_text("x = 2\n")
    os.utime(files[0], ns=(times.st_atime_ns, times.st_mtime_ns))
    assert digest() != before
    assert program._files(str(tmp_path)) != state


def test_the_digest_is_kept_where_no_file_has_just_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = folder.parent / "library"
    library.mkdir()
    (library / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(program, "_package", lambda: str(library))
    for now in (program._known_digest, program._digest, program.package_digest):
        now.cache_clear()
    cache = Cache(str(folder))
    first = program.program_digest(cache)
    assert not list(folder.glob("program-*"))
    monkeypatch.setattr(program, "SETTLED", -10.0)
    program._known_digest.cache_clear()
    assert program.program_digest(cache) == first
    assert len(list(folder.glob("program-*"))) == 1
    monkeypatch.setattr(program, "_digest", lambda: b"it was read")
    program._known_digest.cache_clear()
    assert program.program_digest(cache) == first
    (library / "a.py").write_text("x = 2\n")
    program._known_digest.cache_clear()
    assert program.program_digest(cache) == b"it was read"
    monkeypatch.undo()
    for now in (program._known_digest, program._digest, program.package_digest):
        now.cache_clear()


def test_a_parser_that_fails_is_not_hidden_by_what_an_earlier_one_found(place: Path, folder: Path) -> None:
    environment = {SWITCH: str(folder)}
    assert run("--branch", "main", cwd=place, environment=environment).returncode == 0
    module = place.parent / "o/tree_sitter_nix"
    module.mkdir(parents=True)
    (module / "__init__.py").write_text("def language(): raise RuntimeError('x')\n")
    ran = run_program("--branch", "main", cwd=place, environment={**environment, "PYTHONPATH": str(module.parent)})
    assert ran.returncode != 0


def test_a_forged_convention_in_the_tree_changes_no_verdict(place: Path, folder: Path) -> None:
    """As a merge request could commit it: the entry of another convention, under the name of the trusted one."""
    trusted = place.parent / "trusted"
    subprocess.run(["cp", "-r", str(find_rules()), str(trusted)], check=True)
    broken = original(GPU).replace(b"driver 560+", b"driver 535+")
    (place / GPU).write_bytes(broken)
    command = ("--branch", "main", "--convention", str(trusted))
    assert run(*command, cwd=place, environment={SWITCH: str(folder)}).returncode == 1
    (entry,) = folder.glob("convention-*")
    (place / ".cache").mkdir(mode=0o700)
    convention = load(trusted)
    mild = {
        name: rule._replace(severities=dict.fromkeys(rule.severities, Severity.INFO))
        for name, rule in convention.rules.items()
    }
    Cache(str(place / ".cache")).write(entry.name, built.dumped(convention._replace(rules=mild)))
    assert run(*command, cwd=place, environment={SWITCH: str(place / ".cache")}).returncode == 1
