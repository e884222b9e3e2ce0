"""Lines are broken at the width of a terminal, and what is underlined is what was underlined before."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios
from itertools import pairwise
from pathlib import Path

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.finding import Finding, Place, Severity
from nixlint_ort.report import render
from nixlint_ort.report.layout import Layout
from nixlint_ort.report.snippet import width
from nixlint_ort.report.wrapping import broken, words
from nixlint_ort.source import Source, Span
from tests.support.linting import GPU, original
from tests.support.report.cases import CASES
from tests.support.running import Ran, clean_environment, run

STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("one two three", None, ["one two three"]),
        ("one two three four five six se", 30, ["one two three four five six se"]),
        ("one two three four five six sev", 30, ["one two three four five six", "  sev"]),
        ("a longer-than-thirty-terminal-columns b", 30, ["a", "  longer-than-thirty-terminal-columns", "  b"]),
        ("版版版版版 版版版版版 版版版 版 版", 30, ["版版版版版 版版版版版 版版版", "  版 版"]),
        ("e\u0301" * 15 + " " + "e\u0301" * 14, 30, ["e\u0301" * 15 + " " + "e\u0301" * 14]),
        ("two  blanks   stay", 40, ["two  blanks   stay"]),
        ("narrower than that", 3, ["narrower than that"]),
        ("", 30, [""]),
    ],
)
def test_a_line_is_broken_between_words(text: str, columns: int | None, lines: list[str]) -> None:
    assert [line.rstrip() for line in broken(words(text), columns, 2)] == lines


def underlined(report: str) -> list[str]:
    """What the carets of a report point at, one text for each line of carets."""
    lines = [STYLE.sub("", line) for line in report.splitlines()]
    found = []
    for above, below in pairwise(lines):
        if match := re.fullmatch(r" *\| +(\^+).*", below):
            taken, text = 0, ""
            for char in above:
                if match.start(1) <= taken < match.end(1):
                    text += char
                taken += width(char)
            found.append(text)
    return found


def one(line: str, wrong: str, message: str = "wrong") -> Result:
    before = line.partition(wrong)[0].encode()
    source = Source("a.nix", f"first\n{line}\n".encode())
    place = Place(source, Span(6 + len(before), 6 + len(before) + len(wrong.encode())))
    return Result((Finding("header-driver", Severity.ERROR, message, place),), 1)


LINES = [
    ("short 535+ line", "535+"),
    ("x" * 500 + " 535+ " + "y" * 500, "535+"),
    ("版" * 300 + " 535+ " + "版" * 300, "535+"),
    ("x" * 17 + "版版" + "y" * 90, "版版"),
    ("e\u0301" * 90 + " 535+", "535+"),
    ("\t\t\t535+ " + "z" * 100, "535+"),
]


@pytest.mark.parametrize("columns", [30, 33, 40, 79, 80, 81, 120, 300])
@pytest.mark.parametrize(("line", "wrong"), LINES, ids=["short", "long", "wide", "marked wide", "combining", "tabs"])
def test_carets_point_at_the_same_text_at_every_width(line: str, wrong: str, columns: int) -> None:
    report = render("full", one(line, wrong, "wörter 版版 " * 30), color=True, layout=Layout(columns=columns))
    assert underlined(report) == [wrong]
    assert max(width(STYLE.sub("", text)) for text in report.splitlines()) <= columns


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("case", CASES)
def test_a_broken_report_has_the_same_words(case: str, columns: int) -> None:
    whole, narrow = render("full", CASES[case]), render("full", CASES[case], layout=Layout(columns=columns))

    def said(report: str) -> list[str]:
        return [word for line in report.splitlines() if "|" not in line for word in line.split()]

    assert said(narrow) == said(whole)


def test_a_span_over_several_lines_says_so_below_where_there_is_no_room_beside() -> None:
    source = Source("a.nix", b"x" * 60 + b"\nmore\nlines\n")
    result = Result((Finding("syntax-error", Severity.ERROR, "wrong", Place(source, Span(0, 66))),), 1)
    assert render("full", result, layout=Layout(columns=40)).splitlines()[1:5] == [
        "  |",
        "1 | " + "x" * 34 + "…",
        "  | " + "^" * 34,
        "  | and 2 more lines",
    ]


def in_terminal(arguments: list[str], cwd: Path, columns: int, **environment: str) -> str:
    """What the program writes to a terminal of a width."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, columns))
    command = [sys.executable, "-m", "nixlint_ort", *arguments]
    started = subprocess.Popen(
        command, cwd=cwd, stdout=theirs, stderr=subprocess.DEVNULL, env=clean_environment(environment)
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # so Linux says that nobody has the other end any more
            break
        if not part:
            break
        written += part
    started.wait()
    os.close(ours)
    return written.decode("utf-8").replace("\r\n", "\n")


def longest(report: str) -> int:
    return max(width(STYLE.sub("", line)) for line in report.splitlines())


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / GPU
    path.parent.mkdir(parents=True)
    path.write_bytes(original(GPU).replace(b"560+", b"535+"))
    return tmp_path


def test_the_width_is_that_of_the_terminal_and_of_nothing_else(wrong: Path) -> None:
    arguments = ["--select", "header-driver,matrix-gap"]
    assert longest(in_terminal(arguments, wrong, 70)) <= 70 < longest(in_terminal(arguments, wrong, 0))
    assert in_terminal(arguments, wrong, 70, COLUMNS="30") == in_terminal(arguments, wrong, 70)
    assert longest(in_terminal([*arguments, "--width", "0"], wrong, 70)) > 70
    assert longest(in_terminal(["explain", "header-driver"], wrong, 50)) <= 60  # a name in an example is not broken


@pytest.mark.parametrize("asked", [[], ["--width", "0"], ["--output-file", "report"]], ids=" ".join)
def test_nothing_is_broken_where_there_is_no_terminal(wrong: Path, asked: list[str]) -> None:
    ran: Ran = run("--select", "header-driver,matrix-gap", *asked, cwd=wrong)
    report = (wrong / "report").read_text("utf-8") if "report" in asked else ran.stdout
    assert "header says driver 535+, but CUDA 12.9 needs 560+\n" in report
    assert longest(report) > 120


def test_a_width_that_is_asked_for_counts_everywhere(wrong: Path) -> None:
    run("--select", "header-driver,matrix-gap", "--width", "72", "--output-file", "report", cwd=wrong)
    assert longest((wrong / "report").read_text("utf-8")) <= 72
    assert longest(run("--select", "header-driver,matrix-gap", "--width", "72", cwd=wrong).stdout) <= 72
