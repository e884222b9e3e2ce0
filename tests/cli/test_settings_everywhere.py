"""Every setting means the same in every command: each pair is run without it and with it, and the two must differ."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import scratch as git_scratch
from tests.support.linting import GPU, ROOT
from tests.support.running import Ran, break_driver, run

GONE = "onnxruntime-python312-cuda12_4-sm100-avx2"
"""A variant that can be made, and of which a rule warns: its CUDA line cannot compile for its GPU."""
SUBJECT = "Added a thing"


class Command(NamedTuple):
    """A command line, and whether it shows what is wrong in the broken repository."""

    arguments: tuple[str, ...]
    shows: Callable[[Ran, Path], bool]
    rule: str = "header-driver"
    path: str = GPU


def fixes(_: Ran, folder: Path) -> bool:
    return b"driver 560+" in (folder / GPU).read_bytes()


COMMANDS = {
    "check": Command((), lambda ran, _: ran.returncode == 1),
    "check of one file": Command((GPU,), lambda ran, _: ran.returncode == 1),
    "--fix": Command(("--fix",), fixes),
    "--diff": Command(("--diff",), lambda ran, _: "+# CUDA 12.9" in ran.stdout),
    "--statistics": Command(("--statistics",), lambda ran, _: "error[header-driver]" in ran.stdout),
    "matrix": Command(("matrix", "--output-format", "json"), lambda ran, _: '"header-driver"' in ran.stdout),
    "branches": Command(("branches", "main"), lambda ran, _: ran.returncode == 1),
    "new": Command(("new", GONE), lambda ran, _: "gpu-needs-newer-cuda" in ran.stdout, "gpu-needs-newer-cuda", GONE),
    "commits": Command(("commits", "HEAD~1..HEAD"), lambda ran, _: ran.returncode == 1, "commit-subject", ""),
    "commit-msg": Command(("commit-msg", "message"), lambda ran, _: ran.returncode == 1, "commit-subject", ""),
}
SETTINGS = {
    "select": "select: [pname]\n",
    "ignore": "ignore: [{rule}]\n",
    "severity": "severity: {{{rule}: info}}\n",
    "exclude": "exclude: ['{path}', '**/{path}.nix']\n",
    "per-file-ignores": "per-file-ignores: {{'**/{name}': [{rule}]}}\n",
}
NO_FILE = {(command, setting) for command in ("commits", "commit-msg") for setting in ("exclude", "per-file-ignores")}
"""A commit is no file, so settings about files say nothing of it."""
SHOWN_ALL_THE_SAME = {(command, "severity") for command in ("--fix", "--diff", "matrix", "new")}
"""What is less severe is found, shown and mended all the same: the exit code or the word tells."""
PAIRS = [(command, setting) for command in COMMANDS for setting in SETTINGS if (command, setting) not in NO_FILE]


@pytest.fixture(scope="module")
def broken_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository on main in which a header, a commit and a message are wrong."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(ROOT / ".flox/pkgs", folder / ".flox/pkgs")
    git_scratch.init(folder)
    git_scratch.commit(folder, {})
    break_driver(folder)
    git_scratch.commit(folder, {}, SUBJECT)
    (folder / "message").write_text(f"{SUBJECT}\n")
    return folder


@pytest.fixture
def broken(broken_once: Path, tmp_path: Path) -> Path:
    """A copy of that repository."""
    shutil.copytree(broken_once, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize(("name", "setting"), PAIRS)
def test_a_setting_holds(name: str, setting: str, broken: Path) -> None:
    command = COMMANDS[name]
    file = command.path.rsplit("/", 1)[-1].removesuffix(".nix") + ".nix"
    text = SETTINGS[setting].format(rule=command.rule, path=command.path, name=file)
    (broken / "nixlint-ort.yaml").write_text(text)
    ran = run(*command.arguments, cwd=broken)
    if (name, setting) in SHOWN_ALL_THE_SAME:
        assert command.shows(ran, broken)
        assert (ran.returncode, "error[" in ran.stdout) in ((0, False), (1, False))
    else:
        assert not command.shows(ran, broken), (ran.stdout, ran.stderr)


@pytest.mark.parametrize("name", COMMANDS)
def test_without_settings_all_is_shown(name: str, broken: Path) -> None:
    command = COMMANDS[name]
    assert command.shows(run(*command.arguments, cwd=broken), broken)


@pytest.mark.parametrize(
    ("arguments", "shows"),
    [
        (("matrix",), lambda ran: "58 variants" in ran.stdout),
        (("branches", "main"), lambda ran: " 58 " in ran.stdout),
        (("facts", GPU), lambda ran: "variant_name" in ran.stdout),
        (("compare", "HEAD"), lambda ran: ran.returncode == 0),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_an_excluded_variant_is_still_there(
    arguments: tuple[str, ...], shows: Callable[[Ran], bool], broken: Path
) -> None:
    (broken / "nixlint-ort.yaml").write_text(f"exclude: ['{GPU}']\n")
    assert shows(run(*arguments, cwd=broken)), run(*arguments, cwd=broken)


def test_an_excluded_variant_is_no_gap_and_counts_in_documents(broken: Path) -> None:
    (broken / "nixlint-ort.yaml").write_text(f"exclude: ['{GPU}']\n")
    (broken / "README.md").write_text((ROOT / "README.md").read_text("utf-8"), "utf-8")
    git_scratch.git(broken, "add", "-A")
    ran = run("--fix", cwd=broken)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (0, "57 files checked, 22 warnings")


OF_THE_RELEASE: dict[str, tuple[tuple[str, ...], Callable[[Ran], bool]]] = {
    "check": ((), lambda ran: "header-ort-version" in ran.stdout),
    "--diff": (("--diff",), lambda ran: "+# Variants of ONNX Runtime 1.22.2" in ran.stdout),
    "matrix": (("matrix",), lambda ran: "1.22.2" in ran.stdout),
    "facts": (("facts", GPU, "--output-format", "json"), lambda ran: '"1.22.2"' in ran.stdout),
    "new": (("new", GONE), lambda ran: "ort-1.22" in ran.stdout),
}


@pytest.mark.parametrize("name", OF_THE_RELEASE)
@pytest.mark.parametrize("is_set", [True, False])
def test_the_branch_that_is_set_is_the_release(name: str, is_set: bool, broken: Path) -> None:
    arguments, shows = OF_THE_RELEASE[name]
    (broken / "README.md").write_text("# Variants of ONNX Runtime 1.23.2\n\nOne branch is `main`.\n")
    if is_set:
        (broken / "nixlint-ort.yaml").write_text("branch: ort-1.22\n")
    assert shows(run(*arguments, cwd=broken)) is is_set


OF_THE_CONVENTION: dict[str, tuple[str, ...]] = {
    "check": (),
    "--diff": ("--diff",),
    "matrix": ("matrix",),
    "branches": ("branches", "main"),
    "new": ("new", GONE, "--dry-run"),
    "commits": ("commits", "HEAD~1..HEAD"),
    "commit-msg": ("commit-msg", "message"),
    "facts": ("facts", GPU),
    "compare": ("compare", "HEAD"),
    "rules": ("rules",),
    "explain": ("explain", "pname"),
    "audit": ("audit",),
}


@pytest.mark.parametrize("name", OF_THE_CONVENTION)
def test_the_convention_that_is_set_is_read(name: str, broken: Path) -> None:
    shutil.copytree(ROOT / "rules", broken / "own")
    (broken / "own/convention.yaml").write_text("nothing: here\n")
    (broken / "nixlint-ort.yaml").write_text("convention: own\n")
    ran = run(*OF_THE_CONVENTION[name], cwd=broken)
    assert ran.returncode == 2
    assert "own/convention.yaml:1:1" in ran.stderr
