"""Tables and lists that claim nothing here: a vendor's, histories, and those about what no table knows."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.machines import is_newer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.words.mention import Mention

_FEWEST = 2
"""Rows that are wrong, of a table about something else."""
_FEWEST_KEYS = 2
"""Different keys that no row of the convention has: one alone is out of date, or wrong."""
_WORD = re.compile(r"[a-z]{2}")


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
            if len(unknown) >= _FEWEST_KEYS and len(unknown) > len(known):
                for row in rows:
                    for one in row.mentions:
                        one.is_outside |= facts.world.subjects[one.column] == subject


def leave_out_histories(readings: Iterable[Reading], facts: Facts) -> None:
    """Mark as outside what tables and lists say of which the entries begin with versions that differ."""
    column, branch = facts.convention.roles.release.version, facts.lexicon.branch_column
    entries: dict[int, list[tuple[Reading, str]]] = defaultdict(list)
    of_branches: set[int] = set()
    for reading in _entries(readings):
        of_branches |= {reading.unit.table for one in reading.mentions if one.column == branch}
        first = next((one for one in reading.mentions if one.column == column), None)
        if first is not None and not _WORD.search(_before(reading, first)) and not reading.identities:
            entries[reading.unit.table].append((reading, first.value))
    for table, found in entries.items():
        if table not in of_branches and len({value for _, value in found}) == len(found) > 1:
            for one in (one for reading, _ in found for one in reading.mentions):
                one.is_outside = True


def leave_out_strangers(readings: Iterable[Reading], verdicts: dict[Mention, Verdict], facts: Facts) -> None:
    """Take back the verdicts on tables and lists of which most rows are wrong, and all are labelled by what is unknown.

    Drivers that are too old are no sign of that: they may be out of date.
    """
    tables: dict[int, list[Reading]] = defaultdict(list)
    for reading in _entries(readings):
        if any(one in verdicts for one in reading.mentions):
            tables[reading.unit.table].append(reading)
    for rows in tables.values():
        wrong = [one for one in rows if any(_is_wrong(it, verdicts, facts) for it in one.mentions)]
        if len(wrong) >= _FEWEST and 2 * len(wrong) > len(rows) and all(_is_labelled(one) for one in rows):
            for one in (one for reading in rows for one in reading.mentions):
                verdicts.pop(one, None)


def _entries(readings: Iterable[Reading]) -> Iterable[Reading]:
    """The rows of tables, but for their heads, and the items of lists that have mentions."""
    kinds = (UnitKind.ROW, UnitKind.ITEM)
    return (
        one for one in readings if one.mentions and one.unit.kind in kinds and one.unit.table and one.unit.depth >= 0
    )


def _before(reading: Reading, mention: Mention) -> str:
    """The text before a mention without its nouns, such as that for it right there."""
    at, kept = 0, []
    for noun in reading.found.of("noun"):
        if noun.end > mention.start:
            break
        kept.append(reading.low[at : noun.start])
        at = noun.end
    return "".join((*kept, reading.low[at : mention.start]))


def _is_wrong(mention: Mention, verdicts: dict[Mention, Verdict], facts: Facts) -> bool:
    verdict = verdicts.get(mention)
    if verdict is None or verdict.is_right:
        return False
    return mention.column not in facts.speech.least or is_newer(mention, facts.lexicon)


def _is_labelled(reading: Reading) -> bool:
    """Whether an entry begins with a word that no table knows."""
    return not reading.identities and bool(_WORD.search(_before(reading, reading.mentions[0])))
