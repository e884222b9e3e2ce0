"""`new --cuda NEW --replace OLD`: a line's files get the other line's names, and documents follow; git sees renames."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.support import scratch
from tests.support.linting import CPU, GPU, PKGS, ROOT, repository
from tests.support.running import Ran, last_line, replace_in, run

FILES = {one.path: one.source.data for one in repository().variants}
ROW = '  - {tag: "13_0", version: "13.0", driver: "580", python: "%s", gpus: [%s]}\n'
ALL = '"75", "80", "86", "89", "90", "100", "120"'
GUIDE = """\
# Guide

> Branch `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.9, Driver 550+/560+ (58 variants)

| Branch | ORT Version | CUDA | Min Driver | Status |
|---|---|---|---|---|
| `main` | 1.23.2 | 12.4, 12.9 | 550+/560+ | Stable |
| `ort-1.24` | 1.24.2 | 12.4, 12.9 | 550+/560+ | Current |
| `ort-1.23` | 1.23.2 | 12.4, 12.9 | 550+/560+ | Stable |
| `ort-1.22` | 1.22.2 | 12.4, 12.9 | 550+/560+ | Compat |
| `ort-1.20` | 1.20.1 | 12.4, 12.9 | 550+/560+ | Legacy |
| `ort-1.19` | 1.19.2 | 12.4, 12.9 | 550+/560+ | Legacy |
| `ort-1.18` | 1.18.1 | 12.4, 12.9 | 550+/560+ | Legacy |

- **CUDA 12.4 + Python 3.12**: requires **NVIDIA driver 550+**
- **CUDA 12.9 + Python 3.13**: requires **NVIDIA driver 560+**

| Component | Version | Min Driver | Notes |
|---|---|---|---|
| CUDA Toolkit | 12.4 | 550+ | Via nixpkgs `cudaPackages_12_4` |
| CUDA Toolkit | 12.9 | 560+ | Via nixpkgs `cudaPackages_12_9` |

CUDA 12.4 variants use Python 3.12; CUDA 12.9 and CPU-only variants use Python 3.13.
Before the last release, CUDA 12.9 needed driver 560+.

```
flox build onnxruntime-python313-cuda12_9-sm90-avx512   # driver 560+
onnxruntime-python313-{cuda12_9|cpu}[-sm{XX}]-{cpuisa}.nix
```

```nix
# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512
# CUDA 12.9 — Requires NVIDIA driver 560+
description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]";
```
"""


def replaced(text: str) -> str:
    """The same with CUDA 13.0, but for what is said of other branches and of the past."""
    lines = []
    for line in text.splitlines(keepends=True):
        if not line.startswith(("| `ort-", "Before")):
            lines.append(line.replace("12.9", "13.0").replace("12_9", "13_0").replace("560", "580"))
        else:
            lines.append(line)
    return "".join(lines)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The variants with their convention, to which CUDA 13.0 has come, and a guide; all is committed."""
    root = scratch.init(tmp_path / "r")
    scratch.commit(root, {**FILES, "CLAUDE.md": GUIDE.encode()})
    shutil.copytree(ROOT / "rules", root / "rules")
    add_row(root)
    set_lines(root, '"12_4", "13_0"')
    scratch.git(root, "add", "--all")
    scratch.git(root, "commit", "--quiet", "-m", "rules: the line CUDA 13.0")
    return root


def add_row(root: Path, gpus: str = ALL, python: str = "313") -> None:
    table = root / "rules/tables/stacks.yaml"
    mark = "  # The variants without CUDA.\n"
    table.write_text(table.read_text().replace(mark, ROW % (python, gpus) + mark))


def set_lines(root: Path, lines: str) -> None:
    table = root / "rules/tables/releases.yaml"
    rows = table.read_text().splitlines(keepends=True)
    table.write_text(
        "".join(f"{row.partition('cuda: [')[0]}cuda: [{lines}]}}\n" if "branch: main" in row else row for row in rows)
    )


def replace(root: Path, *more: str) -> Ran:
    return run("new", "--cuda", "13.0", "--replace", "12.9", *more, cwd=root)


def tree(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in (root / PKGS).iterdir()}


def test_one_command_replaces_a_line(place: Path) -> None:
    assert run("--select", "stack-not-in-release", cwd=place).stdout.count("warning[stack-not-in-release]") == 1
    done = replace(place)
    assert (done.returncode, done.stdout.count("renamed ")) == (0, 30)
    assert done.stderr == (
        "nixlint-ort: nixpkgs may have no cudaPackages_13_0 at the pin: "
        "rules/tables/pins.yaml lists cudaPackages_12_6, cudaPackages_12_8 and cudaPackages_12_9\n"
    )
    assert tree(place) == {path.replace("12_9", "13_0"): replaced(data.decode()) for path, data in FILES.items()}
    assert (place / "CLAUDE.md").read_text() == replaced(GUIDE)
    assert last_line(run(cwd=place).stdout) == "58 files checked, 22 warnings\n"


def test_git_sees_renames(place: Path) -> None:
    replace(place)
    staged = scratch.git(place, "diff", "--cached", "--name-status", "-M", "HEAD").splitlines()
    assert [line[:4] for line in staged] == ["R100"] * 30
    scratch.git(place, "add", "--all")
    both = scratch.git(place, "diff", "--cached", "--name-status", "-M", "HEAD").splitlines()
    similar = [int(line[1:4]) for line in both if line.startswith("R")]
    assert (len(similar), min(similar) >= 80, len(both)) == (30, True, 31)


def test_a_dry_run_changes_nothing(place: Path) -> None:
    done = replace(place, "--dry-run")
    assert (done.returncode, done.stdout.count("would have renamed "), done.stdout.count("would have changed ")) == (
        0,
        30,
        1,
    )
    assert scratch.git(place, "status", "--porcelain") == ""


def test_what_only_an_author_can_know_stays_and_its_line_is_named(place: Path) -> None:
    remark = "  # measured on 12.9: 41 ms\n"
    for path in (place / PKGS).glob("*cuda12_9*"):
        replace_in(path, "  variantName =", f"{remark}  variantName =")
    replace_in(place / CPU, "ONNX Runtime 1.23.2 CPU-only", "ONNX Runtime 1.23.1 CPU-only")
    done = replace(place)
    made = GPU.replace("12_9", "13_0")
    assert remark in (place / made).read_text()
    assert f"nixlint-ort: {made}: check line 18, which may still be about {Path(GPU).stem}\n" in done.stderr
    assert "1.23.1" in (place / CPU).read_text()  # a fault of another file is not what was asked for


def test_a_new_pin_and_version_are_left_to_a_fix_of_all_files(place: Path) -> None:
    replace_in(
        place / "rules/tables/releases.yaml", 'branch: main, version: "1.23.2"', 'branch: main, version: "1.25.0"'
    )
    replace_in(
        place / "rules/convention.yaml", "pin.rev: ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", f"pin.rev: {'1' * 40}"
    )
    done = replace(place)
    assert (done.stdout.count("renamed "), "header-ort-version" in done.stdout, "stopped" in done.stderr) == (
        30,
        True,
        False,
    )
    assert tree(place) == {path.replace("12_9", "13_0"): replaced(data.decode()) for path, data in FILES.items()}
    assert run("--fix", "--unsafe-fixes", "--ignore", "repository", cwd=place).returncode == 0
    made = (place / GPU.replace("12_9", "13_0")).read_text()
    assert (made.count("1.25.0"), made.count("1" * 40), made.count("1.23.2")) == (2, 1, 0)


def test_targets_that_the_new_line_does_not_have_stay_and_that_is_said(place: Path) -> None:
    table = place / "rules/tables/stacks.yaml"
    table.write_text(table.read_text().replace(ROW % ("313", ALL), ""))
    add_row(place, '"75", "80", "86", "89", "90"')
    done = replace(place)
    assert (
        done.stdout.count("renamed "),
        done.stderr.count(" was not renamed: release main has no such variant of 13.0\n"),
    ) == (
        22,
        8,
    )
    assert len(list((place / PKGS).glob("*cuda12_9-sm1*"))) == 8


def test_targets_that_only_the_new_line_has_are_said(place: Path) -> None:
    for path in (place / PKGS).glob("*cuda12_9-sm120*"):
        path.unlink()
    done = replace(place)
    assert done.stdout.count("renamed ") == 26
    assert "nixlint-ort: the matrix has 4 more variants of 13.0; run: nixlint-ort new --cuda 13.0\n" in done.stderr


def test_the_python_follows_too(place: Path) -> None:
    table = place / "rules/tables/stacks.yaml"
    table.write_text(table.read_text().replace(ROW % ("313", ALL), ROW % ("312", ALL)))
    done = replace(place)
    assert done.stdout.count("renamed ") == 30
    made = (place / GPU.replace("313-cuda12_9", "312-cuda13_0")).read_text()
    assert "nixpkgs_pinned.python312Packages" in made
    assert "onnxruntime-python312-cuda13_0-sm90-avx512" in made


REFUSED = [
    ("9.9", "12.9", "rules/tables/stacks.yaml has no row for CUDA 9.9"),
    ("13.0", "9.9", "rules/tables/stacks.yaml has no row for CUDA 9.9"),
    (
        "12.4",
        "12.9",
        "onnxruntime-python313-cuda12_9-sm75-avx2 cannot be renamed to onnxruntime-python312-cuda12_4-sm75-avx2, which already exists",
    ),
    ("12.4", "13.0", "there are no variants of CUDA 13.0"),
]


@pytest.mark.parametrize(("new", "old", "says"), REFUSED)
def test_what_cannot_be_replaced_is_said_and_nothing_is_changed(new: str, old: str, says: str, place: Path) -> None:
    done = run("new", "--cuda", new, "--replace", old, cwd=place)
    assert (done.returncode, says in done.stderr, done.stderr.count("\n")) == (2, True, 1), done.stderr
    assert scratch.git(place, "status", "--porcelain") == ""


def test_the_row_that_is_missing_is_named(place: Path) -> None:
    set_lines(place, '"12_4", "12_9"')
    for more in ([], ["--replace", "12.9"]):
        done = run("new", "--cuda", "13.0", *more, cwd=place)
        assert (done.returncode, done.stderr) == (
            2,
            "nixlint-ort: release main has no CUDA 13.0: add 13_0 to `cuda` of its row in rules/tables/releases.yaml, which lists 12_4, 12_9\n",
        )
    table = place / "rules/tables/stacks.yaml"
    table.write_text(table.read_text().replace(ROW % ("313", ALL), ""))
    done = run("new", "--cuda", "13.0", cwd=place)
    assert done.stderr == (
        "nixlint-ort: rules/tables/stacks.yaml has no row for CUDA 13.0; a new one needs tag, version, driver, python, gpus\n"
    )


def test_documents_that_lack_the_new_line_are_said(place: Path) -> None:
    set_lines(place, '"12_4", "12_9", "13_0"')
    done = run("new", "--cuda", "13.0", cwd=place)
    assert done.stdout.count("created ") == 30
    assert re.search(
        r"^CLAUDE\.md:\d+:\d+: warning\[document-incomplete\] document does not list CUDA 13\.0$",
        done.stdout,
        re.MULTILINE,
    )
    assert done.returncode == 1  # the count of variants is not so any more
    assert done.stderr.splitlines()[-1] == "nixlint-ort: CLAUDE.md is out of date; run: nixlint-ort --fix"


@pytest.mark.parametrize("more", [["--replace", "12.9"], [Path(GPU).stem, "--cuda", "13.0", "--replace", "12.9"]])
def test_it_goes_with_a_stack_alone(more: list[str], place: Path) -> None:
    done = run("new", *more, cwd=place)
    assert (done.returncode, done.stdout) == (2, "")
