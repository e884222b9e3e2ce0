"""The tables that a study proposes: a table for each part of the names, a column for each value that it tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nixlint_ort.learn.dependence import ABSENT, Dependence, Key
from nixlint_ort.learn.names import NamePart, in_order
from nixlint_ort.learn.study import BRANCH, Study

KEY = "tag"
"""The column of a proposed table that has the part of the name itself."""
RELEASE = "release"
_RESERVED = frozenset({KEY, "branch", "only"})
"""What no column is called: keys, and what a row says besides its cells."""
LIST_SEPARATORS = (", ", "/")

Cell = str | tuple[str, ...]


class Support(NamedTuple):
    """How sure a cell is: how many variants have it, of how many."""

    agree: int
    total: int


@dataclass(eq=False)
class Column:
    """One column: its cells by the row's key and by what the row is only for."""

    name: str
    cells: dict[tuple[Key, str | None], Cell]
    support: dict[tuple[Key, str | None], Support]
    is_list: bool = False
    only: str | None = None
    """The field whose value is the second half of a cell's place."""


@dataclass(eq=False)
class Table:
    """One table: the parts of the name that choose a row, and its columns."""

    name: str
    parts: tuple[str, ...]
    keys: list[Key]
    columns: dict[str, Column] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.yaml"


class Tables:
    """All proposed tables, which grow as columns are asked for."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._values = {part.name: part.values for part in study.parts}
        self.all: dict[str, Table] = {}
        for part in study.parts:
            self.all[part.name] = Table(part.name, (part.name,), _keys(part))

    def key_field(self, part: str) -> str:
        """The field that is a part of the name itself."""
        return f"{part}.{KEY}" if part != BRANCH else f"{RELEASE}.{BRANCH}"

    def release(self, branches: Sequence[str]) -> Table:
        """The table of releases, with a row for each branch."""
        if RELEASE not in self.all:
            self.all[RELEASE] = Table(RELEASE, (BRANCH,), [(branch,) for branch in branches])
        return self.all[RELEASE]

    def field_for(self, found: Dependence, wanted: str, *, is_list: bool | None = None) -> str | None:
        """The field that has the values of a dependence; None where a convention cannot say it.

        A column that says the same already is taken, else one by the name that is wanted is made. `is_list` says
        whether the cells are lists; None lets the texts tell, by what is between their names.
        """
        parts = tuple(part for part in found.parts if part in self._values or part == BRANCH)
        derived = [part for part in found.parts if part not in parts]
        if not parts or len(parts) > 2 or len(derived) > 1 or (derived and len(parts) > 1):
            return None
        only = self._derived_field(derived[0]) if derived else None
        if derived and only is None:
            return None
        table = self._table(parts)
        if table is None:
            return None
        cells, support = _cells(found, parts, derived)
        if not cells:
            return None
        split, as_list = _split(cells, is_list)
        column = _same(table, split, as_list, only)
        if column is None:
            column = Column(_free(table, wanted), {}, {}, as_list, only)
            table.columns[column.name] = column
        for place, cell in split.items():
            known = column.support.get(place)
            if known is None or known.total < support[place].total:
                column.cells[place], column.support[place] = cell, support[place]
        return f"{table.name}.{column.name}"

    def _table(self, parts: tuple[str, ...]) -> Table | None:
        if parts == (BRANCH,):
            return self.all.get(RELEASE)
        if BRANCH in parts:
            return None
        name = "_".join(parts)
        if name not in self.all:
            values = [self._values[part] for part in parts]
            rows = dict.fromkeys(zip(*values, strict=True))
            self.all[name] = Table(name, parts, [row for row in rows if None not in row])
        return self.all[name]

    def _derived_field(self, name: str) -> str | None:
        """The field of a fact that follows from one part, as a column of that part's table."""
        site = next((site for site in self._study.sites if site.name == name), None)
        if site is None or len(site.dependence.parts) != 1:
            return None
        return self.field_for(site.dependence, column_name(name))


def column_name(site: str) -> str:
    """The name of a column for what a fact or an attribute is."""
    return re.sub(r"\W+", "_", site.removeprefix("wrapper.").removeprefix("binding.").removeprefix("meta."))


def _keys(part: NamePart) -> list[Key]:
    known = dict.fromkeys(value for value in part.values if value is not None)
    return [(value,) for value in sorted(known, key=in_order)]


def _cells(
    found: Dependence, parts: tuple[str, ...], derived: Sequence[str]
) -> tuple[dict[tuple[Key, str | None], str], dict[tuple[Key, str | None], Support]]:
    cells: dict[tuple[Key, str | None], str] = {}
    support: dict[tuple[Key, str | None], Support] = {}
    for key, text in found.rows.items():
        by_name = dict(zip(found.parts, key, strict=True))
        own = tuple(by_name[part] for part in parts)
        if None in own or text == ABSENT:
            continue
        place = (own, by_name[derived[0]] if derived else None)
        cells[place] = text
        support[place] = Support(*found.support[key])
    return cells, support


def _split(
    cells: Mapping[tuple[Key, str | None], str], is_list: bool | None
) -> tuple[dict[tuple[Key, str | None], Cell], bool]:
    """The cells as texts or as lists."""
    if is_list:
        lists = {place: tuple(text.split("\n")) for place, text in cells.items()}
        if all(len(one) == 1 for one in lists.values()):
            return {place: one[0] for place, one in lists.items()}, False
        return dict(lists), True
    separator = separator_of(cells.values()) if is_list is None else None
    if separator is None:
        return dict(cells), False
    return {place: tuple(text.split(separator)) for place, text in cells.items()}, True


def separator_of(texts: Collection[str]) -> str | None:
    """What is between the names of a list, where texts are lists: it is in at least half of them."""
    for separator in LIST_SEPARATORS:
        having = [text for text in texts if separator in text]
        if len(texts) > 1 and 2 * len(having) >= len(texts) and not any("(" in text for text in texts):
            return separator
    return None


def _same(table: Table, cells: Mapping[tuple[Key, str | None], Cell], is_list: bool, only: str | None) -> Column | None:
    """A column that says the same of every row that both speak of, and of at least one."""
    for column in table.columns.values():
        both = column.cells.keys() & cells.keys()
        is_much = 2 * len(both) >= min(len(column.cells), len(cells))
        is_alike = both and is_much and (column.only, column.is_list) == (only, is_list)
        if is_alike and all(_like(column.cells[place], cells[place]) for place in both):
            return column
    return None


def _like(one: Cell, other: Cell) -> bool:
    return set(one) == set(other) if isinstance(one, tuple) and isinstance(other, tuple) else one == other


def _free(table: Table, wanted: str) -> str:
    name, number = wanted, 2
    while name in table.columns or name in _RESERVED:
        name, number = f"{wanted}{number}", number + 1
    return name
