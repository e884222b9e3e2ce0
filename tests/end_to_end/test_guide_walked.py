"""The chapters of the maintainers' guide, walked with the tool alone: what is typed, and that nothing else is left."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support import field, scratch
from tests.support.linting import CPU, GPU
from tests.support.nixpkgs import tree
from tests.support.running import Ran, last_line, replace_in, run

PIN = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"
BLACKWELL = '["75", "80", "86", "89", "90", "100", "120"]'
ROW = f'  - {{tag: "13_0", version: "13.0", driver: "580", python: "313", gpus: {BLACKWELL}}}\n'
NEW = "onnxruntime-python313-cuda12_9-sm100-armv9"
"""A variant that the convention does not plan."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven branches; main has its own convention, and what stood there is in a baseline."""
    root = field.build(tmp_path_factory.mktemp("field") / "r")
    run("init", "--convention", cwd=root)
    replace_in(root / "nixlint-ort.yaml", "# baseline:", "baseline:")
    run("--write-baseline", cwd=root)
    scratch.commit(root, {}, "rules: our own")
    return root


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "r", symlinks=True)
    return tmp_path / "r"


@pytest.fixture(scope="module")
def nixpkgs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of nixpkgs whose last commit has the next ONNX Runtime, and all else as before."""
    root = scratch.init(tmp_path_factory.mktemp("nixpkgs"))
    folder = tree("after")
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    scratch.commit(root, {**files})
    scratch.commit(root, {path: data.replace(b"1.23.2", b"1.23.3") for path, data in files.items()})
    return root


def row_of_branch(root: Path, branch: str, **cells: str) -> None:
    """Take a branch's row out of its comment, and change cells of it: the edit by hand."""
    path = root / "rules/tables/releases.yaml"
    (line,) = (one for one in path.read_text("utf-8").splitlines() if f"branch: {branch}," in one)
    new = line.removeprefix("# ")
    for name, value in cells.items():
        new = re.sub(rf"\b{name}: (\"[^\"]*\"|\[[^\]]*\]|[^,}}]*)", f"{name}: {value}", new)
    replace_in(path, line, new)


def committed(root: Path, message: str) -> Ran:
    """Commit everything, and what a check says then."""
    scratch.git(root, "add", "--all")
    scratch.git(root, "commit", "--quiet", "-m", message)
    assert run("commits", "HEAD~1..HEAD", cwd=root).returncode == 0
    return run(cwd=root)


def texts(root: Path, pattern: str = ".flox/pkgs/*.nix") -> Mapping[str, str]:
    return {path.name: path.read_text("utf-8") for path in root.glob(pattern)}


def test_updating_onnx_runtime_that_nixpkgs_brings(place: Path, nixpkgs: Path) -> None:
    new = scratch.git(nixpkgs, "rev-parse", "HEAD")
    before = texts(place)
    compared = run("pin", "--compare", "HEAD~1", "HEAD", "--from", str(nixpkgs), cwd=place)
    assert re.search(r"version +1\.23\.2 +1\.23\.3", compared.stdout)
    # By hand: the pin and the version, one value each.
    assert run("pin", new, "--from", str(nixpkgs), "--write", cwd=place).returncode == 0
    replace_in(place / "rules/convention.yaml", f"# fields:\n#   package: onnxruntime\n#   pin.rev: {PIN}", f"fields:\n  pin.rev: {new}")  # fmt: skip
    row_of_branch(place, "main", version='"1.23.3"')
    run("--fix", "--unsafe-fixes", cwd=place)
    run("--write-baseline", cwd=place)
    assert (
        committed(place, "onnxruntime: update to latest").stdout
        == "66 files checked, no findings, 38 in the baseline\n"
    )
    assert texts(place) == {name: text.replace("1.23.2", "1.23.3").replace(PIN, new) for name, text in before.items()}
    documents = "".join(texts(place, "*.md").values())
    assert re.findall(r".*1\.23\.2.*", documents) == [one for one in documents.splitlines() if "ort-1.23" in one]
    assert (documents.count(PIN[:7]), documents.count(new[:7])) == (0, 3)


@pytest.mark.parametrize("branch", ["ort-1.22", pytest.param("ort-1.18", marks=pytest.mark.full)])
def test_updating_onnx_runtime_whose_source_the_files_fetch(branch: str, place: Path) -> None:
    scratch.git(place, "checkout", "--quiet", branch)
    scratch.git(place, "checkout", "main", "--", "rules", "nixlint-ort.yaml")
    run("--write-baseline", cwd=place)
    before = texts(place)
    old = {"ort-1.22": "1.22.2", "ort-1.18": "1.18.1"}[branch]
    row_of_branch(place, branch, version=f'"{old}9"')  # by hand: one value
    done = run("--fix", "--unsafe-fixes", cwd=place)
    assert texts(place) == {name: text.replace(old, f"{old}9") for name, text in before.items()}
    # By hand: the source's hash, which nobody can know before a build.
    assert done.stderr.endswith(
        'nixlint-ort: replace the hash of the source in 50 files whose tag has changed: set it to "" and build once;'
        " with the old hash, Nix may take the old source from its store\n"
    )
    replaced = re.compile(r'hash = "sha256-A+="')
    for path in (place / ".flox/pkgs").iterdir():
        path.write_text(replaced.sub(f'hash = "sha256-B{"A" * 42}="', path.read_text("utf-8")), "utf-8")
    assert (
        committed(place, "onnxruntime: update to latest").stdout
        == "50 files checked, no findings, 22 in the baseline\n"
    )


def test_adding_a_new_variant(place: Path) -> None:
    gone = GPU.replace("avx512", "avx2")
    lost = (place / gone).read_bytes()
    scratch.commit(place, {gone: None}, "onnxruntime: without one")
    assert run("new", Path(gone).stem, cwd=place).stdout.startswith(f"created {gone} from ")
    assert (place / gone).read_bytes() == lost
    assert committed(place, f"{Path(gone).stem}: init").stdout == "66 files checked, no findings, 38 in the baseline\n"


def test_adding_a_new_variant_that_is_not_planned(place: Path) -> None:
    run("new", NEW, cwd=place)
    scratch.git(place, "add", ".flox")
    run("--fix", cwd=place)
    # By hand: the cell of the README that says which instruction sets an architecture has.
    assert last_line(run(cwd=place).stdout) == "67 files checked, 1 warning, 38 in the baseline\n"
    cells = "| AVX2, AVX-512, AVX-512 BF16, AVX-512 VNNI |"
    replace_in(place / "README.md", f"B100, B200 {cells} — |", f"B100, B200 {cells} ARMv9 (Graviton3+, Grace) |")
    assert committed(place, f"{NEW}: init").stdout == "67 files checked, no findings, 38 in the baseline\n"
    assert "Total: 67 variants (61 GPU + 6 CPU-only)" in (place / "README.md").read_text("utf-8")


def add_line(root: Path, lines: str) -> None:
    """The edit by hand: a row for CUDA 13.0, and the lines of main."""
    replace_in(root / "rules/tables/stacks.yaml", "\nrows:\n", f"\nrows:\n{ROW}")
    row_of_branch(root, "main", cuda=lines)


def test_a_new_cuda_line_beside_the_others(place: Path) -> None:
    assert "has no row for CUDA 13.0; a new one needs tag" in run("new", "--cuda", "13.0", cwd=place).stderr
    add_line(place, '["12_4", "12_9", "13_0"]')
    before = texts(place)
    made = run("new", "--cuda", "13.0", cwd=place)
    assert made.stdout.count("created ") == 30
    scratch.git(place, "add", "--all")
    run("--fix", cwd=place)
    proposals = run("claims", "--proposals", cwd=place)
    scratch.git(place, "apply", "-", stdin=proposals.stdout.encode())
    assert run("claims", "--proposals", cwd=place).stdout == ""
    assert committed(place, "onnxruntime: CUDA 13.0").stdout == "96 files checked, no findings, 38 in the baseline\n"
    assert {name: text for name, text in texts(place).items() if "13_0" not in name} == before
    readme, guide = ((place / name).read_text("utf-8") for name in ("README.md", "CLAUDE.md"))
    for line in (
        "> You are on the `main` branch — ONNX Runtime 1.23.2, CUDA 12.4/12.9/13.0, Driver 550+/560+/580+ (96 variants)\n",
        "| `main` | 1.23.2 | 12.4, 12.9, 13.0 | 550+/560+/580+ | Stable |\n",
        "| `ort-1.24` | 1.24.2 | 12.4, 12.9 | 550+/560+ | Current |\n",
        "- **CUDA 13.0 + Python 3.13** — requires **NVIDIA driver 580+** (production branch R580).\n",
        "| CUDA Toolkit | 13.0 | 580+ | Via nixpkgs `cudaPackages_13_0` |\n",
        "## Total: 96 variants (90 GPU + 6 CPU-only)\n",
    ):
        assert line in readme
    assert "- CUDA: 13.0 via `cudaPackages_13_0` overlay — **requires NVIDIA driver 580+**\n" in guide
    assert "CUDA 12.4/12.9/13.0, driver 550+/560+/580+ (stable, Blackwell support)\n" in guide


def test_a_new_branch_with_a_new_pin_whose_cuda_line_replaces_another(place: Path, nixpkgs: Path) -> None:
    new = scratch.git(nixpkgs, "rev-parse", "HEAD")
    scratch.git(place, "checkout", "--quiet", "-b", "ort-1.25")
    # By hand: the rows of the line and of the release, and the pin.
    replace_in(place / "rules/tables/stacks.yaml", "\nrows:\n", f"\nrows:\n{ROW}")
    row = f'  - {{branch: ort-1.25, version: "1.23.3", status: current, gpus: {BLACKWELL}, cuda: ["12_4", "13_0"]}}\n'
    replace_in(place / "rules/tables/releases.yaml", "\nrows:\n", f"\nrows:\n{row}")
    run("pin", new, "--from", str(nixpkgs), "--write", cwd=place)
    replace_in(place / "rules/convention.yaml", f"# fields:\n#   package: onnxruntime\n#   pin.rev: {PIN}", f"fields:\n  pin.rev: {new}")  # fmt: skip
    replaced = run("new", "--cuda", "13.0", "--replace", "12.9", cwd=place)
    assert replaced.stdout.count("renamed ") == 30
    run("--fix", "--unsafe-fixes", cwd=place)
    proposals = run("claims", "--proposals", cwd=place)
    scratch.git(place, "apply", "-", stdin=proposals.stdout.encode())
    run("--write-baseline", cwd=place)
    done = committed(place, "onnxruntime: 1.23.3 with CUDA 13.0")
    assert last_line(done.stdout) == "66 files checked, no findings, 38 in the baseline\n", done.stdout
    changed = scratch.git(place, "show", "--name-status", "-M", "--format=", "HEAD", "--", ".flox").splitlines()
    assert sorted({line[0] for line in changed}) == ["M", "R"]
    text = (place / GPU.replace("12_9", "13_0")).read_text("utf-8")
    assert text.count("1.23.3") == 2
    assert "12.9" not in text
    assert (place / CPU).read_text("utf-8").count(new) == 1
    assert "- **ort-1.25**: ONNX Runtime 1.23.3 + CUDA 12.4/13.0, driver 550+/580+ (current" in (place / "CLAUDE.md").read_text("utf-8")  # fmt: skip
