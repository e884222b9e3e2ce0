"""Every text that this tool reads, Nix reads the same: fixtures, variants and mutants of both.

Twenty thousand mutants: `python -m tests.nix.test_reading 20000 SEED` (see CONTRIBUTING).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.nix.test_evaluator_agrees import CASES
from tests.support.nix.reading import ROOT, TORN, Read, Reading, mutants, readings, variants
from tests.support.representative import representative

FOLDER = Path(__file__).parent.parent / "fixtures" / "parser"
WRONG = (Reading.DIFFERENT, Reading.NIX_REFUSES)
EXPRESSIONS = [case.expression.encode() for case in CASES]
MUTANTS, BATCH = 600, 500

PAGE = ROOT / "docs" / "syntax.md"
KNOWN_REFUSALS = (TORN, *re.findall(r"^\| .+ \| (.+) \| .+ \|$", PAGE.read_text("utf-8"), re.MULTILINE)[1:])
"""What the messages hold about texts that Nix reads and this tool does not: the manual has a row for each."""


def wrong(found: list[Read]) -> list[str]:
    """What was read otherwise than Nix reads it, or refused by Nix alone."""
    return [f"{one.outcome.value}: {one.text!r}\n{one.detail}" for one in found if one.outcome in WRONG]


def test_fixtures() -> None:
    found = readings(EXPRESSIONS)
    assert wrong(found) == []
    assert {one.detail for one in found if one.outcome is Reading.WE_REFUSE} <= {TORN}


def test_variants() -> None:
    found = readings(variants())
    assert {one.outcome for one in found} == {Reading.SAME}


@pytest.mark.parametrize("seed", representative(range(3), [0]))
def test_mutants(seed: int) -> None:
    found = readings(list(mutants(EXPRESSIONS + variants()[::10], MUTANTS // 3, seed)))
    assert wrong(found) == []
    assert sum(one.outcome is Reading.SAME for one in found) > len(found) / 10
    for one in found:
        if one.outcome is Reading.WE_REFUSE:
            assert any(known in one.detail for known in KNOWN_REFUSALS), one


def main(count: int, seed: int) -> int:
    """Tries `count` mutants and says what came of them."""
    total: Counter[str] = Counter()
    faults = 0
    everything = mutants(EXPRESSIONS + variants()[::4], count, seed)
    batch: list[bytes] = []
    for number, text in enumerate(everything, 1):
        batch.append(text)
        if len(batch) == BATCH or number == count:
            found = readings(batch)
            total.update(one.outcome.name for one in found)
            sys.stdout.writelines(f"{one}\n" for one in wrong(found))
            refused = [one for one in found if one.outcome is Reading.WE_REFUSE]
            sys.stdout.writelines(f"we refuse: {one.text!r}: {one.detail}\n" for one in refused)
            faults += len(wrong(found))
            sys.stdout.flush()
            sys.stderr.write(f"{total.total()} done\r")
            batch = []
    sys.stdout.writelines(f"{outcome:>15} {number}\n" for outcome, number in total.items())
    return faults


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), int(sys.argv[2])) > 0)
