"""`new`: variants from nothing but their names, equal to those that the maintainers wrote."""

import shutil
from pathlib import Path

import pytest

from nixlint_ort.fix.new import make
from nixlint_ort.fix.stacks import NewError, stack_of
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, PKGS, ROOT, convention, original, path_of, repository, session
from tests.support.running import last_line, run

OLDER_ONES = {one.path: one.source.data for one in repository().variants if "cuda12_4" in one.stem}
OTHERS = {one.path: one.source.data for one in repository().variants if "cuda12_4" not in one.stem}


def a_repository(folder: Path, files: dict[str, bytes]) -> Path:
    """A git repository with these files, on the branch main."""
    scratch.init(folder)
    scratch.commit(folder, dict(files))
    return folder


def variants_in(folder: Path) -> dict[str, bytes]:
    """The files beside the variants, by path."""
    return {f"{PKGS}/{path.name}": path.read_bytes() for path in (folder / PKGS).iterdir()}


def test_a_whole_cuda_line_is_made_byte_for_byte(tmp_path: Path) -> None:
    folder = a_repository(tmp_path / "r", OTHERS)
    assert (len(OTHERS), len(OLDER_ONES)) == (36, 22)
    done = run("new", "--cuda", "12.4", cwd=folder)
    assert (done.returncode, done.stdout.count("created ")) == (0, 22)
    assert variants_in(folder) == OTHERS | OLDER_ONES
    assert run("new", "--cuda", "12_4", cwd=folder).stderr.endswith("nothing to create\n")


@pytest.mark.parametrize(
    ("path", "as_path"),
    [(GPU, True), (OLDER, False), (CPU, True), (path_of("onnxruntime-python313-cuda12_9-sm90-armv9"), False)],
)
def test_one_that_was_lost_is_made_again(tmp_path: Path, path: str, as_path: bool) -> None:
    rest = {one: data for one, data in (OTHERS | OLDER_ONES).items() if one != path}
    folder = a_repository(tmp_path / "r", rest)
    assert run("new", path if as_path else Path(path).stem, cwd=folder).returncode == 0
    assert (folder / path).read_bytes() == original(path)


@pytest.mark.parametrize(("has_title", "said"), [(True, "has no row for CUDA 13.7"), (False, "has no row for 13.7")])
def test_a_stack_that_is_in_no_table_is_called_as_the_convention_calls_it(has_title: bool, said: str) -> None:
    roles = convention().roles
    assert roles.stack is not None
    stack = roles.stack if has_title else roles.stack._replace(title=None)
    with pytest.raises(NewError) as caught:
        stack_of(convention()._replace(roles=roles._replace(stack=stack)), "13.7")
    assert str(caught.value).startswith(f"{convention().table_of(stack.key).where} {said}; ")


def test_two_of_different_kinds_are_made_at_once(tmp_path: Path) -> None:
    rest = {path: data for path, data in (OTHERS | OLDER_ONES).items() if path not in (GPU, CPU)}
    folder = a_repository(tmp_path / "r", rest)
    assert run("new", Path(GPU).stem, Path(CPU).stem, cwd=folder).returncode == 0
    assert variants_in(folder) == OTHERS | OLDER_ONES


def test_one_is_made_by_a_convention_that_does_not_call_any_table_the_instruction_sets() -> None:
    rules = convention()._replace(roles=convention().roles._replace(isa=None))
    there = Repository(ROOT, rules, tree=InMemory({path: data for path, data in OTHERS.items() if path != GPU}))
    (made,), _ = make(there, [Path(GPU).stem], "main", session(there).lint)
    assert made.data == original(GPU)


def test_what_no_peer_has_is_not_given_to_the_new_one(tmp_path: Path) -> None:
    layer = b"    python3Packages = nixpkgs_pinned.python312Packages;\n"
    alike = {path: data.replace(layer, b"") for path, data in (OTHERS | OLDER_ONES).items()}
    folder = a_repository(tmp_path / "r", {path: data for path, data in alike.items() if path != OLDER})
    run("new", Path(OLDER).stem, cwd=folder)
    assert variants_in(folder) == alike


def test_it_is_made_from_the_one_that_is_asked_for(tmp_path: Path) -> None:
    folder = a_repository(tmp_path / "r", {GPU: original(GPU), OLDER: original(OLDER)})
    name = "onnxruntime-python313-cuda12_9-sm86-avx2"
    done = run("new", name, "--from", "onnxruntime-python313-cuda12_9-sm90-avx512", cwd=folder)
    assert done.stdout == f"created {path_of(name)} from {GPU}\n"
    assert (folder / path_of(name)).read_bytes() == original(path_of(name))


def test_a_dry_run_makes_nothing(tmp_path: Path) -> None:
    folder = a_repository(tmp_path / "r", OTHERS)
    done = run("new", "--cuda", "12.4", "--dry-run", cwd=folder)
    assert (done.returncode, done.stdout.count("would create ")) == (0, 22)
    assert variants_in(folder) == OTHERS


def test_a_target_that_cannot_be_built_is_made_with_a_warning(tmp_path: Path) -> None:
    folder = a_repository(tmp_path / "r", OTHERS | OLDER_ONES)
    done = run("new", "onnxruntime-python312-cuda12_4-sm100-avx2", cwd=folder)
    assert done.returncode == 0
    assert "warning[gpu-needs-newer-cuda]" in done.stdout
    assert (folder / path_of("onnxruntime-python312-cuda12_4-sm100-avx2")).exists()


# What is asked for, and what is said instead of making it.
REFUSED = {
    "onnxruntime-python313-cuda12_9-sm90-avx512": "already exists",
    "../../evil": "is not the name of a variant",
    "": "is not the name of a variant",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    folder = a_repository(tmp_path / "r", {GPU: original(GPU)})
    done = run("new", "onnxruntime-python313-cuda12_9-sm86-avx2", name, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert REFUSED[name] in done.stderr
    assert done.stderr.count("\n") == 1
    assert variants_in(folder) == {GPU: original(GPU)}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--cuda", "12.5"],
            "the shipped table `cuda` (`nixlint-ort init --convention` makes it yours) has no row for CUDA 12.5; did you mean 12.",
        ),
        ([], "name the variants to create, or a CUDA line with --cuda"),
        (["onnxruntime-python313-cpu-avx2"], "there is no cpu variant to copy for onnxruntime-python313-cpu-avx2"),
        (["onnxruntime-python313-cpu-avx2", "--from", GPU], "which is a variant of another kind"),
        (["onnxruntime-python313-cuda12_9-sm80-avx2", "--from", "nothing"], "there is no variant nothing"),
    ],
)
def test_what_cannot_be_made_is_said(tmp_path: Path, arguments: list[str], said: str) -> None:
    folder = a_repository(tmp_path / "r", {GPU: original(GPU)})
    done = run("new", *arguments, cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert variants_in(folder) == {GPU: original(GPU)}


def test_a_new_cuda_line_is_a_row_its_release_and_one_command(tmp_path: Path) -> None:
    folder = a_repository(tmp_path / "r", OTHERS | OLDER_ONES)
    shutil.copytree(ROOT / "rules", folder / "rules")
    table = folder / "rules/tables/stacks.yaml"
    row = '  - {tag: "13_0", version: "13.0", driver: "580", python: "313", gpus: ["75", "80", "86", "89", "90", "100", "120"]}\n'
    text = table.read_text()
    table.write_text(text.replace("  # The variants without CUDA.\n", row + "  # The variants without CUDA.\n"))
    releases = folder / "rules/tables/releases.yaml"
    releases.write_text(releases.read_text().replace('"12_9"]', '"12_9", "13_0"]', 1))
    done = run("new", "--cuda", "13.0", cwd=folder)
    assert (done.returncode, done.stdout.count("created ")) == (0, 30)
    made = (folder / path_of("onnxruntime-python313-cuda13_0-sm90-avx512")).read_text()
    expected = original(GPU).decode().replace("12_9", "13_0").replace("12.9", "13.0").replace("560+", "580+")
    assert made == expected
    scratch.git(folder, "add", "--all")
    assert last_line(run(cwd=folder).stdout) == "88 files checked, 22 warnings\n"


ROW = '  - {tag: "13_0", version: "13.0", driver: "580", python: "313", gpus: ["75", "80", "86", "89", "90", "100", "120"]}\n'
NAMES = "[cudaPackages_12_6, cudaPackages_12_8, cudaPackages_12_9]"
# What the row of the pin says, what to type, and what is said of the package set: in a note, or by which finding.
AT_THE_PIN: dict[str, tuple[str, str, list[str], str | None, str | None]] = {
    "not listed": (NAMES, NAMES, ["--cuda", "13.0"], "cudaPackages_13_0", None),
    "not listed, by name": (NAMES, NAMES, [Path(GPU).stem.replace("12_9", "13_0")], "cudaPackages_13_0", None),
    "listed": (NAMES, NAMES.replace("]", ", cudaPackages_13_0]"), ["--cuda", "13.0"], None, None),
    "an alias that throws": ("throws:\n", "throws:\n      - cudaPackages_13_0\n", ["--cuda", "13.0"], None, "warning"),
    "not listed in a row that was read": ("read: inferred", "read: tree", ["--cuda", "13.0"], None, "error"),
    "the pin has no row": ("rev: ed142ab1", "rev: 00000000", ["--cuda", "13.0"], None, None),
    "the row lists no sets": (f"    cuda: {NAMES}\n", "", ["--cuda", "13.0"], None, None),
    "a variant without CUDA": (NAMES, NAMES, [Path(CPU).stem], None, None),
}


@pytest.mark.parametrize("case", AT_THE_PIN)
def test_a_package_set_that_the_pin_may_not_have_is_said_once(case: str, tmp_path: Path) -> None:
    good, bad, typed, in_note, in_finding = AT_THE_PIN[case]
    folder = a_repository(tmp_path / "r", {path: data for path, data in OTHERS.items() if path != CPU})
    shutil.copytree(ROOT / "rules", folder / "rules")
    for path, old, new in (
        ("stacks", "  # The variants without CUDA.\n", f"{ROW}  # The variants without CUDA.\n"),
        ("releases", '"120"], cuda: ["12_4", "12_9"]}', '"120"], cuda: ["12_4", "12_9", "13_0"]}'),
        ("pins", good, bad),
    ):
        table = folder / f"rules/tables/{path}.yaml"
        text = table.read_text("utf-8")
        assert old in text
        table.write_text(text.replace(old, new, 1), "utf-8")
    done = run("new", *typed, cwd=folder)
    lists = "cudaPackages_12_6, cudaPackages_12_8 and cudaPackages_12_9"
    note = f"nixlint-ort: nixpkgs may have no {in_note} at the pin: rules/tables/pins.yaml lists {lists}"
    assert [line for line in done.stderr.splitlines() if "at the pin" in line] == ([note] if in_note else [])
    assert done.stdout.count("[pin-lacks-attribute]") == (1 if in_finding else 0)
    assert f"{in_finding}[pin-lacks-attribute]" in done.stdout or in_finding is None
    assert done.returncode == (1 if in_finding == "error" else 0)


COUNTS = "# Variants\n\n37 variants in total.\n"
# Documents, whether errors are ignored by the settings, the exit code, and the last line of what is said.
GIT_ADD = "nixlint-ort: run `git add` on the new files: `flox build` sees only files that git tracks"
STALE = "nixlint-ort: README.md is out of date; run: nixlint-ort --fix"
LEFT: dict[str, tuple[dict[str, str], int, str]] = {
    "no documents": ({}, 0, GIT_ADD),
    "a document that says what is so now": ({"README.md": COUNTS}, 0, GIT_ADD),
    "a document whose count is not so any more": ({"README.md": COUNTS.replace("37", "36")}, 1, STALE),
    "that count is ignored": (
        {"README.md": COUNTS.replace("37", "36"), "nixlint-ort.yaml": "ignore: [document-count]\n"},
        0,
        GIT_ADD,
    ),
}


@pytest.mark.parametrize("dry", [False, True])
@pytest.mark.parametrize("case", LEFT)
def test_the_exit_code_speaks_of_what_remains(case: str, dry: bool, tmp_path: Path) -> None:
    documents, code, last = LEFT[case]
    files = OTHERS | {path: text.encode() for path, text in documents.items()}
    folder = a_repository(tmp_path / "r", files)
    done = run("new", Path(OLDER).stem, *(["--dry-run"] if dry else []), cwd=folder)
    assert (done.returncode, (folder / OLDER).exists()) == (code, not dry)
    would = last.replace("is out of date; run", "would be out of date; then run")
    expected = ([] if last == GIT_ADD else [would]) if dry else [last]
    assert done.stderr.splitlines()[-1:] == expected
