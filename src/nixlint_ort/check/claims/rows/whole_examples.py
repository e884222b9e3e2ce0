"""Ties the lines of an example together that names one variant: what they all but one agree on is of that variant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.rows.votes import matches
from nixlint_ort.check.claims.text.units import UnitKind

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.mention import Mention
    from nixlint_ort.variant.identity import Identity

_AGREEING = 4
"""Mentions that are of the variant, beside the one that is not."""


def tie_examples(facts: Facts, readings: Mapping[Unit, Reading]) -> None:
    """Give the odd line of such an example the identity of its variant."""
    fences: dict[int, list[Reading]] = defaultdict(list)
    for unit, reading in readings.items():
        if unit.kind is UnitKind.EXAMPLE and not unit.is_shown_wrong:
            fences[unit.table].append(reading)
    for lines in fences.values():
        named = {id(one): one for line in lines for one in line.identities}
        if len(named) == 1 and not any(line.has_unknown_names for line in lines):
            _tie(facts, lines, next(iter(named.values())))


def _tie(facts: Facts, lines: Sequence[Reading], identity: Identity) -> None:
    odd: list[Reading] = []
    agreeing = 0
    for line in lines:
        for one in line.mentions:
            is_of = _is_of(facts, one, identity)
            agreeing += is_of is True
            if is_of is False:
                odd.append(line)
    if len(odd) == 1 and agreeing >= _AGREEING:
        odd[0].identities.append(identity)


def _is_of(facts: Facts, mention: Mention, identity: Identity) -> bool | None:
    """Whether a mention is of a variant; None where its table says nothing of variants."""
    subject = facts.world.subjects.get(mention.column)
    row = facts.entity_of(identity, subject) if subject and subject != facts.releases else None
    return matches(mention, row) if row and mention.column in row.values else None
