"""Tells whether a number in prose counts a part of what there is, such as the older line, or what others have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.counts.count import Count, Filters
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.foreign import names_stranger
from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.convention.claims import KIND, VARIANTS

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.text.units import Unit

Fields = Sequence[Mapping[str, str]]
_PROSE = (UnitKind.SENTENCE, UnitKind.ITEM)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)*(?![\w.]*\d)")
_ADDENDS = 4
"""Numbers of a sum in prose."""


class _Before(NamedTuple):
    """Whether sentences speak of a part of what there is, and whether they name another release."""

    is_of_part: bool
    names_release: bool


class Parts:
    """Compares counts in prose with those of parts of the release, and of other releases."""

    def __init__(
        self, facts: Facts, readings: Mapping[Unit, Reading], count: Callable[[Count, Filters, Fields], set[int]]
    ) -> None:
        """`count` says how many there are of what a number counts, with its filters, among some variants."""
        self.facts = facts
        self.count = count
        self.readings = readings
        self.known: dict[int, dict[Reading, _Before]] = {}
        self.counted: dict[object, list[set[int]]] = {}

    def is_of_part(self, reading: Reading, one: Count) -> bool:
        """Whether a number may be of a part, or of something else, by the words of its sentence and those before."""
        if reading.unit.kind not in _PROSE or reading.unit.cells:
            return False
        low = reading.low
        if names_stranger(reading.unit.text.chars[: one.start], self.facts.lexicon) or self.is_of_others(low, one):
            return True
        if self.is_sum(low, one):
            return True
        if self.speaks_of_releases(reading):
            return True
        return self.refers(reading) and any(one.value in numbers for numbers in self.numbers(one))

    def is_open(self, reading: Reading, one: Count) -> bool:
        """Whether prose leaves open of which part a number is, and one of them has a number that is nearer."""
        if reading.unit.kind not in _PROSE or reading.unit.cells or not self.refers(reading):
            return False
        far = abs(one.value - (one.best or 0))
        return any(abs(one.value - number) < far for numbers in self.numbers(one) for number in numbers)

    def speaks_of_releases(self, reading: Reading) -> bool:
        """Whether a sentence before it in its paragraph names another release."""
        return self.before(reading).names_release

    def is_of_others(self, low: str, one: Count) -> bool:
        """Whether a sentence says that others have what is counted, or that only some of it is meant."""
        excluding = self.facts.lexicon.excluding
        if excluding["strangers"].search(low, 0, one.start):
            return True
        before = low[: one.start].rstrip(" *(`")
        is_only = re.search(r"(?<![\w-])only\Z", before) is not None and not before.endswith(self.kinds)
        existing = phrases_of(self.facts.speech.existing)
        is_subject = one.of != VARIANTS and not before and not one.is_sure and self.facts.lexicon.verbs.search(low)
        return is_only or bool(is_subject and not existing.search(low) and not self.facts.lexicon.here.search(low))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Words for values, of which some end in `only`."""
        by_value = self.facts.speech.words.values()
        return tuple(word.lower() for values in by_value for words in values.values() for word in words)

    def is_sum(self, low: str, one: Count) -> bool:
        """Whether a number is the sum of the numbers right before it in its sentence, where no sign says so."""
        if "=" in low[: one.start]:
            return False
        before = [int(found[0]) for found in _NUMBER.finditer(low, 0, one.start) if found[0].isdigit()]
        return any(sum(before[-size:]) == one.value for size in range(2, min(_ADDENDS, len(before)) + 1))

    def refers(self, reading: Reading) -> bool:
        """Whether a sentence, or one before it in its paragraph, speaks of a part of what there is."""
        return self.speaks_of_part(reading) or self.before(reading).is_of_part

    def before(self, reading: Reading) -> _Before:
        """What the sentences before one in its paragraph speak of."""
        if reading.unit.block not in self.known:
            self.known[reading.unit.block] = dict(self.run(self.blocks.get(reading.unit.block, ())))
        return self.known[reading.unit.block].get(reading, _Before(is_of_part=False, names_release=False))

    @cached_property
    def blocks(self) -> dict[int, list[Reading]]:
        """The sentences of each paragraph."""
        found: dict[int, list[Reading]] = {}
        for unit, reading in self.readings.items():
            if unit.kind in _PROSE:
                found.setdefault(unit.block, []).append(reading)
        return found

    def run(self, readings: Iterable[Reading]) -> Iterator[tuple[Reading, _Before]]:
        """The sentences of a paragraph, each with what those before it speak of."""
        lines = {name for name, table in self.facts.world.subjects.items() if table in self.facts.speech.listed}
        branch = self.facts.lexicon.branch_column
        known = _Before(is_of_part=False, names_release=False)
        for reading in readings:
            yield reading, known
            names = any(one.column == branch and one.value != self.facts.branch for one in reading.mentions)
            is_of_part = any(one.column in lines for one in reading.mentions) or self.speaks_of_part(reading)
            known = _Before(known.is_of_part or is_of_part, known.names_release or names)

    def speaks_of_part(self, reading: Reading) -> bool:
        """Whether a sentence has a word for a part, the bare version of a line, or names another release."""
        lexicon, low = self.facts.lexicon, reading.low
        if lexicon.excluding["parts"].search(low) or self.statuses.search(low):
            return True
        known = {one.start for one in reading.mentions}
        if any(found[0] in self.versions and found.start() not in known for found in _NUMBER.finditer(low)):
            return True
        return any(one.value != self.facts.branch for one in reading.mentions if one.column == lexicon.branch_column)

    @cached_property
    def statuses(self) -> re.Pattern[str]:
        """The statuses of other releases."""
        column = self.facts.lexicon.status_column
        own = self.facts.release.values.get(column or "", ()) if self.facts.release else ()
        return phrases_of(one.lower() for one in (self.facts.world.values(column) if column else ()) if one not in own)

    @cached_property
    def versions(self) -> frozenset[str]:
        """The versions of the rows that a release lists, such as `12.4`, and of the other releases, also shortened."""
        names = [name for name, table in self.facts.world.subjects.items() if table in self.facts.speech.listed]
        lines = {one for name in names for one in self.facts.world.values(name) if re.fullmatch(r"\d+\.\d+", one)}
        return frozenset(lines) | self.other_versions

    @cached_property
    def other_versions(self) -> frozenset[str]:
        """The versions of the other releases, also shortened."""
        column = self.facts.convention.roles.release.version or ""
        own = self.facts.release.values.get(column, ()) if self.facts.release else ()
        others = {one for one in self.facts.world.values(column) if one not in own}
        return frozenset(others | {one.rpartition(".")[0] for one in others})

    def is_row_of_release(self, reading: Reading) -> bool:
        """Whether the first cell of a row is the version of another release."""
        cells = reading.unit.cells
        return bool(cells) and reading.low[cells[0].start : cells[0].end].strip(" v*`") in self.other_versions

    def numbers(self, one: Count) -> list[set[int]]:
        """What a number may be, each worked out once."""
        key = (one.of, one.per, one.filters)
        if key not in self.counted:
            self.counted[key] = list(self.numbers_of_parts(one))
        return self.counted[key]

    def numbers_of_parts(self, one: Count) -> Iterator[set[int]]:
        """How many there are in each row that the release lists, of each kind, and in each release."""
        release = self.facts.release
        listed = release.lists.items() if release else ()
        pairs = [(name, key) for name, keys in listed for key in keys if self.is_listed(name)]
        pairs += [(KIND, kind.name) for kind in self.facts.convention.kinds]
        for pair in pairs:
            yield self.count(one, one.filters | {pair}, self.facts.fields)
        for fields in self.releases:
            yield self.count(one, one.filters, fields)

    def is_listed(self, name: str) -> bool:
        """Whether a field is the key of a table that documents list."""
        return name.partition(".")[0] in self.facts.speech.listed

    @cached_property
    def releases(self) -> list[Fields]:
        """The variants of the other releases, and those of them without the ones that need no line."""
        names = {self.facts.stems_of(branch): branch for branch in self.facts.convention.releases.keys}
        return [self.facts.fields_of(stems, branch) for stems, branch in names.items()]
