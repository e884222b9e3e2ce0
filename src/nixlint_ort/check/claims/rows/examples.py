"""Ties the lines of an example that shows one variant: a line that is of another row than all others is wrong."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.rows.votes import Verdict, are_of_several, matches
from nixlint_ort.check.claims.text.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention

_BINDING = re.compile(r"(?:export\s+)?(?P<name>[\w.\-]+)\s*=(?!=)")
_FIRST_WORD = re.compile(r"#\s*(?P<name>\w+)")
_REMARK = re.compile(r"(?<=[\s;])#")
_FEWEST = 3
"""Lines of which all but one have to be of one row; the name of the variant counts twice."""
_NAME = 2


class Voter(NamedTuple):
    """A line of an example, its mentions of one subject, and the keys of the rows that it may be of."""

    reading: Reading
    mentions: Sequence[Mention]
    keys: frozenset[str]


@dataclass(slots=True)
class Examples:
    """Judges the lines of examples by each other."""

    facts: Facts
    verdicts: dict[Mention, Verdict]

    def run(self, readings: Iterable[Reading]) -> None:
        """Judge all examples of which each line says something else of one variant."""
        fences: dict[int, list[Reading]] = defaultdict(list)
        for reading in readings:
            if reading.unit.kind is UnitKind.EXAMPLE and not reading.unit.is_shown_wrong:
                fences[reading.unit.table].append(reading)
        for lines in fences.values():
            shown = list(_lines_of_variant(lines))
            names = [identity for one in lines for identity in one.identities]
            is_unclear = len(names) > 1 or any(one.has_unknown_names for one in lines)
            if len(shown) == len({name for name, _ in shown}) and not is_unclear:
                for subject in self.facts.subjects:
                    anchor = self.facts.entity_of(names[0], subject) if names else None
                    self.subject([one for _, one in shown], subject, anchor)

    def subject(self, lines: Sequence[Reading], subject: str, anchor: Entity | None) -> None:
        """Judge by the rows of one table; `anchor` is the row that the variant's name states."""
        voters = [one for line in lines if (one := self.voter(line, subject))]
        if len(voters) + _NAME * (anchor is not None) < _FEWEST:
            return
        votes = Counter(key for one in voters for key in one.keys)
        if anchor is not None:
            votes[anchor.key] += _NAME
        most = len(voters) + _NAME * (anchor is not None) - 1
        winners = [key for key, count in votes.items() if count >= most]
        row = self.facts.world.entity(subject, winners[0]) if len(winners) == 1 else None
        if row is None or votes[row.key] > most:
            return
        odd = next((one for one in voters if row.key not in one.keys), None)
        if odd is not None:
            self.blame(odd, row)

    def voter(self, reading: Reading, subject: str) -> Voter | None:
        """What a line says of a subject; None where it says nothing."""
        remark = _REMARK.search(reading.low, 1)
        end = remark.start() if remark else len(reading.low)
        columns = {name for name, table in self.facts.world.subjects.items() if table == subject}
        mentions = [one for one in reading.claimed(columns) if one.start < end]
        if not mentions or are_of_several(mentions, self.facts.many):
            return None
        rows = [row for row in self.facts.world.entities[subject] if all(matches(one, row) for one in mentions)]
        whole = [row.key for row in rows if self.is_whole(mentions, row)]
        return Voter(reading, mentions, frozenset(whole or [row.key for row in rows]))

    def is_whole(self, mentions: Sequence[Mention], row: Entity) -> bool:
        """Whether a line has all flags of a row."""
        column = mentions[0].column
        said = {one.value for one in mentions if one.column == column}
        return self.facts.lexicon.is_flags(column) and said == set(row.values.get(column, ()))

    def blame(self, odd: Voter, row: Entity) -> None:
        """Say what is wrong in the line that is odd, and mend it where one value is."""
        wrong = [one for one in odd.mentions if not matches(one, row)]
        left = self.left_out(odd, row, wrong)
        if not wrong or any(one.column in self.facts.many and left is None for one in wrong):
            wrong = wrong or list(odd.mentions[:1])
            self.verdicts.update({one: Verdict(False, None, row, is_decided=False) for one in wrong[:1]})
            return
        right = {one: Verdict(is_right=True, entity=row) for one in odd.mentions if one not in wrong}
        for one in wrong:
            values = row.values.get(one.column, ())
            expected = left if one.column in self.facts.many else values[0] if len(values) == 1 else None
            self.verdicts[one] = Verdict(False, expected, row, is_decided=len(wrong) == 1 and expected is not None)
        self.verdicts.update(right)

    def left_out(self, odd: Voter, row: Entity, wrong: Sequence[Mention]) -> str | None:
        """The one value of a list, such as flags, that a line has not, where one stands in its place."""
        if len(wrong) != 1:
            return None
        column = wrong[0].column
        said = {one.value for one in odd.mentions if one.column == column}
        left = [value for value in row.values.get(column, ()) if value not in said]
        return left[0] if len(left) == 1 else None


def _lines_of_variant(lines: Sequence[Reading]) -> Iterator[tuple[str, Reading]]:
    """The lines that may be of one variant, each by what it sets: bindings, and comments above the first of them."""
    begun = False
    for one in lines:
        low = one.low
        if low.startswith("#"):
            first = _FIRST_WORD.match(low)
            if not begun and first and one.mentions:
                yield f"# {first['name']}", one
            continue
        begun = begun or bool(re.match(r"[\w{(]", low))
        if one.mentions:
            found = _BINDING.search(low)
            yield found["name"] if found else low, one
