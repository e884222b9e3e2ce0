"""Compares variants by their facts: what differs in meaning, whatever differs in text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention import FACTS

if TYPE_CHECKING:
    from nixlint_ort.convention.tables import FieldValue
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


class Side(NamedTuple):
    """What a fact is on one side: its value, or None and why there is none."""

    value: FieldValue | None
    reason: str | None = None


class Difference(NamedTuple):
    """A fact, or one field of a fact that is a text, that is not the same on both sides."""

    fact: str
    field: str | None
    before: Side
    after: Side


class Comparison(NamedTuple):
    """Two states of a repository: the paths that only one has, and each difference with the paths that show it."""

    total: int
    """How many variants both have, under the same path."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: dict[str, str]
    """The paths before by the paths after."""
    changed: dict[Difference, list[str]]
    """With the paths after."""

    @property
    def same(self) -> bool:
        """Whether every fact of every variant is the same on both sides."""
        return not (self.added or self.removed or self.renamed or self.changed)


def compare(before: Repository, after: Repository) -> Comparison:
    """What differs between two states of a repository, differences in the order of the facts."""
    old = {variant.path: variant for variant in before.variants}
    new = {variant.path: variant for variant in after.variants}
    both = [path for path in old if path in new]
    renamed = _renamed(
        [one for one in old.values() if one.path not in new], [new[path] for path in new if path not in old]
    )
    changed: dict[Difference, list[str]] = {}
    for path, source in {**{path: path for path in both}, **renamed}.items():
        if path != source or old[path].source.data != new[path].source.data:
            for difference in differences(old[source], new[path]):
                if not _is_own_name(difference, old[source], new[path]):
                    changed.setdefault(difference, []).append(path)
    rank = {name: at for at, name in enumerate(FACTS)}
    ordered = sorted(changed.items(), key=lambda item: (rank.get(item[0].fact, -1), item[0].field or "", -len(item[1])))
    return Comparison(
        len(both),
        tuple(path for path in new if path not in old and path not in renamed),
        tuple(path for path in old if path not in new and path not in renamed.values()),
        renamed,
        dict(ordered),
    )


def _renamed(gone: Iterable[Variant], come: Iterable[Variant]) -> dict[str, str]:
    """The paths before by the paths after, of variants that went on under another name.

    One has the same bytes but for its name, or is for the same target with another stack. Where several may be meant,
    none is.
    """
    come = list(come)
    found: dict[str, list[str]] = {}
    for one in gone:
        same = [other for other in come if _is_same_but_for_name(one, other)]
        alike = same or [other for other in come if _target(one) is not None and _target(one) == _target(other)]
        if len(alike) == 1:
            found.setdefault(alike[0].path, []).append(one.path)
    return {new: olds[0] for new, olds in found.items() if len(olds) == 1}


def _is_same_but_for_name(one: Variant, other: Variant) -> bool:
    data = one.source.data
    return other.source.data in (data, data.replace(one.stem.encode(), other.stem.encode()))


def _target(variant: Variant) -> object:
    """The kind and all fields of a name but those of its stack; None for a name that says nothing."""
    identity, roles = variant.identity, variant.convention.roles
    if identity is None or roles.stack is None or roles.stack.key not in identity.fields:
        return None
    given = {role.key for role in (roles.stack, roles.python) if role is not None}
    return identity.kind.name, *sorted((name, one.text) for name, one in identity.fields.items() if name not in given)


def _is_own_name(difference: Difference, before: Variant, after: Variant) -> bool:
    """Whether a difference is that each has its own name where the other has its own."""
    return (difference.before.value, difference.after.value) == (before.stem, after.stem)


def differences(before: Variant, after: Variant) -> Iterator[Difference]:
    """What differs between two variants; a text is compared field by field where both fit the convention."""
    if not (before.judgeable and after.judgeable):
        sides = [Side(None, None if one.judgeable else "it is not valid Nix") for one in (before, after)]
        if sides[0] != sides[1]:
            yield Difference("file", None, sides[0], sides[1])
        return
    for name in FACTS:
        old, new = before.fact(name), after.fact(name)
        if _side(old) != _side(new):
            yield from _by_field(name, before, after) or [Difference(name, None, _side(old), _side(new))]


def _side(fact: Fact) -> Side:
    if fact.unknown is not None:
        return Side(None, f"unknown: {fact.unknown.reason}")
    return Side(fact.value, fact.reason if fact.value is None else None)


def _by_field(name: str, before: Variant, after: Variant) -> list[Difference]:
    """The fields in which two texts differ; none where one of them does not fit, or no field says it."""
    old, new = before.stated(name), after.stated(name)
    if old is None or new is None:
        return []
    names = dict.fromkeys([*old, *new])
    return [
        Difference(name, field, Side(old.get(field)), Side(new.get(field)))
        for field in names
        if old.get(field) != new.get(field)
    ]
