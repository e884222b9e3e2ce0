"""A stack of a few variants is replaced in memory: which files come of it, what is left, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from nixlint_ort.convention import Convention, load
from nixlint_ort.fix.replace import Replaced, replace_stack
from nixlint_ort.fix.stacks import NewError
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import CPU, GPU, OLDER, ROOT, original, path_of, session

FOURTH = path_of("onnxruntime-python313-cuda12_9-sm120-avx512")
OTHER = path_of("onnxruntime-python313-cuda12_9-sm80-avx2")
FEW = {path: original(path) for path in (GPU, FOURTH, OTHER, OLDER, CPU)}
ROW = '  - {tag: "13_0", version: "13.0", driver: "580", python: "%s", gpus: [%s]}\n'
MARK = "  # The variants without CUDA.\n"
GUIDE = """\
# Guide

CUDA 12.9 needs driver 560+: `onnxruntime-python313-cuda12_9-sm120-avx512` (driver 560+),
`onnxruntime-python313-cuda12_9-sm90-avx512` needs CUDA 12.9 and driver 560+.

| CUDA | Driver |
|---|---|
| 12.9 | 560+ |

On branch ort-1.24, CUDA 12.9 needs driver 560+. Patterns: onnxruntime-python313-cuda12_9-*.
"""
STATED = b"CUDA 12.9 needs driver 560+, as `onnxruntime-python313-cuda12_9-sm90-avx512` does.\n"


@cache
def rules(gpus: str = '"80", "90", "120"', python: str = "313", lines: str = '["12_4", "13_0"]') -> Convention:
    """The shipped convention with CUDA 13.0 in the tables and in the release main."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "rules"
        shutil.copytree(ROOT / "rules", place)
        for name, mark, text in (
            ("stacks", MARK, ROW % (python, gpus) + MARK),
            ("releases", '"120"], cuda: ["12_4", "12_9"]', f'"120"], cuda: {lines}'),
        ):
            table = place / f"tables/{name}.yaml"
            assert mark in table.read_text()
            table.write_text(table.read_text().replace(mark, text, 1))
        return load(place)


def replaced(
    changed: Mapping[str, bytes | None] | None = None,
    old: str = "12.9",
    new: str = "13.0",
    convention: Convention | None = None,
) -> Replaced:
    files = {path: data for path, data in {**FEW, **(changed or {})}.items() if data is not None}
    there = Repository(ROOT, convention or rules(), tree=InMemory(files))
    return replace_stack(there, old, new, "main", session(there).lint)


def renewed(text: bytes) -> bytes:
    """The same of CUDA 13.0."""
    return text.replace(b"12.9", b"13.0").replace(b"12_9", b"13_0").replace(b"560", b"580")


def test_files_get_new_names_and_all_that_follows_from_them() -> None:
    done = replaced({"README.md": GUIDE.encode()})
    guide = GUIDE.encode().partition(b"On branch")
    assert {path: one.after for path, one in done.fixed.files.items()} == {
        **{path.replace("12_9", "13_0"): renewed(FEW[path]) for path in (GPU, FOURTH, OTHER)},
        "README.md": renewed(guide[0]) + guide[1] + guide[2].replace(b"cuda12_9-*", b"cuda13_0-*"),
    }
    assert (set(done.left.values()), done.unplanned) == ({()}, ())
    assert {one.path: one.before for one in done.fixed.files.values()} == {
        **{path: FEW[path] for path in (GPU, FOURTH, OTHER)},
        "README.md": GUIDE.encode(),
    }


@pytest.mark.parametrize("names", [("CLAUDE.md", "README.md"), ("README.md", "CLAUDE.md")])
@pytest.mark.parametrize(
    "other", [b"\xff onnxruntime-python313-cuda12_9-sm90-avx512", b"CUDA 12.4 needs driver 550+.\n"]
)
def test_a_document_that_cannot_be_read_or_says_nothing_of_the_stack_stays(
    other: bytes, names: tuple[str, str]
) -> None:
    done = replaced({names[0]: other, names[1]: STATED})
    assert {path: one.after for path, one in done.fixed.files.items() if path.endswith(".md")} == {
        names[1]: renewed(STATED)
    }


def test_a_document_follows_the_only_variant_of_the_stack() -> None:
    done = replaced({"README.md": STATED, FOURTH: None, OTHER: None})
    assert {path: one.after for path, one in done.fixed.files.items()} == {
        GPU.replace("12_9", "13_0"): renewed(FEW[GPU]),
        "README.md": renewed(STATED),
    }


NAMED = b"CUDA 12.9 needs driver 560+, as `onnxruntime-python313-cuda13_0-sm90-avx512` does.\n"
OTHER_CONVENTIONS: dict[str, tuple[Convention, bytes]] = {
    "no role for Python": (rules()._replace(roles=rules().roles._replace(python=None)), renewed(STATED)),
    "nothing of documents": (rules()._replace(speech=None), NAMED),
    "one stack in each release": (rules(lines='"13_0"'), NAMED),
}


@pytest.mark.parametrize(("convention", "made"), OTHER_CONVENTIONS.values(), ids=OTHER_CONVENTIONS)
def test_other_conventions(convention: Convention, made: bytes) -> None:
    done = replaced({"README.md": STATED}, convention=convention)
    assert done.fixed.files["README.md"].after == made
    assert GPU.replace("12_9", "13_0") in done.fixed.files


def test_a_file_of_no_variant_stays() -> None:
    assert len(replaced({path_of("onnxruntime-custom"): original(GPU)}).fixed.files) == 3


def test_a_release_without_any_of_the_variants_changes_nothing() -> None:
    done = replaced({"README.md": GUIDE.encode()}, convention=rules(gpus='"75"'))
    assert (done.fixed.files, sorted(done.unplanned)) == ({}, sorted((GPU, FOURTH, OTHER)))


def test_python_follows() -> None:
    done = replaced(convention=rules(python="312"))
    assert sorted(done.fixed.files) == sorted(
        path.replace("313-cuda12_9", "312-cuda13_0") for path in (GPU, FOURTH, OTHER)
    )
    assert all(b"nixpkgs_pinned.python312Packages" in one.after for one in done.fixed.files.values())


def test_what_two_stacks_need_is_that_of_the_new_one() -> None:
    done = replaced({"README.md": b"CUDA 12.4 and 12.9 need driver 560+.\n"})
    assert done.fixed.files["README.md"].after == b"CUDA 12.4 and 13.0 need driver 580+.\n"


def test_what_a_document_says_of_another_stack_stays() -> None:
    text = b"CUDA 12.9 variants use Python 3.13, and CPU-only variants use Python 3.13.\n"
    done = replaced({"README.md": text}, convention=rules(python="312"))
    assert done.fixed.files["README.md"].after == (
        b"CUDA 13.0 variants use Python 3.12, and CPU-only variants use Python 3.13.\n"
    )


def test_what_the_release_lacks_stays() -> None:
    done = replaced(convention=rules(gpus='"80", "90"'))
    assert (sorted(done.fixed.files), done.unplanned) == (
        sorted(path.replace("12_9", "13_0") for path in (GPU, OTHER)),
        (FOURTH,),
    )


def test_what_only_an_author_can_know_is_left() -> None:
    remark = b"  # measured on 12.9: 41 ms\n  variantName ="
    done = replaced({GPU: original(GPU).replace(b"  variantName =", remark)})
    assert sorted(done.left.values()) == [(), (), (18,)]


REFUSED: list[tuple[str, str, Mapping[str, bytes | None], str, str]] = [
    ("12.9", "9.9", {}, "", "rules/tables/stacks.yaml has no row for CUDA 9.9"),
    ("9.9", "13.0", {}, "", "rules/tables/stacks.yaml has no row for CUDA 9.9"),
    ("12.9", "13.0", {}, '["12_4"]', "release main has no CUDA 13.0: add 13_0 to `cuda` of its row"),
    ("13.0", "12.4", {}, "", "there are no variants of CUDA 13.0"),
    ("12.9", "12.4", {}, "", f"{Path(GPU).stem} cannot be renamed to {Path(OLDER).stem}, which already exists"),
    ("12.9", "13.0", {GPU: b"{"}, "", f"{GPU} is not valid Nix, so it cannot be renamed"),
]


@pytest.mark.parametrize(("old", "new", "changed", "lines", "says"), REFUSED)
def test_what_cannot_be_replaced(
    old: str, new: str, changed: Mapping[str, bytes | None], lines: str, says: str
) -> None:
    with pytest.raises(NewError) as caught:
        replaced(changed, old, new, rules(lines=lines) if lines else None)
    assert str(caught.value).startswith(says)
