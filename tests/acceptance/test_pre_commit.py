"""Real pre-commit runs the hooks that this repository ships, in a scratch repository of variants."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.linting import GPU, ROOT, original
from tests.support.running import clean_environment, replace_in
from tests.support.scratch import git, init

pytestmark = pytest.mark.acceptance

CONFIG = """\
repos:
  - repo: {source}
    rev: {revision}
    hooks:
      - id: nixlint-ort-fix
      - id: nixlint-ort
      - id: nixlint-ort-commit-msg
"""


@pytest.fixture(scope="session")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """pre-commit from PyPI, in an environment of its own."""
    folder = tmp_path_factory.mktemp("pre-commit")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin/pip", "install", "--quiet", "pre-commit"], check=True)
    return folder / "bin/pre-commit"


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this repository as they are now, as a repository that pre-commit can clone."""
    folder = init(tmp_path_factory.mktemp("shipped"))
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "-m", "tool: init")
    return folder


class Place:
    """A scratch repository in which pre-commit runs."""

    def __init__(self, root: Path, tool: Path, home: Path) -> None:
        self.root = root
        self.tool = tool
        self.environment = clean_environment(
            {"PRE_COMMIT_HOME": str(home), "PATH": f"{tool.parent}:{os.environ['PATH']}"}
        )

    def pre_commit(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.tool, *arguments], cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )

    def commit(self, message: str) -> subprocess.CompletedProcess[str]:
        git(self.root, "add", "--all")
        return subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-m", message],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def place(tmp_path: Path, tool: Path, shipped: Path, home: Path) -> Place:
    """A repository of these variants in which the hooks are installed."""
    root = init(tmp_path / "variants")
    shutil.copytree(ROOT / ".flox/pkgs", root / ".flox/pkgs")
    revision = git(shipped, "rev-parse", "HEAD")
    (root / ".pre-commit-config.yaml").write_text(CONFIG.format(source=shipped, revision=revision))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "onnxruntime: init")
    made = Place(root, tool, home)
    installed = made.pre_commit("install", "--hook-type", "pre-commit", "--hook-type", "commit-msg")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return made


def test_try_repo(place: Place, shipped: Path) -> None:
    clean = place.pre_commit("try-repo", shipped, "nixlint-ort", "--all-files")
    assert clean.returncode == 0, clean.stdout + clean.stderr
    replace_in(place.root / GPU, "driver 560+", "driver 535+")
    broken = place.pre_commit("try-repo", shipped, "nixlint-ort", "--all-files")
    assert broken.returncode == 1
    assert f"{GPU}:2:38: error[header-driver]" in broken.stdout


def test_a_wrong_header_is_stopped_and_mended_and_then_passes(place: Place) -> None:
    replace_in(place.root / GPU, "driver 560+", "driver 535+")
    (place.root / "other.txt").write_text("a change of its own\n")
    before = git(place.root, "rev-parse", "HEAD")
    stopped = place.commit("onnxruntime: update to latest")
    assert stopped.returncode == 1
    assert "files were modified by this hook" in stopped.stderr
    assert git(place.root, "rev-parse", "HEAD") == before
    assert (place.root / GPU).read_bytes() == original(GPU)
    passed = place.commit("onnxruntime: update to latest")
    assert passed.returncode == 0, passed.stderr


def test_one_file_that_breaks_the_pin_is_stopped(place: Place) -> None:
    replace_in(place.root / GPU, "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", "0" * 40)
    stopped = place.commit("onnxruntime: update to latest")
    assert stopped.returncode == 1
    assert "error[pin-inconsistent]" in stopped.stderr
    assert (place.root / GPU).read_bytes() != original(GPU)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / GPU).unlink(),
        lambda root: (root / GPU).rename(root / GPU.replace("avx512.nix", "avx5.nix")),
        lambda root: replace_in(root / "README.md", "58 variants", "57 variants"),
    ],
    ids=["only deletes", "only renames", "changes a document"],
)
def test_the_hook_runs_whatever_a_commit_changes(change: Callable[[Path], object], place: Place) -> None:
    (place.root / "README.md").write_text("58 variants for ONNX Runtime 1.23.2\n")
    assert place.commit("readme: a count").returncode == 0
    change(place.root)
    stopped = place.commit("onnxruntime: update to latest")
    assert stopped.returncode == 1, stopped.stderr
    assert "nixlint-ort" in stopped.stderr


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('driver: "560"', 'driver: "565"', "fixed header-driver: 30 findings in 30 files"),
        ('driver: "560"', 'drivr: "560"', "rules/tables/stacks.yaml:"),
        ('python: "313"\n    gpus', 'python: "312"\n    gpus', "error[filename-stack]"),
    ],
    ids=["another driver", "a slip", "another Python"],
)
def test_a_commit_that_only_changes_the_convention_is_stopped(old: str, new: str, says: str, place: Place) -> None:
    shutil.copytree(ROOT / "rules", place.root / "rules")
    assert place.commit("rules: init").returncode == 0
    replace_in(place.root / "rules/tables/stacks.yaml", old, new)
    stopped = place.commit("rules: another stack")
    assert stopped.returncode == 1, stopped.stderr
    assert says in stopped.stderr


def test_a_commit_message_of_dots_is_stopped(place: Place) -> None:
    (place.root / "other.txt").write_text("a change\n")
    stopped = place.commit("...")
    assert stopped.returncode == 1
    assert "commit" in stopped.stderr
    passed = place.commit("onnxruntime: update to latest")
    assert passed.returncode == 0, passed.stderr
