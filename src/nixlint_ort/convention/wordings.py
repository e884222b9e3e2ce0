"""The texts of a convention (a name, a header line, a description): fitted to templates and rendered from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from nixlint_ort.convention.keys import WORDING, needed
from nixlint_ort.convention.language import Language, parse_template
from nixlint_ort.convention.tables import FieldValue, agrees, read_only
from nixlint_ort.convention.yaml_tree import YamlNode
from nixlint_ort.template import MAX_STEPS, SEPARATORS, Field, Steps, Template, is_right

MAX_FORMS = 16
"""A text with `n` optional and free parts has up to 2**n forms."""
_FREE = "_free"
# Patterns are compiled where they are used: a convention that was built before needs none.
_PARTS = r"\[\[|\]\]|\[|\]|\{\.\.\.\}"
_NOTHING = "^\0 ?| \0(?= |$)|\0"


class Wording(NamedTuple):
    """One way in which a text of a variant is written.

    `accepted` are older or shorter wordings: recognised, so that a rule can say which field is missing, but not
    what a fix writes. `tag` belongs at the end; elsewhere it is recognised as misplaced, and its fields count as
    missing. `foreign` are wordings with a tag that only another kind of variant has; where one fits, its fields
    are found.
    """

    written: tuple[Template, ...]
    """What is rendered: with all optional parts, then with fewer; never with a free part."""
    whole: tuple[Template, ...]
    """All forms that are right."""
    without_tag: tuple[Template, ...]
    accepted: tuple[Template, ...]
    tag: Template | None
    separators: tuple[str, ...]
    """What may be between the names of a list; a fix writes the first."""
    foreign: tuple[Template, ...] = ()

    @property
    def text(self) -> str:
        """The template of the whole text."""
        return self.written[0].text

    @property
    def fields(self) -> set[str]:
        """Every field of any form, also of those that are only recognised."""
        tags = (self.tag,) if self.tag else ()
        templates = (*self.whole, *self.without_tag, *self.accepted, *self.foreign, *tags)
        return {name for template in templates for name in template.fields if not name.startswith(_FREE)}

    def has(self, field: str) -> bool:
        """Whether a form that is right has a field."""
        return any(field in template.fields for template in self.written)

    @property
    def needed_fields(self) -> set[str]:
        """The fields that every form has which is right."""
        return set.intersection(*(set(template.fields) for template in self.written))

    def fit(
        self, text: str, expected: Mapping[str, FieldValue] | None = None, steps: Steps | None = None
    ) -> dict[str, Field] | None:
        """The fields of a text, in code points from 0; None if the text fits no form at all.

        With `expected` values, the form and the parse in which most fields are right; else the first that fits.
        """
        steps = steps or Steps(MAX_STEPS)  # all forms together
        best: dict[str, Field] | None = None
        most = -1
        for template in (*self.foreign, *self.whole, *self.without_tag, *self.accepted):
            if len(template.fields) <= most:  # it cannot have more that are right
                continue
            fields = template.parse(text, expected, steps)
            if fields is None:
                continue
            if expected is None:
                return _shown(fields)
            right = sum(is_right(field, expected) for field in fields.values())
            if right > most:
                best, most = fields, right
        return _shown(best) if best is not None else self._fit_around_tag(text, steps)

    def _fit_around_tag(self, text: str, steps: Steps | None) -> dict[str, Field] | None:
        """The fields of a text that has its tag in a wrong place: all but the tag's own."""
        if self.tag is None:
            return None
        for match in self.tag.find_in(text, steps):
            before = text[: match.start].rstrip() + " " * bool(text[: match.start].strip())
            after = text[match.end :].lstrip()
            moved = len(text) - len(after) - len(before)
            for template in (*self.without_tag, *self.accepted):
                fields = template.parse((before + after).rstrip(), None, steps)
                if fields is not None:
                    return _shown({name: _moved(one, len(before), moved) for name, one in fields.items()})
        return None

    def can_render(self, fields: Mapping[str, FieldValue]) -> bool:
        """Whether there are all fields that one form needs."""
        return any(fields.keys() >= set(template.fields) for template in self.written)

    def render(self, fields: Mapping[str, FieldValue]) -> str:
        """The text as it should be, with the parts whose fields are given.

        Raises KeyError with the name of a field that is not given and without which there is no text.
        """
        chosen = next((one for one in self.written if fields.keys() >= set(one.fields)), self.written[-1])
        return chosen.render({name: self.cell(fields[name]) for name in chosen.fields})

    def cell(self, value: FieldValue) -> str:
        """A field's value as it is in this text: names are joined by this text's separator."""
        return value if isinstance(value, str) else self.separators[0].join(value)


class WordingRow(NamedTuple):
    """A wording, and the values of fields that a variant has which is worded so."""

    only: Mapping[str, str]
    wording: Wording


class Wordings(NamedTuple):
    """The wordings of one text of a kind, in the order in which they are tried."""

    rows: tuple[WordingRow, ...]

    def chosen(self, fields: Mapping[str, FieldValue]) -> Wording | None:
        """The first wording whose `only` agrees with a variant's fields; None where the variant has no such text."""
        for row in self.rows:  # asked some dozen times a file
            if not row.only or agrees(row.only, fields):
                return row.wording
        return None

    def fit(
        self, text: str, expected: Mapping[str, FieldValue] | None = None, steps: Steps | None = None
    ) -> dict[str, Field] | None:
        """The fields of a text by the wording that the expected fields choose; without them, by the first that fits."""
        chosen = self.chosen(expected) if expected is not None else None
        wordings = (chosen,) if chosen else (row.wording for row in self.rows)
        return next((found for one in wordings if (found := one.fit(text, expected, steps)) is not None), None)

    @property
    def fields(self) -> set[str]:
        """Every field of any wording."""
        return {name for row in self.rows for name in row.wording.fields}

    @property
    def first(self) -> Wording:
        """The first wording, which is the only one of a file's name."""
        return self.rows[0].wording


def _shown(fields: Mapping[str, Field]) -> dict[str, Field]:
    return {name: field for name, field in fields.items() if not name.startswith(_FREE)}


def _moved(field: Field, border: int, by: int) -> Field:
    """A field as it is in a text in which all from `border` on comes `by` code points later."""
    start, end = (at + by if at >= border else at for at in (field.start, field.end))
    return field._replace(start=start, end=end)


def read_wordings(node: YamlNode, language: Language, *, guarded: bool = True) -> Wordings:
    """The wordings of a text: one, or a list of rows with `only`. Raises ConventionError at the line that is wrong."""
    if node.items is None:
        return Wordings((WordingRow({}, _read_wording(node, language, is_row=False)),))
    if not guarded:
        node.fail("a file name must have one wording; use a kind for each form of name")
    rows = []
    for item in node.items:
        only = item.mapping("a wording", optional=None).get("only")
        rows.append(WordingRow(read_only(only, language.fields), _read_wording(item, language, is_row=True)))
    if not rows:
        node.fail("a text must have at least one wording")
    for row, item in zip(rows[:-1], node.items, strict=False):
        if not row.only:
            item.fail("only the last wording of a text may lack `only`; the wordings after it are never used")
    return Wordings(tuple(rows))


def _read_wording(node: YamlNode, language: Language, *, is_row: bool) -> Wording:
    known = {name for name in WORDING if name != "only" or is_row}
    keys = node.mapping("a text", required=needed(WORDING), optional=known)
    template, tag = keys["template"], keys.get("tag")
    accepted = keys["accepted"].sequence("accepted") if "accepted" in keys else ()
    ending = f" {_text(tag, language)}" if tag else ""
    tags = _templates(tag, _text(tag, language), language) if tag else ()
    whole = _text(template, language) + ending
    forms = _forms(template, whole)
    bases = (template, *accepted)
    foreign = keys.get("foreign_tag")
    return Wording(
        written=tuple(parse_template(template, one.text, language) for one in forms if not one.is_free),
        whole=_templates(template, whole, language),
        without_tag=_templates(template, _text(template, language), language) if tag else (),
        accepted=(
            *(one for item in accepted if tag for one in _templates(item, _text(item, language) + ending, language)),
            *(one for item in accepted for one in _templates(item, _text(item, language), language)),
        ),
        tag=tags[0] if tags else None,
        separators=_read_separators(keys["separators"]) if "separators" in keys else (SEPARATORS[0],),
        foreign=tuple(
            one
            for item in bases
            if foreign
            for one in _templates(item, f"{_text(item, language)} {_text(foreign, language)}", language)
        ),
    )


def _text(node: YamlNode, language: Language) -> str:
    """The text of a template in the latest format, in which a bracket is written twice."""
    text = node.scalar("a template")
    return text.replace("[", "[[").replace("]", "]]") if language.format == 1 else text


def _templates(node: YamlNode, text: str, language: Language) -> tuple[Template, ...]:
    free = frozenset(f"{_FREE}{number}" for number in range(MAX_FORMS))
    return tuple(parse_template(node, one.text, language, free) for one in _forms(node, text))


class _Form(NamedTuple):
    """A text with some of its optional and free parts, as a plain template."""

    text: str
    is_free: bool


def _forms(node: YamlNode, text: str) -> list[_Form]:
    """The forms of a text, those with more parts first; raises ConventionError for brackets that do not match."""
    choices: list[tuple[str, ...]] = []
    outer, inner, done, count = "", "", 0, 0
    is_open = False
    for token in re.finditer(_PARTS, text):
        piece = text[done : token.start()] + (token[0][0] if token[0] in ("[[", "]]") else "")
        outer, inner = (outer, inner + piece) if is_open else (outer + piece, inner)
        done = token.end()
        if token[0] == "[":
            if is_open:
                node.fail("an optional part must not contain another one; write `[[` for a bracket")
            choices.append((outer,))
            outer, is_open = "", True
        elif token[0] == "]":
            if not is_open:
                node.fail("unmatched `]`; write `]]` for a bracket")
            choices.append((inner, ""))
            inner, is_open = "", False
        elif token[0] == "{...}":
            if is_open:
                node.fail("an optional part must not contain a free part")
            count += 1
            choices += [(outer,), (f"{{{_FREE}{count}}}", "\0")]
            outer = ""
    if is_open:
        node.fail("unmatched `[`; write `[[` for a bracket")
    choices.append((outer + text[done:],))
    return list(_combined(node, choices))


def _combined(node: YamlNode, choices: list[tuple[str, ...]]) -> Iterator[_Form]:
    forms = list(product(*choices))
    if len(forms) > MAX_FORMS:
        node.fail("a text may have at most 4 optional or free parts")
    for form in forms:
        yield _Form(re.sub(_NOTHING, "", "".join(form)), any(part.startswith(f"{{{_FREE}") for part in form))


def _read_separators(node: YamlNode) -> tuple[str, ...]:
    items = node.sequence("separators")
    if not items:
        node.fail("`separators` must have at least one item")
    return tuple(item.word("a separator", SEPARATORS) for item in items)
