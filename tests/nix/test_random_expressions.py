"""Random expressions: what this tool makes of one is what Nix makes of it, or nothing.

The default suite tries the same 1,000 expressions every time, so that it is as stable as the code is. More, and others:
`python -m tests.nix.test_random_expressions COUNT SEED` (see CONTRIBUTING).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.support.nix.agreement import Verdict, agreements
from tests.support.nix.expressions import expression
from tests.support.representative import representative

BATCHES, BATCH = 10, 500
MISTAKEN = 200
MOST_UNKNOWN = 0.05
WRONG = (Verdict.CONTRADICTION, Verdict.REFUSED)


def from_hypothesis(number: int) -> list[str]:
    """A batch of expressions that Hypothesis drew, the same ones for the same number."""
    drawn: list[str] = []

    @seed(number)
    @settings(
        max_examples=BATCH,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def draw(chance: Random) -> None:
        drawn.append(expression(chance))

    draw()
    return drawn


def judge(expressions: Sequence[str]) -> tuple[Counter[Verdict], list[str]]:
    """How often each verdict was given, and the expressions on which Nix disagrees, shortest first."""
    found = agreements(expressions)
    wrong = [str(one) for one in found if one.verdict in WRONG]
    return Counter(one.verdict for one in found), sorted(wrong, key=len)


@pytest.mark.parametrize("number", representative(range(BATCHES), range(2)))
def test_no_contradiction(number: int) -> None:
    verdicts, wrong = judge(from_hypothesis(number))
    assert not wrong, wrong[0]
    assert verdicts.total() >= BATCH
    assert verdicts[Verdict.UNKNOWN] <= MOST_UNKNOWN * BATCH


def test_no_contradiction_about_errors() -> None:
    chance = Random(1)
    _, wrong = judge([expression(chance, mistakes=0.05) for _ in range(MISTAKEN)])
    assert not wrong, wrong[0]


def main(count: int, number: int) -> int:
    """Tries `count` expressions, a few of them with mistakes, and says what came of it."""
    chance = Random(number)
    total: Counter[Verdict] = Counter()
    for _ in range(0, count, BATCH):
        mistakes = 0.05 if chance.random() < 0.04 else 0.0
        verdicts, wrong = judge([expression(chance, mistakes) for _ in range(BATCH)])
        total += verdicts
        sys.stdout.writelines(f"{one}\n" for one in wrong)
        sys.stdout.flush()
        sys.stderr.write(f"{total.total()} done\r")
    sys.stdout.writelines(f"{verdict.name:>15} {number}\n" for verdict, number in total.items())
    return sum(total[verdict] for verdict in WRONG)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), int(sys.argv[2])) > 0)
