"""Files whose names and contents contradict each other: who is outvoted, and what a fix may do.

What a file says is its name, its header and description, `variantName`, and its code. What else tells is whether the
variant that it says it is has a file of its own, and whether the matrix has that variant.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from nixlint_ort.fix.apply import Fixed, fix_all
from nixlint_ort.fix.new import make
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import GPU, convention, lint_repository, original, path_of, repository, session

OTHER = path_of("onnxruntime-python313-cuda12_9-sm100-armv9")
"""A valid name that no matrix has, for another architecture and another instruction set."""
SIBLING = path_of("onnxruntime-python313-cuda12_9-sm80-avx512")
RULE = "filename-of-missing"


def says(texts: str, name: str, code: str) -> bytes:
    """A file whose header and meta, whose `variantName` and whose code are those of three variants."""
    (header, meta), stem, rest = _parts(texts)[0], _parts(name)[1], _parts(code)[2]
    return rest.replace("<header>", header).replace("<meta>", meta).replace("<name>", stem).encode()


def _parts(path: str) -> tuple[tuple[str, str], str, str]:
    """A variant's first line and its meta, its name, and the rest of its text with gaps for these."""
    text, stem = _text(path), path.rpartition("/")[2].removesuffix(".nix")
    header = text.splitlines()[0]
    meta = text[text.index("    description = ") : text.index("  };\n})")]
    return (
        (header, meta),
        stem,
        text.replace(header, "<header>").replace(meta, "<meta>").replace(f'"{stem}"', '"<name>"'),
    )


def _text(path: str) -> str:
    """A variant's text; of one that is not there, what `new` makes."""
    files = {one.path: one.source.data for one in repository().variants}
    if path in files:
        return files[path].decode()
    made, _ = make(repository(), [path.rpartition("/")[2].removesuffix(".nix")], "main", session(repository()).lint)
    return made[0].data.decode()


class Case(NamedTuple):
    """Files that are there, None for one that is not; whether a rename is offered; what a safe and an unsafe fix leave."""

    files: dict[str, bytes | None]
    is_renamed: bool
    safe: dict[str, bytes | None]
    """The files that a safe fix changes."""
    unsafe: dict[str, bytes | None]


def case(name: str, *, texts: str, variant_name: str, code: str, **there: bool) -> dict[str, bytes | None]:
    """The file of a name that says these things, beside all others but GPU, which may be `there`."""
    return {**({} if there.get("gpu") else {GPU: None}), name: says(texts, variant_name, code)}


CASES: dict[str, Case] = {
    "renamed, and nothing else: the name is outvoted": Case(
        case(OTHER, texts=GPU, variant_name=GPU, code=GPU), True, {}, {OTHER: None, GPU: original(GPU)}
    ),
    "a copy: the name is the truth": Case(
        case(OTHER, texts=GPU, variant_name=GPU, code=GPU, gpu=True),
        False,
        {OTHER: says(OTHER, GPU, GPU)},
        {OTHER: says(OTHER, OTHER, OTHER)},
    ),
    "renamed, and its texts too": Case(
        case(OTHER, texts=OTHER, variant_name=GPU, code=GPU), False, {}, {OTHER: says(OTHER, OTHER, OTHER)}
    ),
    "renamed, and `variantName` too": Case(
        case(OTHER, texts=GPU, variant_name=OTHER, code=GPU), False, {}, {OTHER: says(OTHER, OTHER, OTHER)}
    ),
    "renamed, and its code too": Case(
        case(OTHER, texts=GPU, variant_name=GPU, code=OTHER),
        False,
        {OTHER: says(OTHER, GPU, OTHER)},
        {OTHER: says(OTHER, OTHER, OTHER)},
    ),
    "only the texts are of another": Case(
        {GPU: says(SIBLING, GPU, GPU)}, False, {GPU: original(GPU)}, {GPU: original(GPU)}
    ),
    "only `variantName` is of another": Case({GPU: says(GPU, SIBLING, GPU)}, False, {}, {GPU: original(GPU)}),
    "only the code is of another that has a file": Case(
        {GPU: says(GPU, GPU, SIBLING)}, False, {}, {GPU: original(GPU)}
    ),
    "texts and code are of another that has a file": Case(
        {GPU: says(SIBLING, GPU, SIBLING)}, False, {GPU: says(GPU, GPU, SIBLING)}, {GPU: original(GPU)}
    ),
    "texts and code are of another that has none": Case(
        {SIBLING: None, GPU: says(SIBLING, GPU, SIBLING)}, False, {}, {GPU: original(GPU)}
    ),
    "two files with each other's names": Case(
        {SIBLING: original(GPU), GPU: original(SIBLING)}, False, {}, {SIBLING: original(SIBLING), GPU: original(GPU)}
    ),
    "renamed, with an old version in its header": Case(
        {GPU: None, OTHER: original(GPU).replace(b"# ONNX Runtime 1.23.2", b"# ONNX Runtime 1.22.0")},
        True,
        {OTHER: original(GPU)},
        {OTHER: None, GPU: original(GPU)},
    ),
}


def repository_of(one: Case, root: Path) -> Repository:
    files = {**{variant.path: variant.source.data for variant in repository().variants}, **one.files}
    there = {path: data for path, data in files.items() if data is not None}
    return Repository(root, convention(), tree=InMemory(there))


def fixed(one: Case, root: Path, *, unsafe: bool) -> Fixed:
    there = repository_of(one, root)
    return fix_all(there, session(there).lint, unsafe=unsafe)


def changed(done: Fixed) -> dict[str, bytes | None]:
    gone: dict[str, bytes | None] = {file.path: None for file in done.files.values() if file.renamed}
    return {**gone, **done.contents}


@pytest.mark.parametrize("name", CASES)
def test_who_is_outvoted(name: str, tmp_path: Path) -> None:
    one = CASES[name]
    there = repository_of(one, tmp_path)
    found = [finding for finding in lint_repository(there).findings if finding.rule == RULE]
    assert [finding.place.path for finding in found] == [OTHER] * one.is_renamed
    assert changed(fixed(one, tmp_path, unsafe=False)) == one.safe


@pytest.mark.parametrize("name", CASES)
def test_what_an_unsafe_fix_makes_of_it(name: str, tmp_path: Path) -> None:
    one = CASES[name]
    done = fixed(one, tmp_path, unsafe=True)
    assert changed(done) == one.unsafe
    assert [
        finding for finding in done.remaining.findings if finding.rule not in ("matrix-gap", "pin-lacks-attribute")
    ] == []


def test_a_renamed_file_has_one_finding(tmp_path: Path) -> None:
    there = repository_of(CASES["renamed, and nothing else: the name is outvoted"], tmp_path)
    (found,) = (one for one in lint_repository(there).findings if one.rule != "pin-lacks-attribute")
    assert found.message == (
        "file name is onnxruntime-python313-cuda12_9-sm100-armv9.nix, but everything in the file says"
        " onnxruntime-python313-cuda12_9-sm90-avx512, which has no file; rename the file"
    )


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("onnxruntime-python312-cuda12_9-sm90-avx512", ["filename-stack"]),
        ("onnxruntime-python313-cuda12_8-sm90-avx512", ["filename-unknown-target"]),
    ],
)
def test_a_name_that_is_none_is_said_once(name: str, rules: list[str]) -> None:
    found = lint_repository(repository().with_files({GPU: None, path_of(name): original(GPU)})).findings
    assert [one.rule for one in found if one.place.path == path_of(name)] == rules


@pytest.mark.parametrize(
    ("driver", "rules"), [("560", ["filename-unknown-target"]), ("535", ["filename-unknown-target", "text-claim"])]
)
def test_texts_are_judged_by_the_name_that_a_file_should_have(driver: str, rules: list[str]) -> None:
    path = path_of("onnxruntime-python313-cuda12_9-sm91-avx512")
    comment = f"let\n  # Kernels for SM90 alone. CUDA 12.9 needs driver {driver}+.\n"
    data = original(GPU).decode().replace("let\n", comment, 1).encode()
    found = lint_repository(repository().with_files({GPU: None, path: data})).findings
    assert [one.rule for one in found if one.place.path == path] == rules
