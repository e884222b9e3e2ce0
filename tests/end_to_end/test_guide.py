"""The steps of the maintainers' guide: whoever forgets one is told by a rule."""

import shutil
from pathlib import Path

import pytest

from nixlint_ort.convention import load
from nixlint_ort.repository.repository import Repository
from tests.support.linting import (
    CPU,
    GPU,
    OLDER,
    ROOT,
    lint,
    lint_repository,
    original,
    path_of,
    replace_once,
    repository,
)

NEW = path_of("onnxruntime-python313-cuda12_9-sm80-armv9")
STEPS_OF_A_NEW_VARIANT = {
    "gpuArchCMake": ('gpuArchCMake = "90"', 'gpuArchCMake = "80"', {"cuda-architectures"}),
    "cpuFlags": (
        '    "-mavx512f"\n    "-mavx512dq"\n    "-mavx512vl"\n    "-mavx512bw"\n    "-mfma"\n',
        '    "-march=armv9-a+sve2"\n',
        {"isa-flags"},
    ),
    "variantName": (
        "onnxruntime-python313-cuda12_9-sm90-avx512",
        "onnxruntime-python313-cuda12_9-sm80-armv9",
        {"variant-name"},
    ),
    "description": (
        "for NVIDIA H100/L40S (SM90) + AVX-512 [",
        "for NVIDIA A100/A30 (SM80) + ARMv9 (Graviton3+, Grace) [",
        {"description-gpu", "description-isa"},
    ),
    "platform": ("x86_64-linux", "aarch64-linux", {"platforms"}),
    "header": (
        "Hopper (SM90: H100, L40S) + AVX-512\n",
        "Ampere DC (SM80: A100, A30) + ARMv9 (Graviton3+, Grace)\n",
        {"header-gpu", "header-isa"},
    ),
}
OTHER_PIN = "0123456789abcdef0123456789abcdef01234567"
STEPS_OF_A_NEW_CUDA = {
    "the overlay": ("cudaPackages_12_9", "cudaPackages_13_0", {"cuda-packages"}),
    "variantName": ("python313-cuda12_9-sm90", "python313-cuda13_0-sm90", {"variant-name"}),
    "the header's CUDA": ("# CUDA 12.9", "# CUDA 13.0", {"header-cuda-version"}),
    "the header's driver": ("driver 560+", "driver 580+", {"header-driver"}),
    "the description": ("[CUDA 12.9]", "[CUDA 13.0]", {"description-cuda-tag"}),
}
STEPS_OF_A_NEW_ORT = {
    "the pin": ("ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", OTHER_PIN, {"pin-undeclared"}),
    "the header": ("# ONNX Runtime 1.23.2", "# ONNX Runtime 1.25.0", {"header-ort-version"}),
    "the description": ('"ONNX Runtime 1.23.2', '"ONNX Runtime 1.25.0', {"description-ort-version"}),
}


def after(steps: dict[str, tuple[str, str, set[str]]], data: bytes, forgotten: str | None) -> bytes:
    """A file after all steps but one."""
    for name, (before, then, _) in steps.items():
        data = data if name == forgotten else replace_once(data, before, then)
    return data


def found_in(result_path: str, repo: Repository, files: dict[str, bytes | None]) -> set[str]:
    other = repo.with_files(files)
    return {one.rule for one in lint_repository(other).findings if one.place.path == result_path}


@pytest.mark.parametrize("forgotten", [None, *STEPS_OF_A_NEW_VARIANT])
def test_adding_a_new_variant(forgotten: str | None) -> None:
    data = after(STEPS_OF_A_NEW_VARIANT, original(GPU), forgotten)
    expected = STEPS_OF_A_NEW_VARIANT[forgotten][2] if forgotten else set()
    assert {one.rule for one in lint({NEW: data}).findings} == expected


def test_adding_a_new_variant_without_telling_git() -> None:
    data = after(STEPS_OF_A_NEW_VARIANT, original(GPU), None)
    known = frozenset(variant.path for variant in repository().variants)
    assert [one.rule for one in lint({NEW: data}, tracked=known).findings] == ["untracked-variant"]


@pytest.fixture(scope="module")
def with_cuda_13(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """This repository under a convention with one row more, which main has: CUDA 13.0, driver 580, Python 3.13."""
    rules = tmp_path_factory.mktemp("cuda") / "rules"
    shutil.copytree(ROOT / "rules", rules)
    table = rules / "tables/stacks.yaml"
    row = '  - {tag: "13_0", version: "13.0", driver: "580", python: "313", gpus: ["75", "80", "86", "89", "90", "100"]}\n'
    table.write_text(table.read_text("utf-8").replace("rows:\n", f"rows:\n{row}"), "utf-8")
    releases = rules / "tables/releases.yaml"
    releases.write_text(releases.read_text("utf-8").replace('"12_9"]', '"12_9", "13_0"]', 1), "utf-8")
    return Repository(ROOT, load(rules))


@pytest.mark.parametrize("forgotten", [None, *STEPS_OF_A_NEW_CUDA])
def test_adding_a_new_cuda_version_is_yaml_alone(forgotten: str | None, with_cuda_13: Repository) -> None:
    path = path_of("onnxruntime-python313-cuda13_0-sm90-avx512")
    data = after(STEPS_OF_A_NEW_CUDA, original(GPU), forgotten)
    expected = STEPS_OF_A_NEW_CUDA[forgotten][2] if forgotten else set()
    assert found_in(path, with_cuda_13, {path: data}) == expected


def test_adding_a_new_cuda_version_without_renaming_the_file(with_cuda_13: Repository) -> None:
    data = after(STEPS_OF_A_NEW_CUDA, original(GPU), None)
    found = found_in(GPU, with_cuda_13, {GPU: data})
    assert found == {"filename-of-missing"}


def test_adding_a_new_cuda_version_without_the_table() -> None:
    path = path_of("onnxruntime-python313-cuda13_0-sm90-avx512")
    data = after(STEPS_OF_A_NEW_CUDA, original(GPU), None)
    assert [one.rule for one in lint({path: data}).findings] == ["filename-unknown-target"]


@pytest.mark.parametrize("document", ["README.md", "tests/fixtures/documents/CLAUDE.md"])
def test_a_new_cuda_driver_or_onnx_runtime_that_the_documents_do_not_have(document: str, tmp_path: Path) -> None:
    repo = with_a_new_ort(tmp_path)
    table = tmp_path / "rules/tables/stacks.yaml"
    table.write_bytes(replace_once(table.read_bytes(), 'driver: "560"', 'driver: "575"'))
    repo = Repository(ROOT, load(tmp_path / "rules")).with_files({"README.md": (ROOT / document).read_bytes()})
    found = [one for one in lint_repository(repo).findings if one.place.path == "README.md"]
    assert {"1.25.0", "575", OTHER_PIN} <= {one.expected for one in found}


def with_a_new_ort(folder: Path) -> Repository:
    """This repository under a convention that releases 1.25.0 from another pin on main."""
    rules = folder / "rules"
    shutil.copytree(ROOT / "rules", rules)
    for name, before, then in (
        ("tables/releases.yaml", 'main, version: "1.23.2"', 'main, version: "1.25.0"'),
        ("convention.yaml", "pin.rev: ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", f"pin.rev: {OTHER_PIN}"),
        ("tables/pins.yaml", "rev: ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", f"rev: {OTHER_PIN}"),
        ("tables/pins.yaml", 'ort: "1.23.2"', 'ort: "1.25.0"'),
    ):
        path = rules / name
        path.write_bytes(replace_once(path.read_bytes(), before, then))
    return Repository(ROOT, load(rules))


@pytest.mark.parametrize("forgotten", [None, *STEPS_OF_A_NEW_ORT])
def test_updating_onnx_runtime(forgotten: str | None, tmp_path: Path) -> None:
    repo = with_a_new_ort(tmp_path)
    files: dict[str, bytes | None] = {
        one.path: after(STEPS_OF_A_NEW_ORT, one.source.data, forgotten) for one in repo.variants
    }
    expected = STEPS_OF_A_NEW_ORT[forgotten][2] if forgotten else set()
    found = {(one.place.path, one.rule) for one in lint_repository(repo.with_files(files)).findings}
    for path in (GPU, OLDER, CPU):
        assert {rule for place, rule in found if place == path} == expected


def test_updating_the_pin_in_all_files_but_one(tmp_path: Path) -> None:
    repo = with_a_new_ort(tmp_path)
    files: dict[str, bytes | None] = {
        one.path: after(STEPS_OF_A_NEW_ORT, one.source.data, "the pin" if one.path == GPU else None)
        for one in repo.variants
    }
    assert found_in(GPU, repo, files) == {"pin-inconsistent"}
