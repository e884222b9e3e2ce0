"""A name with a part that no table has: where code and texts agree on one variant, the file is renamed to it."""

import re
from pathlib import Path

import pytest

from nixlint_ort.fix.apply import Fixed, fix_all
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import CPU, GPU, convention, lint, original, path_of, repository, session

SM90 = "onnxruntime-python313-cuda12_9-sm90-avx512"
AVX2 = "onnxruntime-python313-cpu-avx2"
OWN_NAME = (f'"{SM90}"', '"onnxruntime-python313-cuda12_9-sm91-avx512"')
HEADER = (r"\A# ONNX.*\n# CUDA.*\n", "")
DESCRIPTION = (r"    description = .*\n", "")

# The variant, the name that its file gets, what else is changed in it, and whether the file is renamed back.
CASES: dict[str, tuple[str, str, list[tuple[str, str]], bool]] = {
    "its SM": (SM90, "onnxruntime-python313-cuda12_9-sm91-avx512", [], True),
    "its SM, unlike any": (SM90, "onnxruntime-python313-cuda12_9-sm7000-avx512", [], True),
    "its instruction set": (SM90, "onnxruntime-python313-cuda12_9-sm90-avx3", [], True),
    "its CUDA line": (SM90, "onnxruntime-python313-cuda12_8-sm90-avx512", [], True),
    "its Python": (SM90, "onnxruntime-python315-cuda12_9-sm90-avx512", [], True),
    "its Python, with a version that is wrong anyhow": (
        SM90,
        "onnxruntime-python315-cuda12_9-sm90-avx512",
        [("# ONNX Runtime 1.23.2", "# ONNX Runtime 1.22.0")],
        True,
    ),
    "its CPU's Python, with a version that is wrong anyhow": (
        AVX2,
        "onnxruntime-python315-cpu-avx2",
        [("# ONNX Runtime 1.23.2", "# ONNX Runtime 1.22.0")],
        True,
    ),
    "two parts": (SM90, "onnxruntime-python313-cuda12_9-sm91-avx3", [], True),
    "without CUDA": (AVX2, "onnxruntime-python313-cpu-avx3", [], True),
    "the same mistake in the file's own name": (SM90, "onnxruntime-python313-cuda12_9-sm91-avx512", [OWN_NAME], True),
    "its own name is that of another": (
        SM90,
        "onnxruntime-python313-cuda12_9-sm91-avx512",
        [(f'"{SM90}"', '"onnxruntime-python313-cuda12_9-sm80-avx512"')],
        True,
    ),
    "no header": (SM90, "onnxruntime-python313-cuda12_9-sm91-avx512", [HEADER], True),
    "no header and no description": (SM90, "onnxruntime-python313-cuda12_9-sm91-avx512", [HEADER, DESCRIPTION], True),
    "a version that is wrong anyhow": (
        SM90,
        "onnxruntime-python313-cuda12_9-sm91-avx512",
        [("# ONNX Runtime 1.23.2", "# ONNX Runtime 1.22.0")],
        True,
    ),
    "the header is of another SM than the code": (
        SM90,
        "onnxruntime-python313-cuda12_9-sm91-avx512",
        [(r"Hopper \(SM90: H100, L40S\)", "Turing (SM75: T4, RTX 2080 Ti)")],
        False,
    ),
    "the code is of another SM than the texts": (
        SM90,
        "onnxruntime-python313-cuda12_9-sm91-avx512",
        [('"90"', '"80"')],
        False,
    ),
    "a target that is new in all the file": (
        SM90,
        "onnxruntime-python313-cuda12_9-sm91-avx512",
        [OWN_NAME, ("SM90", "SM91"), ('"90"', '"91"')],
        False,
    ),
    "nothing can be read of it": (SM90, "onnxruntime-python313-cuda12_9-sm91-avx512", [(r"\}\)\s*\Z", "")], False),
}


def fix(changed: dict[str, bytes | None], root: Path, *, unsafe: bool) -> Fixed:
    """What fixing makes of the variants with these changes, in a folder in which no file is in the way."""
    files = {one.path: one.source.data for one in repository().variants} | changed
    kept = {path: data for path, data in files.items() if data is not None}
    one = Repository(root, convention(), tree=InMemory(kept))
    return fix_all(one, session(one).lint, unsafe=unsafe)


@pytest.mark.parametrize("case", CASES)
def test_a_file_is_renamed_where_all_of_it_agrees(case: str, tmp_path: Path) -> None:
    stem, name, edits, is_renamed = CASES[case]
    text = original(path_of(stem)).decode()
    for good, bad in edits:
        assert re.search(good, text), good
        text = re.sub(good, bad, text)
    changed: dict[str, bytes | None] = {path_of(stem): None, path_of(name): text.encode()}
    found = [one for one in lint(changed).findings if one.rule == "filename-unknown-target"]
    assert [one.place.path for one in found] in ([path_of(name)], [path_of(name)] * 2)
    fixed = fix(changed, tmp_path, unsafe=True)
    assert (path_of(stem) in fixed.contents, path_of(name) in fixed.files) == (is_renamed, False)
    if is_renamed and "wrong" not in case:
        assert fixed.contents[path_of(stem)] == original(path_of(stem))


def test_safe_fixes_rename_nothing(tmp_path: Path) -> None:
    for path, stem in ((GPU, "onnxruntime-python313-cuda12_9-sm91-avx512"), (CPU, "onnxruntime-python313-cpu-avx3")):
        assert fix({path: None, path_of(stem): original(path)}, tmp_path, unsafe=False).contents == {}


def test_a_copy_of_a_variant_that_is_there_is_not_renamed_to_it() -> None:
    copy = path_of("onnxruntime-python313-cuda12_9-sm90-avx2x")
    (first, *_) = (one for one in lint({copy: original(GPU)}).findings if one.place.path == copy)
    assert (first.rule, first.arguments["hint"], first.fix) == ("filename-unknown-target", "avx2", None)


@pytest.mark.parametrize("name", ["onnxruntime-python315-cpu-avx2", "onnxruntime-python314-cpu-avx2"])
def test_what_is_wrong_by_each_name_does_not_hide_which_is_meant(name: str) -> None:
    data = original(CPU).replace(b"# ONNX Runtime 1.23.2", b"# ONNX Runtime 1.22.0")
    found = [one for one in lint({CPU: None, path_of(name): data}).findings if one.rule == "filename-unknown-target"]
    assert [one.fix is not None for one in found] == [True]
