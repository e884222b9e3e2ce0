"""A run that takes too much processor time is ended with one line, whatever it is doing, and leaves nothing by halves."""

from __future__ import annotations

import resource
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from nixlint_ort.cli import check, cli
from nixlint_ort.cli.cpu import DEFAULT, SWITCH, OutOfTime, limited_cpu
from nixlint_ort.convention import ConventionError, find_rules, load
from tests.support.linting import GPU
from tests.support.running import Ran, break_driver, run, run_program

SHORT = "0.001"  # seconds; the fastest machine is not done by then

ENDED = "nixlint-ort: stopped after {} seconds of processor time; use --cpu-seconds to allow more\n"


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--cpu-seconds", SHORT], {}, SHORT),
        (["--fix", "--cpu-seconds", SHORT], {}, SHORT),
        ([], {SWITCH: SHORT}, SHORT),
        (["matrix"], {SWITCH: SHORT}, SHORT),
        (["facts"], {SWITCH: SHORT}, SHORT),
    ],
)
def test_a_run_that_takes_too_long_is_ended(
    arguments: list[str], environment: Mapping[str, str], said: str, scratch: Path
) -> None:
    broken = break_driver(scratch).read_bytes()
    assert run_program(*arguments, cwd=scratch, environment=environment) == Ran(2, "", ENDED.format(said))
    assert (scratch / GPU).read_bytes() == broken
    assert not list(scratch.rglob("*.tmp"))


# The option, the environment's variable, and how many seconds the run then has; 0 for no limit.
LIMITS = [
    ("30", "7", 30),
    ("0", "7", 0),
    (None, "7", 7),
    (None, "0", 0),
    (None, "nonsense", DEFAULT),
    (None, "", DEFAULT),
]


@pytest.mark.parametrize(("option", "variable", "seconds"), LIMITS)
def test_an_option_counts_more_than_the_environment(
    option: str | None, variable: str, seconds: float, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[float] = []

    def checking(*_: object) -> int:
        left.append(signal.getitimer(signal.ITIMER_PROF)[0])
        return 0

    monkeypatch.setattr(check, "_check", checking)
    monkeypatch.setenv(SWITCH, variable)
    words = ["--cpu-seconds", option] if option is not None else []
    CliRunner().invoke(cli, [*words, str(scratch)])
    assert left == [pytest.approx(seconds, abs=2)]


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "-1", "1e10", "1e400", "x", ""])
def test_what_is_no_time_is_refused(seconds: str, scratch: Path) -> None:
    ran = run("--cpu-seconds", seconds, cwd=scratch)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert "--cpu-seconds" in ran.stderr
    assert run(cwd=scratch, environment={SWITCH: seconds}).returncode == 0


def _work() -> None:
    end = time.process_time() + 5
    while time.process_time() < end:
        pass


def test_a_limit_that_was_dropped_on_the_way_comes_again() -> None:
    with limited_cpu(0.02):
        for _ in range(2):
            with pytest.raises(OutOfTime):
                _work()


def test_a_limit_inside_another_one_gives_it_back() -> None:
    with limited_cpu(30):
        for seconds in (0, 5):
            with limited_cpu(seconds):
                assert signal.getitimer(signal.ITIMER_PROF)[0] < seconds + 1
            assert 20 < signal.getitimer(signal.ITIMER_PROF)[0] < 31
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


@pytest.mark.parametrize("arguments", [["--cpu-seconds", "30"], ["rules"], ["--cpu-seconds", "30", "--no-such-option"]])
def test_the_limit_ends_with_the_command(arguments: list[str], scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scratch)
    CliRunner().invoke(cli, arguments)
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(find_rules(), tmp_path / "rules")
    return tmp_path / "rules"


@pytest.mark.parametrize(("items", "values"), [(1, 30), (40, 12), (150, 9)])
def test_a_matrix_of_too_many_combinations_is_an_error_at_its_place(items: int, values: int, rules: Path) -> None:
    main = rules / "convention.yaml"
    text = main.read_text("utf-8")
    sms, isas, tags, pythons = (", ".join([one] * values) for one in ('"90"', "avx2", '"12_9"', '"313"'))
    item = f"      - cells: {{gpu.sm: [{sms}], isa.name: [{isas}], cuda.tag: [{tags}], python.tag: [{pythons}]}}\n"
    main.write_text(text.replace("    matrix:\n", "    matrix:\n" + item * items, 1), "utf-8")
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(
        ConventionError, match=r"convention\.yaml:\d+:\d+: the matrix has more than 20,000 combinations"
    ):
        list(load(rules).stems("main"))
    assert time.process_time() - start < 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert peak < 500_000 or peak == before  # what other tests took before is not taken here


def test_a_matrix_that_is_too_large_ends_a_run_in_one_line(rules: Path, scratch: Path) -> None:
    main = rules / "convention.yaml"
    sms, isas = (", ".join([one] * 300) for one in ('"90"', "avx2"))
    item = f"    matrix:\n      - cells: {{gpu.sm: [{sms}], isa.name: [{isas}]}}\n"
    main.write_bytes(main.read_bytes().replace(b"    matrix:\n", item.encode(), 1))
    ran = run("--convention", str(rules), cwd=scratch)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert "the matrix has more than 20,000 combinations of fields" in ran.stderr
