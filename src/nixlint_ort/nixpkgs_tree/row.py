"""The row of a tree for the table of pins: what nixpkgs has there, of what variants use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from nixlint_ort.convention import Convention
from nixlint_ort.convention.pins import READ
from nixlint_ort.convention.tables import FieldValue
from nixlint_ort.nixpkgs_tree.attributes import Attributes, State
from nixlint_ort.nixpkgs_tree.functions import PackageFunction, function_of
from nixlint_ort.template import Template


class Use(NamedTuple):
    """What variants use of nixpkgs, by dotted attribute paths."""

    attributes: frozenset[str]
    functions: frozenset[str]
    """Those that are overridden."""


class TreeName(NamedTuple):
    """The revision of a tree in full, and in words where the tree was read from."""

    revision: str
    source: str


class TreeRow(NamedTuple):
    """A row as it was read: its cells by field in the order of the role, and what could not be determined."""

    cells: Mapping[str, FieldValue]
    untold: Mapping[str, str]
    """Attributes that variants use and that may be missing, each with the reason why that is unknown."""
    problems: tuple[str, ...]
    """Files of the tree that could not be read."""


def read_row(convention: Convention, attributes: Attributes, named: TreeName, use: Use) -> TreeRow:
    """The row of a tree by the columns that the convention has for a pin. Raises ValueError where it has no pin."""
    role = convention.roles.pin
    if role is None:
        raise ValueError("the convention has no pin")
    default = role.default_set.text if role.default_set else ""
    pythons = [name for name in _family(attributes, role.python_set) if name != default]
    cuda = _family(attributes, role.cuda_set)
    states = {path: attributes.find(path) for path in sorted({*use.attributes, *pythons, *cuda})}
    sets = {*pythons, *cuda}
    by_state = {
        state: tuple(path for path, found in states.items() if found.state is state and path not in sets)
        for state in State
    }
    throws = tuple(
        f"{path}: {found.words}" if found.words else path
        for path, found in states.items()
        if found.state is State.THROWS
    )
    version = function_of(attributes, convention.package)
    there = {State.THERE, State.UNKNOWN}
    cells: dict[str | None, FieldValue | None] = {
        role.key: named.revision,
        role.read: READ,
        role.source: named.source,
        role.version: version.version if version else None,
        role.python: next((name for name in pythons if default and attributes.same(name, default)), None),
        role.pythons: tuple(path for path in pythons if states[path].state in there),
        role.cuda: tuple(path for path in cuda if states[path].state in there),
        role.throws: throws,
        role.has: by_state[State.THERE],
        role.lacks: by_state[State.ABSENT],
        role.takes: tuple(_functions(attributes, use.functions)),
    }
    problems = tuple(f"{one.path}: {one.reason}" for one in attributes.packages.problems)
    layers = (*attributes.packages.layers, *attributes.packages.python_layers)
    unread = tuple(f"{one.path}: {one.unread}" for one in layers if one.unread)
    return TreeRow(
        {field: cell for field, cell in cells.items() if field is not None and cell},
        {path: states[path].words for path in by_state[State.UNKNOWN]},
        (*problems, *unread),
    )


def _family(attributes: Attributes, template: Template | None) -> list[str]:
    """The names of nixpkgs that fit a template, in the order of their numbers."""
    names = attributes.names.values if template else ()
    return sorted(
        (name for name in names if template and template.parse(name) is not None), key=lambda name: (len(name), name)
    )


def _functions(attributes: Attributes, paths: Iterable[str]) -> Iterable[str]:
    """Each function with its arguments, once where two paths lead to the same."""
    seen: set[PackageFunction] = set()
    for path in sorted(paths, key=lambda path: (path.count("."), path)):
        function = function_of(attributes, path)
        if function is not None and function not in seen:
            seen.add(function)
            yield " ".join((path, *function.arguments))
