"""What is learned of this repository's own variants: the tables that are written by hand, and nothing odd."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from time import process_time

import pytest

from nixlint_ort.check.all_predicates import CHECKS
from nixlint_ort.convention import Convention
from nixlint_ort.convention.load import load, load_shipped
from nixlint_ort.learn.draft import Draft, make_draft
from nixlint_ort.learn.oddities import find_oddities
from nixlint_ort.learn.reading import VARIANTS, nothing_known, read_variants
from nixlint_ort.learn.study import Study, study
from nixlint_ort.learn.table_file import rows_of
from nixlint_ort.learn.unknown import find_gaps
from nixlint_ort.lint import Session
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.views.learn.sections import make_report
from tests.support.damage import KINDS, Damage, damaged
from tests.support.linting import ROOT, convention
from tests.support.releases import files

TABLES = {"gpu": "sm", "isa": "isa", "cuda": "cuda", "python": "python", "ort": "release"}
"""The tables by hand, and those that are proposed for them."""
NOT_SHOWN = frozenset({"cuda.gpus", "ort.status", "python.version"})
"""Columns by hand that no variant shows: what a toolkit can compile for, what a release is called, 3.12 for 312."""


@cache
def own() -> tuple[Study, Draft]:
    variants = read_variants(ROOT)
    found = study(variants, ["main"] * len(variants))
    return found, make_draft(found, load_shipped(), VARIANTS)


def cells_by_hand(table: str) -> list[tuple[str, str, str, str | tuple[str, ...]]]:
    """The key, what the row is only for, the column and the cell, of every cell that variants show."""
    key = convention().tables[table].key
    rows = [row for row in convention().tables[table].rows if str(row.cells[key]) != "cpu"]
    if table == "ort":
        rows = [row for row in rows if row.cells[key] == "main"]
    return [
        (str(row.cells[key]), next(iter(row.only.values()), ""), column, cell)
        for row in rows
        for column, cell in row.cells.items()
        if column != key and f"{table}.{column}" not in NOT_SHOWN
    ]


@pytest.mark.parametrize("table", TABLES)
def test_the_proposed_table_has_every_cell_that_variants_show(table: str) -> None:
    proposed = own()[1].plan.tables.all[TABLES[table]]
    by_key: dict[tuple[str, str], list[str | tuple[str, ...]]] = {}
    for only, cells in rows_of(proposed):
        first = next(iter(cells.values()))
        by_key[str(first), next(iter(only.values()), "")] = list(cells.values())[1:]
    missing = [
        cell
        for key, only, column, value in cells_by_hand(table)
        if not is_among(value, by_key.get((key, only), by_key.get((key, ""), [])), column)
        for cell in [(key, only, column, value)]
    ]
    assert missing == []


def is_among(value: str | tuple[str, ...], cells: list[str | tuple[str, ...]], column: str) -> bool:
    """Whether a cell is there; of the sets that have a Python, variants show those that they use."""
    if column == "packages":
        return any(cell in value for cell in cells)
    return value in cells


def test_nothing_is_odd() -> None:
    assert find_oddities(own()[0]) == []


def test_it_says_what_it_cannot_know() -> None:
    found, draft = own()
    told = {(gap.table, gap.column) for gap in find_gaps(found, draft)}
    assert told >= {("cuda", "targets"), ("python", "version"), ("release", "status"), ("release", "targets")}


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Convention:
    """The draft, written and loaded."""
    folder = tmp_path_factory.mktemp("learned") / "rules"
    for path, text in own()[1].files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return load(folder, lambda: CHECKS)


def session(found: Convention) -> Session:
    files = {variant.path: variant.source.data for variant in own()[0].variants}
    made = Session(ROOT, found, found.rules)
    made.repository = Repository(ROOT, found, tree=InMemory(files))
    made.release = Release("main")
    return made


def test_under_the_draft_all_variants_are_clean(learned: Convention) -> None:
    assert [finding.message for finding in session(learned).lint().findings] == []
    assert len(learned.rules) > 40
    assert own()[1].dropped == []


@pytest.mark.parametrize(
    ("kinds", "variants"),
    [(KINDS, 1), pytest.param(KINDS, 6, marks=pytest.mark.full)],
    ids=["in one variant", "in six"],
)
def test_under_the_draft_damage_is_found(learned: Convention, kinds: Sequence[Damage], variants: int) -> None:
    """At least four of five kinds, each in every variant that it is tried in."""
    made = session(learned)
    missed = []
    for kind in kinds:
        for path, data in damaged(kind, variants).items():
            found = made.lint(made.repository.with_files({path: data})).findings
            if not any(finding.place.path == path for finding in found):
                missed.append(kind.name)
                break
    assert 5 * len(missed) <= len(kinds), missed


BRANCHES = ("main", "ort-1.24", "ort-1.22")


def test_branches_are_one_part_more() -> None:
    read = [(branch, path, data) for branch in BRANCHES for path, data in files(branch).items() if data is not None]
    variants = [
        variant
        for branch in BRANCHES
        for variant in Repository(
            ROOT, nothing_known(ROOT), tree=InMemory({path: data for one, path, data in read if one == branch})
        ).variants
    ]
    branches = [branch for branch, _, _ in read]
    found = study(variants, branches)
    assert find_oddities(found) == []
    draft = make_draft(found, load_shipped(), VARIANTS)
    releases = {cells["branch"]: cells for _, cells in rows_of(draft.plan.tables.all["release"])}
    by_hand = {str(row.cells["branch"]): row.cells for row in convention().tables["ort"].rows}
    for branch in BRANCHES:
        assert releases[branch]["version"] == by_hand[branch]["version"]
        assert releases[branch]["targets"] == by_hand[branch]["gpus"]
        assert releases[branch]["stacks"] == by_hand[branch]["cuda"]


@pytest.mark.full
def test_five_hundred_files_take_less_than_a_minute() -> None:
    """In processor time; they are this repository's variants under nine names each."""
    data = {
        variant.path.replace("-python", f"{number}-python"): variant.source.data
        for variant in own()[0].variants
        for number in range(9)
    }
    variants = Repository(ROOT, nothing_known(ROOT), tree=InMemory(data)).variants
    assert len(variants) > 500
    start = process_time()
    make_report(found := study(variants, ["main"] * len(variants)), make_draft(found, load_shipped(), VARIANTS))
    assert process_time() - start < 60
