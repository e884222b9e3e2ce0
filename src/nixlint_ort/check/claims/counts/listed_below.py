"""How many variants a document names in the list, the table or the fence that stands below a heading or a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nixlint_ort.check.claims.reading import Reading
    from nixlint_ort.check.claims.text.units import Unit


def names_below(readings: Iterable[Reading]) -> Mapping[Unit, int]:
    """The number of names, each counted once, by the heading and the last sentence above them; in document order.

    A heading has those up to the first sentence behind a name.
    """
    found: dict[Unit, set[str]] = {}
    above: list[Unit] = []
    for reading in readings:
        unit = reading.unit
        if unit.kind is UnitKind.HEADING:
            above = [unit]
        elif unit.kind is UnitKind.SENTENCE:
            above = [*(one for one in above[:1] if one.kind is UnitKind.HEADING and one not in found), unit]
        else:
            for one in above:
                for token in reading.found.of("name"):
                    found.setdefault(one, set()).add(token.text)
    return {unit: len(names) for unit, names in found.items()}
