"""The chores of the maintainers' guide, typed as the README says."""

import re
import shutil
from pathlib import Path

import pytest

from tests.support import releases, scratch
from tests.support.linting import CPU, GPU, OLDER, ROOT, convention, replace_once, repository
from tests.support.representative import representative
from tests.support.running import CLEAN, last_line, run

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


def command(chore: str) -> list[str]:
    """What README.md says to type for a chore's fixes, without the program's name."""
    row = next(line for line in (ROOT / "README.md").read_text("utf-8").split("\n") if line.startswith(f"| {chore} |"))
    (typed,) = re.findall("`nixlint-ort ([^`]*--fix[^`]*)`", row)
    return str(typed).split()


BESIDES = {
    GPU: [("driver 560+", "driver 535+"), ('platforms = [ "x86_64-linux" ]', 'platforms = [ "i686-linux" ]')],
    CPU: [('    "-mfma"\n', ""), ("+ AVX2\n", "+ AVX-512\n")],
    OLDER: [("    python3Packages = nixpkgs_pinned.python312Packages;\n", ""), (" — Requires", " - Requires")],
}
"""What else is wrong in some files, and is nothing that a chore is about."""


def with_other_faults(folder: Path) -> dict[str, bytes]:
    """The variants with other faults, also on disk."""
    faulty = dict(WHOLE)
    for path, edits in BESIDES.items():
        for good, bad in edits:
            faulty[path] = replace_once(faulty[path], good, bad)
    scratch.write(folder, {path: faulty[path] for path in BESIDES})
    return faulty


def test_another_pin_is_one_value_and_one_command(folder: Path) -> None:
    edit(folder / "rules/convention.yaml", f"pin.rev: {PIN}", f"pin.rev: {'0' * 40}")
    done = run(*command("a new pin"), cwd=folder)
    assert (done.returncode, done.stdout) == (0, "58 files checked, no findings\n")
    assert contents(folder) == {path: data.replace(PIN.encode(), b"0" * 40) for path, data in WHOLE.items()}


def test_another_pin_changes_nothing_else(folder: Path) -> None:
    faulty = with_other_faults(folder)
    edit(folder / "rules/convention.yaml", f"pin.rev: {PIN}", f"pin.rev: {'0' * 40}")
    run(*command("a new pin"), cwd=folder)
    assert contents(folder) == {path: data.replace(PIN.encode(), b"0" * 40) for path, data in faulty.items()}


def test_another_onnx_runtime_is_one_value_and_one_command(folder: Path) -> None:
    edit(folder / "rules/tables/releases.yaml", '{branch: main, version: "1.23.2"', '{branch: main, version: "1.23.3"')
    done = run(*command("a new ONNX Runtime"), cwd=folder)
    # Until nixpkgs is pinned at a revision that has it, no text says that it is what is built.
    assert contents(folder) == WHOLE
    assert done.returncode == 1
    assert "error[ort-version]" in done.stdout
    assert "pin a nixpkgs that has it" in done.stdout
    edit(folder / "rules/tables/pins.yaml", 'ort: "1.23.2"', 'ort: "1.23.3"')
    assert run(*command("a new ONNX Runtime"), cwd=folder).returncode == 0
    texts = {path: data.replace(b"ONNX Runtime 1.23.2", b"ONNX Runtime 1.23.3") for path, data in WHOLE.items()}
    assert contents(folder) == texts
    assert last_line(run(cwd=folder).stdout) == CLEAN


def test_another_onnx_runtime_changes_nothing_else(folder: Path) -> None:
    faulty = with_other_faults(folder)
    edit(folder / "rules/tables/releases.yaml", '{branch: main, version: "1.23.2"', '{branch: main, version: "1.23.3"')
    edit(folder / "rules/tables/pins.yaml", 'ort: "1.23.2"', 'ort: "1.23.3"')
    run(*command("a new ONNX Runtime"), cwd=folder)
    expected = {path: data.replace(b"ONNX Runtime 1.23.2", b"ONNX Runtime 1.23.3") for path, data in faulty.items()}
    assert contents(folder) == expected


@pytest.mark.parametrize("branch", representative(["ort-1.22", "ort-1.18"], ["ort-1.18"]))
def test_where_the_files_set_their_own_source_that_follows_and_nothing_else_does(tmp_path: Path, branch: str) -> None:
    there, files = scratch.init(tmp_path / "r", branch), releases.files(branch)
    shutil.copytree(ROOT / "rules", there / "rules")
    scratch.commit(there, files)
    old = str(convention().releases.row(branch, {}).cells["version"])  # type: ignore[union-attr]
    table = there / "rules/tables/releases.yaml"
    table.write_text(re.sub(rf'(branch: {branch}, version: )"{old}"', r'\1"1.99.1"', table.read_text("utf-8")))
    assert run(*command("a new ONNX Runtime"), cwd=there).returncode == 0
    expected = {path: (data or b"").replace(old.encode(), b"1.99.1") for path, data in files.items()}
    assert {path: (there / path).read_bytes() for path in files} == expected
