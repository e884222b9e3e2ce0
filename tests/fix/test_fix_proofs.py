"""Real Nix is asked what fixes do: safe ones change nothing but meta, unsafe ones make it what the tables say."""

from pathlib import Path, PurePosixPath

from nixlint_ort.finding import Safety
from nixlint_ort.variant.variant import Variant
from tests.support.damage import MENDED, Damage, damaged
from tests.support.linting import convention, fix, original, repository
from tests.support.oracle import NixFacts, evaluate_variants

SAFE = [kind for kind in MENDED if kind.safety is Safety.SAFE]
UNSAFE = [kind for kind in MENDED if kind.safety is Safety.UNSAFE]


def damaged_and_fixed(kind: Damage, *, unsafe: bool) -> dict[str, tuple[bytes, bytes]]:
    """Each variant that has the damaged part, before and after fixing, by its name."""
    there = damaged(kind, most=2)
    contents = fix(there, unsafe=unsafe).contents
    assert contents.keys() == there.keys()
    return {PurePosixPath(path).stem: (data or b"", contents[path]) for path, data in there.items()}


def asked(folder: Path, files: dict[str, bytes]) -> dict[str, NixFacts]:
    """What Nix makes of files, each by a folder and the name of a variant."""
    paths = {name: folder / f"{name}.nix" for name in files}
    for name, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[name])
    facts = evaluate_variants(list(paths.values()))
    return {name: facts[path] for name, path in paths.items()}


def test_a_safe_fix_changes_nothing_but_meta(tmp_path: Path) -> None:
    files = {
        f"{number} {when}/{stem}": data
        for number, kind in enumerate(SAFE)
        for stem, both in damaged_and_fixed(kind, unsafe=False).items()
        for when, data in zip(("before", "after"), both, strict=True)
    }
    facts = asked(tmp_path, files)
    before = [name for name in facts if " before/" in name]
    assert [
        name for name in before if facts[name].derivation != facts[name.replace(" before/", " after/")].derivation
    ] == []
    assert {int(name.partition(" ")[0]) for name in before} == set(range(len(SAFE)))


def test_what_an_unsafe_fix_makes_is_what_the_tables_say(tmp_path: Path) -> None:
    files = {
        f"{number}/{stem}": data
        for number, kind in enumerate(UNSAFE)
        for stem, (_, data) in damaged_and_fixed(kind, unsafe=True).items()
    }
    by_stem = {one.stem: one for one in repository().variants}
    wrong = {}
    for name, facts in asked(tmp_path, files).items():
        expected = by_the_tables(by_stem[PurePosixPath(name).name])
        there = {fact: getattr(facts, fact) for fact in expected}
        if there != expected:
            wrong[UNSAFE[int(name.partition("/")[0])].name, name] = there
    assert wrong == {}


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
