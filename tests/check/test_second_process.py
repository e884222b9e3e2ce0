"""Two processes find what one finds, and none is left behind, whatever happens to the second."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from nixlint_ort.check import each, second_process
from nixlint_ort.check.each import Each
from nixlint_ort.check.result import Result
from nixlint_ort.check.verdict_cache import VerdictCache
from nixlint_ort.cli.cpu import OutOfTime, limited_cpu
from nixlint_ort.lint import Session
from nixlint_ort.report import FORMATS, render
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.variant.variant import Variant
from tests.support.linting import PKGS, convention, repository, root_of

DAMAGE: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: data,
    lambda data: data.replace(b"driver 560+", b"driver 535+").replace(b"driver 550+", b"driver 535+"),
    lambda data: data.replace(b"ed142ab", b"ed142ac"),
    lambda data: data.replace(b"avx", b"axv"),
    lambda data: data[: len(data) // 2],
    lambda data: b"\xff" + data,
    lambda data: data.replace(b"{ pkgs ?", b"# nixlint-ort: ignore[pname] why\n{ pkgs ?"),
    lambda data: data.replace(b'variantName = "', b'variantName = import ./more.txt + "'),
    lambda data: data.replace(b"allowUnfree = true", b'allowUnfree = builtins.getEnv "X" == "1"'),
    lambda data: b"",
)


def files(branch: str, *, damaged: bool = False) -> dict[str, bytes]:
    found = {one.path: one.source.data for one in repository(branch).variants}
    if damaged:
        found = {path: DAMAGE[number % len(DAMAGE)](data) for number, (path, data) in enumerate(found.items())}
        found[f"{PKGS}/onnxruntime-python313-cuda12_9-sm91-avx2.nix"] = next(iter(found.values()))
        found[f"{PKGS}/more.txt"] = b'""'
    return found


def session(held: dict[str, bytes], branch: str, *, two: bool) -> Session:
    one = Session(root_of(branch), convention(), convention().rules, in_two_processes=two)
    one.repository = Repository(root_of(branch), convention(), tree=InMemory(held))
    one.release = Release(branch)
    return one


def variants_of(held: dict[str, bytes]) -> list[str]:
    """The variants of which a second process gets every other one, from the second on."""
    return [path for path in held if path.endswith(".nix")]


def lint(held: dict[str, bytes], branch: str = "main", *, two: bool = True) -> Result:
    return session(held, branch, two=two).lint()


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many variants each second process was given; none is left in the end. The tests' own threads do no harm."""
    counts: list[int] = []
    children: list[int] = []

    class Counted(second_process.SecondProcess):
        def __init__(self, variants: list[Variant], judge: Callable[[Variant], object]) -> None:
            super().__init__(variants, judge)
            counts.append(len(variants))
            children.append(self._child)

    monkeypatch.setattr(each, "SecondProcess", Counted)
    monkeypatch.setattr(each, "is_worth_while", lambda count: count >= second_process.MIN_VARIANTS)
    yield counts
    for child in children:
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)


@pytest.mark.parametrize("damaged", [False, True], ids=["as they are", "damaged"])
@pytest.mark.parametrize("branch", ["main", "ort-1.22"])
def test_two_processes_find_what_one_finds(branch: str, damaged: bool, started: list[int]) -> None:
    held = files(branch, damaged=damaged)
    one = lint(held, branch, two=False)
    assert not started
    two = lint(held, branch)
    assert started == [len(variants_of(held)) // 2]
    for name in FORMATS:
        assert render(name, two) == render(name, one)


def test_both_leave_the_same_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    held = files("main", damaged=True)
    seen = []
    for two in (False, True):
        run = session(held, "main", two=two)
        run.verdicts = VerdictCache(convention(), "main", run.rules.values())
        monkeypatch.setattr(run.verdicts, "_cache", True)
        run.verdicts.save = lambda: None  # type: ignore[method-assign]
        run.lint()
        seen.append(run.verdicts._seen)
        assert any(variant.imports for variant in run.repository.variants)
    assert seen[0] == seen[1]


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupted(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(10)


def failing(*_: object) -> None:
    raise MemoryError


def unwritable(*_: object) -> object:
    return object()


@pytest.mark.parametrize("work", [die, interrupted, failing, unwritable], ids=lambda work: work.__name__)
def test_what_the_second_does_not_report_is_judged_by_the_first(
    work: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    held = files("main", damaged=True)
    wanted = render("json", lint(held, two=False))
    monkeypatch.setattr(Each, "report", work)
    assert render("json", lint(held)) == wanted
    assert capfd.readouterr() == ("", "")


def test_an_interrupt_of_the_first_ends_the_second(monkeypatch: pytest.MonkeyPatch, started: list[int]) -> None:
    real, calls = Each.judge, 0

    def judge(self: Each, variant: Variant) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        real(self, variant)

    monkeypatch.setattr(Each, "judge", judge)
    monkeypatch.setattr(Each, "report", lambda *_: time.sleep(60))
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        lint(files("main"))
    assert started
    assert time.monotonic() - begun < 30


def burn(*_: object) -> None:
    begun = time.process_time()
    while time.process_time() - begun < 0.02:
        pass


def lint_and_go_on() -> None:
    lint(files("main"))
    for _ in range(10):  # a timer has ticks of its own
        burn()


def test_the_processor_time_of_both_is_limited_together(monkeypatch: pytest.MonkeyPatch) -> None:
    lint(files("main"))  # what a first run takes besides
    monkeypatch.setattr(Each, "report", burn)
    monkeypatch.setattr(Each, "take", lambda *_: None)
    with limited_cpu(20):
        before = signal.getitimer(signal.ITIMER_PROF)[0]
        own = time.process_time()
        lint(files("main"))
        taken = before - signal.getitimer(signal.ITIMER_PROF)[0] - (time.process_time() - own)
    assert taken > 0.4  # 29 files with 0.02 each
    monkeypatch.setattr(Each, "judge", burn)
    with pytest.raises(OutOfTime), limited_cpu(0.7):
        lint_and_go_on()


def test_a_second_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, started: list[int]) -> None:
    def endless(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(Each, "report", endless)
    with limited_cpu(4):
        assert lint(files("main")).files == 58
    assert started


def test_where_no_process_can_be_started_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    assert lint(files("main")).files == 58


@pytest.mark.parametrize(
    ("count", "processors", "thread", "worth"),
    [(24, 2, False, True), (23, 2, False, False), (58, 1, False, False), (58, 2, True, False)],
    ids=["enough", "too few", "one processor", "another thread"],
)
def test_when_it_is_worth_while(
    count: int, processors: int, thread: bool, worth: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)))
    monkeypatch.setattr(threading, "active_count", lambda: 2 if thread else 1)
    assert second_process.is_worth_while(count) == worth


def test_few_variants_are_judged_in_one(started: list[int]) -> None:
    lint(dict(list(files("main").items())[:24]))
    assert not started
