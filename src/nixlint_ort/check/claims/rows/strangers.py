"""Keys that no row of a table has, among entries of which others are of rows: they are out of date."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.rows.votes import Verdict
from nixlint_ort.check.claims.text.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.words.mention import Mention

_DIGITS = re.compile(r"\d+")
_ENTRIES = (UnitKind.ROW, UnitKind.ITEM, UnitKind.HEADING, UnitKind.EXAMPLE)
Place = tuple[object, ...]
"""Where entries belong together: a table, a list, the headings of one level, or entries of one shape among them."""


@dataclass(slots=True)
class Strangers:
    """The keys of one table: where known ones stand, and where others do."""

    facts: Facts
    verdicts: Mapping[Mention, Verdict]
    keys: frozenset[str]
    known: set[Place] = field(default_factory=set)
    unknown: list[tuple[Place, Sequence[Mention]]] = field(default_factory=list)
    prose: list[Mention] = field(default_factory=list)
    """Keys in sentences that say more of them: out of date where an entry of the document shows that they are."""

    def find(self, readings: Iterable[Reading], columns: set[str]) -> dict[Mention, Verdict]:
        """The verdicts on keys that are out of date; nothing can be written in their place."""
        for reading in readings:
            mentions = reading.claimed(columns)
            own = [one for one in mentions if one.column in self.keys and one.form != "word"]
            if reading.unit.kind is UnitKind.EXAMPLE:
                self.known.add((reading.unit.table,))  # an example is of what is here
            if own and reading.unit.kind in _ENTRIES:
                self.entry(reading, own, is_alone=len(mentions) == 1)
            elif own:
                self.sentence(reading, own)
                self.prose += self.strange(own) if len(mentions) > 1 else ()
        wrong = [one for place, found in self.unknown if place in self.known for one in found]
        gone = {_digits(one) for one in wrong}
        wrong += [one for one in self.prose if _digits(one) in gone]
        return {one: Verdict(is_right=False, is_decided=False) for one in wrong}

    def entry(self, reading: Reading, own: Sequence[Mention], *, is_alone: bool) -> None:
        """A row, an item or a heading: one that says nothing else has to be worded like a known one."""
        unit = reading.unit
        place: Place = (unit.table,) if unit.table else (unit.depth, unit.context[:1])
        if not unit.table and unit.kind is not UnitKind.HEADING:
            return
        shape = (*place, _DIGITS.sub("#", reading.low))
        if any((verdict := self.verdicts.get(one)) and verdict.is_right for one in own):
            self.known.add(place)
        if any(self.is_known(one) for one in own):
            self.known.add(shape)
        strange = self.strange(own)
        if strange:
            self.unknown.append((shape if is_alone and unit.kind is not UnitKind.HEADING else place, strange))

    def sentence(self, reading: Reading, own: Sequence[Mention]) -> None:
        """Prose: only where a key in the form that names have is beside a known one in that form."""
        formed = [one for one in own if one.is_formed]
        strange = self.strange(formed)
        if strange and any(self.is_known(one) and one.column == strange[0].column for one in formed):
            self.known.add((reading,))
            self.unknown.append(((reading,), strange))

    def is_known(self, mention: Mention) -> bool:
        """Whether a row has a mention's value."""
        return mention.value in self.facts.world.values(mention.column)

    def strange(self, own: Sequence[Mention]) -> list[Mention]:
        """The keys that nothing is known of; none where one is only the first part of a version."""
        found = [one for one in own if one not in self.verdicts and not self.is_known(one)]
        return [] if any(one.is_short for one in found) else found


def strange_branches(
    facts: Facts, verdicts: Mapping[Mention, Verdict], readings: Iterable[Reading]
) -> dict[Mention, Verdict]:
    """The verdicts on branches that are no release, in rows and items among those of releases.

    None where a row or an item says that the branch is gone, or is to come.
    """
    lexicon = facts.lexicon
    gone = (lexicon.excluding["sentence"], lexicon.telling["others"])
    entries = (
        one
        for one in readings
        if one.unit.kind in (UnitKind.ROW, UnitKind.ITEM) and not any(words.search(one.low) for words in gone)
    )
    columns = {name for name, table in facts.world.subjects.items() if table == facts.releases}
    return Strangers(facts, verdicts, frozenset({lexicon.branch_column})).find(entries, columns)


def _digits(mention: Mention) -> str:
    return "".join(_DIGITS.findall(mention.value))
