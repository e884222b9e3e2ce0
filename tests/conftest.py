"""Fixtures: scratch repositories, and what real Nix makes of the variants."""

import shutil
from pathlib import Path

import pytest

from tests.support.linting import convention, repository, verdicts
from tests.support.oracle import NixFacts, evaluate_variants

VARIANTS = Path(__file__).parent.parent / ".flox" / "pkgs"


def pytest_sessionstart() -> None:
    """Forget what another session in this process read, as in those of mutmut, each of which judges other code."""
    convention.cache_clear()
    repository.cache_clear()
    verdicts.cache_clear()


@pytest.fixture(scope="session")
def repository_facts() -> dict[str, NixFacts]:
    """What Nix makes of this repository's own variants, by file stem."""
    facts = evaluate_variants(sorted(VARIANTS.glob("*.nix")))
    return {path.stem: fact for path, fact in facts.items()}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A repository of this repository's variants, on the branch main, without git's own files."""
    shutil.copytree(VARIANTS, tmp_path / ".flox/pkgs")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    return tmp_path
