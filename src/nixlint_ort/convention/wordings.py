"""A text of the convention (a name, a header line, a description): fitted to its template, and rendered from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from nixlint_ort.convention.tables import FieldValue
from nixlint_ort.convention.yaml_tree import Node
from nixlint_ort.template import SEPARATORS, Field, Shape, Template, TemplateError


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """How one text of a variant is written.

    `accepted` are older or shorter wordings: recognised, so that a rule can say which field is missing, but not
    what a fix writes. `tag` belongs at the end; elsewhere it is recognised as misplaced, and its fields count as
    missing. `foreign_tag` does not belong to this kind at all; where it stands, its fields are found.
    """

    template: Template
    full: Template
    accepted: tuple[Template, ...]
    tag: Template | None
    separators: tuple[str, ...]
    """What may stand between the names of a list; a fix writes the first."""
    foreign: tuple[Template, ...] = ()
    """Wordings with a tag that only another kind of variant has."""

    def fit(self, text: str) -> dict[str, Field] | None:
        """The fields of a text, in code points from 0; None if the text fits no wording at all."""
        for template in (*self.foreign, self.full, self.template, *self.accepted):
            fields = template.parse(text)
            if fields is not None:
                return fields
        return self._fit_around_tag(text)

    def _fit_around_tag(self, text: str) -> dict[str, Field] | None:
        """The fields of a text that has its tag in a wrong place: all but the tag's own."""
        if self.tag is None:
            return None
        for match in self.tag.find_in(text):
            before = text[: match.start].rstrip() + " " * bool(text[: match.start].strip())
            after = text[match.end :].lstrip()
            moved = len(text) - len(after) - len(before)
            for template in (self.template, *self.accepted):
                fields = template.parse((before + after).rstrip())
                if fields is not None:
                    return {name: _moved(one, len(before), moved) for name, one in fields.items()}
        return None

    def render(self, fields: Mapping[str, FieldValue]) -> str:
        """The text as it should be. Raises KeyError with the name of a field that is not given."""
        return self.full.render({name: self.cell(fields[name]) for name in self.full.fields})

    def cell(self, value: FieldValue) -> str:
        """A field's value as it stands in this text: names are joined by this text's separator."""
        return value if isinstance(value, str) else self.separators[0].join(value)

    @property
    def fields(self) -> set[str]:
        """Every field of any wording."""
        templates = (self.full, self.template, *self.accepted, *self.foreign, *([self.tag] if self.tag else []))
        return {name for template in templates for name in template.fields}


@lru_cache(maxsize=1024)
def _fit(one: Text, text: str) -> dict[str, Field] | None:
    """The fields of a text; kept for a while, since every rule about a text asks for them."""
    for template in (one.full, one.template, *one.accepted):
        fields = template.parse(text)
        if fields is not None:
            return fields
    return _fit_around_tag(one, text)


def _fit_around_tag(one: Text, text: str) -> dict[str, Field] | None:
    if one.tag is None:
        return None
    for match in one.tag.find_in(text):
        rest = text[: match.start].rstrip() + " " * bool(match.start) + text[match.end :].lstrip()
        if any(template.parse(rest.strip()) for template in (one.template, *one.accepted)):
            return {}
    return None


def _moved(field: Field, border: int, by: int) -> Field:
    """A field as it stands in a text in which all from `border` on comes `by` code points later."""
    start, end = (at + by if at >= border else at for at in (field.start, field.end))
    return field._replace(start=start, end=end)


def read_template(node: Node, shapes: Mapping[str, Shape], known: frozenset[str] | None = None) -> Template:
    """A template from a scalar; raises ConventionError at its place, also for a field that is not known."""
    text = node.scalar("a template")
    try:
        template = Template(text, shapes)
    except TemplateError as error:
        node.fail(f"{error} (at character {error.offset + 1} of the template)")
    if known is not None:
        check_fields(node, template, known)
    return template


def check_fields(node: Node, template: Template, known: frozenset[str]) -> None:
    """Raise ConventionError if the template names a field that nothing gives."""
    from nixlint_ort.convention.errors import did_you_mean

    for name in template.fields:
        if name not in known:
            node.fail(f"there is no field {name!r}{did_you_mean(name, known)}")


def read_text(node: Node, shapes: Mapping[str, Shape], known: frozenset[str]) -> Text:
    """A text from its mapping; raises ConventionError at the line that is wrong."""
    keys = node.mapping("a text", required=("template",), optional=("accepted", "tag", "foreign_tag", "separators"))
    template = read_template(keys["template"], shapes, known)
    accepted = tuple(
        read_template(item, shapes, known)
        for item in (keys["accepted"].sequence("accepted") if "accepted" in keys else ())
    )
    tag = read_template(keys["tag"], shapes, known) if "tag" in keys else None
    foreign = read_template(keys["foreign_tag"], shapes, known) if "foreign_tag" in keys else None
    separators = _read_separators(keys["separators"]) if "separators" in keys else (SEPARATORS[0],)
    base = (template, *accepted)
    wrongly = tuple(Template(f"{one.text} {foreign.text}", shapes) for one in base) if foreign is not None else ()
    full = template
    if tag is not None:
        full = Template(f"{template.text} {tag.text}", shapes)
        accepted = tuple(Template(f"{one.text} {tag.text}", shapes) for one in accepted) + accepted
    return Text(template, full, accepted, tag, separators, wrongly)


def _read_separators(node: Node) -> tuple[str, ...]:
    items = node.sequence("separators")
    if not items:
        node.fail("separators is a list of at least one")
    return tuple(item.word("a separator", SEPARATORS) for item in items)
