"""The search for the fields of one text: the first parse, or the one in which most fields are as expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nixlint_ort.template.shapes import SEPARATORS, FieldShape, Known, ends_of, list_items, run_end_of

MAX_STEPS = 10_000
"""Places at which fields may be tried in one text: fields that are repeated can ask for many more."""

MAX_CHOICES = 2_000
"""Places at which fields may be tried in the search for the best of several parses; beyond, the first one is taken."""


class Steps:
    """At how many places fields may still be tried, in one text or in several that share what is left."""

    def __init__(self, left: int) -> None:
        self.left = left


class Field(NamedTuple):
    """What a field is in a parsed text, and where: code points from 0, `end` exclusive."""

    name: str
    text: str
    start: int
    end: int


class FieldStep(NamedTuple):
    """A field and the literal text that follows it, which is empty only at a template's end."""

    name: str
    shape: FieldShape
    literal: str = ""


class Attempt:
    """One text against the parts of a template, never trying a field twice in the same run of characters.

    If a field cannot begin at some place, it cannot begin later in the same run either, since the ends it
    could have there are some of those already tried; so no text makes this slow. A field that is repeated
    later is an exception, since what follows depends on its text; one that is one of some known texts is another.
    """

    def __init__(
        self, parts: list[FieldStep], repeated: frozenset[str], text: str, steps: Steps | None, *, whole: bool
    ) -> None:
        self.parts = parts
        self.repeated = repeated
        self.text = text
        self.whole = whole
        self.fields: dict[str, Field] = {}
        self.dead: set[tuple[object, ...]] = set()
        self.steps = steps or Steps(MAX_STEPS)

    def match(self, index: int, at: int) -> int | None:
        """Where the parts from `index` on end if they fit from `at` on; `fields` then has them."""
        if index == len(self.parts):
            ends_well = at == len(self.text) if self.whole else not inside_word(self.text, at)
            return at if ends_well else None
        part = self.parts[index]
        if (known := self.fields.get(part.name)) is not None:
            rest = known.text + part.literal
            return self.match(index + 1, at + len(rest)) if self.text.startswith(rest, at) else None
        run_end = run_end_of(part.shape, self.text, at)
        state = (index, run_end, *self._bound(part, at))
        if run_end == at or state in self.dead:
            return None
        for end in ends_of(part.shape, part.literal, self.text, at, run_end):
            self.steps.left -= 1
            if self.steps.left < 0:
                return None
            self.fields[part.name] = Field(part.name, self.text[at:end], at, end)
            found = self.match(index + 1, end + len(part.literal))
            if found is not None:
                return found
            del self.fields[part.name]
        self.dead.add(state)
        return None

    def _bound(self, part: FieldStep, at: int) -> Iterator[object]:
        """What the rest of a match depends on, besides the run of characters."""
        if part.name in self.repeated or isinstance(part.shape, Known):
            yield at
        yield from (field.text for field in self.fields.values() if field.name in self.repeated)


class Best:
    """The parse of a whole text in which most fields are as expected, found by what is best from each place on."""

    def __init__(
        self,
        parts: list[FieldStep],
        repeated: frozenset[str],
        text: str,
        expected: Mapping[str, str | tuple[str, ...]],
    ) -> None:
        self.parts = parts
        self.repeated = repeated
        self.text = text
        self.expected = expected
        self.bound: dict[str, Field] = {}
        self.found: dict[tuple[object, ...], tuple[int, tuple[Field, ...]] | None] = {}
        self.left = MAX_CHOICES

    def fields_from(self, at: int) -> dict[str, Field] | None:
        """The fields of the best parse from a place on; None if there is none, or too much to look through."""
        best = self._best(0, at)
        if best is None or self.left < 0:
            return None
        fields: dict[str, Field] = {}
        for field in best[1]:
            fields.setdefault(field.name, field)
        return fields

    def _best(self, index: int, at: int) -> tuple[int, tuple[Field, ...]] | None:
        """How many fields of the parts from `index` on are as expected at best, and these fields."""
        if index == len(self.parts):
            return (0, ()) if at == len(self.text) else None
        part = self.parts[index]
        if (known := self.bound.get(part.name)) is not None:
            rest = known.text + part.literal
            return self._best(index + 1, at + len(rest)) if self.text.startswith(rest, at) else None
        state = (index, at, *(field.text for field in self.bound.values()))
        if state not in self.found:
            self.found[state] = self._choose(index, at)
        return self.found[state]

    def _choose(self, index: int, at: int) -> tuple[int, tuple[Field, ...]] | None:
        part = self.parts[index]
        run_end = run_end_of(part.shape, self.text, at)
        best: tuple[int, tuple[Field, ...]] | None = None
        for end in ends_of(part.shape, part.literal, self.text, at, run_end) if run_end > at else ():
            self.left -= 1
            if self.left < 0:
                break
            field = Field(part.name, self.text[at:end], at, end)
            if part.name in self.repeated:
                self.bound[part.name] = field
            rest = self._best(index + 1, end + len(part.literal))
            self.bound.pop(part.name, None)
            if rest is not None:
                right = rest[0] + is_right(field, self.expected)
                if best is None or right > best[0]:
                    best = (right, (field, *rest[1]))
        return best


def is_right(field: Field, expected: Mapping[str, str | tuple[str, ...]]) -> bool:
    """Whether a field is as expected: a list has the same names, in any order."""
    wanted = expected.get(field.name)
    return field.text == wanted if not isinstance(wanted, tuple) else set(list_items(field.text)) == set(wanted)


def as_rendered(
    parts: list[FieldStep], text: str, at: int, expected: Mapping[str, str | tuple[str, ...]]
) -> dict[str, Field] | None:
    """The fields of a text from `at` on if they are the expected ones; None otherwise."""
    if not parts:
        return {} if at == len(text) else None
    part, *others = parts
    wanted = expected.get(part.name)
    if wanted is None:
        return None
    for one in (wanted,) if isinstance(wanted, str) else dict.fromkeys(each.join(wanted) for each in SEPARATORS):
        if text.startswith(one + part.literal, at):
            end = at + len(one)
            chosen = expected if one is wanted else {**expected, part.name: one}
            rest = as_rendered(others, text, end + len(part.literal), chosen)
            if rest is not None:
                return {**rest, part.name: Field(part.name, one, at, end)}
    return None


def inside_word(text: str, at: int) -> bool:
    """Whether the characters on both sides of an offset belong to one word."""
    return 0 < at < len(text) and _in_word(text[at - 1]) and _in_word(text[at])


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"
