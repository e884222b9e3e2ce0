"""Which row a few mentions name together, and which of them is outvoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention

ANCHOR = 2
"""How many mentions the name of a variant counts for."""


class Verdict(NamedTuple):
    """What is to be said of a mention: whether it is right, what should be there, and whose row that is.

    `expected` is None where no one value is right. `is_decided` is False where no majority says which row is meant.
    """

    is_right: bool
    expected: str | None = None
    entity: Entity | None = None
    is_decided: bool = True


@dataclass(slots=True)
class Vote:
    """The outcome for some mentions: how many are wrong, and the verdicts; none where they name no row."""

    wrong: float
    verdicts: dict[Mention, Verdict] = field(default_factory=dict)


def matches(mention: Mention, entity: Entity) -> bool:
    """Whether a mention's value is one of a row."""
    values = entity.values.get(mention.column, ())
    if mention.value in values:
        return True
    if mention.is_short:
        return any(value.startswith(f"{mention.value}.") for value in values)
    if mention.form == "value" and mention.sort != "headed":
        return any(value.startswith(f"{mention.value} ") for value in values)  # a family, such as Blackwell
    return False


def are_of_several(mentions: Sequence[Mention], many: frozenset[str]) -> bool:
    """Whether mentions list values of several rows, as in `driver 550+/560+`; a row has several of `many` columns."""
    listed = [one for one in mentions if one.is_listed and one.column not in many]
    return any(one.column == other.column and one.value != other.value for one in listed for other in mentions)


class Ballot(NamedTuple):
    """What mentions are counted by."""

    entities: Sequence[Entity]
    anchors: Sequence[Entity] = ()
    """Rows that are named besides, for as much as ANCHOR mentions."""
    preferred: frozenset[str] = frozenset()
    """Keys of which one wins where as many mentions name one row as another."""
    many: frozenset[str] = frozenset()
    """Columns of which a row has several values."""
    given: frozenset[tuple[str, str]] = frozenset()
    """Fields of other tables that the unit states."""
    keys: frozenset[str] = frozenset()
    """Columns that name a row by themselves."""


def vote(mentions: Sequence[Mention], ballot: Ballot) -> Vote:
    """The row that most mentions name, and the mentions that are outvoted."""
    anchors = ballot.anchors
    if len(mentions) + len(anchors) < 2:
        return Vote(0.0)
    scored = [
        (
            len({(one.column, one.value) for one in mentions if matches(one, entity)})
            + ANCHOR * sum(one is entity for one in anchors),
            entity,
        )
        for entity in ballot.entities
    ]
    best = max((score for score, _ in scored), default=0)
    sure = anchors or any(matches(one, entity) for one in mentions if not one.is_short for _, entity in scored)
    if best == 0 or not sure:
        return Vote(0.0)
    winners = [entity for score, entity in scored if score == best]
    if len(winners) > 1:
        words = [one for one in mentions if one.form == "word"]
        spoken = [one for one in winners if any(matches(word, one) for word in words)]
        winners = spoken or [one for one in winners if one.key in ballot.preferred] or winners
    blamed = [frozenset(one for one in mentions if not matches(one, entity)) for entity in winners]
    if not blamed[0]:
        return Vote(0.0, {one: Verdict(is_right=True, entity=winners[0]) for one in mentions})
    if all(one == blamed[0] for one in blamed):
        return _blame(mentions, winners, blamed[0], ballot)
    if len(mentions) == 2 and len(set(blamed)) > 1:
        return _tie(mentions, winners)
    return Vote(
        min(map(len, blamed)),
        {one: Verdict(one not in blamed[0], None, winners[0], is_decided=False) for one in mentions},
    )


def _blame(mentions: Sequence[Mention], winners: Sequence[Entity], blamed: frozenset[Mention], ballot: Ballot) -> Vote:
    verdicts: dict[Mention, Verdict] = {}
    for one in mentions:
        if one not in blamed:
            verdicts[one] = Verdict(is_right=True, entity=winners[0])
            continue
        options = {value: entity for entity in winners for value in _options(one, entity, mentions, ballot)}
        expected = next(iter(options)) if len(options) == 1 else None
        entity = options[expected] if expected is not None else winners[0]
        votes = len(mentions) + ANCHOR * len(ballot.anchors)
        is_strange = one.column in ballot.keys and not any(matches(one, row) for row in ballot.entities)
        is_decided = (len(winners) == 1 or expected is not None) and votes >= 2 * len(blamed)
        is_decided = is_decided and not (is_strange and _is_by_others(mentions, blamed, ballot, entity))
        verdicts[one] = Verdict(False, expected, entity, is_decided=is_decided)
    return Vote(float(len(blamed)), verdicts)


def _is_by_others(mentions: Sequence[Mention], blamed: frozenset[Mention], ballot: Ballot, entity: Entity) -> bool:
    """Whether a row is named only by values of what goes with it, such as Python, which other programs have as well."""
    rest = [one.column for one in mentions if one not in blamed]
    return not ballot.anchors and all(column.partition(".")[0] != entity.subject for column in rest)


def _options(mention: Mention, entity: Entity, mentions: Sequence[Mention], ballot: Ballot) -> list[str]:
    """The values that could be in place of a mention: of a list, those that are not mentioned yet."""
    if mention.column not in ballot.many:
        return list(entity.values.get(mention.column, ())[:1])
    named = {one.value for one in mentions if one is not mention}
    guarded = [values for only, values in entity.variants if only and set(only.items()) <= ballot.given]
    for values in guarded or [values for only, values in entity.variants if not only]:
        left = [value for value in values.get(mention.column, ()) if value not in named]
        if left:
            return left
    return [value for value in entity.values.get(mention.column, ()) if value not in named]


def _tie(mentions: Sequence[Mention], winners: Sequence[Entity]) -> Vote:
    """Two mentions that name a row each: the second is blamed, and nothing can be fixed."""
    first, second = mentions
    entity = next((one for one in winners if matches(first, one)), winners[0])
    return Vote(
        1.0,
        {
            first: Verdict(is_right=True, entity=entity, is_decided=False),
            second: Verdict(False, None, entity, is_decided=False),
        },
    )
