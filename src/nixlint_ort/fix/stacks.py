"""Which variants a release has of a stack, which people call by its key or its version."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.roles import rendered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.roles import StackRole
    from nixlint_ort.convention.tables import FieldValue, Table
    from nixlint_ort.repository.repository import Repository


class NewError(Exception):
    """A variant that is not made, and why."""


class Stack(NamedTuple):
    """A row of the table of stacks: its key, and what it is called, such as `CUDA 12.9`."""

    key: str
    title: str


def stack_of(convention: Convention, name: str) -> Stack:
    """The stack of a key or a version. Raises NewError where the tables have none, with the row that is missing."""
    role = convention.roles.stack
    if role is None:
        raise NewError(f"{convention.folder.name}/convention.yaml has no role `stack`, which --stack needs")
    table = convention.table_of(role.key)
    by_name: dict[str, Mapping[str, FieldValue]] = {}
    for row in table.rows:
        if role.version and role.version in row.fields:
            by_name.setdefault(str(row.fields[role.key]), row.fields)
            by_name[str(row.fields[role.version])] = row.fields
    if name not in by_name:
        hint = did_you_mean(name, by_name) or f"; a new one needs {', '.join(_columns(table, role))}"
        raise NewError(f"{table.where} has no row for {_noun(role)}{name}{hint}")
    fields = by_name[name]
    title = rendered(role.title, fields) if role.title else None
    return Stack(str(fields[role.key]), title or name)


def require_in_release(convention: Convention, stack: Stack, branch: str | None) -> None:
    """Raise NewError where the release of a branch does not list a stack, with what its row lacks."""
    role, column = convention.roles.release, convention.roles.release.stacks
    row = convention.releases.row(branch, {}) if branch is not None and column is not None else None
    listed = row.fields.get(column) if row is not None and column is not None else None
    if isinstance(listed, tuple) and stack.key not in listed:
        name = (column or "").rpartition(".")[2]
        raise NewError(
            f"release {branch} has no {stack.title}: add {stack.key} to `{name}` of its row in"
            f" {convention.table_of(role.key).where}, which lists {', '.join(listed)}"
        )


def stems_of_stack(convention: Convention, stack: Stack, branch: str | None) -> list[str]:
    """The names of all variants that the matrix of a release has for a stack."""
    role = convention.roles.stack
    return list(convention.stems(branch, {role.key: stack.key})) if role is not None else []


def missing_of_stack(repository: Repository, name: str, branch: str | None) -> list[str]:
    """The names that the release's matrix has for a stack, by its key or version, and that have no file yet.

    Raises NewError where the tables or the release do not have that stack.
    """
    stack = stack_of(repository.convention, name)
    require_in_release(repository.convention, stack, branch)
    have = repository.names
    return [stem for stem in stems_of_stack(repository.convention, stack, branch) if stem not in have]


def _noun(role: StackRole) -> str:
    """What stacks are called before their version, such as `CUDA `; empty where their title has no such word."""
    title = rendered(role.title, {role.version or "": "\0"}) if role.title else None
    return title.partition("\0")[0] if title and "\0" in title else ""


def _columns(table: Table, role: StackRole) -> list[str]:
    """The columns that every row of a version has."""
    rows = [row.fields for row in table.rows if role.version in row.fields]
    return [field.rpartition(".")[2] for field in (rows[0] if rows else ()) if all(field in row for row in rows)]
