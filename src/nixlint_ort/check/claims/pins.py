"""The pin in documents: in full, shortened or in the address of a link; and the sources that variants fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import Fault, Mark, Marked, Reading

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.source import Span

_WHOLE = 40
_VERSION = r"(?<!\w)v?(?P<version>\d+(?:\.\d+)+)"
_HASH = re.compile(r"(?<![0-9a-f])(?P<hash>[0-9a-f]{7,40})(?![0-9a-z])", re.IGNORECASE)


def judge_pins(reading: Reading, facts: Facts) -> Iterator[tuple[Marked, Fault | None]]:
    """The hashes in a unit and in its links that are said to be the pin."""
    hashes = reading.found.of("hash")
    if not (hashes or reading.unit.text.addresses) or not facts.pin:
        return
    text, column = reading.unit.text, facts.pin_column
    nouns = {facts.lexicon.noun(token.text) for token in reading.found.of("noun")}
    above = {facts.lexicon.noun(token.text) for one in reading.above for token in one.found.of("noun")}
    said = column in nouns | above
    for token in hashes:
        known = facts.pin.startswith(token.text) or len(token.text) == _WHOLE
        if known or column in nouns or text.is_code(token.start):
            is_said = said and not _leads_on(text.chars, token.end)
            yield _judged(reading, facts, text.span(token.start, token.end), token.text, said=is_said)
    for address in text.addresses:
        hashed = _HASH.finditer(address.text.chars)
        found = next((one for one in hashed if facts.is_of_pin(address.text.chars[: one.start()])), None)
        if found:
            span = address.text.span(found.start("hash"), found.end("hash"))
            is_said = said and not _leads_on(address.text.chars, found.end())
            yield _judged(reading, facts, span, found["hash"].lower(), said=is_said)


def _leads_on(chars: str, end: int) -> bool:
    """Whether an address goes on behind its hash: it leads to a file as that commit has it, be it the pin or not."""
    return re.match(r"/\w", chars[end : end + 2]) is not None


def _judged(reading: Reading, facts: Facts, span: Span, value: str, *, said: bool) -> tuple[Marked, Fault | None]:
    """One hash."""
    if facts.pin.startswith(value):
        return Marked(span, "pin", Mark.RIGHT), None
    excluding = facts.lexicon.excluding
    if not said or excluding["sentence"].search(reading.low) or excluding["following"].search(reading.low):
        return Marked(span, "pin", Mark.UNKNOWN), None
    expected = facts.pin[: len(value)]
    what, row = facts.called(facts.pin_column), "the convention"
    return Marked(span, "pin", Mark.WRONG, expected), Fault(Check.VERSION, span, value, expected, expected, what, row)


def judge_sources(reading: Reading, facts: Facts) -> Iterator[tuple[Marked, Fault | None]]:
    """The versions of sources that the variants fetch, beside the sources' names."""
    for name, version in facts.sources.items():
        if name not in reading.low:
            continue
        words = "|".join(map(re.escape, facts.speech.values))
        between = rf"[\s:=|@(v\]`]*?(?:(?:{words})\s*)?"
        for found in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-]){between}{_VERSION}", reading.low):
            if any(one.start <= found.start("version") < one.end for one in reading.mentions):
                continue
            span = reading.unit.text.span(found.start("version"), found.end("version"))
            if found["version"] == version:
                yield Marked(span, name, Mark.RIGHT), None
            elif facts.lexicon.excluding["sentence"].search(reading.low):
                yield Marked(span, name, Mark.UNKNOWN), None
            else:
                fault = Fault(
                    Check.VERSION, span, found["version"], version, version, name, "the source that the variants fetch"
                )
                yield Marked(span, name, Mark.WRONG, version), fault
