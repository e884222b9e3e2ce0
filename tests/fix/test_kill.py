"""A few of the kills of `tests/support/fix/kill.py`, which CONTRIBUTING says how to run in full."""

from tests.support.fix.kill import run


def test_killed_runs_leave_every_file_whole() -> None:
    counts = run(kills=3, files=24)
    assert counts["kills"] == 3
    assert counts["in the middle"] > 0
