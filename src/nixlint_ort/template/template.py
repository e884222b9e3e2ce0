"""A template says how a text is put together from fields: it parses a text into them, and renders one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, NoReturn

from nixlint_ort.template.search import Attempt, Best, Field, FieldStep, Steps, as_rendered, inside_word, is_right
from nixlint_ort.template.shapes import FieldShape, Shape

MAX_TEXT = 2000
"""Code points; a longer text fits no template, so that hostile input stays cheap."""

MAX_FIELDS = 32
"""Fields that one template may have."""


class TemplateError(ValueError):
    """A template that cannot be used; `offset` is where in its text, in code points from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset

    def __reduce__(self) -> tuple[type[TemplateError], tuple[str, int]]:
        return (TemplateError, (self.message, self.offset))


# Patterns are compiled where they are used: a template that was read before needs none.
_BRACES = r"\{\{|\}\}|\{([^{}]*)\}|[{}]"
FIELD_NAME = r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"


class Match(NamedTuple):
    """A place in a longer text that fits a template: code points from 0, `end` exclusive."""

    start: int
    end: int
    fields: Mapping[str, Field]


class Template:
    """Literal text with `{dotted.field}`; `{{` and `}}` stand for braces.

    A field that occurs more than once must have the same text each time. `shapes` says what each field may
    look like, `default` what any other may. Raises TemplateError for a text that is not a template.
    """

    def __init__(self, text: str, shapes: Mapping[str, FieldShape], default: Shape = Shape.TEXT) -> None:
        if len(text) > MAX_TEXT:
            raise TemplateError(f"a template may have at most {MAX_TEXT} characters", MAX_TEXT)
        self.text = text
        self.offsets: dict[str, int] = {}
        """Where each field first occurs in the template's text, in code points from 0."""
        self._parts: list[FieldStep] = []
        literal = ""
        done = 0
        for token in re.finditer(_BRACES, text):
            literal += text[done : token.start()]
            done = token.end()
            if token[0] in ("{{", "}}"):
                literal += token[0][0]
                continue
            name = token[1] if token[1] is not None else _stray_brace(token)
            if not re.fullmatch(FIELD_NAME, name):
                raise TemplateError(f"`{{{name}}}` is not a field; write a name such as `cuda.version`", token.start())
            if self._parts and not literal:
                raise TemplateError(f"`{{{name}}}` must be separated by text from the field before it", token.start())
            if len(self._parts) == MAX_FIELDS:
                raise TemplateError(f"a template may have at most {MAX_FIELDS} fields", token.start())
            self._end_literal(literal)
            literal = ""
            self.offsets.setdefault(name, token.start())
            self._parts.append(FieldStep(name, shapes.get(name, default)))
        self._end_literal(literal + text[done:])
        self.fields = tuple(self.offsets)
        """The names of the fields, each once, in order."""
        names = [part.name for part in self._parts]
        self._repeated = frozenset(name for name in names if names.count(name) > 1)

    def _end_literal(self, literal: str) -> None:
        if self._parts:
            self._parts[-1] = self._parts[-1]._replace(literal=literal)
        else:
            self._prefix = literal

    def __repr__(self) -> str:
        return f"Template({self.text!r})"

    def render(self, values: Mapping[str, str]) -> str:
        """The text with these values for the fields. Raises KeyError with the name of one that is missing."""
        return self._prefix + "".join(values[part.name] + part.literal for part in self._parts)

    def parse(
        self, text: str, expected: Mapping[str, str | tuple[str, ...]] | None = None, steps: Steps | None = None
    ) -> dict[str, Field] | None:
        """The fields of a text, at their first occurrence, or None if the text as a whole does not fit.

        A text that equals what the template renders with the `expected` values always fits, and has these values; a
        tuple of names may be joined by any of SEPARATORS. Where a text fits in more than one way, the way in which
        most fields are as expected is taken; among those that are alike in this, earlier fields are as short as can be.
        A text that takes more than the `steps` that are left, which are its own unless given, fits nothing.
        """
        if len(text) > MAX_TEXT or not text.startswith(self._prefix):
            return None
        expected = expected or {}
        rendered = as_rendered(self._parts, text, len(self._prefix), expected)
        if rendered is not None:
            return rendered
        attempt = Attempt(self._parts, self._repeated, text, steps, whole=True)
        if attempt.match(0, len(self._prefix)) is None:
            return None
        if not expected or all(is_right(field, expected) for field in attempt.fields.values()):
            return attempt.fields
        best = Best(self._parts, self._repeated, text, expected).fields_from(len(self._prefix))
        return attempt.fields if best is None else best

    def find_in(self, text: str, steps: Steps | None = None) -> Iterator[Match]:
        """Every place in a longer text that fits, from left to right and without overlap.

        A match is within a line of at most MAX_TEXT code points, and neither begins nor ends inside a word.
        A field at the template's end is as long as can be.
        """
        if not self._has_literals(text):
            return
        base = 0
        for line in text.split("\n"):
            if len(line) <= MAX_TEXT:
                yield from self._find_in_line(line, base, steps)
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

    def _find_in_line(self, line: str, base: int, steps: Steps | None) -> Iterator[Match]:
        attempt = Attempt(self._parts, self._repeated, line, steps, whole=False)
        at = line.find(self._prefix)
        while 0 <= at < len(line):
            found = None
            if not inside_word(line, at):
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


def _stray_brace(token: re.Match[str]) -> NoReturn:
    raise TemplateError(f"unmatched `{token[0]}`; write `{token[0] * 2}` for a brace", token.start())
