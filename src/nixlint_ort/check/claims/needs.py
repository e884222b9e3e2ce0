"""Judges what rows of one table are said to need of another, such as GPUs of CUDA: the variants tell what is so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.counts.count_words import start_of_form
from nixlint_ort.check.claims.rows.votes import Verdict, matches
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.mention import Sort

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention

_WHOLE = 4
"""Mentions of a line that says of a variant what it is."""
_READ = (UnitKind.SENTENCE, UnitKind.ITEM, UnitKind.ROW, UnitKind.EXAMPLE)


@dataclass(eq=False)
class Needs:
    """Judges what is needed by rows that a release has or has not, such as SMs, of rows that it lists."""

    facts: Facts
    verdicts: dict[Mention, Verdict]

    def run(self, readings: Iterable[Reading]) -> None:
        """Judge all units in which a row needs one other row."""
        for reading in readings:
            if len(reading.mentions) > 1 and reading.unit.kind in _READ:
                for needing in self.facts.speech.supported:
                    for needed in self.facts.speech.listed:
                        self.unit(reading, needing, needed)

    def unit(self, reading: Reading, field: str, needed: str) -> None:
        """Judge the one mention of what is needed by the rows that need it."""
        subject = field.partition(".")[0]
        world, keys = self.facts.world, self.facts.subject_keys.get(needed, frozenset())
        ends = [one for one in reading.claimed(keys) if one.form != "word" and not one.is_short]
        if len({one.value for one in ends}) != 1 or not self.is_needed(reading, ends[0]):
            return
        last = ends[0]
        before = [
            one
            for one in reading.claimed({name for name, table in world.subjects.items() if table == subject})
            if one.end <= last.start or reading.unit.cells
        ]
        rows = self.rows(before, subject)
        there = {fields[world.keys[needed]] for fields in self.going_with(rows, field) if world.keys[needed] in fields}
        said = next((row for row in world.entities[needed] if matches(last, row)), None)
        if not before or said is None or not there or said.key in there:
            return
        if (known := self.verdicts.get(last)) and not known.is_right:
            return
        right = [row for key in there if (row := world.entity(needed, key))]
        values = right[0].values.get(last.column, ()) if len(right) == 1 else ()
        expected = values[0] if len(values) == 1 else None
        self.verdicts[last] = Verdict(False, expected, rows[0], is_decided=known is None and expected is not None)

    def rows(self, mentions: Sequence[Mention], subject: str) -> list[Entity]:
        """The rows that mentions name, as a family or by themselves."""
        return [row for row in self.facts.world.entities.get(subject, ()) if any(matches(one, row) for one in mentions)]

    def going_with(self, rows: Sequence[Entity], field: str) -> list[dict[str, str]]:
        """The fields of the variants of these rows."""
        keys = {row.key for row in rows}
        return [dict(fields) for fields in self.facts.fields if fields.get(field) in keys]

    def is_needed(self, reading: Reading, mention: Mention) -> bool:
        """Whether a unit says that a value is needed, and not that others are enough as well."""
        lexicon = self.facts.lexicon
        if lexicon.grammar.onward.match(reading.low, mention.end):
            return False
        if reading.unit.kind is UnitKind.EXAMPLE:
            return len(reading.mentions) >= _WHOLE
        if reading.unit.cells:
            return (
                mention.sort is Sort.HEADED and len([one for one in reading.mentions if one.cell == mention.cell]) == 1
            )
        found = [one for one in lexicon.needing.finditer(reading.low) if one.end() <= mention.start]
        return (
            bool(found)
            and lexicon.between.match(reading.low, found[-1].end(), self.named(reading, mention)) is not None
        )

    def named(self, reading: Reading, mention: Mention) -> int:
        """Where what a mention's value is called begins."""
        lexicon = self.facts.lexicon
        nouns = [one for one in reading.found.of("noun") if one.end <= mention.start]
        last = nouns[-1] if nouns else None
        is_own = last is not None and lexicon.noun(last.text) == mention.column
        if last and is_own and lexicon.between.match(reading.low, last.end, mention.start):
            return last.start
        return start_of_form(reading.low, mention.start)
