"""What the texts of a convention may say: its format, its fields, and the shapes that fields have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.yaml_tree import YamlNode
from nixlint_ort.template import FieldShape, Template, TemplateError

FORMAT = 2
"""The latest format of conventions. In the first one, brackets in wordings and braces in cells are plain text."""


class Language(NamedTuple):
    """What a template of one convention may name."""

    format: int
    shapes: Mapping[str, FieldShape]
    fields: frozenset[str]


def read_template(node: YamlNode, language: Language, more: frozenset[str] = frozenset()) -> Template:
    """A template from a scalar; raises ConventionError at its place, also for a field that is not known.

    `more` are fields that are known here besides the language's.
    """
    return parse_template(node, node.scalar("a template"), language, more)


def parse_template(node: YamlNode, text: str, language: Language, more: frozenset[str] = frozenset()) -> Template:
    """A template from a text that stands, perhaps written otherwise, at a node; raises ConventionError there."""
    try:
        template = Template(text, language.shapes)
    except TemplateError as error:
        where = f" (at character {error.offset + 1} of the template)" if text == node.text else ""
        node.fail(f"{error}{where}")
    known = language.fields | more
    for name in template.fields:
        if name not in known:
            node.fail(f"unknown field {name!r}{did_you_mean(name, known)}")
    return template
