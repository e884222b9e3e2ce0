"""`new`: variants from nothing but their names, equal to those that the maintainers wrote."""

import shutil
from pathlib import Path

import pytest

from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, PKGS, ROOT, original, path_of, repository
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
