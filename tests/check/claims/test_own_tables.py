"""Documents beside tables of one's own: drivers of several parts, and a word for a value that several rows have."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from nixlint_ort.check.claims.facts import Facts
from nixlint_ort.check.claims.words.mention import Mention
from nixlint_ort.convention import find_rules, load
from tests.support.documents import facts_of, read
from tests.support.running import replace_in

STACKS, RELEASES = "tables/stacks.yaml", "tables/releases.yaml"
LAST = "  # The variants without CUDA.\n"
NEWER = "".join(
    f'  - {{tag: "13_{minor}", version: "13.{minor}", driver: compat, python: "313", gpus: ["75", "90"]}}\n'
    for minor in (0, 1)
)

FULL_DRIVERS = (
    (STACKS, 'driver: "550"', 'driver: "550.54.14"'),
    (STACKS, 'driver: "560"', 'driver: "560.28"'),
)
FORWARD_COMPATIBLE = (
    (STACKS, LAST, NEWER + LAST),
    (RELEASES, 'cuda: ["12_4", "12_9"]', 'cuda: ["12_4", "12_9", "13_0", "13_1"]'),
    ("claims.yaml", "words:\n", "words:\n  cuda.driver:\n    compat: [forward compatible]\n"),
)
Changes = tuple[tuple[str, str, str], ...]
"""Of files of the convention: what stands there, and what stands there instead."""


@cache
def facts_with(changes: Changes) -> Facts:
    """What is true of main by the shipped convention with some changes."""
    with tempfile.TemporaryDirectory() as scratch:
        rules = Path(scratch) / "rules"
        shutil.copytree(find_rules(), rules)
        for file, good, other in changes:
            replace_in(rules / file, good, other)
        return facts_of("main", load(rules))


TABLE = "| CUDA | Driver |\n|---|---|\n| 12.4 | 550 |\n| 12.9 | 560 |\n| 13.0 | forward compatible |\n"
SAID = [
    (FULL_DRIVERS, "CUDA 12.9 needs driver 560.28.", []),
    (FULL_DRIVERS, "CUDA 12.9 needs driver 560.", []),
    (FULL_DRIVERS, "CUDA 12.9 needs driver 560.35.", [("560.35", "560.28")]),
    (FULL_DRIVERS, "CUDA 12.9 works with driver 560.35.", []),
    (FULL_DRIVERS, "CUDA 12.9 works with driver 570.10.", []),
    (FULL_DRIVERS, "CUDA 12.9 works with driver 560.9.", [("560.9", "560.28")]),
    (FULL_DRIVERS, "CUDA 12.9 works with driver 550.90.07.", [("550.90.07", "560.28")]),
    (FULL_DRIVERS, "CUDA 12.4 and 12.9 work with driver 570.10.", []),
    (FULL_DRIVERS, "CUDA 12.4 and 12.9 work with driver 550.90.07.", [("550.90.07", None)]),
    (FORWARD_COMPATIBLE, f"{TABLE}| 13.1 | forward compatible |", []),
    (FORWARD_COMPATIBLE, f"{TABLE}| 13.2 | forward compatible |", [("13.2", "13.1")]),
    (FORWARD_COMPATIBLE, "CUDA 13.0 works with driver 560.", [("560", None)]),
]
"""What a document says, what of it is wrong, and what a fix writes there."""


@pytest.mark.parametrize(("changes", "text", "wrong"), SAID)
def test_what_is_wrong_beside_tables_of_ones_own(
    changes: Changes, text: str, wrong: list[tuple[str, str | None]]
) -> None:
    claims = read(f"{text}\n", facts_with(changes))
    assert [(one.actual, one.replacement) for one in claims.faults] == wrong


@pytest.mark.parametrize(("said", "column"), [("3.13", "cuda.version"), ("3.12", "python.version")])
def test_a_number_that_head_and_label_may_mean_is_of_the_head(said: str, column: str) -> None:
    facts = facts_with(((STACKS, 'version: "12.9"', 'version: "3.13"'),))
    claims = read(f"| What | CUDA |\n|---|---|\n| Python | {said} |\n", facts)
    assert [one.what for one in claims.marked] == [column]


NOUNS = "  variants: [variants, variant, packages, builds, derivations, recipes, recipe, nix files, nix expressions]\n"


@pytest.mark.parametrize(("changes", "noun"), [((), "variants"), ((("claims.yaml", NOUNS, ""),), "")])
def test_what_a_command_counts_is_called_as_the_convention_calls_it(changes: Changes, noun: str) -> None:
    claims = read("```bash\nls .flox/pkgs/*cpu* | wc -l  # 5\n```\n", facts_with(changes))
    assert [(one.actual, one.expected, one.what) for one in claims.faults] == [("5", "6", noun)]


NUMBERS = [
    ("560", "560", True),
    ("560", "550", True),
    ("550", "560", False),
    ("560.28", "560", True),
    ("560", "560.28", False),
    ("560.9", "560.28", False),
    ("570", "560.28", True),
    ("compat", "560", False),
    ("560", "compat", False),
    ("9" * 5000, "560", False),
]


@pytest.mark.parametrize(("value", "least", "is_so"), NUMBERS)
def test_numbers_are_compared_part_by_part(value: str, least: str, is_so: bool) -> None:
    assert Mention("cuda.driver", value, 0, len(value)).is_at_least(least) is is_so
