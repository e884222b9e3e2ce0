"""The tokens of a text: nouns, values, numbers, names, hashes and flags; and what heads of columns name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nixlint_ort.check.claims.words.lexicon import Lexicon

MAX_TOKENS = 400
"""Of one unit: a longer one is not read, which is said."""

_FAR = 18
"""By one part of how many a number may be larger or smaller than those of its column."""

_NEEDED = 30
"""Code points before a number within which a word says that it is needed."""
_ENDS = re.compile(r"[\s\"'`*_)]*(?:[,;:)]|\.(?!\d)|\Z|(?:and|or|but|while|by)\b)")
_NAME = re.compile(r"-[a-z]{1,2}(?![\w.])")


_LONE = 8
_LONE_BEFORE = re.compile(r"(?:\A\W*|\b(?:for|with|on)\s+)\Z")
_LONE_BEHIND = re.compile(r"\s*(?:[,;:)(]|\.(?!\d)|\Z|[a-z]{4,}\b|(?:is|are|has|and|or|we|it|you|has|the)\b)")
"""No unit, such as `ms`."""


class Token(NamedTuple):
    """What the pattern found: its group, its text in lower case, and where it is."""

    group: str
    text: str
    start: int
    end: int


def lowered(chars: str) -> str:
    """A text in lower case, of the same length."""
    low = chars.lower()
    return (
        low
        if len(low) == len(chars)
        else "".join(one if len(one) == 1 else char for char in chars for one in [char.lower()])
    )


def tokens_of(lexicon: Lexicon, low: str) -> tuple[list[Token], bool]:
    """What the pattern finds in a text in lower case, and whether that is all; nothing where it is too much."""
    tokens: list[Token] = []
    for found in lexicon.pattern.finditer(low):
        group = found.lastgroup or ""
        if group == "number" and tokens and _begins_branch(lexicon, low, tokens[-1], found.start(group)):
            tokens.pop()
            continue
        tokens.append(Token(group, found[group], found.start(group), found.end(group)))
        if len(tokens) > MAX_TOKENS:
            return [], False
    return tokens, True


def _begins_branch(lexicon: Lexicon, low: str, before: Token, start: int) -> bool:
    """Whether a noun and a number behind its hyphen begin as a branch does, such as `ort-1.23.0`."""
    is_joined = before.group == "noun" and low[before.end : start] == "-"
    return is_joined and lexicon.branch.match(low, before.start) is not None


def goes_on(low: str, noun: Token) -> bool:
    """Whether a noun is only the beginning of a name, as in `ort-a`."""
    return _NAME.match(low, noun.end) is not None


def column_of_head(lexicon: Lexicon, head: str) -> str | None:
    """The column that a head or a label names: that of its last noun; `value` for one that leaves it to the row."""
    known = lexicon.heads.get(head)
    if known is None and head not in lexicon.heads:
        low = lowered(head)
        found = (one for one in tokens_of(lexicon, low)[0] if one.group == "noun" and not goes_on(low, one))
        nouns = [lexicon.noun(one.text) for one in found]
        known = nouns[-1] if nouns else None
        if known is None and any(re.search(rf"(?<!\w){re.escape(word)}", low) for word in lexicon.speech.values):
            known = "value"
        lexicon.heads[head] = known
    return known


def least_beside(lexicon: Lexicon, tokens: Sequence[Token], number: str) -> str | None:
    """The column of what is needed at least in a table that nouns name, if a number is near the values of it."""
    return _least_of(lexicon, {lexicon.noun(one.text) for one in tokens if one.group == "noun"}, number)


def least_needed(lexicon: Lexicon, low: str, token: Token, columns: Sequence[str]) -> str | None:
    """The column of what is needed at least by what is named before, as in `cuda12_9, which needs 560`.

    `columns` are those of the mentions before; none where a word behind the number says what it counts.
    """
    words = lexicon.needing.finditer(low, max(0, token.start - _NEEDED), token.start)
    is_needed = any(lexicon.between.match(low, found.end(), token.start) for found in words)
    return _least_of(lexicon, columns[-1:], token.text) if is_needed and _ENDS.match(low, token.end) else None


def _least_of(lexicon: Lexicon, columns: Iterable[str], number: str) -> str | None:
    """The column of what is needed at least in a table that has one of some columns, if a number is near its values."""
    tables = {one.partition(".")[0] for one in columns}
    for column in lexicon.speech.least:
        look = lexicon.looks.get(column)
        if look and column.partition(".")[0] in tables and number.isdigit():
            return column if abs(int(number) - look.largest) * _FAR <= look.largest else None
    return None


def column_of_lone(lexicon: Lexicon, low: str, token: Token) -> str | None:
    """The column of a version without a noun, as in `the builds for 12.4 take`: of a line, if no other table has it."""
    if not _LONE_BEFORE.search(low, max(0, token.start - _LONE), token.start) or not _LONE_BEHIND.match(low, token.end):
        return None
    known = [name for name in lexicon.looks if token.text in lexicon.world.values(name)]
    is_line = len(known) == 1 and known[0].partition(".")[0] in lexicon.speech.listed and "." in token.text
    return known[0] if is_line else None


def undotted(number: str) -> str | None:
    """The digits of a number with one dot before its last digit, where a word before it has such."""
    match = re.fullmatch(r"(\d+)\.(\d)", number)
    return f"{match[1]}{match[2]}" if match else None
