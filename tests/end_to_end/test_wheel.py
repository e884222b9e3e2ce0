"""The wheel holds all that a run needs, its rules among it; and what `make release-check` looks at."""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from release.contents import expected_in_wheel, faults, in_sdist, in_wheel, tracked
from release.trial import find, supported
from tests.support import scratch
from tests.support.linting import ROOT
from tests.support.running import CLEAN, clean_environment, last_line


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project as a wheel, built with what the development environment has."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_the_package_and_the_rules_and_nothing_else(wheel: Path) -> None:
    held = in_wheel(wheel)
    assert held == expected_in_wheel()
    assert {"nixlint_ort/py.typed", "nixlint_ort/report/page.css", "nixlint_ort/rules/convention.yaml"} <= held
    rules = {f"nixlint_ort/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*.yaml")}
    assert rules <= held


def test_a_first_run_of_it_reads_no_yaml(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    shutil.copytree(ROOT / ".flox", tmp_path / "repository/.flox")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from nixlint_ort.lint import Options, Session;"
        "print(Session.open((), Options(branch='main')).lint().files, 'ruamel.yaml' in sys.modules)"
    )
    environment = clean_environment({"NIXLINT_ORT_CACHE": ""})
    command = [sys.executable, "-c", code, str(tmp_path / "installed")]
    place = tmp_path / "repository"
    ran = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("58 False\n", "")


def test_what_an_archive_lacks_or_should_not_have_is_said(tmp_path: Path) -> None:
    archive = tmp_path / "a-1.tar.gz"
    for name in ("kept", "left"):
        (tmp_path / name).touch()
    with tarfile.open(archive, "w:gz") as made:
        made.add(tmp_path / "kept", "a-1/kept")
        made.add(tmp_path / "left", "a-1/left")
        made.add(tmp_path / "kept", "a-1/PKG-INFO")
    said = list(faults(archive, in_sdist(archive), {"kept", "tests/gone"}))
    assert said == ["a-1.tar.gz lacks tests/gone", "a-1.tar.gz has left, which does not belong there"]


def test_what_git_tracks_is_what_a_source_distribution_should_hold(tmp_path: Path) -> None:
    scratch.init(tmp_path)
    scratch.commit(tmp_path, {"a b/ü": b"", ".github/x": b""})
    (tmp_path / "untracked").touch()
    assert tracked(tmp_path) == {"a b/ü", ".github/x"}


def test_a_python_that_does_not_run_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"python{version}" for version in supported()]
    assert names
    for name in names:
        (tmp_path / name).write_text("#!/bin/sh\nexit 127\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find([]) == {}
    version = "{}.{}".format(*sys.version_info)
    assert find([sys.executable])[version] == (sys.executable, platform.python_version())


def test_it_lints_from_another_folder_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", "--target", str(site)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, wheel], check=True)
    base = getattr(sys, "_base_executable", sys.executable)  # it knows nothing of the editable install
    path = os.pathsep.join([str(site), sysconfig.get_path("purelib")])
    where = "import nixlint_ort, nixlint_ort.cli as c; print(nixlint_ort.__file__); c.main()"
    done = subprocess.run(
        [base, "-c", where, "--branch", "main", str(ROOT / ".flox")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith(f"{site}/nixlint_ort/__init__.py\n")
    assert last_line(done.stdout) == CLEAN
