"""Compares variants by their facts: what differs in meaning, whatever differs in text."""

from __future__ import annotations

from collections.abc import Iterator
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
    """How many variants both have."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: dict[Difference, list[str]]

    @property
    def same(self) -> bool:
        """Whether every fact of every variant is the same on both sides."""
        return not (self.added or self.removed or self.changed)


def compare(before: Repository, after: Repository) -> Comparison:
    """What differs between two states of a repository, differences in the order of the facts."""
    old = {variant.path: variant for variant in before.variants}
    new = {variant.path: variant for variant in after.variants}
    both = [path for path in old if path in new]
    changed: dict[Difference, list[str]] = {}
    for path in both:
        if old[path].source.data != new[path].source.data:
            for difference in differences(old[path], new[path]):
                changed.setdefault(difference, []).append(path)
    rank = {name: at for at, name in enumerate(FACTS)}
    ordered = sorted(changed.items(), key=lambda item: (rank.get(item[0].fact, -1), item[0].field or "", -len(item[1])))
    return Comparison(
        len(both),
        tuple(path for path in new if path not in old),
        tuple(path for path in old if path not in new),
        dict(ordered),
    )


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
