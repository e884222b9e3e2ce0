"""A repository that git knows, for an editor to work in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support import scratch as git_scratch
from tests.support.linting import ROOT


@pytest.fixture
def folder(scratch: Path) -> Path:
    """A repository of this repository's variants, all of them committed."""
    (scratch / ".git/HEAD").unlink()
    (scratch / ".git").rmdir()
    git_scratch.init(scratch)
    git_scratch.commit(scratch, {})
    return scratch


@pytest.fixture
def ruled(folder: Path) -> Path:
    """The same with rules of its own."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    return folder
