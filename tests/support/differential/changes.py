"""What may happen to a repository, and to the way in which it is looked at."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from nixlint_ort.convention import find_rules
from nixlint_ort.lint import Options
from tests.support import scratch
from tests.support.differential.surroundings import CI_NAMES, FILES, README
from tests.support.differential.world import Change, World
from tests.support.linting import CPU, GPU, OLDER, original

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


CHANGES: Sequence[Change] = (
    *(edit, edit, edit_unseen, edit_unseen, rename, swap, link, restore, restore, remove, add_folder),
    *(meanwhile, import_flags, edit_imported, edit_imported),
    *(edit_rule, edit_table, move_rules, break_rules, mend_rules, settings, no_settings, document),
    *(options, paths, directory, environment, parser, clock),
    *(git_add, git_forget, git_commit, git_switch, git_detach, git_stash, git_config, git_mend, git_worktree),
    *(git_away, git_above, git_head_alone),
)
"""What may happen between two runs; what is more likely stands more than once."""
AT_ONCE: Sequence[Change] = (link, swap, edit_unseen)
"""What may happen while a run reads."""
