"""What is learned of this repository's own variants: the tables that are written by hand, and nothing odd."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from nixlint_ort.check.all_predicates import CHECKS
from nixlint_ort.convention import Convention
from nixlint_ort.convention.load import load, load_shipped
from nixlint_ort.learn.draft import Draft, make_draft
from nixlint_ort.learn.oddities import find_oddities
from nixlint_ort.learn.reading import VARIANTS, read_variants
from nixlint_ort.learn.study import Study, study
from nixlint_ort.learn.table_file import rows_of
from nixlint_ort.learn.unknown import find_gaps
from nixlint_ort.lint import Session
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository
from tests.support.linting import ROOT, convention

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


@cache
def learned(folder: Path) -> Convention:
    for path, text in own()[1].files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return load(folder, lambda: CHECKS)


def test_under_the_draft_all_variants_are_clean(tmp_path: Path) -> None:
    found = learned(tmp_path)
    session = Session(ROOT, found, found.rules)
    session.repository = Repository(ROOT, found)
    session.release = Release("main")
    assert [finding.message for finding in session.lint().findings] == []
    assert len(found.rules) > 40
