"""What variants use of nixpkgs, and what changes for them between two rows of the table of pins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from nixlint_ort.convention.roles import PinRole
from nixlint_ort.convention.tables import FieldValue
from nixlint_ort.nixpkgs_tree.row import Use
from nixlint_ort.repository.repository import Repository

Cells = Mapping[str, FieldValue]
"""A row's cells by field, such as `pin.ort`."""


class Used(NamedTuple):
    """What each variant uses of nixpkgs, by the variant's name."""

    attributes: Mapping[str, frozenset[str]]
    arguments: Mapping[str, frozenset[tuple[str, str]]]
    """A function's attribute path, and an argument that it is given."""

    @property
    def together(self) -> Use:
        """What all of them use."""
        functions = {path for pairs in self.arguments.values() for path, _ in pairs}
        attributes = {path for paths in self.attributes.values() for path in paths}
        return Use(frozenset(attributes | functions), frozenset(functions))


class Change(NamedTuple):
    """One thing that is another in the new row."""

    what: str
    """`version`, `default Python`, `Python sets`, `CUDA sets`, `throws`, `attributes` or `arguments of PATH`."""
    before: FieldValue | None
    """What is gone, or the value before."""
    after: FieldValue | None
    """What is new, or the value now."""
    variants: tuple[str, ...] = ()
    """The names of the variants that use what is gone."""


def used_by(repository: Repository) -> Used:
    """What the variants of a repository use; those that cannot be read use nothing."""
    uses = {one.stem: one.nixpkgs_use for one in repository.variants if one.judgeable}
    return Used(
        {stem: frozenset(".".join(path) for path, _ in use.taken) for stem, use in uses.items()},
        {stem: frozenset((".".join(path), name) for path, name, _ in use.given) for stem, use in uses.items()},
    )


def changes(role: PinRole, before: Cells, after: Cells, used: Used) -> list[Change]:
    """What changes for the variants from one row to another, in the order of the row."""
    found: list[Change] = []
    for what, field in (("version", role.version), ("default Python", role.python)):
        old, new = before.get(field or ""), after.get(field or "")
        if old != new:
            found.append(Change(what, old, new))
    lists = (
        ("Python sets", role.pythons),
        ("CUDA sets", role.cuda),
        ("attributes", role.has),
        ("attributes that are not there", role.lacks),
        ("attributes that throw", role.throws),
    )
    for what, field in lists:
        old_names, new_names = _names(before, field), _names(after, field)
        # What throws or is not there is news where it comes, everything else where it goes.
        bad = new_names - old_names if field in (role.lacks, role.throws) else old_names - new_names
        users = [stem for stem, paths in used.attributes.items() if not bad.isdisjoint(paths)]
        found += _change(what, old_names, new_names, users)
    old_takes, new_takes = _functions(before, role.takes), _functions(after, role.takes)
    for path in sorted(old_takes.keys() & new_takes.keys()):
        gone = {(path, name) for name in old_takes[path] - new_takes[path]}
        users = [stem for stem, pairs in used.arguments.items() if not gone.isdisjoint(pairs)]
        found += _change(f"arguments of {path}", old_takes[path], new_takes[path], users)
    return found


def _change(what: str, before: frozenset[str], after: frozenset[str], users: list[str]) -> Iterable[Change]:
    if before != after:
        yield Change(what, tuple(sorted(before - after)), tuple(sorted(after - before)), tuple(sorted(users)))


def _names(cells: Cells, field: str | None) -> frozenset[str]:
    value = cells.get(field or "", ())
    return frozenset(one.partition(": ")[0] for one in ((value,) if isinstance(value, str) else value))


def _functions(cells: Cells, field: str | None) -> dict[str, frozenset[str]]:
    value = cells.get(field or "", ())
    listed = (value,) if isinstance(value, str) else value
    return {words[0]: frozenset(words[1:]) for text in listed if (words := text.split())}
