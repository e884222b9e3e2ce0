"""However files are typed in, the server says what a check of the same bytes says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.lsp.random_edits import edit_at_random
from tests.support.representative import representative


@pytest.mark.parametrize("seed", representative(range(2), [0]))
def test_a_few_edits(seed: int, tmp_path: Path) -> None:
    edit_at_random(tmp_path, 60, seed)


@pytest.mark.full
def test_many_edits_leave_memory_level(tmp_path: Path) -> None:
    memory = edit_at_random(tmp_path, 2000, 7)
    assert memory[-1] < 1.2 * memory[4]  # that after half of them, when all code is loaded
