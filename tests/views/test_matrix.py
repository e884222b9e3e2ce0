"""`matrix`: what there is, what is missing, what cannot be built and what is wrong, each in its cell."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nixlint_ort.convention import Convention, load
from nixlint_ort.repository.repository import Repository
from nixlint_ort.views.matrix.model import Grid, Matrix, State, Target, lay_out, rows_of
from nixlint_ort.views.matrix.text import as_json, as_text
from tests.support import scratch
from tests.support.linting import (
    FIXTURES,
    GPU,
    ROOT,
    convention,
    expected,
    lint_repository,
    original,
    path_of,
    replace_once,
    repository,
)
from tests.support.running import replace_in, run

MISSING = "onnxruntime-python313-cuda12_9-sm120-avx512vnni"
UNBUILDABLE = "onnxruntime-python312-cuda12_4-sm100-avx2"
EXPECTED = FIXTURES / "matrix"
PYTORCH = FIXTURES / "pytorch"


def laid_out(
    one: Repository,
    changed: dict[str, bytes | None] | None = None,
    branch: str | None = "main",
) -> Matrix:
    """The matrix of a repository with some files changed, None for a file that is not there."""
    other = one.with_files(changed or {})
    return lay_out(other, branch, lint_repository(other, branch or "").findings)


def pytorch(rules: Convention | None = None) -> Repository:
    """Four variants of another package, whose convention lists no matrix."""
    return Repository(PYTORCH, rules or load(PYTORCH / "rules"))


def test_what_is_missing_wrong_or_unknown_stands_in_its_cell() -> None:
    data = original(GPU)
    cpu = "onnxruntime-python313-cpu"
    changed = {
        GPU: replace_once(data, "driver 560+", "driver 535+"),
        path_of(MISSING): None,
        path_of(UNBUILDABLE): original(path_of("onnxruntime-python312-cuda12_4-sm90-avx2")),
        path_of("onnxruntime-python312-cuda12_9-sm90-avx512"): data,  # a second file for one target
        path_of("onnxruntime-python313-cuda12_9-sm91-avx2"): data,
        path_of("onnxruntime-python313-cuda12_9-sm90-avx10"): data,
        path_of(f"{cpu}-avx10"): original(path_of(f"{cpu}-avx2")),
        path_of("a-wheel"): data,
    }
    document = b"Build `onnxruntime-python313-cuda12_9-sm91-avx512`.\n"
    found = laid_out(repository(), {**changed, "README.md": document})
    now = as_text(found)
    assert now == expected("matrix/main.txt", now)
    assert [grid.stack for grid in found.grids] == ["12_9", "12_4", "cpu"]
    for grid in found.grids:
        for row, cells in rows_of(found, grid):
            assert [cell.target for cell in cells] == [Target(row.target, isa) for isa in found.columns]


@pytest.fixture
def of_an_unknown_stack() -> Grid:
    found = laid_out(repository(), {path_of("onnxruntime-python313-cuda13_0-sm90-avx512"): original(GPU)})
    (grid,) = (one for one in found.grids if one.stack == "13_0")
    return grid


def test_a_stack_that_the_tables_do_not_know_is_named_as_its_files_are(of_an_unknown_stack: Grid) -> None:
    assert of_an_unknown_stack.title == "CUDA 13_0"


def test_what_such_a_stack_can_build_is_not_known(of_an_unknown_stack: Grid) -> None:
    counts = {state: of_an_unknown_stack.count(state) for state in State}
    assert counts == {State.PRESENT: 1, State.MISSING: 0, State.UNBUILDABLE: 0, State.UNPLANNED: 29}


def test_a_stack_may_be_another_in_one_release() -> None:
    table = convention().tables["cuda"]
    (row,) = table.by_key["12_4"]
    of_main = row._replace(fields={**row.fields, "cuda.driver": "551"}, only={"ort.branch": "main"})
    cuda = table._replace(by_key={**table.by_key, "12_4": (of_main, row)})
    one = Repository(ROOT, convention()._replace(tables={**convention().tables, "cuda": cuda}, known={}))
    details = {branch: lay_out(one, branch, ()).grids[1].details for branch in ("main", "ort-1.24")}
    assert details == {"main": "driver 551+, Python 3.12", "ort-1.24": "driver 550+, Python 3.12"}


def test_a_package_whose_matrix_is_not_listed() -> None:
    path = f"{PYTORCH.name}-python313-cuda12_8-sm90-avx512"
    changed = {
        path_of(path): replace_once((PYTORCH / path_of(path)).read_bytes(), "[CUDA 12.8]", "[CUDA 12.9]"),
        path_of("pytorch-python313-cuda12_8-sm80-avx2"): None,
    }
    now = "".join(as_json(laid_out(pytorch(), changed)))
    assert now == expected("matrix/pytorch.json", now)


def without_column(rules: Convention, name: str, column: str) -> Convention:
    """A convention in which a table lacks a column."""
    table = rules.tables[name]
    rows = {
        key: tuple(
            row._replace(fields={one: cell for one, cell in row.fields.items() if one != f"{name}.{column}"})
            for row in same
        )
        for key, same in table.by_key.items()
    }
    return rules._replace(tables={**rules.tables, name: table._replace(by_key=rows)}, known={})


def without_words_for_targets(rules: Convention) -> Convention:
    """A convention that does not say what a target is called."""
    assert rules.roles.target is not None
    target = rules.roles.target._replace(title=None, architecture=None)
    return rules._replace(roles=rules.roles._replace(target=target))


AMPERE_AND_HOPPER = (("80", "Ampere"), ("90", "Hopper"))


@pytest.mark.parametrize(
    ("branch", "change", "version", "rows"),
    [
        ("main", lambda rules: rules, "2.8", AMPERE_AND_HOPPER),
        (None, lambda rules: rules, None, AMPERE_AND_HOPPER),
        ("topic", lambda rules: rules, None, AMPERE_AND_HOPPER),
        ("main", lambda rules: without_column(rules, "torch", "version"), None, AMPERE_AND_HOPPER),
        ("main", lambda rules: without_column(rules, "gpu", "architecture"), "2.8", (("80", ""), ("90", ""))),
        ("main", without_words_for_targets, "2.8", (("80", ""), ("90", ""))),
    ],
    ids=["all is told", "no branch", "no release", "no version", "no name of an architecture", "no words for targets"],
)
def test_what_no_table_tells_is_left_out(
    branch: str | None,
    change: Callable[[Convention], Convention],
    version: str | None,
    rows: tuple[tuple[str, str], ...],
) -> None:
    found = lay_out(pytorch(change(load(PYTORCH / "rules"))), branch, ())
    assert (found.branch, found.version, found.columns) == (branch, version, ("avx2", "avx512"))
    assert [tuple((row.target, row.architecture) for row in one.rows) for one in found.grids] == [rows]


@pytest.fixture(scope="module")
def broken_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The variants of this repository with one wrong, one missing, and one that no toolkit can build; only to be read."""
    folder = scratch.init(tmp_path_factory.mktemp("broken"))
    shutil.copytree(ROOT / ".flox", folder / ".flox")
    replace_in(folder / GPU, "driver 560+", "driver 535+")
    (folder / path_of(MISSING)).unlink()
    run("new", UNBUILDABLE, cwd=folder)
    scratch.git(folder, "add", ".")
    return folder


@pytest.fixture
def broken(broken_once: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return shutil.copytree(broken_once, tmp_path, dirs_exist_ok=True)


def grid(text: str, title: str) -> dict[str, list[str]]:
    """The signs of a stack in the text format, by row."""
    block = next(block for block in text.split("\n\n") if block.startswith(title))
    return {line.split()[0]: line.split("  ") for line in block.splitlines()[2:]}


def test_the_matrix_of_this_repository_is_whole() -> None:
    done = run("matrix", "--branch", "main")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("onnxruntime 1.23.2  58 variants (52 GPU, 6 CPU); 58 of 58 planned; 22 warnings\n")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines.count("SM90 Hopper ✓ ✓ ✓ ✓ ✓ ✓") == 1
    assert lines.count(f"SM90 Hopper{' 1 warning' * 6}") == 1
    assert lines.count("SM120 Blackwell ✓ ✓ ✓ ✓ · ·") == 1
    assert lines.count("SM120 Blackwell ✗ ✗ ✗ ✗ · ·") == 1
    assert lines.count("CPU ✓ ✓ ✓ ✓ ✓ ✓") == 1


def test_columns_line_up_in_all_stacks(broken: Path) -> None:
    for folder in (ROOT, broken):  # a cell with findings is wider than its column's head
        lines = run("matrix", "--branch", "main", cwd=folder).stdout.splitlines()
        starts = {line.index("avx512bf16") for line in lines if line.strip().startswith("avx2 ")}
        assert len(starts) == 1


def test_each_cell_says_what_there_is(broken: Path) -> None:
    text = run("matrix", cwd=broken).stdout
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "SM90 Hopper ✓ 1 error ✓ ✓ ✓ ✓" in lines
    assert "SM120 Blackwell ✓ ✓ ✓ ○ · ·" in lines
    assert "SM100 Blackwell DC 2 warnings ✗ ✗ ✗ · ·" in lines
    assert any(line.startswith(f"{GPU}:2:38: error[header-driver] ") for line in lines)


def test_json(broken: Path) -> None:
    document = json.loads(run("matrix", "--output-format", "json", cwd=broken).stdout)
    assert document["summary"] | {"warning": 0, "info": 0} == {
        "kinds": {"gpu": 52, "cpu": 6},
        "planned": 58,
        "present": 57,
        "missing": 1,
        "unbuildable": 1,
        "unplanned": 0,
        "error": 1,
        "warning": 0,
        "info": 0,
    }
    cells = {cell["name"]: cell for stack in document["stacks"] for cell in stack["cells"] if cell["name"]}
    assert (cells[MISSING]["state"], cells[MISSING]["paths"]) == ("missing", [])
    assert [one["rule"] for one in cells[Path(GPU).stem]["findings"]] == ["header-driver"]
    assert [one["rule"] for one in cells[UNBUILDABLE]["findings"]] == ["gpu-needs-newer-cuda", "pin-lacks-attribute"]


def test_its_numbers_are_those_of_a_check(broken: Path) -> None:
    (broken / "README.md").write_text("57 variants for ONNX Runtime 1.23.2\n")
    checked = run("--output-format", "json", cwd=broken)
    found = json.loads(checked.stdout)["summary"]
    shown = json.loads(run("matrix", "--output-format", "json", cwd=broken).stdout)["summary"]
    assert {level: shown[level] for level in ("error", "warning", "info")} == {
        level: found[level] for level in ("error", "warning", "info")
    }
    assert found["error"] == 2
    text = run("matrix", cwd=broken).stdout
    assert text.startswith(
        "onnxruntime 1.23.2  58 variants (52 GPU, 6 CPU); 57 of 58 planned; 1 cannot be built; 2 errors, "
    )


def test_what_the_matrix_does_not_have_is_counted_apart(broken: Path) -> None:
    run("new", "onnxruntime-python313-cuda12_9-sm80-armv9", cwd=broken)
    shown = json.loads(run("matrix", "--output-format", "json", cwd=broken).stdout)["summary"]
    assert (shown["planned"], shown["present"], shown["unplanned"], shown["unbuildable"]) == (58, 57, 1, 1)
    assert "; 1 not planned; " in run("matrix", cwd=broken).stdout


def test_another_release_has_another_matrix() -> None:
    document = json.loads(run("matrix", "--branch", "ort-1.22", "--output-format", "json").stdout)
    assert document["release"] == {"branch": "ort-1.22", "version": "1.22.2"}
    stack = next(stack for stack in document["stacks"] if stack["tag"] == "12_9")
    assert {cell["state"] for cell in stack["cells"] if cell["gpu"] == "120"} == {"present"}


def test_a_name_that_the_tables_do_not_know_has_a_row_of_its_own(broken: Path) -> None:
    (broken / path_of("onnxruntime-python313-cuda12_9-sm91-avx2")).write_bytes((broken / GPU).read_bytes())
    lines = [" ".join(line.split()) for line in run("matrix", cwd=broken).stdout.splitlines()]
    assert any(line.startswith("SM91 ") and "error" in line for line in lines)


def test_the_readme_of_this_repository_is_current() -> None:
    assert run("matrix", "--update", "README.md", "--check", "--branch", "main").returncode == 0


def test_update_writes_between_the_markers_and_nothing_else(broken: Path) -> None:
    readme = broken / "README.md"
    readme.write_bytes("# Ünser\n\n<!-- nixlint-ort matrix -->\nold\n<!-- /nixlint-ort matrix -->\nafter".encode())
    before = readme.read_bytes()
    stale = run("matrix", "--update", "README.md", "--check", cwd=broken)
    assert (stale.returncode, readme.read_bytes()) == (1, before)
    assert "README.md is out of date" in stale.stderr
    assert run("matrix", "--update", "README.md", cwd=broken).returncode == 0
    text = readme.read_text("utf-8")
    assert text.startswith("# Ünser\n\n<!-- nixlint-ort matrix -->\n\nonnxruntime 1.23.2: ")
    assert text.endswith("not planned\n\n<!-- /nixlint-ort matrix -->\nafter")
    assert "| SM90 Hopper | ✓ | 1 error | ✓ | ✓ | ✓ | ✓ |" in text
    assert run("matrix", "--update", "README.md", "--check", cwd=broken).returncode == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"nothing\n", "README.md needs the lines <!-- nixlint-ort matrix --> and <!-- /nixlint-ort matrix -->"),
        (b"<!-- /nixlint-ort matrix -->\n<!-- nixlint-ort matrix -->\n", "README.md needs the lines"),
        (b"\xff", "README.md is not UTF-8"),
        (None, "README.md cannot be read: No such file or directory"),
    ],
    ids=["no markers", "wrong order", "not UTF-8", "no file"],
)
def test_what_cannot_be_updated(content: bytes | None, message: str, broken: Path) -> None:
    if content is not None:
        (broken / "README.md").write_bytes(content)
    done = run("matrix", "--update", "README.md", cwd=broken)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"nixlint-ort: {message}")
    assert done.stderr.count("\n") == 1


def test_what_is_updated_is_a_file_of_the_repository(broken: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.md"
    secret.write_text("<!-- nixlint-ort matrix -->\n<!-- /nixlint-ort matrix -->\n")
    (broken / "link.md").symlink_to(secret)
    os.mkfifo(broken / "pipe.md")
    for name, why in (("link.md", "a place outside"), ("pipe.md", "it is not a regular file")):
        done = run("matrix", "--update", name, cwd=broken)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert name in done.stderr
        assert why in done.stderr
    assert "onnxruntime" not in secret.read_text()


def test_a_document_of_another_repository_is_not_updated(
    broken: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = scratch.init(tmp_path_factory.mktemp("other"))
    (other / "README.md").write_text(before := "<!-- nixlint-ort matrix -->\n<!-- /nixlint-ort matrix -->\n")
    (broken / "docs").symlink_to(other)
    done = run("matrix", "--update", "docs/README.md", cwd=broken)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nixlint-ort: docs/README.md cannot be read: it is a link to a place outside\n"
    done = run("matrix", "--update", str(other / "README.md"), cwd=broken)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"nixlint-ort: {other}/README.md cannot be read: it is a link to a place outside\n"
    assert (other / "README.md").read_text() == before


def test_what_a_link_leads_to_is_not_updated(broken: Path) -> None:
    (broken / "docs").mkdir()
    (broken / "docs/matrix.md").write_text("<!-- nixlint-ort matrix -->\n<!-- /nixlint-ort matrix -->\n")
    (broken / "docs/link").symlink_to("matrix.md")
    (broken / "sub").mkdir()
    (broken / "sub/link.md").symlink_to("../docs/link")
    before = (broken / "docs/matrix.md").read_bytes()
    done = run("matrix", "--update", "sub/link.md", cwd=broken)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nixlint-ort: sub/link.md was not written: it is a link\n"
    assert (broken / "docs/matrix.md").read_bytes() == before


def test_check_alone_is_refused() -> None:
    assert run("matrix", "--check").stderr == "nixlint-ort: --check needs --update\n"


def test_colour() -> None:
    assert "\x1b[32m✓\x1b[0m" in run("matrix", "--color", "always", "--branch", "main").stdout
    assert "\x1b" not in run("matrix", "--branch", "main").stdout
