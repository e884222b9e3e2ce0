"""What a document states of one row, as edits that make it state the same of another row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixlint_ort.finding import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.reading import Claims, Reading
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.mention import Mention
    from nixlint_ort.source import Span


def restated(claims: Claims, facts: Facts, old: Entity, new: Entity, parts: tuple[str, str]) -> Iterator[Edit]:
    """An edit for each value of the old row that differs in the new one, in the notation that the document has.

    `parts` are what the old and the new row are called in names of variants, such as `cuda12_9`, for patterns of names.
    Values stay that are said of other releases, of another row, or of what is not here and now.
    """
    for stated in claims.stated():
        if stated.branches and stated.branches != {facts.branch}:
            continue
        for span, value in rewritten(stated.reading, stated.rows, facts, old, new):
            yield Edit(claims.source.path, *span, value)
        text = stated.reading.unit.text
        for token in stated.reading.found.of("name"):
            for found in re.finditer(rf"(?<![a-z0-9]){re.escape(parts[0])}(?![0-9_])", token.text):
                span = text.span(token.start + found.start(), token.start + found.end())
                yield Edit(claims.source.path, *span, parts[1])


def rewritten(
    reading: Reading, rows: Mapping[Mention, Entity], facts: Facts, old: Entity, new: Entity
) -> Iterator[tuple[Span, str]]:
    """The bytes of each value of the old row that differs in the new one, and that one's, as it is written there."""
    for mention in values_of_row(reading, rows, facts, old):
        values = new.values.get(mention.column, ())
        if len(values) == 1 and mention.value not in values:
            text = mention.rendered(values[0])
            is_capital = reading.unit.text.chars[mention.start].isupper() and mention.value[:1].islower()
            yield reading.unit.text.span(mention.start, mention.end), text.capitalize() if is_capital else text


def values_of_row(reading: Reading, rows: Mapping[Mention, Entity], facts: Facts, row: Entity) -> Iterator[Mention]:
    """The mentions of values of a row: those that are known to be of it, and others beside its key."""
    keys = facts.subject_keys[row.subject]
    found = [one for one in reading.mentions if one.value in row.values.get(one.column, ()) and not one.is_outside]
    is_named = any(one.column in keys for one in found)
    for one in found:
        other = rows.get(one)
        is_of_another = other is not None and other.subject == row.subject and other.key != row.key
        if other is row or (is_named and not is_of_another):
            yield one
