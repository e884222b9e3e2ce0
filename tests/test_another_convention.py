"""A convention for another package is a folder of YAML: variants of PyTorch, with no change in Python."""

from functools import cache

import pytest
from click.testing import CliRunner

from linting import FIXTURES, lint_repository, replace_once
from nixlint_ort.cli import cli
from nixlint_ort.convention import load
from nixlint_ort.variant.repository import Repository

ROOT = FIXTURES / "pytorch"
PATH = ".flox/pkgs/pytorch-python313-cuda12_8-sm90-avx512.nix"
FAULTS = [
    ("NVIDIA Hopper (", "NVIDIA Ada (", "header-gpu:1"),
    ("# Package name: pytorch-python313", "# Package name: pytorch-python312", "header-package-name:2"),
    ('pname = "pytorch-python313-cuda12_8-sm90-avx512"', 'pname = "torch"', "pname:18"),
    ('gpuTargets = [ "9.0" ]', 'gpuTargets = [ "8.0" ]', "gpu-targets:16"),
    ('  gpuTargets = [ "9.0" ];\n', "", "gpu-targets:14"),
    ("python313Packages.torch", "python312Packages.torch", "python-packages:14"),
    ("cudaPackages_12_8", "cudaPackages_12_9", "cuda-packages:9"),
    ('"-mavx512vl"', '"-mavx512vnni"', "isa-flags:12"),
    ("[CUDA 12.8]", "[CUDA 12.9]", "description-gpu:24"),
    ("6a08e6bb4e46ff7fcbb53d409b253f6bad8a28ce", "0" * 40, "pin-undeclared:6"),
]


@cache
def repository() -> Repository:
    return Repository(ROOT, load(ROOT / "rules"))


def test_its_variants_are_clean() -> None:
    result = lint_repository(repository())
    assert (result.findings, result.files) == ((), 4)


def test_the_command_needs_nothing_but_the_folder() -> None:
    ran = CliRunner().invoke(cli, [str(ROOT), "--rules", str(ROOT / "rules"), "--branch", "main", "--no-cache"])
    assert ran.exit_code == 0, ran.output
    assert "4 files checked, no findings" in ran.stdout


@pytest.mark.parametrize(("good", "bad", "finding"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_one_fault_is_one_finding(good: str, bad: str, finding: str) -> None:
    data = replace_once((ROOT / PATH).read_bytes(), good, bad)
    found = lint_repository(repository().with_files({PATH: data})).findings
    assert [f"{one.rule}:{one.place.start.line}" for one in found] == [finding]
