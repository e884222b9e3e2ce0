"""Random sequences of changes to a repository, each followed by a run with caches and one without: the same, always.

`python -m tests.support.differential 10000 [FIRST SEED]` plays that many sequences and prints what differs.
"""

from __future__ import annotations

import atexit
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, lru_cache
from pathlib import Path
from unittest import mock

from nixlint_ort import files as files_module
from nixlint_ort.cache.store import NO_CACHE, SWITCH, Cache
from nixlint_ort.convention import Convention, find_rules
from nixlint_ort.convention.load import _LAST, Checks
from nixlint_ort.convention.load import _load as real_load
from nixlint_ort.convention.yaml_tree import read_yaml as real_read_yaml
from nixlint_ort.lint import LintError, Options, Session
from nixlint_ort.nix import parse as parse_module
from nixlint_ort.report import render
from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, original

real_parse = parse_module.parse

FILES = (GPU, CPU, OLDER)
README = (
    b"# Variants\n\nThere are 3 variants for ONNX Runtime 1.23.2. **CUDA 12.9**, driver 560+, Python 3.13, 1 variants\n"
)
EDITS = (
    (b"driver 560+", b"driver 535+"),
    (b"driver 550+", b"driver 560+"),
    (b"1.23.2", b"1.22.2"),
    (b'"-mavx512f"', b'"-mavx512x"'),
    (b'gpuArchCMake = "90"', b'gpuArchCMake = "89"'),
    (b"SM90", b"SM80"),
    (b"in pkgs", b"in pkgz"),
    (b"};", b"}; "),
    (b"CUDA 12.9", b"CUDA 12.4"),
)
"""Most of them keep the size of the file."""
BRANCHES = ("main", "ort-1.22", "ort-1.24", "topic")
CI_NAMES = ("GITHUB_BASE_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME")


@cache
def first_commit() -> Path:
    """The repository with which every sequence begins; it is made once."""
    folder = Path(tempfile.mkdtemp(prefix="differential-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    scratch.init(folder)
    shutil.copytree(find_rules(), folder / "rules")
    scratch.commit(folder, {**{path: original(path) for path in FILES}, "README.md": README})
    scratch.git(folder, "gc", "--quiet")  # few files, since each sequence copies all
    shutil.rmtree(folder / ".git/hooks")
    return folder


@cache
def first_cache() -> Path:
    """What a run remembers of that repository, with which every sequence begins too."""
    folder = Path(tempfile.mkdtemp(prefix="differential-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with surroundings(folder):
        World(folder, 0).look(cached=True)
    return folder / "cache"


@lru_cache(maxsize=4096)
def tree_of(path: str, data: bytes) -> object:
    """To read YAML takes most of a run's time. The same bytes give the same tree, which is asked of them whole."""
    return real_read_yaml(path, data)


@lru_cache(maxsize=4096)
def parsed(data: bytes, folder: str = "", most: int = parse_module.MAX_FILE) -> parse_module.Document:
    """As `tree_of`, for Nix: what is remembered is not how bytes are read, but what is found in a file."""
    return real_parse(data, folder, most)


@lru_cache(maxsize=256)
def built_anew(folder: Path, prefix: str, checks: Checks | None, *own: tuple[str, bytes]) -> Convention:
    """A convention that no cache has been asked for, by all that it is made of."""
    _LAST.clear()
    return real_load(folder, dict(own), prefix, checks, NO_CACHE)


def load_without_caches(
    folder: Path, own: Mapping[str, bytes], prefix: str, checks: Checks | None, cache: Cache
) -> Convention:
    """As a run without caches loads a convention, which is done once for the same files."""
    assert cache is NO_CACHE
    return built_anew(folder, prefix, checks, *own.items())._replace(folder=folder)


class World:
    """A repository, the way in which it is looked at, and what chance does to both."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.above = folder / "above"
        self.root = self.above / "r"
        self.done: list[str] = []
        self.options = Options()
        self.paths: tuple[str, ...] = ()
        self.cwd = "."
        self.environment: dict[str, str] = {}
        self.parser = 0
        self.meanwhile = -1
        self.clock = 0.0
        shutil.copytree(first_commit(), self.root)

    def change(self) -> None:
        """Do something, by chance; what cannot be done leaves all as it is."""
        act: Callable[[World], object] = self.chance.choice(CHANGES)
        self.done.append(act.__name__)
        try:
            act(self)
        except (OSError, subprocess.CalledProcessError):
            self.done[-1] += " (in vain)"

    def some(self, pattern: str) -> Path:
        """One of the files that fit a pattern."""
        found = sorted(self.root.glob(pattern))
        if not found:
            raise FileNotFoundError(pattern)
        return self.chance.choice(found)

    @contextmanager
    def a_change_after(self, reads: int) -> Iterator[None]:
        """Somebody swaps files for links while a run reads: after so many of its reads."""
        real, self.meanwhile = files_module._read, -1
        left = [reads]

        def read(place: files_module.Entry, most: int) -> tuple[bytes, int]:
            left[0] -= 1
            if left[0] == 0:
                with suppress(OSError):
                    self.chance.choice([link, swap, edit_unseen])(self)
            return real(place, most)

        with mock.patch.object(files_module, "_read", read):
            yield

    def look(self, *, cached: bool) -> str:
        """All that a run says."""
        options = self.options._replace(cached=cached, remember=cached)
        where = self.root / self.cwd
        with ExitStack() as stack:
            stack.enter_context(mock.patch.dict(os.environ, self.environment))
            stack.enter_context(mock.patch("time.time", return_value=1e9 + self.clock))
            stack.enter_context(another_parser(self.parser))
            if self.meanwhile >= 0:
                stack.enter_context(self.a_change_after(self.meanwhile))
            _LAST.clear()  # as a new process begins
            if not cached:
                stack.enter_context(mock.patch("nixlint_ort.convention.load._load", load_without_caches))
            before = Path.cwd()
            os.chdir(where if where.is_dir() else self.root)
            try:
                session = Session.open([Path(path) for path in self.paths if os.path.lexists(path)], options)
                result = session.lint()
                return "\n".join((render("json", result), *result.notes, str(result.failed(strict=True))))
            except LintError as error:
                return str(error)
            finally:
                os.chdir(before)


@contextmanager
def another_parser(version: int) -> Iterator[None]:
    """A parser that refuses files with `SM90`, for an odd version; its code has another digest, as it would have."""
    if not version:
        yield
        return
    real = parse_module.parse

    def parse(data: bytes, *more: object, **named: object) -> object:
        refused = data[:-1] + b"}" if version % 2 and b"SM90" in data else data
        return real(refused, *more, **named)  # type: ignore[arg-type]

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(parse_module, "parse", parse))
        for module in ("check.verdict_cache", "convention.built"):
            name = f"nixlint_ort.{module}.program_digest"
            stack.enter_context(mock.patch(name, return_value=b"version %d" % version))
        yield


def edit(world: World) -> None:
    path = world.some(".flox/pkgs/*.nix")
    old, new = world.chance.choice(EDITS)
    data = path.read_bytes()
    path.write_bytes(data.replace(old, new) if old in data else data.replace(new, old))


def edit_unseen(world: World) -> None:
    """The size and the times stay."""
    path = world.some(".flox/pkgs/*.nix")
    times = path.stat()
    old, new = world.chance.choice([one for one in EDITS if len(one[0]) == len(one[1])])
    data = path.read_bytes()
    path.write_bytes(data.replace(old, new) if old in data else data.replace(new, old))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def rename(world: World) -> None:
    path = world.some(".flox/pkgs/*.nix")
    stem = world.chance.choice([Path(one).stem for one in FILES] + ["onnxruntime-python313-cuda12_9-sm80-avx2", "x"])
    path.rename(path.with_name(f"{stem}.nix"))


def swap(world: World) -> None:
    one, other = world.some(".flox/pkgs/*.nix"), world.some(".flox/pkgs/*.nix")
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def link(world: World) -> None:
    path = world.some(".flox/pkgs/*.nix")
    path.unlink()
    path.symlink_to(
        world.chance.choice([Path(one).name for one in FILES] + ["../../README.md", "/etc/hostname", "nowhere"])
    )


def restore(world: World) -> None:
    path = world.root / world.chance.choice(FILES)
    path.unlink(missing_ok=True)
    path.write_bytes(original(str(path.relative_to(world.root))))


def meanwhile(world: World) -> None:
    world.meanwhile = world.chance.randrange(1, 90)


def import_flags(world: World) -> None:
    """A variant has its flags from a file beside it; that file is there, or changes, or is gone."""
    path = world.some(".flox/pkgs/*.nix")
    path.write_bytes(
        re.sub(rb"cpuFlags = \[.*?\];", b"cpuFlags = (import ../flags.nix).f;", path.read_bytes(), flags=re.DOTALL)
    )
    edit_imported(world)


def edit_imported(world: World) -> None:
    text = world.chance.choice(
        [b'{ f = [ "-mavx2" "-mfma" "-mf16c" ]; }', b'{ f = [ "-mavx9" "-mfma" "-mf16c" ]; }', None]
    )
    path = world.root / ".flox/flags.nix"
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text)


def remove(world: World) -> None:
    world.some(".flox/pkgs/*.nix").unlink()


def add_folder(world: World) -> None:
    path = world.root / GPU.removesuffix(".nix").replace("sm90", "sm89")
    path.mkdir(exist_ok=True)
    (path / "default.nix").write_bytes(original(GPU))


def edit_rule(world: World) -> None:
    path = world.some("rules/*/*.yaml")
    old, new = world.chance.choice(
        [("severity: error", "severity: info"), ("message: ", "message: x "), ("fix: safe\n", "\n")]
    )
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


def edit_table(world: World) -> None:
    path = world.some("rules/tables/*.yaml")
    old, new = world.chance.choice([('"560"', '"570"'), ('"550"', '"560"'), ("1.23.2", "1.23.3"), ("H100", "H200")])
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def move_rules(world: World) -> None:
    names = [world.root / "rules", world.root / "conventions"]
    old, new = names if names[0].exists() else reversed(names)
    old.rename(new)


def break_rules(world: World) -> None:
    path = world.some("rules/*.yaml")
    path.rename(path.with_suffix(".away"))


def mend_rules(world: World) -> None:
    shutil.rmtree(world.root / "rules", ignore_errors=True)
    shutil.copytree(find_rules(), world.root / "rules")


def settings(world: World) -> None:
    text = world.chance.choice(
        [
            *(
                "",
                "ignore: [header-driver]\n",
                "select: [header]\n",
                "convention: conventions\n",
                "rules: conventions\n",
            ),
            *("severity: {header-driver: info}\n", "exclude: ['*avx512*']\n", "branch: ort-1.22\n", "nonsense: 1\n"),
        ]
    )
    (world.root / "nixlint-ort.yaml").write_text(text)


def no_settings(world: World) -> None:
    (world.root / "nixlint-ort.yaml").unlink()


def document(world: World) -> None:
    text = world.chance.choice(
        [README, README.replace(b"560", b"535"), README.replace(b"3 var", b"4 var"), b"\xe9", b""]
    )
    (world.root / "README.md").write_bytes(text)


def options(world: World) -> None:
    world.options = world.chance.choice(
        [
            Options(),
            Options(select="header"),
            Options(ignore="header-driver,matrix-gap"),
            Options(branch="ort-1.22"),
            Options(branch="main"),
            Options(select="pname,untracked-variant"),
            Options(convention=find_rules()),
        ]
    )


def paths(world: World) -> None:
    world.paths = world.chance.choice([(), (GPU,), (".flox",), (str(world.root / CPU),), (GPU, OLDER)])


def directory(world: World) -> None:
    world.cwd = world.chance.choice([".", ".flox", ".flox/pkgs", "rules"])


def environment(world: World) -> None:
    name = world.chance.choice(CI_NAMES)
    world.environment = world.chance.choice([{}, {name: "main"}, {name: "ort-1.22"}, {name: "x"}, {"HOME": "/nowhere"}])


def parser(world: World) -> None:
    world.parser = world.chance.randrange(4)


def clock(world: World) -> None:
    world.clock = world.chance.choice([-1e8, -10.0, 0.0, 1e7])


def git_add(world: World) -> None:
    scratch.git(world.root, "add", "--all")


def git_forget(world: World) -> None:
    scratch.git(world.root, "rm", "--quiet", "--cached", "--", world.chance.choice(FILES))


def git_commit(world: World) -> None:
    scratch.git(world.root, "commit", "--quiet", "--all", "--allow-empty", "-m", "onnxruntime: x")


def git_switch(world: World) -> None:
    scratch.git(world.root, "checkout", "--quiet", "-B", world.chance.choice(BRANCHES))


def git_detach(world: World) -> None:
    scratch.git(world.root, "checkout", "--quiet", "--detach")


def git_stash(world: World) -> None:
    scratch.git(world.root, "stash", *world.chance.choice([[], ["pop"]]))


def git_config(world: World) -> None:
    elsewhere = world.above / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    name, value = world.chance.choice(
        [("core.worktree", str(elsewhere)), ("core.bare", "true"), ("core.bare", "false"), ("include.path", "x")]
    )
    scratch.git(world.root, "config", "--file", str(world.root / ".git/config"), name, value)


def git_mend(world: World) -> None:
    for name in ("core.worktree", "include.path"):
        config = str(world.root / ".git/config")
        if scratch.git(world.root, "config", "--file", config, "--default", "", name):
            scratch.git(world.root, "config", "--file", config, "--unset-all", name)


def git_worktree(world: World) -> None:
    place = world.above / f"w{len(world.done)}"
    scratch.git(world.root, "worktree", "add", "--quiet", "--detach", str(place))
    world.root = place


def git_away(world: World) -> None:
    names = [world.root / ".git", world.root / ".git-away"]
    old, new = names if names[0].exists() else reversed(names)
    old.rename(new)


def git_above(world: World) -> None:
    if (world.above / ".git").exists():
        shutil.rmtree(world.above / ".git")
    else:
        scratch.init(world.above, branch=world.chance.choice(BRANCHES))


def git_head_alone(world: World) -> None:
    """A `.git` that is none, in which there is only a branch."""
    folder = world.root / ".flox/.git"
    folder.mkdir(exist_ok=True)
    (folder / "HEAD").write_text(f"ref: refs/heads/{world.chance.choice(BRANCHES)}\n")


CHANGES = [
    *(edit, edit, edit_unseen, edit_unseen, rename, swap, link, restore, restore, remove, add_folder),
    *(meanwhile, import_flags, edit_imported, edit_imported),
    *(edit_rule, edit_table, move_rules, break_rules, mend_rules, settings, no_settings, document),
    *(options, paths, directory, environment, parser, clock),
    *(git_add, git_forget, git_commit, git_switch, git_detach, git_stash, git_config, git_mend, git_worktree),
    *(git_away, git_above, git_head_alone),
]


@contextmanager
def surroundings(folder: Path) -> Iterator[None]:
    """What every run of a sequence has in common: where its cache is, and what is read once for the same bytes."""
    with ExitStack() as stack:
        changed = {SWITCH: str(folder / "cache"), "GIT_CONFIG_GLOBAL": os.devnull}
        stack.enter_context(mock.patch.dict(os.environ, changed))
        for variable in CI_NAMES:
            os.environ.pop(variable, None)
        stack.enter_context(
            mock.patch("nixlint_ort.convention.build.read_yaml", lambda path, data, _: tree_of(path, data))
        )
        stack.enter_context(mock.patch.object(parse_module, "parse", parsed))
        yield


def play(seed: int, steps: int = 5) -> str | None:
    """One sequence; what differs, in words, or None."""
    remembered = first_cache()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, surroundings(Path(name)):
        shutil.copytree(remembered, Path(name, "cache"))
        world = World(Path(name), seed)
        for _ in range(steps):
            for _ in range(world.chance.randint(1, 3)):
                world.change()
            if world.meanwhile >= 0:
                world.look(cached=True)
            with_caches, without = world.look(cached=True), world.look(cached=False)
            if with_caches != without:
                return f"seed {seed}: {', '.join(world.done)}\n--- with\n{with_caches}\n--- without\n{without}"
    return None


def main() -> None:
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    differences = 0
    for number, seed in enumerate(range(first, first + count), 1):
        found = play(seed)
        if found is not None:
            differences += 1
            sys.stdout.write(found + "\n")
        if number % 100 == 0:
            sys.stdout.write(f"{number} sequences, {differences} differences\n")
            sys.stdout.flush()
    sys.stdout.write(f"{count} sequences, {differences} differences\n")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
