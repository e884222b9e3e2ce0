"""The chores of the maintainers' guide, typed as the README says."""

import shutil
from pathlib import Path

import pytest

from tests.support import scratch
from tests.support.linting import ROOT, repository
from tests.support.running import run

WHOLE = {one.path: one.source.data for one in repository().variants}
PIN = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository of all variants with its own conventions."""
    scratch.init(tmp_path / "r")
    shutil.copytree(ROOT / "rules", tmp_path / "r/rules")
    scratch.commit(tmp_path / "r", dict(WHOLE))
    return tmp_path / "r"


def edit(path: Path, good: str, bad: str) -> None:
    """Change one value of a YAML file."""
    text = path.read_text("utf-8")
    assert text.count(good) == 1
    path.write_text(text.replace(good, bad), "utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in WHOLE}


def test_another_pin_is_one_value_and_one_command(folder: Path) -> None:
    edit(folder / "rules/convention.yaml", f"pin.rev: {PIN}", f"pin.rev: {'0' * 40}")
    done = run("--fix", "--unsafe-fixes", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "58 files checked, no findings\n")
    assert contents(folder) == {path: data.replace(PIN.encode(), b"0" * 40) for path, data in WHOLE.items()}


def test_another_onnx_runtime_is_one_value_and_one_command(folder: Path) -> None:
    edit(folder / "rules/tables/releases.yaml", '{branch: main, version: "1.23.2"', '{branch: main, version: "1.23.3"')
    done = run("--fix", "--statistics", cwd=folder)
    texts = {path: data.replace(b"ONNX Runtime 1.23.2", b"ONNX Runtime 1.23.3") for path, data in WHOLE.items()}
    assert contents(folder) == texts
    # Until nixpkgs is pinned at a revision that has it, a rule says that it is not what would be built.
    assert done.returncode == 1
    assert "error[ort-version]" in done.stdout
    edit(folder / "rules/tables/pins.yaml", 'ort: "1.23.2"', 'ort: "1.23.3"')
    assert run(cwd=folder).stdout == "58 files checked, no findings\n"
