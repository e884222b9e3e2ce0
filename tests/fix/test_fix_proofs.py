"""Real Nix is asked what fixes do: safe ones change nothing but meta, unsafe ones make it what the tables say."""

from pathlib import Path, PurePosixPath

import pytest

from nixlint_ort.finding import Safety
from nixlint_ort.variant.variant import Variant
from tests.support.damage import KINDS, Damage
from tests.support.linting import REPRESENTATIVES, convention, fix, original, repository
from tests.support.oracle import NixFacts, evaluate_variants

SAFE = [kind for kind in KINDS if kind.safety is Safety.SAFE]
UNSAFE = [kind for kind in KINDS if kind.safety is Safety.UNSAFE]


def damaged_and_fixed(kind: Damage, *, unsafe: bool) -> dict[str, tuple[bytes, bytes]]:
    """Each variant that has the damaged part, before and after fixing, by its name."""
    damaged = {one.path: kind.done_to(one.source.data) for one in repository().variants if one.path in REPRESENTATIVES}
    there = {path: data for path, data in damaged.items() if data is not None}
    contents = fix({**there}, unsafe=unsafe).contents
    assert contents.keys() == there.keys()
    return {PurePosixPath(path).stem: (data, contents[path]) for path, data in there.items()}


def asked(folder: Path, files: dict[str, bytes]) -> dict[str, NixFacts]:
    folder.mkdir()
    for stem, data in files.items():
        (folder / f"{stem}.nix").write_bytes(data)
    facts = evaluate_variants([folder / f"{stem}.nix" for stem in files])
    return {path.stem: one for path, one in facts.items()}


@pytest.mark.parametrize("kind", SAFE, ids=lambda one: one.name)
def test_a_safe_fix_changes_nothing_but_meta(kind: Damage, tmp_path: Path) -> None:
    files = damaged_and_fixed(kind, unsafe=False)
    before = asked(tmp_path / "before", {stem: data for stem, (data, _) in files.items()})
    after = asked(tmp_path / "after", {stem: data for stem, (_, data) in files.items()})
    assert {stem: one.derivation for stem, one in before.items()} == {
        stem: one.derivation for stem, one in after.items()
    }


@pytest.mark.parametrize("kind", UNSAFE, ids=lambda one: one.name)
def test_what_an_unsafe_fix_makes_is_what_the_tables_say(kind: Damage, tmp_path: Path) -> None:
    files = damaged_and_fixed(kind, unsafe=True)
    after = asked(tmp_path / "after", {stem: data for stem, (_, data) in files.items()})
    by_stem = {one.stem: one for one in repository().variants}
    for stem, facts in after.items():
        expected = by_the_tables(by_stem[stem])
        assert {name: getattr(facts, name) for name in expected} == expected


def by_the_tables(variant: Variant) -> dict[str, object]:
    """What a variant is to be on main, by its name and the tables."""
    assert variant.identity is not None
    fields = variant.identity.expected(variant.convention, "main")
    identity = variant.identity
    assert identity is not None
    packages = fields["python.packages"][0]
    is_gpu = fields["kind.cuda"] == "true"
    return {
        "pname": variant.stem,
        "description": identity.kind.texts["description"].first.render(fields),
        "platforms": [fields["isa.platform"]],
        "python_packages": packages,
        "layer_python_packages": None if fields["pin.python"] in fields["python.packages"] else packages,
        "nixpkgs_rev": fields["pin.rev"],
        "config_cuda_support": True if is_gpu else None,
        "cuda_packages": fields["cuda.tag"] if is_gpu else None,
        "cuda_support": is_gpu,
        "python_support": True,
        "cmake_cuda_architectures": fields.get("gpu.sm"),
        "cxx_flags": fields["isa.flags"],
        "c_flags": fields["isa.flags"],
    }


def test_the_tables_say_of_every_variant_what_nix_does(repository_facts: dict[str, NixFacts]) -> None:
    assert convention().rules
    for variant in repository().variants:
        expected = by_the_tables(variant)
        facts = repository_facts[variant.stem]
        assert {name: getattr(facts, name) for name in expected} == expected
        assert original(variant.path) == variant.source.data
