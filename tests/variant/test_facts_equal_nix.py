"""Every fact of every variant is what real Nix evaluates it to."""

from pathlib import PurePosixPath

import pytest

from nixlint_ort.variant.fact import Fact
from nixlint_ort.variant.variant import Variant
from tests.support.linting import ROOT, repository
from tests.support.oracle import NixFacts

TEXT_FACTS = (
    "pname",
    "description",
    "nixpkgs_url",
    "python_packages",
    "layer_python_packages",
    "cuda_packages",
    "cmake_cuda_architectures",
    "ort_version",
)
BOOL_FACTS = ("cuda_support", "python_support", "config_cuda_support")
LIST_FACTS = ("platforms", "cxx_flags", "c_flags", "system_features")
VARIANTS = repository().variants


@pytest.mark.parametrize("name", TEXT_FACTS)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.stem)
def test_texts(variant: Variant, name: str, repository_facts: dict[str, NixFacts]) -> None:
    assert variant.fact(name).value == getattr(repository_facts[variant.stem], name)


@pytest.mark.parametrize("name", BOOL_FACTS)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.stem)
def test_switches(variant: Variant, name: str, repository_facts: dict[str, NixFacts]) -> None:
    truth = getattr(repository_facts[variant.stem], name)
    assert variant.fact(name).value == (None if truth is None else str(truth).lower())


@pytest.mark.parametrize("name", LIST_FACTS)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.stem)
def test_lists(variant: Variant, name: str, repository_facts: dict[str, NixFacts]) -> None:
    truth = getattr(repository_facts[variant.stem], name)
    assert variant.fact(name).value == (None if truth is None else tuple(truth))


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.stem)
def test_no_fact_is_unknown(variant: Variant) -> None:
    unknown: list[Fact] = [fact for fact in variant.facts.values() if fact.unknown is not None]
    assert unknown == []


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.stem)
def test_facts_of_the_text(variant: Variant, repository_facts: dict[str, NixFacts]) -> None:
    lines = (ROOT / variant.path).read_text("utf-8").split("\n")
    second = lines[1] if lines[1].startswith("#") else None
    assert variant.fact("file.stem").value == PurePosixPath(variant.path).stem
    assert (variant.fact("header.line1").value, variant.fact("header.line2").value) == (lines[0], second)
    assert variant.fact("variant_name").value == repository_facts[variant.stem].pname
    assert f"/{variant.fact('nixpkgs_rev').value}." in str(repository_facts[variant.stem].nixpkgs_url)
