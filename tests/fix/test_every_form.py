"""Kinds of damage in every form of a value, with comments and suppressions at every place: no fix does any harm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.fix.apply import Fixed, fix_all
from nixlint_ort.lint import Session
from nixlint_ort.nix.parse import parse
from nixlint_ort.repository.repository import Repository
from tests.support.damage import MENDED, Damage
from tests.support.forms import FORMS, commented, gaps, lined
from tests.support.linting import CPU, GPU, OLDER, original, path_of, repository, session
from tests.support.oracle.nix import Evaluated, evaluate_json, nix_string, oracle_file

VARIANTS = [GPU, OLDER, CPU, path_of("onnxruntime-python313-cuda12_9-sm90-armv9")]
PEERS = 5
"""So many other variants of each stack are beside them."""


class Case(NamedTuple):
    """A damaged variant in some form, and what stands in it besides."""

    path: str
    form: str
    kind: Damage
    place: str
    data: bytes

    def __str__(self) -> str:
        return f"{Path(self.path).stem}, {self.form}, {self.kind.name}, {self.place}"


@cache
def place() -> Repository:
    """A repository of a few variants of each stack, so that each has peers."""
    stacks: Counter[str] = Counter()
    left_out: dict[str, bytes | None] = {}
    for variant in repository().variants:
        stack = variant.stem.rpartition("-sm")[0] or variant.stem.rpartition("-")[0]
        stacks[stack] += variant.path not in VARIANTS
        if variant.path not in VARIANTS and stacks[stack] > PEERS:
            left_out[variant.path] = None
    return repository().with_files(left_out)


@cache
def run() -> Session:
    """All rules, but for the one that wants every variant to be there."""
    return session(
        place(), rules={name: rule for name, rule in place().convention.rules.items() if name != "matrix-gap"}
    )


def silenced(data: bytes, path: str, number: int) -> bytes | None:
    """A file with one of its findings silenced in one of several ways; None where there is none in its code."""
    findings = run().lint(place().with_files({path: data})).findings
    if not findings:
        return None
    finding = findings[number % len(findings)]
    lines, at = data.split(b"\n"), finding.place.start.line - 1
    comment = b"# nixlint-ort: ignore[%b] kept %d" % (finding.rule.encode(), number)
    above = lines[at][: len(lines[at]) - len(lines[at].lstrip())] + comment
    ways = [
        [*lines[:at], lines[at] + b" " + comment, *lines[at + 1 :]],
        [*lines[:at], above, *lines[at:]],
        [*lines[:at], above, b"", *lines[at:]],
        [*lines[:at], above, b"# why", *lines[at:]],
    ]
    return b"\n".join(ways[number % len(ways)])


def silenced_anywhere(data: bytes, path: str, number: int) -> bytes | None:
    """A file with a suppression of one of its findings at a place that may have nothing to do with it."""
    findings = run().lint(place().with_files({path: data})).findings
    if not findings:
        return None
    rule = findings[number % len(findings)].rule
    every = list(gaps(data))
    gap = every[number * 7 % len(every)]
    return data[:gap] + b"/* nixlint-ort: ignore[%b] kept %d */ " % (rule.encode(), number) + data[gap:]


PLACES: dict[str, Callable[[bytes, str, int], bytes | None]] = {
    "without comments": lambda data, path, number: data,
    "comments everywhere": lambda data, path, number: commented(data),
    "comments on every line": lambda data, path, number: lined(data),
    "comments everywhere, lines that end in CRLF": lambda data, path, number: commented(data).replace(b"\n", b"\r\n"),
    "silenced": silenced,
    "silenced anywhere": silenced_anywhere,
}


def case(number: int, form: str, kind: Damage, where: str) -> Case | None:
    """A kind of damage in a form, with comments at a place, if a variant can have it; variants take turns by number."""
    turn = number // len(PLACES) % len(VARIANTS)
    for path in (*VARIANTS[turn:], *VARIANTS[:turn]):
        formed = FORMS[form](original(path).decode())
        data = kind.done_to(formed.encode(), path) if formed is not None else None
        if data is not None and not parse(data).problems:
            whole = PLACES[where](data, path, number)
            return Case(path, form, kind, where, whole) if whole is not None else None
    return None


def cases(part: int, parts: int) -> Iterator[Case]:
    """Every kind of damage in every form, with and without comments; of `parts` parts one."""
    for number, (form, kind, where) in enumerate(product(FORMS, MENDED, PLACES)):
        if number % parts == part and (one := case(number, form, kind, where)):
            yield one


def one_of_each() -> Iterator[Case]:
    """Every other kind of damage once; forms and places take turns, so that each of them is there too."""
    for number, kind in enumerate(MENDED[::2]):
        forms, places = list(FORMS) * 2, list(PLACES)
        turns = (case(number, form, kind, places[number % len(places)]) for form in forms[number % len(FORMS) :])
        found = next(filter(None, turns), None)
        if found:
            yield found


class Outcome(NamedTuple):
    """What fixing makes of a case, and what a run says before."""

    case: Case
    unsafe: bool
    before: Result
    fixed: Fixed

    @property
    def after(self) -> bytes:
        """The bytes of the variant after fixing."""
        return self.fixed.contents.get(self.case.path, self.case.data)


def outcome(case: Case, *, unsafe: bool) -> Outcome:
    there = place().with_files({case.path: case.data})
    return Outcome(case, unsafe, run().lint(there), fix_all(there, run().lint, unsafe=unsafe))


def comments(data: bytes) -> list[str]:
    """The comments of a file in their order, but for its header lines, which fixes write."""
    texts = (one.text for one in parse(data).comments)
    return [text for text in texts if not re.match(r"# (ONNX Run|CUDA \d)", text)]


def below(data: bytes) -> dict[str, str]:
    """By the text of each comment that is alone above a binding, the binding's name."""
    found = re.findall(r"^ *(# above \d+)\n *([\w.]+) =", data.decode(), re.MULTILINE)
    return dict(found)


def untidy(data: bytes) -> Counter[str]:
    """What no fix may leave behind: empty brackets with two blanks, blank lines, a blank at a text's beginning."""
    text = data.decode()
    return Counter(
        {
            "[  ]": text.count("[  ]"),
            "a blank line": len(re.findall(r"^[ \t\r]*$", text, re.MULTILINE)),
            "a blank at a text's beginning": len(re.findall(r'= " ', text)),
        }
    )


def faults(one: Outcome) -> Iterator[str]:
    """What a fix did that no fix may do."""
    before, after, data = one.before, one.fixed.remaining, one.case.data
    if parse(one.after).problems:
        yield f"it does not parse any more: {parse(one.after).problems}"
        return
    is_unused = any(finding.rule == "unused-suppression" for finding in before.findings)
    kept = [text for text in comments(data) if not (is_unused and "nixlint-ort" in text)]
    if [text for text in comments(one.after) if text in kept] != kept:
        yield f"comments are lost or moved: {sorted(set(kept) - set(comments(one.after)))[:3]}"
    names = below(one.after)
    moved = {text: name for text, name in below(data).items() if names.get(text) != name}
    moved = {
        text: name
        for text, name in moved.items()
        if data.count(f"{name} =".encode()) <= one.after.count(f"{name} =".encode())
    }
    if moved:
        yield f"comments are about something else: {moved}"
    if not is_unused:
        undone = reasons(before) - reasons(after)
        if undone:
            yield f"suppressions are undone: {undone}"
    made = after.broken - before.broken
    if made and not any(finding.rule == "unresolved-fact" for finding in before.findings):
        yield f"rules fail that held: {made}"
    if any(dropped.is_fault for dropped in one.fixed.dropped):
        yield f"a fix is at fault: {[dropped.reason for dropped in one.fixed.dropped]}"
    if b"\n" not in data.replace(b"\r\n", b"") and b"\n" in one.after.replace(b"\r\n", b""):
        yield "a line ends in LF where all others end in CRLF"
    left = untidy(one.after) - untidy(data)
    if left:
        yield f"it leaves {dict(left)}"


def reasons(result: Result) -> set[tuple[str, str | None]]:
    """What is silenced, by rule and reason."""
    return {(one.finding.rule, one.reason) for one in result.suppressed}


def asked(files: dict[str, bytes], folder: Path) -> dict[str, Evaluated]:
    """What Nix makes of files, by name; all in a few processes."""
    facts = f"builtins.toJSON (import {oracle_file('facts.nix')}"
    names = list(files)
    paths = []
    for number, name in enumerate(names):
        path = folder / f"{number}.nix"
        path.write_bytes(files[name])
        paths.append(path)
    answers = evaluate_json([f"{facts} {nix_string(str(path))})" for path in paths])
    return dict(zip(names, answers, strict=True))


def check(every: list[Case], folder: Path) -> None:
    """Fix all cases, safely and unsafely, and ask Nix of each before and after."""
    outcomes = [outcome(case, unsafe=unsafe) for case in every for unsafe in (False, True)]
    wrong = [f"{one.case} (unsafe: {one.unsafe}): {fault}" for one in outcomes for fault in faults(one)]
    files = {f"{one.case} before": one.case.data for one in outcomes}
    files |= {f"{one.case} after {one.unsafe}": one.after for one in outcomes}
    answers = asked(files, folder)
    for one in outcomes:
        before, after = answers[f"{one.case} before"], answers[f"{one.case} after {one.unsafe}"]
        if before.error is None and after.error is not None:
            wrong.append(f"{one.case} (unsafe: {one.unsafe}): Nix refuses it: {after.error}")
        elif before.error is None and not one.unsafe and derivation(before) != derivation(after):
            wrong.append(f"{one.case}: a safe fix changes the build")
    assert wrong == []


def derivation(answer: Evaluated) -> object:
    assert isinstance(answer.value, dict)
    return answer.value["derivation"]


PARTS = 41


def test_no_fix_does_harm(tmp_path: Path) -> None:
    every = list(one_of_each())
    assert {one.form for one in every} == set(FORMS)
    assert {one.place for one in every} == set(PLACES)
    assert [one.kind for one in every] == MENDED[::2]
    check(every, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
def test_no_fix_does_harm_in_any_case(part: int, tmp_path: Path) -> None:
    every = list(cases(part, PARTS))
    assert len(every) * PARTS > 2000
    check(every, tmp_path)
