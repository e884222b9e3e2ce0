"""What is said of each file that is written, renamed, passed over or cleared away."""

from pathlib import Path

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.finding import Finding, Place, Severity
from nixlint_ort.fix.apply import Dropped, Fixed, FixedFile
from nixlint_ort.fix.apply_to_disk import Outcome, carry_out
from nixlint_ort.repository.repository import Repository
from nixlint_ort.source import Source, Span
from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, PKGS, convention

BETTER = f"{PKGS}/better.nix"


def found(rule: str, path: str = GPU) -> Finding:
    """A finding at the second line of a file."""
    return Finding(rule, Severity.ERROR, "made up", Place(Source(path, b"one\ntwo\n"), Span(4, 7)))


def done(root: Path, *files: FixedFile, dropped: tuple[Dropped, ...] = ()) -> Outcome:
    """What is said of these files in a repository of three variants."""
    by_path = {file.new_path: file for file in files}
    return carry_out(Repository(root, convention()), Fixed(Result((), 3), by_path, list(dropped)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    scratch.write(tmp_path / "r", {GPU: b"gpu", OLDER: b"older", CPU: b"cpu", "README.md": b"read\n"})
    return tmp_path / "r"


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_each_file_is_named_with_the_rules_that_it_was_mended_by(root: Path) -> None:
    mended = [found("one"), found("two"), found("one")]
    outcome = done(
        root,
        FixedFile(OLDER, OLDER, b"older", b"new", mended),
        FixedFile(GPU, BETTER, b"gpu", b"gpu", [found("name")]),
        FixedFile(CPU, f"{PKGS}/also.nix", b"cpu", b"both", [found("name"), found("one")]),
        FixedFile("README.md", "README.md", b"read\n", b"write\n", [found("document")]),
    )
    assert outcome.done == [
        f"renamed {CPU} to also.nix (name, one)",
        f"renamed {GPU} to better.nix (name)",
        f"fixed {OLDER} (one, two)",
        "fixed README.md (document)",
    ]
    assert outcome.by_rule == [
        "fixed document: 1 finding in 1 file",
        "fixed name: 2 findings in 2 files",
        "fixed one: 3 findings in 2 files",
        "fixed two: 1 finding in 1 file",
    ]
    assert (outcome.leftovers, outcome.passed_over, outcome.failed, outcome.advice) == ([], [], [], [])
    assert contents(root) == {
        f"{PKGS}/also.nix": b"both",
        BETTER: b"gpu",
        OLDER: b"new",
        "README.md": b"write\n",
    }


def test_what_cannot_be_written_is_said_and_the_rest_is_written(root: Path) -> None:
    outcome = done(
        root,
        FixedFile(CPU, CPU, b"as it was read", b"new", [found("one")]),
        FixedFile(GPU, BETTER, b"as it was read", b"new", [found("name")]),
        FixedFile(OLDER, OLDER, b"older", b"new", [found("one")]),
    )
    assert outcome.done == [f"fixed {OLDER} (one)"]
    changed = "changed after it was read, so it was not written"
    assert outcome.failed == [f"{GPU} was renamed, but {BETTER} {changed}", f"{CPU} {changed}"]
    assert contents(root) == {BETTER: b"gpu", CPU: b"cpu", OLDER: b"new", "README.md": b"read\n"}


def test_a_fix_that_was_not_applied_is_said_with_its_reason(root: Path) -> None:
    outcome = done(
        root,
        dropped=(
            Dropped(found("one"), "it was in the way", is_fault=False),
            Dropped(found("two"), "it does harm", is_fault=True),
        ),
    )
    assert outcome == Outcome(
        passed_over=[f"the fix for one in {GPU}:2 was not applied: it was in the way"],
        failed=[f"internal error: the fix for two in {GPU}:2 was not applied: it does harm"],
    )


def test_what_a_killed_run_left_is_cleared_wherever_files_are_written(root: Path) -> None:
    real = root / "real"
    scratch.write(root, {"real/variant.nix": b"gpu"})
    (root / GPU).unlink()
    (root / GPU).symlink_to("../../real/variant.nix")
    folders = [root, root / PKGS, real]
    for number, folder in enumerate(folders):
        (folder / f".nixlint-ort-{number}.tmp").write_bytes(b"half")
    scratch.write(root, {"docs/.nixlint-ort-3.tmp": b"half", f"{PKGS}/.nixlint-ort-notes.md": b"mine"})
    outcome = done(root)
    assert sorted(outcome.leftovers) == [
        f"removed .nixlint-ort-{number}.tmp, left by an interrupted run" for number in range(3)
    ]
    assert (outcome.passed_over, outcome.failed) == ([], [])
    assert {path.name for path in root.rglob(".nixlint-ort-*")} == {".nixlint-ort-3.tmp", ".nixlint-ort-notes.md"}
