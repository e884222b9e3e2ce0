"""However a variant is written, every fact of it stays as it was, and as Nix says."""

from __future__ import annotations

import tempfile
from dataclasses import fields
from pathlib import Path

import pytest

from nixlint_ort.nix.values import NixString
from nixlint_ort.variant.shell import CARRIAGE
from nixlint_ort.variant.variant import Variant
from tests.support.linting import GPU, PKGS, REPRESENTATIVES, repository
from tests.support.nix.rewritings import REWRITINGS, WITHOUT_THE_BINDING
from tests.support.oracle import NixFacts, evaluate_variants
from tests.support.oracle.nix import scratch

VARIANTS = {variant.path: variant for variant in repository().variants}
ASKED_OF_NIX = 3
"""Nix is asked about every so-manieth of the rewritten variants."""


def rewritten(name: str) -> dict[str, bytes]:
    """The variants that the rewriting changes, by path."""
    texts = {path: variant.source.data.decode() for path, variant in VARIANTS.items()}
    new = {path: REWRITINGS[name](text) for path, text in texts.items()}
    return {path: text.encode() for path, text in new.items() if text != texts[path]}


def facts(variant: Variant, name: str) -> dict[str, object]:
    """What is known of a variant's facts, or why they are not known; a header is no matter of evaluation."""
    return {
        key: fact.value if fact.unknown is None else fact.unknown.reason
        for key, fact in variant.facts.items()
        if not key.startswith("header.") and not (key == "variant_name" and name in WITHOUT_THE_BINDING)
    }


def by_nix(files: dict[str, bytes]) -> dict[str, NixFacts]:
    """What Nix says of the files, by path."""
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        written = {}
        for path, data in files.items():
            written[path] = Path(folder, Path(path).name)
            written[path].write_bytes(data)
        found = evaluate_variants(list(written.values()))
        return {path: found[file] for path, file in written.items()}


@pytest.mark.parametrize("name", REWRITINGS)
def test_facts_stay(name: str) -> None:
    changed = rewritten(name)
    assert len(changed) >= len(VARIANTS) // 10
    some = [path for path in (*REPRESENTATIVES, *changed) if path in changed][:2]
    these_stay({path: changed[path] for path in some}, name)


@pytest.mark.full
@pytest.mark.parametrize("name", REWRITINGS)
def test_facts_stay_in_every_variant(name: str) -> None:
    these_stay(rewritten(name), name)


def these_stay(changed: dict[str, bytes], name: str) -> None:
    """Whether what is known of the changed variants is what was known of them."""
    again = repository().with_files(changed)
    for variant in again.variants:
        if variant.path in changed:
            assert facts(variant, name) == facts(VARIANTS[variant.path], name), variant.path


COMPARED = [
    one.name for one in fields(NixFacts) if one.name not in ("pre_configure", "derivation", "src", "cmake_flags")
]


@pytest.mark.parametrize("name", REWRITINGS)
def test_nix_agrees_that_nothing_changed(name: str, repository_facts: dict[str, NixFacts]) -> None:
    some = dict(list(rewritten(name).items())[:: len(VARIANTS) // ASKED_OF_NIX])
    for path, found in by_nix(some).items():
        before = repository_facts[Path(path).stem]
        wrong = [key for key in COMPARED if getattr(found, key) != getattr(before, key)]
        assert not wrong, path


def test_windows_line_ends_get_into_scripts() -> None:
    """Nix keeps the carriage returns of a script, and bash takes them for flags; all other facts stay."""
    changed = {GPU: VARIANTS[GPU].source.data.replace(b"\n", b"\r\n")}
    (variant,) = (one for one in repository().with_files(changed).variants if one.path == GPU)
    before, found = by_nix({GPU: VARIANTS[GPU].source.data})[GPU], by_nix(changed)[GPU]
    assert {key for key in COMPARED if getattr(found, key) != getattr(before, key)} == {"other_flags", "other_c_flags"}
    assert (found.other_flags[-1], found.other_c_flags[-1]) == ("\r", "\r")
    own, old = facts(variant, "CRLF"), facts(VARIANTS[GPU], "CRLF")
    changed_facts = {key: own[key] for key in own if own[key] != old[key]}
    assert changed_facts == dict.fromkeys(("cxx_flags", "c_flags", "other_flags", "other_c_flags"), CARRIAGE)
    layer = variant.derivation.layer
    script = layer and variant.evaluation.attribute(layer, "preConfigure")
    assert isinstance(script, NixString)
    assert f"{script.text}# stub\n" == found.pre_configure


def test_variants_are_there() -> None:
    assert all(path.startswith(PKGS) for path in VARIANTS)
