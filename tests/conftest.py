"""Fixtures for the tests that ask real Nix."""

from pathlib import Path

import pytest

from oracle import NixFacts, evaluate_variants

VARIANTS = Path(__file__).parent.parent / ".flox" / "pkgs"


@pytest.fixture(scope="session")
def repository_facts() -> dict[str, NixFacts]:
    """What Nix makes of this repository's own variants, by file stem."""
    facts = evaluate_variants(sorted(VARIANTS.glob("*.nix")))
    return {path.stem: fact for path, fact in facts.items()}
