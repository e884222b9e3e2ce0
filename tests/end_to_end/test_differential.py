"""Whatever is remembered, a run says what one without caches says: after any changes, also such as no clock shows."""

from __future__ import annotations

import pytest

from nixlint_ort.check import verdict_cache
from tests.support.differential.sequence import play


@pytest.mark.parametrize("seed", range(4))
def test_a_run_with_caches_says_what_one_without_says(seed: int) -> None:
    assert play(seed) is None


@pytest.mark.full
@pytest.mark.parametrize("seed", range(4, 200))
def test_more_runs_with_caches_say_what_those_without_say(seed: int) -> None:
    assert play(seed) is None


def test_a_memory_that_forgets_to_look_at_the_bytes_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict_cache, "_digest", lambda source, names=(): source.path.encode())
    assert any(play(seed) for seed in range(20))
