"""A template says how a text is put together from fields: it parses a text into them, and renders one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple, NoReturn

MAX_TEXT = 2000
"""Code points; a longer text fits no template, so that hostile input stays cheap."""

MAX_FIELDS = 32
"""Fields that one template may have."""

MAX_STEPS = 200_000
"""Places at which fields may be tried in one text: fields that are repeated can ask for many more."""


class TemplateError(ValueError):
    """A template that cannot be used; `offset` is where in its text, in code points from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset

    def __reduce__(self) -> tuple[type[TemplateError], tuple[str, int]]:
        return (TemplateError, (self.message, self.offset))


class Shape(Enum):
    """What a field's text may look like; which text is the right one is for a rule to say."""

    DIGITS = "digits"
    WORD = "word"  # letters and digits of ASCII
    NAME = "name"  # a word that may have underscores
    VERSION = "version"  # digits and dots, a digit first and last
    COMMIT = "commit"  # 40 hex digits in lower case
    TEXT = "text"  # anything within a line
    LIST = "list"  # a text that lists names, with one of SEPARATORS between them


SEPARATORS = (", ", "/")


# The longest run of characters that a shape allows, from some place on.
_RUNS = {
    Shape.DIGITS: re.compile(r"[0-9]*"),
    Shape.WORD: re.compile(r"[A-Za-z0-9]*"),
    Shape.NAME: re.compile(r"[A-Za-z0-9_]*"),
    Shape.VERSION: re.compile(r"(?:[0-9][0-9.]*)?"),
    Shape.COMMIT: re.compile(r"(?:[0-9a-f]{40})?"),
    Shape.TEXT: re.compile(r"[^\r\n]*"),
    Shape.LIST: re.compile(r"[^\r\n]*"),
}
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


def list_items(text: str) -> tuple[str, ...]:
    """The names in the text of a LIST field, in order."""
    return tuple(text.replace(", ", "/").split("/"))


def separators_in(text: str) -> tuple[str, ...]:
    """The separators that the text of a LIST field uses."""
    return tuple(separator for separator in SEPARATORS if separator in text)


class Field(NamedTuple):
    """What a field is in a parsed text, and where: code points from 0, `end` exclusive."""

    name: str
    text: str
    start: int
    end: int


class Match(NamedTuple):
    """A place in a longer text that fits a template: code points from 0, `end` exclusive."""

    start: int
    end: int
    fields: Mapping[str, Field]


class _Part(NamedTuple):
    """A field and the literal text that follows it, which is empty only at a template's end."""

    name: str
    shape: Shape
    literal: str = ""


class Template:
    """Literal text with `{dotted.field}`; `{{` and `}}` stand for braces.

    A field that occurs more than once must have the same text each time. `shapes` says what each field may
    look like, `default` what any other may. Where a text fits in more than one way, earlier fields are as
    short as can be. Raises TemplateError for a text that is not a template.
    """

    def __init__(self, text: str, shapes: Mapping[str, Shape], default: Shape = Shape.TEXT) -> None:
        if len(text) > MAX_TEXT:
            raise TemplateError(f"a template has at most {MAX_TEXT} characters", MAX_TEXT)
        self.text = text
        self.offsets: dict[str, int] = {}
        """Where each field first occurs in the template's text, in code points from 0."""
        self._parts: list[_Part] = []
        literal = ""
        done = 0
        for token in _TOKEN.finditer(text):
            literal += text[done : token.start()]
            done = token.end()
            if token[0] in ("{{", "}}"):
                literal += token[0][0]
                continue
            name = token[1] if token[1] is not None else _stray_brace(token)
            if not _FIELD_NAME.fullmatch(name):
                raise TemplateError(f"`{{{name}}}` is no field: a name such as `cuda.version` is", token.start())
            if self._parts and not literal:
                raise TemplateError(f"`{{{name}}}` needs some text between it and the field before", token.start())
            if len(self._parts) == MAX_FIELDS:
                raise TemplateError(f"a template has at most {MAX_FIELDS} fields", token.start())
            self._end_literal(literal)
            literal = ""
            self.offsets.setdefault(name, token.start())
            self._parts.append(_Part(name, shapes.get(name, default)))
        self._end_literal(literal + text[done:])
        names = [part.name for part in self._parts]
        self._repeated = frozenset(name for name in names if names.count(name) > 1)

    def _end_literal(self, literal: str) -> None:
        if self._parts:
            self._parts[-1] = self._parts[-1]._replace(literal=literal)
        else:
            self._prefix = literal

    def __repr__(self) -> str:
        return f"Template({self.text!r})"

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields, each once, in order."""
        return tuple(self.offsets)

    def render(self, values: Mapping[str, str]) -> str:
        """The text with these values for the fields. Raises KeyError with the name of one that is missing."""
        return self._prefix + "".join(values[part.name] + part.literal for part in self._parts)

    def parse(self, text: str) -> dict[str, Field] | None:
        """The fields of a text, at their first occurrence, or None if the text as a whole does not fit."""
        if len(text) > MAX_TEXT or not text.startswith(self._prefix):
            return None
        attempt = _Attempt(self._parts, self._repeated, text, whole=True)
        found = attempt.match(0, len(self._prefix))
        return attempt.fields if found is not None else None

    def find_in(self, text: str) -> Iterator[Match]:
        """Every place in a longer text that fits, from left to right and without overlap.

        A match is within a line of at most MAX_TEXT code points, and neither begins nor ends inside a word.
        A field at the template's end is as long as can be.
        """
        if not self._has_literals(text):
            return
        base = 0
        for line in text.split("\n"):
            if len(line) <= MAX_TEXT:
                yield from self._find_in_line(line, base)
            base += len(line) + 1

    def _has_literals(self, text: str) -> bool:
        """Whether the literal texts occur one after another: most texts are told from a match by this alone."""
        at = text.find(self._prefix)
        end = at + len(self._prefix)
        for part in self._parts:
            if at < 0:
                break
            at = text.find(part.literal, end)
            end = at + len(part.literal)
        return at >= 0

    def _find_in_line(self, line: str, base: int) -> Iterator[Match]:
        attempt = _Attempt(self._parts, self._repeated, line, whole=False)
        at = line.find(self._prefix)
        while 0 <= at < len(line):
            found = None
            if not _inside_word(line, at):
                attempt.fields = {}
                found = attempt.match(0, at + len(self._prefix))
            if found is not None and found > at:
                fields = {
                    name: Field(name, field.text, base + field.start, base + field.end)
                    for name, field in attempt.fields.items()
                }
                yield Match(base + at, base + found, fields)
                at = line.find(self._prefix, found)
            else:
                at = line.find(self._prefix, at + 1)


class _Attempt:
    """One text against the parts of a template, never trying a field twice in the same run of characters.

    If a field cannot begin at some place, it cannot begin later in the same run either, since the ends it
    could have there are some of those already tried; so no text makes this slow. A field that is repeated
    later is the exception: what follows depends on its text.
    """

    def __init__(self, parts: list[_Part], repeated: frozenset[str], text: str, *, whole: bool) -> None:
        self.parts = parts
        self.repeated = repeated
        self.text = text
        self.whole = whole
        self.fields: dict[str, Field] = {}
        self.dead: set[tuple[object, ...]] = set()
        self.left = MAX_STEPS

    def match(self, index: int, at: int) -> int | None:
        """Where the parts from `index` on end if they fit from `at` on; `fields` then has them."""
        if index == len(self.parts):
            ends_well = at == len(self.text) if self.whole else not _inside_word(self.text, at)
            return at if ends_well else None
        part = self.parts[index]
        if (known := self.fields.get(part.name)) is not None:
            rest = known.text + part.literal
            return self.match(index + 1, at + len(rest)) if self.text.startswith(rest, at) else None
        run_end = _RUNS[part.shape].match(self.text, at).end()  # type: ignore[union-attr]  # it fits the empty text
        state = (index, run_end, *self._bound(part, at))
        if run_end == at or state in self.dead:
            return None
        for end in self._ends(part, at, run_end):
            self.left -= 1
            if self.left < 0:
                return None
            self.fields[part.name] = Field(part.name, self.text[at:end], at, end)
            found = self.match(index + 1, end + len(part.literal))
            if found is not None:
                return found
            del self.fields[part.name]
        self.dead.add(state)
        return None

    def _bound(self, part: _Part, at: int) -> Iterator[object]:
        """What the rest of a match depends on, besides the run of characters."""
        if part.name in self.repeated:
            yield at
        yield from (field.text for field in self.fields.values() if field.name in self.repeated)

    def _ends(self, part: _Part, at: int, run_end: int) -> Iterator[int]:
        """Where the field of a part may end, the nearest place first."""
        if part.shape is Shape.COMMIT:
            if self.text.startswith(part.literal, run_end):
                yield run_end
            return
        if not part.literal:
            last = run_end
            while part.shape is Shape.VERSION and self.text[last - 1] == ".":
                last -= 1
            yield last
            return
        end = self.text.find(part.literal, at + 1, run_end + len(part.literal))
        while end >= 0:
            if part.shape is not Shape.VERSION or self.text[end - 1] != ".":
                yield end
            end = self.text.find(part.literal, end + 1, run_end + len(part.literal))


def _inside_word(text: str, at: int) -> bool:
    """Whether the characters on both sides of an offset belong to one word."""
    return 0 < at < len(text) and _in_word(text[at - 1]) and _in_word(text[at])


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _stray_brace(token: re.Match[str]) -> NoReturn:
    raise TemplateError(f"a single `{token[0]}`: a brace is written `{token[0] * 2}`", token.start())
