"""Drifts that no rule reads, planted among variants: nearly all are found, and hardly anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixlint_ort.learn.oddities import find_oddities
from nixlint_ort.learn.reading import nothing_known
from nixlint_ort.learn.study import study
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support import pytorch_set, releases
from tests.support.drifts import Drift, plant
from tests.support.linting import original, repository
from tests.support.oracle import evaluate_variants, parses
from tests.support.representative import representative

PLANTED = 20
NEAR = 2
"""A finding is of a drift where it stands so many lines from it at most."""
RELEASES = ("ort-1.18", "ort-1.19", "ort-1.20", "ort-1.22", "ort-1.23", "ort-1.24")


def variants(name: str) -> dict[str, bytes]:
    if name == "pytorch":
        return pytorch_set.files()
    if name == "main":
        return {one.path: original(one.path) for one in repository().variants}
    return {path: data for path, data in releases.files(name).items() if data is not None}


def judged(files: dict[str, bytes], drifts: list[Drift]) -> tuple[int, list[str]]:
    """How many of the drifts are found, and what is found besides."""
    root = Path("/repository")
    read = Repository(root, nothing_known(root), tree=InMemory(files)).variants
    found = study(read, ["main"] * len(read))
    hit: set[int] = set()
    others: list[str] = []
    for one in find_oddities(found):
        places = [(found.variants[where.number].path, where.line) for where in one.places]
        near = {
            number
            for number, drift in enumerate(drifts)
            if any(path == drift.path and abs(line - drift.line) <= NEAR for path, line in places)
        }
        hit |= near
        others += [] if near else [f"{one.oddity} {places[0]}: {one.actual} for {one.expected}"]
    return len(hit), others


@pytest.mark.parametrize("name", representative(["pytorch", "main", *RELEASES], ["pytorch", "main", "ort-1.20"]))
def test_nothing_is_odd_where_nothing_is_planted(name: str) -> None:
    assert judged(variants(name), []) == (0, [])


@pytest.mark.parametrize(
    "planted",
    representative(
        [("pytorch", 0), ("pytorch", 1), *((name, 7) for name in ("main", *RELEASES))],
        [("pytorch", 0), ("main", 7), ("ort-1.18", 7)],
        lambda one: f"{one[0]}-{one[1]}",
    ),
)
def test_what_is_planted_is_found(planted: tuple[str, int], tmp_path: Path) -> None:
    name, seed = planted
    files, drifts = plant(variants(name), PLANTED, seed)
    for number, drift in enumerate(drifts):
        (tmp_path / f"{number}.nix").write_bytes(files[drift.path])
    assert parses(*tmp_path.glob("*.nix"))
    found, others = judged(files, drifts)
    assert (found >= 18, len(others) <= 5) == (True, True), (found, others)


@pytest.mark.full
@pytest.mark.parametrize("name", ["pytorch", "main", *RELEASES])
def test_other_seeds(name: str) -> None:
    """Of the drifts of ten sets, nine in ten are found; a set may have more of one flag than anybody could tell."""
    results = [judged(*plant(variants(name), PLANTED, seed)) for seed in range(100, 110)]
    assert sum(found for found, _ in results) >= 180
    assert sum(len(others) for _, others in results) <= 25


def test_the_made_up_variants_are_real(tmp_path: Path) -> None:
    files = pytorch_set.files()
    assert len(files) == 60
    paths = []
    for path, data in files.items():
        paths.append(tmp_path / path.rpartition("/")[2])
        paths[-1].write_bytes(data)
    facts = evaluate_variants(paths)
    for written, one in facts.items():
        stem = written.name.removesuffix(".nix")
        assert one.pname == stem
        tag = next((tag for tag in pytorch_set.STACKS if f"cuda{tag}" in stem), "13_0")
        assert one.nixpkgs_rev == pytorch_set.STACKS[tag].pin
