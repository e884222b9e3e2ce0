"""What documents say about the variants: sentences and table rows as templates, and where they are looked for."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from nixlint_ort.convention.language import Language, read_template
from nixlint_ort.convention.yaml_tree import Node
from nixlint_ort.template import Template

FILES = ("README.md", "CLAUDE.md")
"""The documents that are looked at, if they are there: the guide names both."""
DERIVED = frozenset(
    {"release.cuda", "release.drivers", "count.all", "count.gpu", "count.cpu", "count.stack", "any.text", "any.more"}
)
"""Fields that only documents have: the release's CUDA lines and drivers, numbers of variants, and any text."""


class Where(StrEnum):
    """In which lines of a document a statement is looked for."""

    PROSE = "prose"
    ROW = "row"
    CODE = "code"


class About(StrEnum):
    """What a statement is about: the release that applies, or whichever row of the tables it names itself."""

    RELEASE = "release"
    ROW = "row"


class Statement(NamedTuple):
    """One sentence or table row; cells of a row are joined by ` | `. Only the fields in `judges` are compared."""

    template: Template
    where: Where
    about: About
    judges: tuple[str, ...]


def read_statements(node: Node, language: Language) -> tuple[Statement, ...]:
    """The statements of a rule; raises ConventionError at the line that is wrong."""
    return tuple(_read(item, language) for item in node.sequence("statements"))


def _read(node: Node, language: Language) -> Statement:
    keys = node.mapping("a statement", required=("template", "where", "about", "judges"))
    template = read_template(keys["template"], language, DERIVED)
    judged = keys["judges"].sequence("judges")
    return Statement(
        template,
        Where(keys["where"].word("where", Where)),
        About(keys["about"].word("about", About)),
        tuple(item.word("a judged field", template.fields) for item in judged),
    )
