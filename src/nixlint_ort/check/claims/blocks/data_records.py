"""Lines of data in YAML, JSON and TOML: records of keys and values, and keys that are values themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.text.text import Text, plain
from nixlint_ort.check.claims.words.mention import Mention, Sort
from nixlint_ort.check.claims.words.tokens import column_of_head

if TYPE_CHECKING:
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.lexicon import Lexicon

_FIELD = re.compile(
    r"(?P<indent>\s*(?P<dash>- +)?)[\"']?(?P<key>[A-Za-z0-9_][\w.\-/ ]*+)[\"']?\s*+[:=](?!\S*:)\s*(?P<value>.*)\Z"
)
_REMARK = re.compile(r"(?:\s#|\s//).*\Z")
_BRACES = re.compile(r"[{\[,\s]*\Z")


class Cells(NamedTuple):
    """The cells of a record, each with its key as the head, and its first line, from 1; one text alone has no head."""

    cells: list[tuple[Text | None, Text]]
    line: int


class _Key(NamedTuple):
    indent: int
    text: Text


@dataclass(slots=True)
class _Record:
    indent: int
    line: int
    cells: list[tuple[Text | None, Text]] = field(default_factory=list)


def records_of(lines: Iterable[tuple[str, int, int]]) -> Iterator[Cells]:
    """The records in lines, each line with its number, from 1, and the byte at which it begins.

    Keys and values of one mapping are one record. A key with digits, such as `SM80`, and its value stand alone; below
    such a key a record begins with it.
    """
    above: list[_Key] = []
    record: _Record | None = None
    for line, number, base in lines:
        found = _FIELD.match(line)
        if found is None:
            if record:
                yield Cells(record.cells, record.line)
            record = None
            continue
        indent = len(found["indent"])
        key = _part(found, "key", line, base)
        value = _REMARK.sub("", found["value"])
        while above and above[-1].indent >= indent:
            above.pop()
        if record and (found["dash"] or indent != record.indent or _BRACES.fullmatch(value)):
            yield Cells(record.cells, record.line)
            record = None
        if _BRACES.fullmatch(value):
            above.append(_Key(indent, key))
        elif re.search(r"\d", found["key"]):
            start = found.start("key")
            yield Cells(
                [(None, plain(line[start : found.start("value")] + value, base + _width(line[:start])))], number
            )
        else:
            if record is None:
                record = _Record(indent, number, _named(above))
            record.cells.append((key, plain(value, base + _width(line[: found.start("value")]))))
    if record:
        yield Cells(record.cells, record.line)


def named_by_keys(unit: Unit, mentions: Iterable[Mention], lexicon: Lexicon) -> list[Mention]:
    """The mentions in a record that are values of what their keys are called, or that are all that a cell has.

    None where a key is called as nothing of the tables is: nobody can tell what such a record is about.
    """
    texts = [unit.text.chars[cell.start : cell.end].strip() for cell in unit.cells]
    keys = [cell.head.chars for cell in unit.cells if cell.head]
    if any(column_of_head(lexicon, key) is None for key in keys):
        return []
    kept = [
        one for one in mentions if one.sort is Sort.HEADED or (one.is_formed and not re.search(r"\s", texts[one.cell]))
    ]
    return [one for one in kept if not texts[one.cell].startswith("[")]  # lists are of what is tried with each other


def _named(above: list[_Key]) -> list[tuple[Text | None, Text]]:
    """The cell of the key that a record is below, where it has digits, under the key that this one is below."""
    if not above or not re.search(r"\d", above[-1].text.chars):
        return []
    return [(above[-2].text if len(above) > 1 else None, above[-1].text)]


def _part(found: re.Match[str], name: str, line: str, base: int) -> Text:
    return plain(found[name], base + _width(line[: found.start(name)]))


def _width(text: str) -> int:
    return len(text.encode())
