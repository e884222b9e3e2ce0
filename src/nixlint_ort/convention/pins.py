"""What the table of pins says that nixpkgs has at a revision: attributes, and arguments of functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nixlint_ort.convention.convention import Convention
from nixlint_ort.convention.errors import nearest
from nixlint_ort.convention.roles import PinRole
from nixlint_ort.convention.tables import FieldValue, Row, Table, numbers_in
from nixlint_ort.template import Template

READ = "tree"
"""What the column `read` says of a row that was read from nixpkgs."""


class Lack(NamedTuple):
    """An attribute that nixpkgs does not have, or that throws; `words` are those of the throw, as far as known."""

    path: str
    throws: bool
    words: str
    nearest: str | None


class Pin(NamedTuple):
    """One row of the table. The names in it are dotted attribute paths."""

    revision: str
    is_read: bool
    families: tuple[tuple[Template, tuple[str, ...]], ...]
    """How the sets of one kind are named, and those that there are."""
    throws: Mapping[str, str]
    has: frozenset[str]
    lacks: frozenset[str]
    takes: Mapping[str, tuple[str, ...]]
    refuses: Mapping[str, tuple[str, ...]]
    same_sets: frozenset[str]
    """Package sets whose functions are the same: those for one Python and for another."""

    def lack_of(self, path: Sequence[str]) -> Lack | None:
        """The first part of an attribute path that nixpkgs does not have; None where the row knows of none."""
        for end in range(1, len(path) + 1):
            name = ".".join(path[:end])
            if name in self.throws:
                return Lack(name, True, self.throws[name], self._nearest(name))
            if name in self.lacks or (end == 1 and self._is_missing(name)):
                return Lack(name, False, "", self._nearest(name))
        return None

    def unknown_arguments(self, path: Sequence[str], given: Iterable[str]) -> list[tuple[str, str | None]]:
        """The arguments that the function behind a path does not take, each with the nearest that it does."""
        takes = self._of(self.takes, path)
        refuses = self._of(self.refuses, path) or ()
        wrong = [name for name in given if name in refuses or (takes is not None and name not in takes)]
        return [(name, nearest(name, takes or ())) for name in wrong]

    def listed_beside(self, name: str) -> tuple[str, ...]:
        """The sets of a kind that the row lists where it does not list this one, and does not say that it is gone."""
        if self.lack_of((name,)) is not None or name in self.has:
            return ()
        kinds = (sets for template, sets in self.families if template.parse(name) is not None)
        sets = next(kinds, ())
        return () if name in sets else sets

    def _of(self, functions: Mapping[str, tuple[str, ...]], path: Sequence[str]) -> tuple[str, ...] | None:
        for name, arguments in functions.items():
            first, *rest = name.split(".")
            same = first == path[0] or {first, path[0]} <= self.same_sets
            if same and rest == list(path[1:]):
                return arguments
        return None

    def _is_missing(self, name: str) -> bool:
        """Whether a set of a kind of which the row has all is not among them."""
        return (
            self.is_read
            and name not in self.has
            and any(template.parse(name) is not None and name not in sets for template, sets in self.families)
        )

    def _nearest(self, name: str) -> str | None:
        """The next later set of the same kind, or else the last; for any other attribute the one most like it."""
        for template, sets in self.families:
            if template.parse(name) is not None:
                ordered = sorted(sets, key=numbers_in)
                return next(
                    (one for one in ordered if numbers_in(one) > numbers_in(name)), ordered[-1] if ordered else None
                )
        return nearest(name, sorted(self.has))


def pin_of(convention: Convention, revision: str) -> Pin | None:
    """The row of a revision; None where the convention has no table of pins, or no such row in it."""
    role, table = convention.roles.pin, table_of_pins(convention)
    row = table.row(revision, {}) if table else None
    return _read(convention, role, row) if role and row else None


def table_of_pins(convention: Convention) -> Table | None:
    """The table whose key is the pin; None where the convention has none."""
    role = convention.roles.pin
    return next((one for one in convention.tables.values() if role and one.key_field == role.key), None)


def _read(convention: Convention, role: PinRole, row: Row) -> Pin:
    pythons, cuda = _list(row, role.pythons), _list(row, role.cuda)
    families = [(role.python_set, pythons), (role.cuda_set, cuda)]
    named = {one for table in convention.tables.values() for one in _column(table, convention.roles.python)}
    return Pin(
        revision=str(row.fields[role.key]),
        is_read=row.fields.get(role.read or "") == READ,
        families=tuple((template, sets) for template, sets in families if template is not None),
        throws={name: words for name, _, words in (one.partition(": ") for one in _list(row, role.throws))},
        has=frozenset({*_list(row, role.has), *([role.default_set.text] if role.default_set else [])}),
        lacks=frozenset(_list(row, role.lacks)),
        takes=_functions(_list(row, role.takes)),
        refuses=_functions(_list(row, role.refuses)),
        same_sets=frozenset(named | set(pythons) | ({role.default_set.text} if role.default_set else set())),
    )


def _column(table: Table, role: object) -> Iterable[str]:
    field = getattr(role, "packages", None)
    for row in table.rows:
        value: FieldValue = row.fields.get(field or "", ())
        yield from (value,) if isinstance(value, str) else value


def _list(row: Row, field: str | None) -> tuple[str, ...]:
    value = row.fields.get(field or "", ())
    return (value,) if isinstance(value, str) else value


def _functions(listed: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By the function's path: what stands after it in each text."""
    return {words[0]: tuple(words[1:]) for text in listed if (words := text.split())}
