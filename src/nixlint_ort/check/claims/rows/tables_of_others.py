"""Tables and lists of which most rows are of nothing that is here, such as a vendor's: they claim nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading

_FEWEST = 2
"""Different keys that no row of the convention has: one alone is out of date, or wrong."""


def leave_out_tables_of_others(readings: Iterable[Reading], facts: Facts) -> None:
    """Mark what such tables say as outside: more different keys in them are unknown than known."""
    tables: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        if reading.unit.table and reading.mentions:
            tables[reading.unit.table].append(reading)
    for subject in facts.subjects:
        if subject not in facts.speech.listed:
            continue
        keys = facts.subject_keys[subject]
        for rows in tables.values():
            found = [one for row in rows for one in row.claimed(keys) if one.form != "word" and not one.is_short]
            known = {one.value for one in found if one.value in facts.world.values(one.column)}
            unknown = {one.value for one in found} - known
            if len(unknown) >= _FEWEST and len(unknown) > len(known):
                for row in rows:
                    for one in row.mentions:
                        one.is_outside |= facts.world.subjects[one.column] == subject
