"""A convention as it is used: what it expects of one variant, and which variants it wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from nixlint_ort.convention.claims import Speech
from nixlint_ort.convention.matrix import MAX_CELLS, Cells
from nixlint_ort.convention.roles import Roles
from nixlint_ort.convention.rule import KindName, Rule
from nixlint_ort.convention.tables import Fields, FieldValue, Row, Table, filled
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.convention.wordings import Wordings
from nixlint_ort.convention.yaml_tree import Budget
from nixlint_ort.glob import is_wild
from nixlint_ort.template import Template

DOCUMENTS = ("README.md", "CLAUDE.md")
"""The documents that are read where a convention names none: the guide names both."""
MAX_KNOWN = 4096
"""Variants whose fields are remembered; of a variant they take about 2 KiB."""


class Kind(NamedTuple):
    """A kind of variant: the fields that all of its variants share, and its texts by fact."""

    name: KindName
    fields: Mapping[str, str]
    texts: Mapping[str, Wordings]
    matrix: tuple[Cells, ...] = ()
    title: str | None = None
    """What variants of this kind are called together, where that is not the title of their stack."""


class Convention(NamedTuple):
    """Everything under `rules/`, checked."""

    folder: Path
    variants: str
    fields: Mapping[str, FieldValue]
    """What holds for every variant: what the convention states, and the rows of tables that this chooses."""
    pin_urls: tuple[Template, ...]
    kinds: tuple[Kind, ...]
    tables: Mapping[str, Table]
    """By name; those with rows for some variants only come last, since others say which variants these are."""
    rules: Mapping[str, Rule]
    roles: Roles
    digest: str
    """Of all its files, so that what was worked out by the same convention can be recognized."""
    known: dict[tuple[object, ...], Mapping[str, FieldValue]]
    """The fields of variants that `expected` has worked out; at most MAX_KNOWN of them."""
    every_stem: list[tuple[str, ...]]
    """The names of the variants of all releases, once they are worked out."""
    documents: tuple[str, ...] = DOCUMENTS
    """Patterns of the documents that say something about the variants."""
    speech: Speech | None = None
    """How documents speak of the tables; None where the convention does not say, so that they are not read."""
    layer: str = ""
    """The package that the wrapper is built on, where the names of variants do not begin with it."""
    own_facts: tuple[str, ...] = ()
    """The attributes and bindings that its rules are about, by the names of these facts."""
    helpers: tuple[str, ...] = ()
    """Patterns of files beside the variants that are none."""

    @property
    def home(self) -> str:
        """The folder that all variants are in, from the repository's root, without a slash at its end."""
        parts = self.variants.split("/")[:-1]
        return "/".join(takewhile(lambda part: not is_wild(part), parts))

    def path_of(self, stem: str) -> str:
        """The path of the file that a variant of that name would have."""
        return f"{self.home}/{stem}.nix" if self.home else f"{stem}.nix"

    @property
    def package(self) -> str:
        """The package that all variants are variants of."""
        return str(self.fields["package"])

    @property
    def releases(self) -> Table:
        """The table that says, for each branch, what is released from it."""
        return self.table_of(self.roles.release.key)

    def table_of(self, key_field: str) -> Table:
        """The table whose key is a field, such as `cuda.tag`. Raises KeyError where there is none."""
        return self.tables[key_field.partition(".")[0]]

    def expected(self, kind: Kind, named: Mapping[str, str], branch: str | None) -> Mapping[str, FieldValue]:
        """The fields of a variant: what its name says (`named`), and what the tables make of it.

        They are worked out once: every rule asks for those of every variant.
        """
        key = (kind.name, branch, *named.items())
        if key not in self.known:
            if len(self.known) >= MAX_KNOWN:
                self.known.clear()
            self.known[key] = self._expected(kind, branch, named)
        return self.known[key]

    def _expected(self, kind: Kind, branch: str | None, named: Mapping[str, str]) -> Fields:
        """The same, worked out.

        A table whose key is not among the fields gives none. Where it has no row of that key, the key itself is no
        field either: nothing is judged, and nothing written, by a row that does not exist. Of a table whose key the
        convention itself states, the row is among `fields` already.
        """
        fields: Fields = {**self.fields, **kind.fields, **named}
        if branch is not None:
            fields[self.releases.key_field] = branch
        rows: list[Row] = []
        for table in self.tables.values():
            if table.key_field in self.fields and table.owns_key:
                continue
            row = self.row_of(table, fields)
            if row is not None:
                fields.update(row.fields)
                rows.append(row)
            elif table.owns_key:
                fields.pop(table.key_field, None)
        self._choose_pin(fields, rows)
        return filled(fields, rows) if any(row.templates for row in rows) else fields

    def _choose_pin(self, fields: Fields, rows: list[Row]) -> None:
        """Put the pin in that a row of another table has, and what nixpkgs has there."""
        role = self.roles.pin
        own = fields.get(role.of) if role is not None and role.of is not None else None
        if role is None or not isinstance(own, str):
            return
        table = self.tables.get(role.key.partition(".")[0])
        for name in table.columns if table is not None else ():
            fields.pop(name, None)
        fields[role.key] = own
        row = self.row_of(table, fields) if table is not None else None
        if row is not None:
            fields.update(row.fields)
            rows.append(row)

    def stems(self, branch: str | None, fixed: Mapping[str, str] | None = None) -> Iterator[str]:
        """The file names, without `.nix`, of all variants that the release of a branch should have.

        A field in `fixed`, such as `cuda.tag`, has that value instead of those in the matrix; combinations without
        such a field are left out, and so are those whose name the tables leave open. Raises ConventionError for
        a matrix that is too large.
        """
        budget = Budget(MAX_CELLS)
        for kind in self.kinds:
            for cells in kind.matrix:
                if not (fixed or {}).keys() <= cells.values.keys():
                    continue
                expected = partial(self._expected, kind, branch)
                for cell in cells.combine(expected, fixed or {}, budget):
                    fields = expected(cell)
                    name = kind.texts[STEM].first
                    if name.can_render(fields):
                        yield name.render(fields)

    def stems_of_all(self) -> tuple[str, ...]:
        """The names of the variants of all releases, sorted. Raises ConventionError as `stems` does."""
        if not self.every_stem:
            stems = {one for branch in self.releases.keys for one in self.stems(branch)}
            self.every_stem.append(tuple(sorted(stems)))
        return self.every_stem[0]

    @staticmethod
    def row_of(table: Table, fields: Mapping[str, FieldValue]) -> Row | None:
        """The row of a table that the fields choose; None if they choose none."""
        key = fields.get(table.key_field)
        return table.row(key, fields) if isinstance(key, str) else None
