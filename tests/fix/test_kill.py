"""A few of the kills of `tests/support/fix/kill.py`, which CONTRIBUTING says how to run in full."""

from tests.support.fix.kill import run


def test_killed_runs_leave_every_file_whole() -> None:
    counts = run(kills=4, files=40)
    assert counts["kills"] == 4
    assert counts["in the middle"] > 0
