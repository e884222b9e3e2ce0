"""`nixlint-ort pin`: the row of a tree, written into the table, compared with another, and held against Nix."""

import json
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from nixlint_ort.convention import load
from tests.support import scratch
from tests.support.linting import ROOT, repository
from tests.support.nixpkgs import STATES, nix, tree
from tests.support.running import run

PIN = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"
ROW = """\
  - rev: ed142ab1b3a092c4d149245d0c4126a5d7ea00b0
    read: tree
    source: "read on DAY from a tree of nixpkgs 26.05"
    ort: "1.24.2"
    python: python314Packages
    pythons: [python312Packages, python313Packages, python314Packages]
"""
BEFORE_TO_AFTER = {
    "version": ("1.22.0", "1.23.2", 0),
    "default Python": ("python312Packages", "python313Packages", 0),
    "Python sets": (["python311Packages"], ["python314Packages"], 0),
    "CUDA sets": (
        ["cudaPackages_11_8", "cudaPackages_12_0", "cudaPackages_12_4"],
        ["cudaPackages_13", "cudaPackages_13_0"],
        22,
    ),
    "attributes that throw": (
        [],
        ["cudaPackages_11_8", *(f"cudaPackages_12_{minor}" for minor in range(6)), "python311Packages"],
        22,
    ),
    "arguments of onnxruntime": ([], ["rocmSupport"], 0),
}
AFTER_TO_NEXT = {
    "version": ("1.23.2", "1.24.2", 0),
    "default Python": ("python313Packages", "python314Packages", 0),
    "CUDA sets": (["cudaPackages_12_6"], ["cudaPackages_13_1"], 0),
    "attributes that throw": ([], ["cudaPackages_12_6"], 0),
    "arguments of onnxruntime": (["pythonSupport"], ["withPython"], 58),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository of all variants with its own convention."""
    scratch.init(tmp_path / "r")
    shutil.copytree(ROOT / "rules", tmp_path / "r/rules")
    scratch.commit(tmp_path / "r", {one.path: one.source.data for one in repository().variants})
    return tmp_path / "r"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository that has the states of nixpkgs as its tags."""
    folder = scratch.init(tmp_path_factory.mktemp("nixpkgs"))
    for state in STATES:
        scratch.commit(folder, {str(path.relative_to(tree(state))): path.read_bytes() for path in files(state)}, state)
        scratch.git(folder, "tag", state)
    return folder


def files(state: str) -> list[Path]:
    return [path for path in tree(state).rglob("*") if path.is_file()]


def test_a_row_says_what_the_variants_use(folder: Path) -> None:
    done = run("pin", "--from", str(tree("next")), cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    text = re.sub(r"\d{4}-\d\d-\d\d", "DAY", done.stdout)
    assert text.startswith(ROW)
    for line in (
        '- "cudaPackages_12_4: CUDA 12.4 has been removed from this nixpkgs, as nothing maintains it"',
        "- python312Packages.onnxruntime",
        "- lib.concatStringsSep",
        '- "python312Packages.onnxruntime lib buildPythonPackage onnxruntime numpy packaging"',
    ):
        assert f"      {line}\n" in text


@pytest.mark.parametrize("state", STATES)
def test_a_written_row_is_what_nix_says_and_the_rest_of_the_table_stays(state: str, folder: Path) -> None:
    table = folder / "rules/tables/pins.yaml"
    before = table.read_bytes()
    shown = run("pin", "--from", str(tree(state)), "--diff", cwd=folder)
    assert table.read_bytes() == before
    done = run("pin", "--from", str(tree(state)), "--write", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"nixlint-ort: wrote the row of {PIN} to rules/tables/pins.yaml\n"
    after = table.read_bytes()
    scratch.write(folder, {"rules/tables/pins.yaml": before})
    scratch.git(folder, "apply", "--unsafe-paths", "-", stdin=shown.stdout.encode())
    assert table.read_bytes() == after
    assert after.startswith(before[: before.index(b"  - rev:")])
    fields = load(folder / "rules").fields
    assert fields["pin.ort"] == nix(state, "pkgs.onnxruntime.version")
    assert fields["pin.python"] == f"python{str(nix(state, 'pkgs.python3.pythonVersion')).replace('.', '')}Packages"


def test_a_row_of_another_revision_comes_before_the_others(folder: Path, checkout: Path) -> None:
    commit = scratch.git(checkout, "rev-parse", "before")
    done = run("pin", "before", "--from", str(checkout), "--write", cwd=folder)
    assert (done.returncode, done.stderr) == (
        0,
        f"nixlint-ort: wrote the row of {commit} to rules/tables/pins.yaml\n",
    )
    table = load(folder / "rules").tables["pin"]
    assert list(table.keys) == [commit, PIN]
    compared = run("pin", "--compare", commit[:10], PIN[:7], "--output-format", "json", cwd=folder)
    assert {one["what"] for one in json.loads(compared.stdout)["changes"]} >= {"version", "default Python"}


@pytest.mark.parametrize("rows", ["rows:", "rows: []"])
@pytest.mark.parametrize("revision", ["before", None])
def test_a_row_comes_into_a_table_that_extends_the_shipped_one(
    revision: str | None, rows: str, folder: Path, checkout: Path
) -> None:
    shutil.rmtree(folder / "rules")
    run("init", "--convention", cwd=folder)
    table = folder / "rules/tables/pins.yaml"
    text = table.read_text("utf-8")
    assert text.count("\nrows:\n") == 1
    table.write_text(text.replace("\nrows:\n", f"\n{rows}\n"), "utf-8")
    tree_of = str(checkout) if revision else str(tree("after"))
    done = run("pin", *([revision] if revision else []), "--from", tree_of, "--write", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    before, after = text.partition("rows:\n")[::2]
    assert table.read_text("utf-8").startswith(f"{before}rows:\n  - rev: ")
    assert table.read_text("utf-8").endswith(after)
    assert len(load(folder / "rules").tables["pin"].keys) == (2 if revision else 1)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [("before", "after", BEFORE_TO_AFTER), ("after", "next", AFTER_TO_NEXT), ("next", "next", {})],
)
def test_what_changes_from_tree_to_tree(
    old: str, new: str, expected: dict[str, object], folder: Path, checkout: Path
) -> None:
    done = run("pin", "--compare", str(tree(old)), str(tree(new)), "--output-format", "json", cwd=folder)
    changes = json.loads(done.stdout)["changes"]
    assert {one["what"]: (one["before"], one["after"], len(one["variants"])) for one in changes} == expected
    of_git = run("pin", "--compare", old, new, "--from", str(checkout), "--output-format", "json", cwd=folder)
    assert json.loads(of_git.stdout)["changes"] == changes
    text = run("pin", "--compare", old, new, "--from", str(checkout), cwd=folder).stdout
    page = run("pin", "--compare", old, new, "--from", str(checkout), "--output-format", "markdown", cwd=folder).stdout
    for one in changes:
        assert one["what"] in text
        assert f"| {one['what']} |" in page
    assert ("the variants are not affected" in text) == (not expected)


@pytest.mark.parametrize("state", STATES)
def test_nix_says_the_same(state: str, folder: Path) -> None:
    done = run("pin", "--from", str(tree(state)), "--verify", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"Nix says the same of all \d+ attributes\n", done.stdout)


def test_where_nix_says_something_else(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "tree"
    shutil.copytree(tree("after"), other)
    # What an overlay of the tree itself does is not among the layers that are read.
    stage = other / "pkgs/top-level/stage.nix"
    dropped = '(_: _: { onnxruntime = throw "gone"; })'
    stage.write_text(stage.read_text().replace("] ++ overlays", f"{dropped} ] ++ overlays"))
    done = run("pin", "--from", str(other), "--verify", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "onnxruntime: read as there, but Nix says throws\n")


def test_the_tree_of_nix_path_and_an_archive_that_names_its_revision(folder: Path, tmp_path: Path) -> None:
    at_hand = run("pin", cwd=folder, environment={"NIX_PATH": f"nixpkgs={tree('after')}"})
    assert '    ort: "1.23.2"\n' in at_hand.stdout
    archive = tmp_path / "a.tar.gz"
    with tarfile.open(archive, "w:gz") as out:
        out.add(tree("before"), f"nixpkgs-{'1' * 40}")
    assert run("pin", "--from", str(archive), cwd=folder).stdout.startswith(f'  - rev: "{"1" * 40}"\n')
    refused = run("pin", PIN, "--from", str(archive), cwd=folder)
    assert (refused.returncode, refused.stderr) == (
        2,
        f"nixlint-ort: the tree has revision {'1' * 40}, not {PIN}\n",
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--from", "nothing"], "no such folder or archive: nothing"),
        (["--from", "rules"], "rules is not nixpkgs: it lacks lib/default.nix or pkgs/top-level"),
        ([], "NIX_PATH has no nixpkgs; use --from with a folder, an archive or a checkout of nixpkgs"),
        (["abc", "--from", "TREE"], "abc is not the full hash of a commit (40 hex digits)"),
        (["--compare", "x", "y"], "x is neither a tree nor in the table of pins; use --from with a checkout that has it"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_line(arguments: list[str], reason: str, folder: Path) -> None:
    given = [str(tree("after")) if one == "TREE" else one for one in arguments]
    done = run("pin", *given, cwd=folder, environment={"NIX_PATH": ""})
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"nixlint-ort: {reason}\n")
