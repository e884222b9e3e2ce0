"""What a new variant is copied from, and why one is not made; without a disk and a command."""

from collections.abc import Mapping, Sequence

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.fix.new import Made, make, stem_of
from nixlint_ort.fix.stacks import NewError, missing_of_stack
from nixlint_ort.repository.repository import Repository
from tests.support.linting import CPU, GPU, OLDER, PKGS, lint_repository, original, path_of, repository

WANTED = "onnxruntime-python313-cuda12_9-sm90-avx512"
EVERY = {one.path: one.source.data for one in repository().variants}


def only(files: Mapping[str, bytes]) -> Repository:
    """A repository of these files alone."""
    return repository().with_files({**dict.fromkeys(EVERY), **files})


def gpu(target: str) -> str:
    """The path of a GPU variant, such as `python313-cuda12_9-sm90-avx512`."""
    return path_of(f"onnxruntime-{target}")


def clean(_: Repository) -> Result:
    return Result((), 0)


def copied(stem: str, files: Mapping[str, bytes], source: str | None = None) -> Made:
    """A new variant, as it is copied and not yet fixed."""
    (made,), fixed = make(only(files), [stem], "main", clean, source)
    assert (fixed.files, fixed.dropped) == ({}, [])
    return made


# The targets that there are; the first one is copied, wherever it stands among them.
NEAREST = {
    "the same SM and ISA before all": ["python312-cuda12_4-sm90-avx512", "python313-cuda12_9-sm90-avx2"],
    "then the platform": ["python312-cuda12_4-sm75-avx2", "python313-cuda12_9-sm90-armv9"],
    "then the CUDA line": ["python313-cuda12_9-sm75-avx2", "python312-cuda12_4-sm90-avx2"],
    "then the Python": ["python313-cuda12_9-sm75-avx2", "python312-cuda12_9-sm90-avx2"],
    "then the SM": ["python313-cuda12_9-sm90-avx2", "python313-cuda12_9-sm75-avx512"],
    "then the ISA": ["python313-cuda12_9-sm86-avx512", "python313-cuda12_9-sm75-avx2"],
    "then the first by name": ["python313-cuda12_9-sm75-avx2", "python313-cuda12_9-sm80-avx2"],
    "none with an unknown SM": ["python312-cuda12_4-sm75-armv9", "python313-cuda12_9-sm91-avx512"],
    "none of another kind": ["python312-cuda12_4-sm75-armv9", "python313-cpu-avx512"],
    "none that is named otherwise": ["python312-cuda12_4-sm75-armv9", "python313-cuda12_9-avx512"],
}


@pytest.mark.parametrize("targets", NEAREST.values(), ids=NEAREST)
def test_the_nearest_one_is_copied(targets: Sequence[str]) -> None:
    files = {gpu(one): original(GPU).replace(WANTED.encode(), f"onnxruntime-{one}".encode()) for one in targets}
    assert copied(WANTED, files) == Made(GPU, gpu(targets[0]), files[gpu(targets[0])])


def test_one_that_calls_itself_by_another_name_is_copied_last_among_its_like() -> None:
    first, second = gpu("python313-cuda12_9-sm75-avx2"), gpu("python313-cuda12_9-sm80-avx2")
    assert copied(WANTED, {first: EVERY[first], second: EVERY[second]}).source == first
    assert copied(WANTED, {first: EVERY[second], second: EVERY[second]}).source == second


def test_one_that_cannot_be_read_is_not_copied() -> None:
    assert copied(WANTED, {gpu("python313-cuda12_9-sm90-avx2"): b"{", OLDER: original(OLDER)}).source == OLDER


def test_the_one_that_is_asked_for_is_copied() -> None:
    files = {OLDER: original(OLDER), gpu("python313-cuda12_9-sm75-avx2"): EVERY[gpu("python313-cuda12_9-sm75-avx2")]}
    for name in ("onnxruntime-python313-cuda12_9-sm75-avx2", "a/onnxruntime-python313-cuda12_9-sm75-avx2.nix"):
        assert copied(WANTED, files, name) == Made(
            GPU, gpu("python313-cuda12_9-sm75-avx2"), files[gpu("python313-cuda12_9-sm75-avx2")]
        )


def test_several_are_made_and_nothing_else_is_mended_or_reported() -> None:
    wrong = original(OLDER).replace(b"driver 550+", b"driver 535+")
    small = path_of("onnxruntime-python313-cpu-avx512")
    there = only({OLDER: wrong, CPU: original(CPU)})
    chosen = there.chosen
    stems = [WANTED, "onnxruntime-python313-cpu-avx512"]
    made, fixed = make(there, stems, "main", lint_repository)
    assert made == [Made(GPU, OLDER, original(GPU)), Made(small, CPU, original(small))]
    assert set(fixed.contents) == {GPU, small}
    assert fixed.remaining.findings == ()
    assert there.chosen == chosen


@pytest.mark.parametrize("typed", [WANTED, f"{WANTED}.nix", f"{PKGS}/{WANTED}.nix", f"/srv/{WANTED}"])
def test_a_name_may_be_typed_as_a_path(typed: str) -> None:
    assert stem_of(typed) == WANTED


# What is asked for, and what is said instead of making it.
REFUSED = [
    (WANTED, f"{WANTED} already exists"),
    (
        "onnxruntime-python313-cuda12_9-sm91-avx512",
        (
            "onnxruntime-python313-cuda12_9-sm91-avx512 was not created: rules/tables/gpus.yaml has no sm 91;"
            " did you mean onnxruntime-python313-cuda12_9-sm90-avx512?"
        ),
    ),
    (
        "onnxruntime-python313-cuda12_8-sm90-avx512",
        (
            "onnxruntime-python313-cuda12_8-sm90-avx512 was not created: rules/tables/stacks.yaml has no tag 12_8;"
            " did you mean onnxruntime-python313-cuda12_9-sm90-avx512?"
        ),
    ),
    (
        "onnxruntime-python313-cuda12_9-smxyz-avx2",
        (
            "onnxruntime-python313-cuda12_9-smxyz-avx2 was not created: rules/tables/gpus.yaml has no sm xyz;"
            " did you mean onnxruntime-python313-cuda12_9-sm90-avx2?"
        ),
    ),
    (
        "onnxruntime-python312-cuda12_9-sm100-avx2",
        (
            "onnxruntime-python312-cuda12_9-sm100-avx2 was not created: The file name has the Python that belongs to its CUDA line"
            " (filename-stack); did you mean onnxruntime-python313-cuda12_9-sm100-avx2?"
        ),
    ),
    (
        "onnx-python313-cuda12_9-sm90-avx512",
        f"onnx-python313-cuda12_9-sm90-avx512 is not the name of a variant; did you mean {WANTED}?",
    ),
    ("NAME", f"NAME is not the name of a variant; one is named like {WANTED}"),
    ("onnxruntime-python313-cpu-avx2", "there is no cpu variant to copy for onnxruntime-python313-cpu-avx2"),
]


@pytest.mark.parametrize(("stem", "said"), REFUSED)
def test_a_name_that_cannot_be_is_refused(stem: str, said: str) -> None:
    with pytest.raises(NewError) as caught:
        make(only({GPU: original(GPU)}), ["onnxruntime-python313-cuda12_9-sm86-avx2", stem], "main", clean)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nothing", "there is no variant nothing"),
        (f"{WANTED}x", f"there is no variant {WANTED}x; did you mean {WANTED}?"),
        ("broken", f"{PKGS}/broken.nix is not valid Nix, so it cannot be copied"),
        (
            "other",
            "onnxruntime-python313-cuda12_9-sm80-avx2 cannot be copied from other, which is a variant of another kind",
        ),
        (
            "onnxruntime-python313-cpu-avx2",
            (
                "onnxruntime-python313-cuda12_9-sm80-avx2 cannot be copied from onnxruntime-python313-cpu-avx2,"
                " which is a variant of another kind"
            ),
        ),
    ],
)
def test_one_that_cannot_be_copied_is_refused(source: str, said: str) -> None:
    files = {GPU: original(GPU), CPU: original(CPU), f"{PKGS}/broken.nix": b"{", f"{PKGS}/other.nix": original(GPU)}
    with pytest.raises(NewError) as caught:
        make(only(files), ["onnxruntime-python313-cuda12_9-sm80-avx2"], "main", clean, source)
    assert str(caught.value) == said


@pytest.mark.parametrize("line", ["12.4", "12_4"])
def test_what_is_missing_of_a_cuda_line_is_what_the_matrix_has_and_no_file_is_for(line: str) -> None:
    gone = ["onnxruntime-python312-cuda12_4-sm75-avx512", "onnxruntime-python312-cuda12_4-sm90-armv9"]
    there = repository().with_files(dict.fromkeys([*map(path_of, gone), GPU, CPU]))
    assert missing_of_stack(there, line, "main") == gone
    assert missing_of_stack(repository(), line, "main") == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("12.5", "rules/tables/stacks.yaml has no row for CUDA 12.5; did you mean 12.9?"),
        ("12-4", "rules/tables/stacks.yaml has no row for CUDA 12-4; did you mean 12_4?"),
        ("cpu", "rules/tables/stacks.yaml has no row for CUDA cpu; a new one needs tag, version, driver, python, gpus"),
    ],
)
def test_a_cuda_line_that_no_table_knows_is_refused(line: str, said: str) -> None:
    with pytest.raises(NewError) as caught:
        missing_of_stack(repository(), line, "main")
    assert str(caught.value) == said
