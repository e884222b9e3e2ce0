"""The documents of the corpus, and faults in them: each with its kind, its line and the bytes that it replaced."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from nixlint_ort.check.claims.document import read_claims
from nixlint_ort.check.claims.facts import Facts
from nixlint_ort.check.claims.reading import Claims
from nixlint_ort.convention import Convention
from nixlint_ort.source import Source
from tests.support.document_more_styles import grid, questions, wiki
from tests.support.document_styles import STYLES as FIRST_STYLES
from tests.support.document_styles import Gpu, Isa, Line, Release, Stack
from tests.support.linting import convention

STYLES = {**FIRST_STYLES, "questions": questions, "wiki": wiki, "grid": grid}
BRANCHES = ("main", "ort-1.24", "ort-1.22")
_SLOT = re.compile(r"⟦(\w+)(~?):([^⟧]*)⟧")


class Slot(NamedTuple):
    kind: str
    is_tie: bool
    start: int
    """Code points."""
    text: str


class Fault(NamedTuple):
    style: str
    branch: str
    kind: str
    is_tie: bool
    line: int
    start: int
    original: bytes
    bad: str
    text: str
    """The document with the fault."""


@cache
def shipped_facts(branch: str) -> Facts:
    return facts_of(branch)


def facts_of(branch: str, by: Convention | None = None, without: frozenset[str] = frozenset()) -> Facts:
    """What is true of a release whose variants are all there, less some."""
    by = by or convention()
    assert by.speech is not None
    names = [one for one in by.stems(branch) if one not in without]
    return Facts(by, by.speech, branch, {one: one for one in names})


@cache
def shipped_release(branch: str) -> Release:
    return release_of(branch)


def release_of(branch: str, by: Convention | None = None, without: frozenset[str] = frozenset()) -> Release:
    by = by or convention()
    facts = facts_of(branch, by, without)
    world = facts.world
    table = by.releases
    row = table.by_key[branch][0].cells

    def one(values: tuple[str, ...]) -> str:
        return values[0]

    stacks = tuple(
        Stack(
            e.key,
            one(e.values["cuda.version"]),
            one(e.values["cuda.driver"]),
            one(e.values["python.version"]),
            one(e.values["python.packages"]),
        )
        for key in row["cuda"]
        if (e := world.entity("cuda", key))
    )
    gpus = tuple(
        Gpu(e.key, one(e.values["gpu.architecture"]), e.values["gpu.names"])
        for key in row["gpus"]
        if (e := world.entity("gpu", key))
    )
    isas = [
        Isa(e.key, one(e.values["isa.label"]), e.values["isa.flags"], one(e.values["isa.platform"]))
        for e in world.entities["isa"]
    ]
    lines = tuple(
        Line(key, str(rows[0].cells["version"]), str(rows[0].cells["status"]), "120" in rows[0].cells["gpus"])
        for key, rows in table.by_key.items()
    )
    names = facts.stems
    return Release(
        branch,
        str(row["version"]),
        str(by.fields["pin.rev"]),
        stacks,
        gpus,
        tuple(i for i in isas if i.platform.startswith("x86")),
        tuple(i for i in isas if not i.platform.startswith("x86")),
        lines,
        tuple(sum(f"-cuda{s.tag}-" in name for name in names) for s in stacks),
        sum("-cpu-" in name for name in names),
        "3.13",
    )


def parsed(marked: str) -> tuple[str, list[Slot]]:
    """A document without the marks, and its slots."""
    text, slots, done = "", [], 0
    for found in _SLOT.finditer(marked):
        text += marked[done : found.start()]
        slots.append(Slot(found[1], bool(found[2]), len(text), found[3]))
        text += found[3]
        done = found.end()
    return text + marked[done:], slots


@cache
def document(style: str, release: Release) -> tuple[str, tuple[Slot, ...]]:
    text, slots = parsed(STYLES[style](release))
    return text, tuple(slots)


def read(text: str, facts: Facts) -> Claims:
    return read_claims(Source("README.md", text.encode()), facts)


def wrong(slot: Slot, r: Release, number: int) -> str | None:
    """A wrong value in place of a slot's: by turns one that the tables have, and one that they have not."""
    stacks = {s.version: s for s in r.stacks}
    other = {
        "cuda": [next(v for v in stacks if v != slot.text)] if slot.text in stacks else [],
        "driver": [next(s.driver for s in r.stacks if s.driver != slot.text), "535"],
        "python": [next(s.python for s in r.stacks if s.python != slot.text), "3.11"],
        "py": [next(s.py for s in r.stacks if s.py != slot.text), "311"],
        "overlay": [f"cudaPackages_{next(s.tag for s in r.stacks if s.tag not in slot.text)}", "cudaPackages_11_8"],
        "pyset": [next(s.packages for s in r.stacks if s.packages != slot.text)],
        "branch": [next(x.branch for x in r.lines if x.branch not in (slot.text, "main")), "ort-1.17"],
        "ort": [next(x.version for x in r.lines if x.version != slot.text), slot.text[:-1] + "9"],
        "status": ["legacy" if slot.text.lower() != "legacy" else "stable"],
        "sm": [next(g.sm for g in r.gpus if g.sm != slot.text), "87"],
        "cc": ["8.7" if slot.text != "8.7" else "9.0", "7.0"],
        "arch": [next(g.architecture for g in r.gpus if not g.architecture.startswith(slot.text.split()[0]))],
        "gpu": [next(g.names[0] for g in r.gpus if slot.text not in g.names)],
        "isa": [next(i.label for i in (*r.x86, *r.arm) if slot.text not in (i.label, i.short))],
        "isaname": [next(i.name for i in (*r.x86, *r.arm) if i.name != slot.text)],
        "flag": [
            next(f for i in (*r.x86, *r.arm) for f in i.flags if f not in (slot.text, "-mfma")),
            "-mavx512vbmi",
        ],
        "platform": ["aarch64-linux" if slot.text.startswith("x86") else "x86_64-linux"],
        "pin": ["000" + slot.text[3:], slot.text[:-1] + ("0" if slot.text[-1:] != "0" else "1")],
        "pinshort": ["9f8e7d6c5b4a"[: len(slot.text)]],
        "count": [str(int(slot.text) + step) for step in (1, -1, 3)] if slot.kind == "count" else [],
        "name": [
            slot.text.replace("-sm", "-sm9") if "-sm90" not in slot.text else slot.text.replace("-sm90", "-sm99"),
            slot.text.replace("python313", "python311").replace("python312", "python313"),
        ],
        "pointer": ["ort-1.20", "ort-1.19"],
    }[slot.kind]
    if slot.kind == "cuda":
        other.append("12.8" if slot.text != "12.8" else "12.6")
    if not other:
        return None
    bad = other[number % len(other)]
    if slot.kind == "status" and slot.text[0].isupper():
        bad = bad.capitalize()
    return bad if bad != slot.text else None


def faults() -> Iterator[Fault]:
    """One fault for each slot of each document."""
    for style in STYLES:
        for branch in BRANCHES:
            release = shipped_release(branch)
            text, slots = document(style, release)
            for number, slot in enumerate(slots):
                bad = wrong(slot, release, number)
                if bad is None:
                    continue
                broken = text[: slot.start] + bad + text[slot.start + len(slot.text) :]
                line = text[: slot.start].count("\n") + 1
                yield Fault(
                    style,
                    branch,
                    slot.kind,
                    slot.is_tie or "-sm9" in bad.replace("-sm90", ""),
                    line,
                    slot.start,
                    slot.text.encode(),
                    bad,
                    broken,
                )


class Outcome(NamedTuple):
    fault: Fault
    caught: bool
    mended: bool
    spoilt: bool
    """Whether a fix changes anything but the bytes that are wrong."""
    said: tuple[str, ...]


def outcome(fault: Fault) -> Outcome:
    """What the reading of a document makes of its fault."""
    claims = read(fault.text, shipped_facts(fault.branch))
    source = claims.source
    start = len(fault.text[: fault.start].encode())
    end = start + len(fault.bad.encode())
    caught = any(
        source.position(one.span.start).line <= fault.line <= source.position(one.span.end).line
        for one in claims.faults
    )
    fixes = [one for one in claims.faults if one.replacement is not None]
    data = source.data
    for one in sorted(fixes, key=lambda one: one.span, reverse=True):
        data = data[: one.span.start] + (one.replacement or "").encode() + data[one.span.end :]
    good = source.data[:start] + fault.original + source.data[end:]
    spoilt = any(one.span.end <= start or one.span.start >= end for one in fixes)
    said = tuple(
        f"{one.check} {source.text(one.span)!r} -> {one.expected!r} {one.replacement!r}" for one in claims.faults
    )
    return Outcome(fault, caught, data == good, spoilt, said)


class Tally(NamedTuple):
    """Of one kind of fault: how many there are, how many are found and mended, and how many fixes spoil something."""

    faults: int = 0
    caught: int = 0
    single: int = 0
    """Those of which most of what stands beside says what is right."""
    mended: int = 0
    spoilt: int = 0

    def with_one(self, one: Outcome) -> Tally:
        is_single = not one.fault.is_tie
        return Tally(
            self.faults + 1,
            self.caught + one.caught,
            self.single + is_single,
            self.mended + (one.mended and is_single),
            self.spoilt + one.spoilt,
        )


def tallies(outcomes: Iterable[Outcome]) -> dict[str, Tally]:
    """The outcomes by kind, and of all."""
    found: dict[str, Tally] = {}
    for one in outcomes:
        for kind in (one.fault.kind, "all"):
            found[kind] = found.get(kind, Tally()).with_one(one)
    return found


def report(wanted: str | None) -> Iterator[str]:
    """A line for each kind; with the name of a kind or a style, or `all`, one for each fault that is not mended."""
    outcomes = [outcome(one) for one in faults()]
    for one in outcomes:
        fault = one.fault
        well = one.caught and not one.spoilt and (one.mended or fault.is_tie)
        if wanted in (fault.kind, fault.style, "all") and not well:
            what = "missed" if not one.caught else "spoilt" if one.spoilt else "not mended"
            line = fault.text.split("\n")[fault.line - 1][:150]
            yield f"{what} {fault.style} {fault.branch} {fault.kind} {fault.line} {fault.original.decode()} -> {fault.bad} | {line} {one.said}"
    for kind, tally in sorted(tallies(outcomes).items()):
        yield f"{kind:10} " + " ".join(f"{name} {value}" for name, value in tally._asdict().items())


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in report(sys.argv[1] if len(sys.argv) > 1 else None)))
