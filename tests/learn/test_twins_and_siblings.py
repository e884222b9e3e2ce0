"""Pairs that differ in one part of their names, and what nearly all of a group have."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nixlint_ort.learn.reading import nothing_known
from nixlint_ort.learn.siblings import find_lacks
from nixlint_ort.learn.study import Study, study
from nixlint_ort.learn.twins import Pair, Twins, find_twins
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support import pytorch_set

ODD = ".flox/pkgs/pytorch-python313-cuda12_9-sm90-avx512.nix"


def studied(good: str, bad: str) -> Study:
    files = pytorch_set.files()
    assert files[ODD].count(good.encode()) == 1
    files[ODD] = files[ODD].replace(good.encode(), bad.encode())
    root = Path("/repository")
    variants = Repository(root, nothing_known(root), tree=InMemory(files)).variants
    return study(variants, ["main"] * len(variants))


@cache
def of_driver() -> dict[str, Twins]:
    return {twins.part: twins for twins in find_twins(studied("driver 575 or later", "driver 570 or later"))}


def names(found: Study, pair: Pair) -> tuple[str, ...]:
    return tuple(found.variants[number].stem.partition("-cuda")[2] for number in pair)


def test_all_pairs_of_two_gpus_differ_in_the_lines_that_name_them() -> None:
    twins = of_driver()["sm"]
    assert len(twins.pairs) == 40
    always = {place.comparison.shown() for place in twins.always}
    assert {'gpuArch = "…";', "# Kernels for SM…, compute capability …"} <= always


def test_a_pair_that_does_not_differ_where_the_others_do_is_named() -> None:
    """Its CUDA line has another driver than the one before, but for this variant, where it is the same."""
    found = studied("driver 575 or later", "driver 570 or later")
    twins = next(one for one in find_twins(found) if one.part == "sm")
    rare = {place.shown: [names(found, pair) for pair in pairs] for place, pairs in twins.rarely}
    (pairs,) = [pairs for line, pairs in rare.items() if "driver" in line]
    assert pairs == [("12_9-sm86-avx512", "12_9-sm90-avx512"), ("12_9-sm90-avx512", "12_9-sm100-avx512")]


def test_a_line_that_one_sibling_lacks() -> None:
    found = studied("    export MAX_JOBS=16\n", "")
    lacks = [(one.what, [found.variants[number].path for number in one.lacking]) for one in find_lacks(found)]
    assert lacks == [("export MAX_JOBS=16", [ODD])]


def test_an_attribute_that_one_sibling_lacks() -> None:
    found = studied('    blas = "cublas";\n', "")
    attributes = [one for one in find_lacks(found) if not one.is_line]
    assert [(one.what, one.having, one.total) for one in attributes] == [("wrapper.passthru.blas", 51, 52)]
