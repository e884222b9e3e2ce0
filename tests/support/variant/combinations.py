"""Variants that say one to four facts, each in a way that is drawn by chance; how many contradict Nix.

`python -m tests.support.variant.combinations COUNT [SEED]` prints the contradictions of so many, and fails where there are any.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from tests.support.oracle import NixError
from tests.support.variant.agreement import COMPARED, PATH, by_nix, by_tool, contradictions, read
from tests.support.variant.ways import WAYS, filled, variant

BATCH = 500
MOST_TRIES = 20


class Combination(NamedTuple):
    """The ways that a variant was put together by, and its text."""

    ways: tuple[str, ...]
    text: str


def combinations(count: int, seed: int) -> Iterator[Combination]:
    """So many variants, the same for the same seed: each way changes parts that no other one of it changes."""
    chance = random.Random(seed)
    for _ in range(count):
        parts: dict[str, str] = {}
        names: list[str] = []
        wanted = chance.randint(1, 4)
        for _ in range(MOST_TRIES):
            fact = chance.choice(list(WAYS))
            way, changes = chance.choice(list(WAYS[fact].ways.items()))
            if len(names) < wanted and changes.keys().isdisjoint(parts):
                value = chance.choice(WAYS[fact].values)
                parts |= {name: filled(part, value) for name, part in changes.items()}
                names.append(f"{fact}: {way}: {value}")
        gpu = chance.random() < 0.5
        yield Combination((*names, "GPU" if gpu else "CPU"), variant(parts, gpu=gpu))


class Outcome(NamedTuple):
    """Of many combinations: those that Nix reads, the facts that are not known, and what contradicts Nix."""

    read: int
    unknown: int
    contradictions: dict[tuple[str, ...], dict[str, tuple[object, object]]]


def compare(some: list[Combination]) -> Outcome:
    """What the tool and Nix say of the combinations."""
    count = unknown = 0
    wrong = {}
    for one, nix in zip(some, by_nix([{PATH: one.text.encode()} for one in some]), strict=True):
        if isinstance(nix, NixError):
            continue
        count += 1
        tool = by_tool(read({PATH: one.text.encode()}))
        unknown += sum(answer.unknown is not None for answer in tool.values())
        found = contradictions(tool, nix)
        if found:
            wrong[one.ways] = found
    return Outcome(count, unknown, wrong)


def main(count: int, seed: int = 0) -> int:
    """Compare so many combinations, and print what contradicts Nix."""
    drawn = combinations(count, seed)
    read_by_nix = unknown = contradicted = 0
    for _ in range(0, count, BATCH):
        outcome = compare(list(islice(drawn, BATCH)))
        read_by_nix, unknown = read_by_nix + outcome.read, unknown + outcome.unknown
        for ways, facts in outcome.contradictions.items():
            contradicted += 1
            print(ways, facts, flush=True)  # noqa: T201
    asked = read_by_nix * len(COMPARED)
    print(f"{read_by_nix} of {count} read by Nix; {contradicted} contradict it; {unknown} of {asked} facts unknown")  # noqa: T201
    return 1 if contradicted else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
