"""Judges the rows of tables whose columns are branches: each value by the release that its column's head names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.check.claims.rows.votes import Verdict, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention


def below_branches(
    reading: Reading, mentions: Sequence[Mention], branches: Sequence[Mention], facts: Facts
) -> dict[Mention, Verdict] | None:
    """The verdicts on the mentions of a row; None where its columns are no branches.

    `branches` are those that the row itself names: the head of such a table names several.
    """
    if reading.unit.cells and reading.unit.depth < 0 and len(branches) > 1:
        return {one: Verdict(is_right=True, entity=entity) for one in branches for entity in releases_of([one], facts)}
    heads = [[one for one in head if one.column == facts.lexicon.branch_column] for head in reading.heads]
    if sum(map(bool, heads)) <= 1 or any(len(found) > 1 for found in heads):
        return None
    verdicts: dict[Mention, Verdict] = {}
    for one in mentions:
        for entity in releases_of(heads[one.cell], facts) if 0 <= one.cell < len(heads) else ():
            right = matches(one, entity)
            values = entity.values.get(one.column, ())
            if right or values:
                verdicts[one] = Verdict(right, None if right else shortened(values[0], one), entity)
    return verdicts


def releases_of(mentions: Iterable[Mention], facts: Facts) -> list[Entity]:
    """The releases of branches, each once."""
    found = {one.value: facts.world.entity(facts.releases, one.value) for one in mentions}
    return [one for one in found.values() if one is not None]


def shortened(value: str, mention: Mention) -> str:
    """A version by as many of its parts as a mention has."""
    if not mention.is_short:
        return value
    return ".".join(value.split(".")[: len(mention.value.split("."))])
