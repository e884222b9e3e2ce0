"""The wheel holds all that a run needs, its rules among it, and the sdist all that a build needs."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from linting import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project as a wheel, built with what the development environment has."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_every_rule_and_table(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".yaml")}
    rules = {f"nixlint_ort/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*.yaml")}
    assert held == rules


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
    assert done.stdout == f"{site}/nixlint_ort/__init__.py\n58 files checked, no findings\n"
