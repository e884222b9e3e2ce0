"""Replaces a stack of a release by another: its variants get the names of the other, and all that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from string import ascii_lowercase
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.document import read_claims
from nixlint_ort.check.claims.rows.restating import restated
from nixlint_ort.check.context import Context
from nixlint_ort.check.documents import facts_of
from nixlint_ort.check.verdict_cache import VerdictCache
from nixlint_ort.fix.apply import Fixed, FixedFile
from nixlint_ort.fix.beside_peers import fix_beside
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.fix.follow import followed, left_over
from nixlint_ort.fix.mentions import renamed_mentions
from nixlint_ort.fix.new import of_kind, peers_of
from nixlint_ort.fix.stacks import NewError, Stack, require_in_release, stack_of, stems_of_stack
from nixlint_ort.source import Source
from nixlint_ort.variant.identity import identify
from nixlint_ort.variant.path import renamed_path
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.variant.identity import Identity


class Replaced(NamedTuple):
    """What becomes of the files, what is left in them of the old stack, and which the new one does not have."""

    fixed: Fixed
    left: Mapping[str, tuple[int, ...]]
    """By path, the lines (from 1) in which something still belongs to the old name, as far as anybody can tell."""
    unplanned: tuple[str, ...]
    """The paths of variants that stay, since the release has no such variant of the new stack."""


def replace_stack(
    repository: Repository, old: str, new: str, branch: str | None, lint: Callable[[Repository], Result]
) -> Replaced:
    """The variants of a stack, by its key or version, as those of another one, in memory; documents follow.

    Raises NewError where the tables or the release do not have the new stack, where there is no variant of the old one,
    and where a file of a new name is there already.
    """
    convention = repository.convention
    before, after = stack_of(convention, old), stack_of(convention, new)
    require_in_release(convention, after, branch)
    olds = _of_stack(repository, before)
    names = _new_names(repository, olds, after, branch)
    moved = [one for one in olds if one.stem in names]
    peers = peers_of(repository, moved, branch)
    targets = {one.path: renamed_path(one.path, names[one.stem].stem) for one in moved}
    fields = {one.path: names[one.stem].expected(convention, branch) for one in moved}
    copies = {targets[one.path]: followed(peers[one.path], of_kind(peers, one), fields[one.path]) for one in moved}
    documents = _documents(repository, moved, names, (before, after), branch)
    made = fix_beside(repository, {**dict.fromkeys(targets), **copies, **documents}, lint)
    files: dict[str, FixedFile] = {}
    left: dict[str, tuple[int, ...]] = {}
    for one in moved:
        target = targets[one.path]
        data = made.contents.get(target, copies[target])
        files[target] = FixedFile(one.path, target, one.source.data, data)
        lines = left_over(Variant(Source(target, data), convention), peers[one.path], fields[one.path])
        left[target] = tuple(lines)
    for document in repository.documents:
        path = document.source.path
        data = made.contents.get(path, documents.get(path, document.source.data))
        if data != document.source.data:
            files[path] = FixedFile(path, path, document.source.data, data)
    unplanned = tuple(one.path for one in olds if one not in moved)
    return Replaced(Fixed(made.remaining, files, made.dropped), left, unplanned)


def _of_stack(repository: Repository, stack: Stack) -> list[Variant]:
    """The variants whose names have a stack. Raises NewError where there are none, or one cannot be read."""
    key = _stack_key(repository)
    named = [(one, one.identity.fields.get(key)) for one in repository.variants if one.identity]
    found = [one for one, field in named if field is not None and field.text == stack.key]
    if not found:
        raise NewError(f"there are no variants of {stack.title}")
    for one in found:
        if not one.judgeable:
            raise NewError(f"{one.path} is not valid Nix, so it cannot be renamed")
    return found


def _new_names(
    repository: Repository, olds: Iterable[Variant], after: Stack, branch: str | None
) -> dict[str, Identity]:
    """What variants are to be called, by their names: like the planned variant of the new stack for the same target."""
    convention = repository.convention
    roles = convention.roles
    given = {role.key for role in (roles.stack, roles.python) if role is not None}

    def target(identity: Identity) -> tuple[object, ...]:
        others = {name: field.text for name, field in identity.fields.items() if name not in given}
        return (identity.kind.name, *sorted(others.items()))

    have = repository.names
    found = (identify(stem, convention) for stem in stems_of_stack(convention, after, branch))
    planned = {target(identity): identity for identity in found if identity is not None}
    names: dict[str, Identity] = {}
    for one in olds:
        identity = planned.get(target(one.identity)) if one.identity else None
        if identity is not None and identity.stem in have:
            raise NewError(f"{one.stem} cannot be renamed to {identity.stem}, which already exists")
        if identity is not None:
            names[one.stem] = identity
    return names


def _documents(
    repository: Repository,
    moved: Iterable[Variant],
    names: Mapping[str, Identity],
    stacks: tuple[Stack, Stack],
    branch: str | None,
) -> dict[str, bytes]:
    """The documents that name the variants or state values of the old stack, by path."""
    facts = facts_of(Context(repository, branch, (), VerdictCache(repository.convention, branch, ())), {})
    key = _stack_key(repository)
    identities = [(one.identity, names[one.stem]) for one in moved if one.identity]
    found: dict[str, bytes] = {}
    for document in repository.documents:
        if document.problem is not None:
            continue
        edits = [edit for old, new in identities for edit in renamed_mentions([document], old.stem, new.stem)]
        if facts is not None and identities:
            rows = [facts.world.entity(facts.world.subjects[key], stack.key) for stack in stacks]
            first, last = rows
            parts = (_part(identities[0][0], key), _part(identities[0][1], key))
            stated = restated(read_claims(document.source, facts), facts, first, last, parts) if first and last else ()
            edits += [one for one in stated if not any(one.start < edit.end and edit.start < one.end for edit in edits)]
        if edits:
            found[document.source.path] = apply_edits(document.source.data, list(dict.fromkeys(edits)))
    return found


def _part(identity: Identity, field: str) -> str:
    """The stack as a name has it, with the letters before it, such as `cuda12_9`."""
    at = identity.fields[field]
    before = identity.stem[: at.start]
    return before[len(before.rstrip(ascii_lowercase)) :] + at.text


def _stack_key(repository: Repository) -> str:
    role = repository.convention.roles.stack
    return role.key if role else ""
