"""Another branch: sources are set in the file, and the release's own versions and targets apply."""

import pytest

from tests.support.linting import lint, lint_repository, original, path_of, replace_once, repository, shown

BRANCH = "ort-1.22"
GPU = path_of("onnxruntime-python313-cuda12_9-sm90-avx512")
FAULTS = [
    ('ortVersion = "1.22.2"', 'ortVersion = "1.22.0"', "ort-version {file}:18:17"),
    ("    version = ortVersion;\n", "", "ort-version {file}:49:20"),
    ("    src = ortSrc;\n", "", "ort-src-tag {file}:49:20"),
    ('tag = "v${ortVersion}"', 'tag = "v1.22.1"', "ort-src-tag {file}:22:12"),
    ("src = ortSrc;", "src = onnxSrc;", "ort-src-tag {file}:29:12"),
    ('"-DFETCHCONTENT_SOURCE_DIR_ONNX=${onnxSrc}"\n', "", "odd-one-out {file}:62:18"),
    ("/@CMAKE_INSTALL_ @CMAKE_INSTALL_", "/@CMAKE_INSTALL", "odd-one-out {file}:57:9"),
    ("# ONNX Runtime 1.22.2", "# ONNX Runtime 1.23.2", "header-ort-version {file}:1:16"),
    ("ONNX Runtime ${ortVersion}", "ONNX Runtime 1.23.2", "description-ort-version {file}:79:33"),
]


def test_its_fifty_files_are_clean() -> None:
    result = lint(branch=BRANCH)
    assert (shown(result), result.files) == ([], 50)


@pytest.mark.parametrize(
    ("good", "bad", "finding"), FAULTS, ids=[fault[2].split()[0] + fault[1][:20] for fault in FAULTS]
)
def test_one_fault_is_one_finding(good: str, bad: str, finding: str) -> None:
    data = replace_once(original(GPU, BRANCH), good, bad)
    assert shown(lint({GPU: data}, BRANCH)) == [finding.format(file=GPU.rsplit("/", 1)[-1])]


def test_a_wrong_version_names_what_it_reaches() -> None:
    data = replace_once(original(GPU, BRANCH), 'ortVersion = "1.22.2"', 'ortVersion = "1.22.0"')
    (finding,) = lint({GPU: data}, BRANCH).findings
    reached = {one.message for one in finding.related}
    assert any("description-ort-version" in one for one in reached)
    assert any("ort-src-tag" in one for one in reached)


def test_by_the_release_of_main_each_of_them_is_of_another_version() -> None:
    assert {one.rule for one in lint_repository(repository(BRANCH)).findings} == {
        "ort-version",
        "header-ort-version",
        "matrix-gap",
    }
