"""Makes new variants: a copy of the nearest one, in which every fact is brought to what the new name says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.judge import judge, unknown_parts
from nixlint_ort.convention.errors import did_you_mean, nearest
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Severity
from nixlint_ort.fix.apply import Fixed
from nixlint_ort.fix.beside_peers import fix_beside
from nixlint_ort.fix.follow import Peer, followed, left_over, read_peer
from nixlint_ort.fix.stacks import NewError
from nixlint_ort.source import Source
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.variant.identity import Identity


class Made(NamedTuple):
    """A new variant: its path, relative to the root, the path of the one that it was copied from, and its bytes."""

    path: str
    source: str
    data: bytes
    left: tuple[int, ...] = ()
    """The lines (from 1) in which something still belongs to the one that was copied, as far as anybody can tell."""


def stem_of(name: str) -> str:
    """The name of a variant from what a person types: the name, the file's name or its path."""
    return PurePosixPath(name).name.removesuffix(".nix")


def make(
    repository: Repository,
    stems: Sequence[str],
    branch: str | None,
    lint: Callable[[Repository], Result],
    source: str | None = None,
) -> tuple[list[Made], Fixed]:
    """New variants of these names, in memory, and what fixing made of them; `source` is the one to copy.

    Raises NewError for a name that cannot be that of a new variant, and where there is nothing to copy.
    """
    given = _named(repository, source) if source is not None else None
    origins: dict[str, Variant] = {}
    wanted: dict[str, Fields] = {}
    for stem in stems:
        identity = _identity(repository, stem, branch)
        origin = given or _nearest(repository, identity)
        if origin.identity is None or origin.identity.kind is not identity.kind:
            raise NewError(f"{stem} cannot be copied from {origin.stem}, which is a variant of another kind")
        path = repository.convention.path_of(stem)
        origins[path], wanted[path] = origin, identity.expected(repository.convention, branch)
    peers = peers_of(repository, origins.values(), branch)
    copies = {path: followed(peers[one.path], of_kind(peers, one), wanted[path]) for path, one in origins.items()}
    fixed = fix_beside(repository, copies, lint)
    made = []
    for path, origin in origins.items():
        data = fixed.contents.get(path, copies[path])
        variant = Variant(Source(path, data), repository.convention)
        left = left_over(variant, peers[origin.path], wanted[path])
        made.append(Made(path, origin.path, data, tuple(left)))
    return made, fixed


def peers_of(repository: Repository, origins: Iterable[Variant], branch: str | None) -> dict[str, Peer]:
    """Every variant of the kinds that are copied, by path, with its texts."""
    kinds = {one.identity.kind.name for one in origins if one.identity}
    return {
        one.path: read_peer(one, one.identity.expected(repository.convention, branch))
        for one in repository.variants
        if one.judgeable and one.identity is not None and one.identity.kind.name in kinds
    }


def of_kind(peers: Mapping[str, Peer], origin: Variant) -> list[Peer]:
    """The peers that are of the kind of a variant."""
    own = origin.identity
    return [
        one
        for one in peers.values()
        if own is not None and one.variant.identity is not None and one.variant.identity.kind is own.kind
    ]


def _named(repository: Repository, name: str) -> Variant:
    found = next((one for one in repository.variants if one.stem == stem_of(name)), None)
    if found is None:
        raise NewError(f"there is no variant {name}{did_you_mean(name, [one.stem for one in repository.variants])}")
    if not found.judgeable:
        raise NewError(f"{found.path} is not valid Nix, so it cannot be copied")
    return found


def _identity(repository: Repository, stem: str, branch: str | None) -> Identity:
    """What a name says. Raises NewError where the tables do not know it, or a file has it."""
    convention = repository.convention
    if any(variant.stem == stem for variant in repository.variants):
        raise NewError(f"{stem} already exists")
    variant = Variant(Source(convention.path_of(stem), b""), convention)
    identity = variant.identity
    if identity is None:
        hint = did_you_mean(stem, convention.stems(branch)) or f"; one is named like {repository.variants[0].stem}"
        raise NewError(f"{stem} is not the name of a variant{hint}")
    for field, table in unknown_parts(variant, convention):
        near = nearest(field.text, table.keys, likeness=0.0)
        hint = f"; did you mean {stem[: field.start]}{near}{stem[field.end :]}?" if near else ""
        raise NewError(f"{stem} was not created: {table.where} has no {table.key} {field.text}{hint}")
    fields = identity.expected(convention, branch)
    for violation in judge(variant, [one for one in convention.rules.values() if one.facts == (STEM,)], fields):
        if violation.rule.severities[identity.kind.name] is Severity.ERROR:
            right = violation.corrected_stem
            hint = f"; did you mean {right}?" if right else ""
            raise NewError(f"{stem} was not created: {violation.rule.summary.rstrip('.')} ({violation.rule.id}){hint}")
    return identity


def _nearest(repository: Repository, identity: Identity) -> Variant:
    """The variant that is most like one of that identity: of its kind, then of its SM and ISA, then of its platform."""
    wanted = identity.expected(repository.convention, None)
    roles = repository.convention.roles
    platform = roles.isa.platform if roles.isa else None
    target = [role.key for role in (roles.target, roles.isa) if role is not None]

    def likeness(variant: Variant) -> tuple[bool, ...]:
        fields = variant.identity.expected(repository.convention, None) if variant.identity else {}
        alike = (fields.get(name) == wanted.get(name) for name in (platform, *roles.identity) if name)
        return (all(fields.get(name) == wanted.get(name) for name in target), *alike)

    candidates = [one for one in repository.variants if one.judgeable and _is_of(one, identity, repository.convention)]
    if not candidates:
        raise NewError(f"there is no {identity.kind.name} variant to copy for {identity.stem}")
    return max(_sound_first(candidates), key=likeness)


def _is_of(variant: Variant, identity: Identity, convention: Convention) -> bool:
    known = variant.identity is not None and not any(unknown_parts(variant, convention))
    return known and variant.identity is not None and variant.identity.kind is identity.kind


def _sound_first(variants: Iterable[Variant]) -> list[Variant]:
    """Those first whose contents say what their names say."""
    return sorted(variants, key=lambda one: one.fact("variant_name").value != one.stem)
