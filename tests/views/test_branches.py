"""`branches`: seven releases in one repository, of which some have a fault, are shown as exactly that."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from nixlint_ort.convention import Convention
from nixlint_ort.convention.tables import FieldValue
from nixlint_ort.lint import Session
from nixlint_ort.repository.revision import Branch, branches
from nixlint_ort.views.branches.model import BranchState, chosen_branches, judge_branches
from nixlint_ort.views.branches.text import as_json
from tests.support import releases, scratch
from tests.support.linting import CPU, GPU, OLDER, convention, expected, original, path_of, replace_once
from tests.support.running import run

PIN = b"ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"
OTHER_PIN = b"0123456789abcdef0123456789abcdef01234567"
BRANCHES = convention().releases.keys
COUNTS = {"main": 58, "ort-1.24": 58, "ort-1.23": 58, "ort-1.22": 50, "ort-1.20": 50, "ort-1.19": 50, "ort-1.18": 50}


def build(folder: Path, change: Callable[[str, dict[str, bytes | None]], None]) -> Path:
    """A repository of all releases; `change` is given each branch with its files before they are committed."""
    scratch.init(folder, "main")
    for branch in BRANCHES:
        scratch.git(folder, "checkout", "--quiet", "--orphan", branch)
        if (folder / ".flox").exists():
            shutil.rmtree(folder / ".flox")
        files = releases.files(branch)
        change(branch, files)
        scratch.commit(folder, files)
    scratch.git(folder, "checkout", "--quiet", "main")
    return folder


def no_change(branch: str, files: dict[str, bytes | None]) -> None:
    pass


def one_wrong_pin(branch: str, files: dict[str, bytes | None]) -> None:
    if branch == "ort-1.20":
        for path, data in files.items():
            files[path] = (data or b"").replace(PIN, OTHER_PIN)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("right"), no_change)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wrong"), one_wrong_pin)


def table(text: str) -> list[list[str]]:
    """The rows of the table in a text, less its header."""
    return [line.split() for line in text.split("\n\n", maxsplit=1)[0].splitlines()[1:]]


def changed(path: str, *replacements: tuple[str, str]) -> dict[str, bytes]:
    """A variant with other texts, each in the one place where it stands."""
    data = original(path)
    for good, bad in replacements:
        data = replace_once(data, good, bad)
    return {path: data}


def variants(*paths: str) -> dict[str, bytes]:
    return {path: original(path) for path in paths}


def hopper(isa: str) -> str:
    return path_of(f"onnxruntime-python313-cuda12_9-sm90-{isa}")


def of_release(branch: str, *unlisted: str) -> dict[str, bytes]:
    """Of a release's variants those with one instruction set, and for other architectures copies that are wrong."""
    of_one = {path: data or b"" for path, data in releases.files(branch).items() if "12_9" in path and "avx2" in path}
    return of_one | {path_of(f"onnxruntime-python313-cuda12_9-sm{sm}-avx2"): original(GPU) for sm in unlisted}


UNVERSIONED = ("# ONNX Runtime 1.23.2 for", "# ONNX Runtime for")
REFS: dict[str, dict[str, bytes]] = {
    # Two drivers and two pins for one stack, a file that is no variant, and one that is no Nix.
    "refs/heads/main": {
        **variants(GPU, OLDER, CPU, hopper("avx2")),
        **changed(hopper("avx512vnni"), ("driver 560+", "driver 535+")),
        **changed(hopper("avx512bf16"), (PIN.decode(), OTHER_PIN.decode())),
        path_of("a-name-of-no-variant"): original(GPU),
        path_of("onnxruntime-python312-cuda12_4-sm75-avx2"): b"{",
    },
    # Variants of another version.
    "refs/heads/ort-1.24": variants(GPU),
    # No header states a version, and one states no driver.
    "refs/remotes/origin/ort-1.23": {
        **changed(GPU, UNVERSIONED),
        **changed(OLDER, UNVERSIONED, ("# CUDA 12.4 — Requires NVIDIA driver 550+\n", "")),
    },
    # All architectures that the release has, and two that it has not.
    "refs/heads/ort-1.22": of_release("ort-1.22", "100", "120"),
    # Another pin, and no GPU at all.
    "refs/heads/ort-1.20": {path: data.replace(PIN, OTHER_PIN) for path, data in variants(CPU).items()},
    # A release without variants. There is no branch ort-1.18.
    "refs/heads/ort-1.19": {"README.md": b"There will be variants here.\n"},
    # Branches that are no releases, with variants and without.
    "refs/heads/topic": variants(CPU),
    "refs/heads/pages": {"index.html": b"<p>"},
}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a few variants on each branch."""
    folder = scratch.init(tmp_path_factory.mktemp("several"))
    scratch.commit_refs(folder, REFS)
    return folder


def surveyed(folder: Path, *names: str, rules: Convention | None = None) -> dict[str, BranchState]:
    chosen = rules or convention()
    session = Session(folder, chosen, chosen.rules)
    return {one.name: one for one in judge_branches(session, branches(folder), names)}


def with_row(rules: Convention, name: str, key: str, cells: dict[str, FieldValue | None]) -> Convention:
    """A convention with other cells in one row of a table, None for a cell that is not there."""
    table = rules.tables[name]
    (row,) = table.by_key[key]
    kept = {column: cell for column, cell in {**row.cells, **cells}.items() if cell is not None}
    row = row._replace(cells=kept, fields={f"{name}.{column}": cell for column, cell in kept.items()})
    return rules._replace(tables={**rules.tables, name: table._replace(by_key={**table.by_key, key: (row,)})}, known={})


def test_each_branch_is_described_and_judged(several: Path) -> None:
    states = surveyed(several, *BRANCHES, "topic", "pages")
    shown = json.loads(as_json(list(states.values())))["branches"]
    for state, one in zip(states.values(), shown, strict=True):
        assert one.pop("commit") == (scratch.git(several, "rev-parse", state.ref) if state.ref else None)
        one["release"] = state.release
        one["findings"] = Counter(finding["rule"] for finding in one["findings"])
    now = json.dumps(shown, indent=2, ensure_ascii=False) + "\n"
    assert shown == json.loads(expected("branches/several.json", now))


def test_of_two_pins_the_first_is_what_the_other_branch_has(several: Path) -> None:
    states = surveyed(several, "main", "ort-1.20")
    pins = f"{OTHER_PIN.decode()}, but the other branch is pinned to {PIN.decode()}"
    assert states["ort-1.20"].problems[0] == ("branch-pin", f"nixpkgs is pinned to {pins}")
    assert [one.id for one in states["main"].problems] == ["branch-release"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"version": "1.23.2", "gpus": ("90",)}, []),
        ({"version": None, "gpus": None}, []),
        (
            {"version": "1.23.2", "gpus": ("75", "80")},
            ["lists SM75, SM80, but there are no such variants; it does not list SM90, but there are such variants"],
        ),
    ],
    ids=["a row that is true", "a row that says nothing", "other architectures"],
)
def test_a_row_is_held_against_the_variants(
    cells: dict[str, FieldValue | None], said: list[str], several: Path
) -> None:
    state = surveyed(several, "ort-1.24", rules=with_row(convention(), "ort", "ort-1.24", cells))["ort-1.24"]
    expected = [("branch-release", f"rules/tables/releases.yaml:7 {text}") for text in said]
    assert state.problems == expected


def test_stacks_are_in_the_order_of_their_versions(several: Path) -> None:
    rules = with_row(convention(), "cuda", "12_4", {"version": "12.10"})
    assert list(surveyed(several, "main", rules=rules)["main"].stacks) == ["12.9", "12.10"]
    rules = with_row(rules, "cuda", "12_9", {"version": "12.x"})
    assert list(surveyed(several, "main", rules=rules)["main"].stacks) == ["12.x", "12.10"]


def test_a_stack_that_the_tables_have_for_one_release_only(several: Path) -> None:
    table = convention().tables["cuda"]
    (row,) = table.by_key["12_4"]
    only = table._replace(by_key={**table.by_key, "12_4": (row._replace(only={"ort.branch": "main"}),)})
    rules = convention()._replace(tables={**convention().tables, "cuda": only}, known={})
    stacks = {name: list(state.stacks) for name, state in surveyed(several, "main", "ort-1.23", rules=rules).items()}
    assert stacks == {"main": ["12.4", "12.9"], "ort-1.23": ["12.9"]}


@pytest.mark.parametrize(
    ("names", "everything", "chosen"),
    [
        ((), False, [*BRANCHES]),
        ((), True, [*BRANCHES, "topic", "pages"]),
        (("topic", "main"), False, ["topic", "main"]),
        (("topic",), True, ["topic"]),
    ],
    ids=["releases", "all", "some by name", "by name whatever else is asked"],
)
def test_which_branches_are_meant(names: tuple[str, ...], everything: bool, chosen: list[str]) -> None:
    known = {name: Branch(name, f"refs/heads/{name}") for name in ("topic", "main", "pages")}
    assert chosen_branches(convention(), known, names, everything=everything) == chosen


def test_seven_releases_in_order(right: Path) -> None:
    done = run("branches", cwd=right)
    assert (done.returncode, done.stderr) == (0, "")
    assert [(row[0], int(row[-3])) for row in table(done.stdout)] == list(COUNTS.items())
    assert table(done.stdout)[3] == [
        "ort-1.22",
        "1.22.2",
        "compat",
        "12.4",
        "12.9",
        "550+",
        "560+",
        "ed142ab1b3a0",
        "50",
        "–",
        "22",
    ]
    assert done.stdout.endswith("\n\n7 branches, 374 variants, no errors\n")


def test_a_wrong_pin_is_shown_as_exactly_that(wrong: Path) -> None:
    done = run("branches", cwd=wrong)
    assert done.returncode == 1
    rows = {row[0]: row for row in table(done.stdout)}
    assert rows["ort-1.20"][-4:] == ["0123456789ab", "50", "51", "–"]
    assert all(row[-2:] == ["–", "22"] for name, row in rows.items() if name != "ort-1.20")
    blocks = [block.splitlines() for block in done.stdout.split("\n\n")[1:]]
    (below,) = [block for block in blocks if block[0] == "ort-1.20"]
    pinned = f"pinned to {OTHER_PIN.decode()}, but 6 branches are pinned to {PIN.decode()}"
    assert below[:2] == ["ort-1.20", f"  error[branch-pin] nixpkgs is {pinned}"]
    assert below[2].startswith("  error[pin-undeclared] ×50 ")
    assert below[3].startswith("    first at ort-1.20:.flox/pkgs/")
    assert blocks[-1] == ["7 branches, 374 variants, 1 with errors"]


def test_what_an_earlier_run_knew_is_not_repeated_of_what_has_changed(tmp_path: Path) -> None:
    folder = scratch.init(tmp_path)
    scratch.commit(folder, dict(variants(GPU, CPU)))
    before = run("branches", cwd=folder)
    other = changed(GPU, (PIN.decode(), OTHER_PIN.decode()), ("driver 560+", "driver 535+"))
    scratch.commit(folder, dict(other))
    after = run("branches", cwd=folder)
    assert "header-driver" in after.stdout
    assert "header-driver" not in before.stdout
    assert after == run("branches", cwd=folder, environment={"NIXLINT_ORT_CACHE": ""})


def test_json(wrong: Path) -> None:
    document = json.loads(run("branches", "--output-format", "json", cwd=wrong).stdout)
    by_name = {one["branch"]: one for one in document["branches"]}
    assert list(by_name) == list(BRANCHES)
    assert by_name["ort-1.20"]["pins"] == {OTHER_PIN.decode(): 50}
    assert by_name["ort-1.20"]["problems"][0]["rule"] == "branch-pin"
    assert by_name["ort-1.20"]["summary"] == {"error": 51, "warning": 0, "info": 0}
    assert by_name["main"]["summary"] == {"error": 0, "warning": 22, "info": 0}
    assert by_name["main"]["stacks"] == [{"cuda": "12.4", "drivers": ["550"]}, {"cuda": "12.9", "drivers": ["560"]}]
    assert by_name["main"]["commit"] == scratch.git(wrong, "rev-parse", "main")


def test_markdown(wrong: Path) -> None:
    lines = run("branches", "--output-format", "markdown", cwd=wrong).stdout.splitlines()
    assert lines[0] == "| branch | release | CUDA | driver | pin | variants | errors | warnings |"
    assert "| ort-1.20 | 1.20.1 legacy | 12.4  12.9 | 550+  560+ | 0123456789ab | 50 | 51 | – |" in lines
    assert any(line.startswith("- `ort-1.20` error `pin-undeclared` ×50: ") for line in lines)


def test_nothing_on_disk_is_touched_or_looked_at(right: Path, tmp_path: Path) -> None:
    shutil.copytree(right, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy/.flox")
    before = sorted(path.stat().st_mtime_ns for path in (tmp_path / "copy").rglob("*"))
    assert run("branches", cwd=tmp_path / "copy").returncode == 0
    assert sorted(path.stat().st_mtime_ns for path in (tmp_path / "copy").rglob("*")) == before


def test_names_and_all(right: Path) -> None:
    scratch.git(right, "branch", "--force", "topic", "ort-1.19")
    assert [row[0] for row in table(run("branches", "topic", "main", cwd=right).stdout)] == ["topic", "main"]
    assert [row[0] for row in table(run("branches", "--all", cwd=right).stdout)] == [*BRANCHES, "topic"]
    done = run("branches", "ort-1.2", cwd=right)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("nixlint-ort: unknown branch 'ort-1.2'; did you mean ort-1.2")


def test_a_release_that_is_not_here_is_said_and_is_no_error(right: Path, tmp_path: Path) -> None:
    scratch.git(tmp_path, "clone", "--quiet", "--single-branch", "--branch", "main", str(right), "clone")
    done = run("branches", cwd=tmp_path / "clone")
    assert done.returncode == 0
    assert [row[-3:] == ["no", "such", "branch"] for row in table(done.stdout)] == [False] + [True] * 6
    scratch.git(tmp_path, "clone", "--quiet", str(right), "whole")
    assert "no such branch" not in run("branches", cwd=tmp_path / "whole").stdout


@pytest.mark.parametrize(
    ("row", "false_row", "message"),
    [
        (
            'branch: ort-1.19, version: "1.19.2"',
            'branch: ort-1.19, version: "1.19.3"',
            "says 1.19.3, but variants say 1.19.2 (50 of 50)",
        ),
        (
            'ort-1.19, version: "1.19.2", status: legacy, gpus: ["75", "80", "86", "89", "90"]',
            'ort-1.19, version: "1.19.2", status: legacy, gpus: ["80", "86", "89", "90", "100"]',
            "lists SM100, but there are no such variants; it does not list SM75, but there are such variants",
        ),
    ],
    ids=["version", "architectures"],
)
def test_a_row_that_is_not_true(row: str, false_row: str, message: str, right: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(convention().folder, rules)
    path = rules / "tables/releases.yaml"
    assert row in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(row, false_row), "utf-8")
    line = 1 + path.read_text("utf-8").split("ort-1.19")[0].count("\n")
    done = run("branches", "main", "ort-1.19", "--convention", str(rules), "--output-format", "json", cwd=right)
    assert done.returncode == 1
    found = {one["branch"]: one["problems"] for one in json.loads(done.stdout)["branches"]}
    assert [one["message"] for one in found["ort-1.19"]] == [f"rules/tables/releases.yaml:{line} {message}"]
    assert found["main"] == []


def test_a_release_without_variants_is_an_error(right: Path, tmp_path: Path) -> None:
    scratch.git(tmp_path, "clone", "--quiet", str(right), "clone")
    scratch.git(tmp_path / "clone", "rm", "--quiet", "-r", ".flox")
    scratch.commit(tmp_path / "clone", {"README.md": b"nothing\n"})
    done = run("branches", "main", cwd=tmp_path / "clone")
    assert done.returncode == 1
    assert "error[branch-variants] release main has no variants" in done.stdout


def test_not_a_repository_of_git(tmp_path: Path) -> None:
    done = run("branches", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("nixlint-ort: not a git repository")
    assert done.stderr.count("\n") == 1
