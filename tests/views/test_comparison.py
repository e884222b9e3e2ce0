"""`compare`: variants and revisions compared by what they mean, not by how they are written."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, ROOT, original, path_of
from tests.support.running import run

NAME, OLDER_NAME = Path(GPU).stem, Path(OLDER).stem


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The variants of this repository on main, and on ort-1.24 another version, one variant less and one more."""
    folder = scratch.init(tmp_path_factory.mktemp("diff"))
    shutil.copytree(ROOT / ".flox", folder / ".flox")
    scratch.commit(folder, {})
    scratch.git(folder, "checkout", "--quiet", "-b", "ort-1.24")
    files: dict[str, bytes | None] = {
        f".flox/pkgs/{path.name}": path.read_bytes().replace(b"1.23.2", b"1.24.2")
        for path in (folder / ".flox/pkgs").glob("*.nix")
    }
    files[path_of("onnxruntime-python313-cuda12_9-sm121-avx2")] = original(GPU)
    files[CPU] = None
    scratch.commit(folder, files)
    return folder


def test_revisions_are_compared_by_fact_and_field(repository: Path) -> None:
    done = run("compare", "main", "ort-1.24", cwd=repository)
    assert done.returncode == 1
    assert [" ".join(line.split()) for line in done.stdout.splitlines()] == [
        "main → ort-1.24: 57 variants in both, 1 added, 1 removed",
        "header.line1 ort.version 1.23.2 → 1.24.2 all 57",
        "description ort.version 1.23.2 → 1.24.2 all 57",
        "+ .flox/pkgs/onnxruntime-python313-cuda12_9-sm121-avx2.nix",
        f"- {CPU}",
    ]


def test_revisions_as_json(repository: Path) -> None:
    document = json.loads(run("compare", "main", "ort-1.24", "--output-format", "json", cwd=repository).stdout)
    first = document["differences"][0]
    assert {key: first[key] for key in ("fact", "field", "before", "after")} == {
        "fact": "header.line1",
        "field": "ort.version",
        "before": {"value": "1.23.2", "reason": None},
        "after": {"value": "1.24.2", "reason": None},
    }
    assert (len(first["paths"]), document["both"], document["removed"]) == (57, 57, [CPU])


def test_a_revision_is_compared_with_the_files_on_disk(repository: Path, tmp_path: Path) -> None:
    scratch.git(tmp_path, "clone", "--quiet", "--branch", "main", str(repository), "clone")
    clone = tmp_path / "clone"
    assert run("compare", "HEAD", cwd=clone).returncode == 0
    path = clone / GPU
    text = path.read_bytes().replace(b"pname = variantName;", b'pname = "${variantName}"; # the same')
    path.write_bytes(text)
    same = run("compare", "HEAD", cwd=clone)
    assert (same.returncode, "every fact is the same" in same.stdout) == (0, True)
    path.write_bytes(text.replace(b"driver 560+", b"driver 535+"))
    changed = run("compare", str(path), cwd=clone)
    assert changed.returncode == 1
    assert [" ".join(line.split()) for line in changed.stdout.splitlines()[1:]] == [
        "header.line2 cuda.driver 560 → 535"
    ]


def test_variants_are_compared_by_name_path_and_revision(repository: Path) -> None:
    by_name = run("compare", NAME, OLDER_NAME, cwd=repository)
    lines = [" ".join(line.split()) for line in by_name.stdout.splitlines()]
    assert by_name.returncode == 1
    assert "header.line2 cuda.driver 560 → 550" in lines
    assert "layer_python_packages (the override does not set it) → python312Packages" in lines
    assert not any("gpu.sm" in line for line in lines)
    by_path = run("compare", GPU, OLDER, cwd=repository)
    assert by_path.stdout.splitlines()[1:] == by_name.stdout.splitlines()[1:]
    across = run("compare", f"main:{NAME}", f"ort-1.24:{NAME}", cwd=repository)
    assert [" ".join(line.split()) for line in across.stdout.splitlines()[1:]] == [
        "header.line1 ort.version 1.23.2 → 1.24.2",
        "description ort.version 1.23.2 → 1.24.2",
    ]


def test_renames_are_renames(repository: Path, tmp_path: Path) -> None:
    """A line whose files get another line's names, and one file that gets another name and nothing else."""
    scratch.git(tmp_path, "clone", "--quiet", "--branch", "main", str(repository), "clone")
    folder = tmp_path / "clone" / ".flox/pkgs"
    for path in folder.glob("*cuda12_9*"):
        text = path.read_text("utf-8").replace("12_9", "12_8").replace("CUDA 12.9", "CUDA 12.8")
        (folder / path.name.replace("12_9", "12_8")).write_text(text, "utf-8")
        path.unlink()
    cpu = folder / Path(CPU).name
    cpu.rename(folder / "cpu.nix")
    done = run("compare", "HEAD", cwd=tmp_path / "clone")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert (done.returncode, lines[0]) == (1, "HEAD → the work tree: 27 variants in both, 31 renamed")
    assert f"~ {GPU} → {Path(GPU).name.replace('12_9', '12_8')}" in lines
    assert f"~ {CPU} → cpu.nix" in lines
    assert any(line.startswith("cuda_packages 12_9 → 12_8 30 variants: ") for line in lines)
    assert not any(line.startswith(("variant_name", "pname", "+", "-")) for line in lines)
    document = json.loads(run("compare", "HEAD", "--output-format", "json", cwd=tmp_path / "clone").stdout)
    assert (len(document["renamed"]), document["added"], document["removed"]) == (31, [], [])
    assert {"before": CPU, "after": ".flox/pkgs/cpu.nix"} in document["renamed"]


def test_a_file_that_cannot_be_read_differs_as_a_whole(repository: Path, tmp_path: Path) -> None:
    scratch.git(tmp_path, "clone", "--quiet", "--branch", "main", str(repository), "clone")
    (tmp_path / "clone" / GPU).write_bytes(b"{")
    done = run("compare", "HEAD", cwd=tmp_path / "clone")
    assert " ".join(done.stdout.split()).endswith(f"file (none) → (it is not valid Nix) {NAME}")


def test_a_file_that_is_no_variant_hides_no_branch_of_its_name(repository: Path, tmp_path: Path) -> None:
    scratch.git(tmp_path, "clone", "--quiet", "--branch", "main", str(repository), "clone")
    (tmp_path / "clone/main").write_text("x")
    done = run("compare", "main", cwd=tmp_path / "clone")
    assert (done.returncode, done.stderr) == (0, "")
    assert "every fact is the same" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nosuch"], "no variant or revision is called 'nosuch'"),
        (["main", "nosuch"], "no variant or revision is called 'nosuch'"),
        ([".git/HEAD"], "no variant or revision is called '.git/HEAD'"),
        ([".git/HEAD", NAME], f"'.git/HEAD' is not a variant, as '{NAME}' is"),
        (["main:nosuch"], "main has no variant 'nosuch'"),
        ([NAME, "main"], f"'main' is not a variant, as '{NAME}' is"),
        (["main", NAME], f"'main' is not a variant, as '{NAME}' is"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], line: str, repository: Path) -> None:
    done = run("compare", *arguments, cwd=repository)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"nixlint-ort: {line}\n")


def test_without_git_variants_can_be_compared(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".flox", tmp_path / ".flox")
    assert run("compare", NAME, NAME, cwd=tmp_path).returncode == 0
    done = run("compare", "main", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, f"nixlint-ort: not a git repository: {tmp_path}\n")


def test_facts_say_where_each_comes_from() -> None:
    lines = [" ".join(line.split()) for line in run("facts", GPU).stdout.splitlines()]
    assert lines[0] == GPU
    assert f"file.stem file name {NAME}" in lines
    assert f"pname line 18, via 44 {NAME}" in lines
    assert "cxx_flags lines 21-25 -mavx512f -mavx512dq -mavx512vl -mavx512bw -mfma" in lines
    assert "ort_version (set by nixpkgs)" in lines


def test_facts_in_colour() -> None:
    assert "\x1b[1m" in run("facts", GPU, "--color", "always").stdout
    assert "\x1b" not in run("facts", GPU).stdout
