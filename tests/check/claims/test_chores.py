"""The maintainers' chores: every line of a document that they make stale is found, in each style."""

import shutil
from pathlib import Path

import pytest

from nixlint_ort.convention import Convention, load
from tests.support.documents import STYLES, document, facts_of, read, release_of, shipped_release
from tests.support.linting import ROOT, convention, replace_once

PIN = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"
CHORES = {
    "a new version": [("tables/releases.yaml", 'branch: main, version: "1.23.2"', 'branch: main, version: "1.25.0"')],
    "a new pin": [("convention.yaml", PIN, "0123456789abcdef0123456789abcdef01234567")],
    "another driver": [("tables/stacks.yaml", 'driver: "560"', 'driver: "575"')],
    "another CUDA line": [
        (
            "tables/stacks.yaml",
            'tag: "12_9"\n    version: "12.9"\n    driver: "560"',
            'tag: "13_0"\n    version: "13.0"\n    driver: "580"',
        ),
    ],
}


TRUE_ANYWHERE = ("The branch `", "- Blackwell: ", "### I have a ")
"""Lines that differ between branches, and are true on each."""


def changed(folder: Path, chore: str) -> Convention:
    """The convention after a chore."""
    rules = folder / "rules"
    shutil.copytree(ROOT / "rules", rules)
    for name, before, after in CHORES[chore]:
        path = rules / name
        data = path.read_bytes()
        path.write_bytes(
            data.replace(before.encode(), after.encode()) if before == PIN else replace_once(data, before, after)
        )
    if chore == "another CUDA line":
        table = rules / "tables/releases.yaml"
        table.write_bytes(table.read_bytes().replace(b"12_9", b"13_0"))
    if chore == "a new pin":
        path = rules / "tables/pins.yaml"
        path.write_bytes(path.read_bytes().replace(PIN.encode(), b"0123456789abcdef0123456789abcdef01234567"))
    return load(rules)


def unfound(old: str, new: str, by: Convention, branch: str, without: frozenset[str] = frozenset()) -> list[str]:
    """The lines of an old document that are not in the new one, and on which nothing is found."""
    claims = read(old, facts_of(branch, by, without))
    found = {
        line
        for one in claims.faults
        for line in range(claims.source.position(one.span.start).line, claims.source.position(one.span.end).line + 1)
    }
    right = set(new.split("\n"))
    left = []
    above = 0
    for number, line in enumerate(old.split("\n"), 1):
        above = number if not line.startswith(" ") else above  # what is below a wrong item is part of it
        if line not in right and not {number, above} & found and not any(part in line for part in TRUE_ANYWHERE):
            left.append(line)
    return left


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("chore", CHORES)
def test_what_a_chore_makes_stale_is_found(chore: str, style: str, tmp_path: Path) -> None:
    by = changed(tmp_path, chore)
    old, _ = document(style, shipped_release("main"))
    new, _ = document(style, release_of("main", by))
    assert old != new or chore != "a new version"
    assert unfound(old, new, by, "main") == []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("gone", ["onnxruntime-python313-cuda12_9-sm80-avx512vnni", "onnxruntime-python313-cpu-avx2"])
def test_one_variant_less_is_found(gone: str, style: str) -> None:
    without = frozenset({gone})
    old, _ = document(style, shipped_release("main"))
    new, _ = document(style, release_of("main", None, without))
    assert unfound(old, new, convention(), "main", without) == []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("new", ["onnxruntime-python313-cuda12_9-sm80-avx512vnni", "onnxruntime-python313-cpu-avx2"])
def test_one_variant_more_is_found(new: str, style: str) -> None:
    old, _ = document(style, release_of("main", None, frozenset({new})))
    now, _ = document(style, shipped_release("main"))
    assert unfound(old, now, convention(), "main") == []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("copied", "branch"), [("ort-1.24", "ort-1.22"), ("main", "ort-1.24"), ("ort-1.22", "main")])
def test_a_document_of_another_branch_is_found(copied: str, branch: str, style: str) -> None:
    old, _ = document(style, shipped_release(copied))
    new, _ = document(style, shipped_release(branch))
    assert unfound(old, new, convention(), branch) == []
