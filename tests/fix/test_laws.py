"""The laws of fixes: no rule fails that held, nothing is mended that is silenced, and only what is asked for changes."""

from pathlib import Path

import pytest

from nixlint_ort.fix.apply import Fixed, fix_all
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import (
    GPU,
    OLDER,
    convention,
    fix,
    lint,
    original,
    path_of,
    replace_once,
    repository,
    session,
)

STACK = [one.path for one in repository().variants if "cuda12_4" in one.stem]
LAYER = "    python3Packages = nixpkgs_pinned.python312Packages;\n"
SILENT = "# nixlint-ort: ignore[{}] tested"


def fix_selected(there: Repository, *rules: str) -> Fixed:
    """What fixing makes of a repository by a selection of rules."""
    every = there.convention.rules
    selected = session(there, rules={name: every[name] for name in rules})
    return fix_all(there, selected.lint, unsafe=True, whole=session(there).lint)


def test_a_fix_that_would_make_its_file_unlike_its_peers_is_left_to_people() -> None:
    without: dict[str, bytes | None] = {path: replace_once(original(path), LAYER, "") for path in STACK}
    silent = SILENT.format("cpp-layer-python")
    for path in STACK[1:]:
        data = without[path] or b""
        without[path] = replace_once(data, "  onnxruntimeCpp =", f"  {silent}\n  onnxruntimeCpp =")
    fixed = fix(without, unsafe=True)
    assert fixed.contents == {}
    ((dropped),) = fixed.dropped
    assert dropped.reason == f"it would break rule odd-one-out in {STACK[0]}; change it by hand"
    assert not dropped.is_fault


def test_a_fix_by_one_rule_is_held_to_the_others() -> None:
    without: dict[str, bytes | None] = {path: replace_once(original(path), LAYER, "") for path in STACK}
    silent = SILENT.format("cpp-layer-python")
    for path in STACK[1:]:
        without[path] = replace_once(without[path] or b"", "  onnxruntimeCpp =", f"  {silent}\n  onnxruntimeCpp =")
    assert fix_selected(repository().with_files(without), "cpp-layer-python").contents == {}


SHARED = f'  sm = "80"; {SILENT.format("description-gpu")}\n  gpuArchCMake = sm;'


def test_what_is_silenced_is_not_mended_along_with_something_else() -> None:
    data = replace_once(original(GPU), '  gpuArchCMake = "90";', SHARED)
    data = replace_once(data, "(SM90) + AVX-512 [", "(SM${sm}) + AVX-512 [")
    assert {one.rule for one in lint({GPU: data}).findings} == {"cuda-architectures"}
    fixed = fix({GPU: data}, unsafe=True)
    assert fixed.contents == {}
    ((dropped),) = fixed.dropped
    assert dropped.reason == f"it would break rule unused-suppression in {GPU}; change it by hand"


def test_what_else_is_wrong_hinders_no_fix_of_a_later_round(tmp_path: Path) -> None:
    wrong = path_of("onnxruntime-python313-cuda12_4-sm90-avx512")
    data = replace_once(original(OLDER), "driver 550+", "driver 535+")
    other = data.replace(b"-python312-", b"-python313-")
    there = Repository(tmp_path, convention(), tree=InMemory({wrong: other}))
    assert fix_selected(there, "filename-stack", "variant-name").contents == {OLDER: data}


def test_what_is_silenced_in_a_document_hinders_no_other_fix() -> None:
    silent = b"<!-- nixlint-ort: ignore[document-version] tested -->"
    data = b"CUDA 12.9 needs driver 535+. %b\n\nCUDA 12.4 needs driver 535+.\n" % silent
    fixed = fix({"README.md": data})
    assert fixed.contents == {"README.md": data.replace(b"12.4 needs driver 535+", b"12.4 needs driver 550+")}


# A rule that is selected, what is wrong, and what is left as it is.
ASKED = {
    "a version that is missing, and another GPU": (
        "description-ort-version",
        '"ONNX Runtime 1.23.2 for NVIDIA H100/L40S',
        '"ONNX Runtime for NVIDIA V100',
        '"ONNX Runtime 1.23.2 for NVIDIA V100',
    ),
    "a header's version that is missing, and another instruction set": (
        "header-ort-version",
        "# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n",
        "# ONNX Runtime for NVIDIA Hopper (SM90: H100/L40S) + AVX2\n",
        "# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100/L40S) + AVX2\n",
    ),
    "a CUDA tag that is missing, and another version": (
        "description-cuda-tag",
        '"ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]"',
        '"ONNX Runtime ${ort} for NVIDIA H100/L40S (SM90) + AVX-512"',
        '"ONNX Runtime ${ort} for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]"',
    ),
    "a driver, and another CUDA": (
        "header-driver",
        "# CUDA 12.9 — Requires NVIDIA driver 560+",
        "# CUDA 12.4 — Requires NVIDIA driver 535+",
        "# CUDA 12.4 — Requires NVIDIA driver 560+",
    ),
    "platforms, and a description": (
        "platforms",
        '[CUDA 12.9]";\n    platforms = [ "x86_64-linux" ];',
        '[CUDA 12.4]";\n    platforms = [ "i686-linux" ];',
        '[CUDA 12.4]";\n    platforms = [ "x86_64-linux" ];',
    ),
    "one of two faults in one list": (
        "isa-flags",
        '    "-mavx512vl"\n    "-mavx512bw"\n    "-mfma"\n  ];\n',
        '    "-mavx512vnni"\n    "-O3"\n    "-mavx512bw"\n    "-mfma"\n  ];\n  sm = "80";\n',
        '    "-mavx512vl"\n    "-O3"\n    "-mavx512bw"\n    "-mfma"\n  ];\n  sm = "80";\n',
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_only_what_is_asked_for_changes(name: str) -> None:
    rule, good, bad, mended = ASKED[name]
    base = replace_once(original(GPU), "let\n", 'let\n  ort = "1.22.0";\n')
    data, whole = replace_once(base, good, bad), replace_once(base, good, mended)
    assert fix_selected(repository().with_files({GPU: data}), rule).contents == {GPU: whole}


def test_no_fix_leads_to_a_name_that_is_wrong_itself() -> None:
    path = GPU.replace("avx512", "avx512bf17")
    fixed = fix({GPU: None, path: original(GPU)}, unsafe=True)
    assert fixed.contents == {}
    assert "filename-unknown-target" in {one.rule for one in fixed.remaining.findings}


def test_a_wrapper_that_is_given_its_layer_by_another_name_has_one_finding_and_no_fix() -> None:
    data = replace_once(original(GPU), "  onnxruntime = onnxruntimeCpp;", "  onnxruntimeCpp = onnxruntimeCpp;")
    (finding,) = lint({GPU: data}).findings
    assert (finding.rule, finding.fix) == ("cpp-layer", None)
    assert fix({GPU: data}, unsafe=True).contents == {}
