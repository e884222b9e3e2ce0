"""The keys of a convention's files, described once for the readers, the JSON Schema and the manual."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple


class Form(Enum):
    """What is under a key."""

    TEXT = auto()
    TEXTS = auto()
    TEXT_OR_TEXTS = auto()
    """One text, or a list of them."""
    TEXT_BY_NAME = auto()
    TEXTS_BY_NAME = auto()
    """A list of texts for each name."""
    TEXTS_BY_VALUE = auto()
    """For each name, a list of texts for each value."""
    SWITCH = auto()
    """`true` or `false`."""
    NUMBER = auto()
    ROWS = auto()
    SHAPES = auto()
    ROLES = auto()
    KINDS = auto()
    WORDINGS = auto()
    CELLS = auto()
    CELLS_BY_NAME = auto()
    FACTS = auto()
    SEVERITY = auto()
    EXAMPLE = auto()


class Key(NamedTuple):
    """One key: what is under it, what it does in one sentence, and whether there is no file without it."""

    form: Form
    about: str
    is_needed: bool = False


Keys = Mapping[str, Key]

MAIN: Keys = {
    "format": Key(Form.NUMBER, "The number of the folder's format; 1 if left out."),
    "extends": Key(Form.TEXT, "The shipped convention that this folder extends: `shipped`, or `shipped:NAME`."),
    "off": Key(Form.TEXTS, "Ids of rules of that convention that do not apply here."),
    "variants": Key(Form.TEXT, "Which files are variants: a pattern from the repository's root.", is_needed=True),
    "helpers": Key(Form.TEXTS, "Patterns of files and folders among them that are not variants."),
    "fields": Key(
        Form.TEXT_BY_NAME, "Fields of every variant; every variant name begins with `package`.", is_needed=True
    ),
    "documents": Key(Form.TEXTS, "Patterns of the documents to read; README.md and CLAUDE.md if left out."),
    "layer": Key(Form.TEXT, "The package that the wrapper is built on; `package` if left out."),
    "shapes": Key(Form.SHAPES, "What a field may look like where a text is read.", is_needed=True),
    "pin_urls": Key(Form.TEXTS, "Templates of the addresses that nixpkgs is fetched from.", is_needed=True),
    "roles": Key(Form.ROLES, "What tables and columns mean to the program."),
    "release_table": Key(Form.TEXT, "In the first format: the table of releases."),
    "kinds": Key(Form.KINDS, "The kinds of variant, by names of your own.", is_needed=True),
}
KIND: Keys = {
    "title": Key(Form.TEXT, "The name of the group of these variants; the title of their stack if left out."),
    "fields": Key(Form.TEXT_BY_NAME, "Fields of every variant of the kind."),
    "texts": Key(Form.WORDINGS, "The wordings of its texts, by fact.", is_needed=True),
    "matrix": Key(Form.CELLS, "The variants that a release should have."),
}
WORDING: Keys = {
    "only": Key(Form.TEXT_BY_NAME, "The wording is only for variants with these values of fields."),
    "template": Key(Form.TEXT, "How the text is written.", is_needed=True),
    "accepted": Key(Form.TEXTS, "Older or shorter wordings, which are accepted but never written."),
    "tag": Key(Form.TEXT, "What the text ends with."),
    "foreign_tag": Key(Form.TEXT, "The ending of texts of another kind, which this kind must not have."),
    "separators": Key(Form.TEXTS, "Separators of a list; fixes write the first one."),
}
CELLS: Keys = {
    "cells": Key(Form.CELLS_BY_NAME, "The values of each field: a template, or a list of them.", is_needed=True),
    "within": Key(Form.TEXT_BY_NAME, "Fields of the cells that must be among the values of another field."),
}
TABLE: Keys = {
    "summary": Key(Form.TEXT, "What a row is, for the reader."),
    "source": Key(Form.TEXT, "Where the rows come from, for the reader."),
    "name": Key(Form.TEXT, "The table's name, which its fields begin with.", is_needed=True),
    "key": Key(Form.TEXT_OR_TEXTS, "The column whose value chooses a row, or a list of columns.", is_needed=True),
    "replace": Key(Form.SWITCH, "Whether the table replaces the whole shipped table."),
    "rows": Key(Form.ROWS, "One mapping for each row; `only` limits a row to some variants.", is_needed=True),
}
RULE: Keys = {
    "id": Key(Form.TEXT, "The name of the file without `.yaml`.", is_needed=True),
    "summary": Key(Form.TEXT, "What the rule requires, in one sentence.", is_needed=True),
    "why": Key(Form.TEXT, "What goes wrong if a variant breaks the rule.", is_needed=True),
    "applies": Key(Form.TEXT_OR_TEXTS, "The kinds of variant that it applies to; all kinds if left out."),
    "only": Key(Form.TEXT_BY_NAME, "It applies only to variants with these values of fields."),
    "fact": Key(Form.FACTS, "The fact that it checks: a name, an attribute or a binding."),
    "field": Key(Form.TEXT, "The only field of the fact's text that it checks."),
    "default": Key(Form.TEXT, "The value of the fact where the file does not set it, as a template."),
    "per": Key(
        Form.TEXT, "Variants with the same value of this field are peers, for predicates that compare variants."
    ),
    "severity": Key(Form.SEVERITY, "error, warning or info; or one of them for each kind.", is_needed=True),
    "fix": Key(Form.TEXT, "safe, unsafe or none; none if left out."),
    "arguments": Key(Form.TEXTS, "The names that the messages have in braces: all of them, and no others."),
    "message": Key(Form.TEXT, "The message; it may also name `{actual}`, `{expected}` and `{stack}`.", is_needed=True),
    "missing": Key(Form.TEXT, "The message where the file does not set the fact."),
    "unwanted": Key(Form.TEXT, "The message where the text has a field that only texts of another kind have."),
    "cases": Key(Form.TEXT_BY_NAME, "The messages for the cases of its predicate, by the names of the cases."),
    "after": Key(Form.TEXTS, "Rules that are the cause: where one of them does not hold, this rule reports nothing."),
    "fix_after": Key(Form.TEXTS, "Rules that hold, or have a fix, wherever this rule's fix is offered."),
    "since": Key(Form.TEXT, "The first version of nixlint-ort that shipped the rule."),
    "example": Key(Form.EXAMPLE, "A change that breaks it; `rules --check` reports rules without one."),
}
NAMES_RULES = ("after", "fix_after")
"""The keys of a rule that name other rules."""

OPERATORS: Keys = {
    "present": Key(Form.SWITCH, "The fact is there, or is not."),
    "fits": Key(Form.SWITCH, "It fits its template."),
    "matches": Key(Form.TEXT, "It has that shape."),
    "equals": Key(Form.TEXT_OR_TEXTS, "It is that text, or that list."),
    "one_of": Key(Form.TEXT_OR_TEXTS, "It is one of them."),
    "contains_all": Key(Form.TEXT_OR_TEXTS, "It has all of them."),
    "fields": Key(Form.TEXTS, "It has these fields of its text right."),
    "check": Key(Form.TEXT, "It passes a predicate in Python."),
}
EXAMPLE: Keys = {
    "variant": Key(Form.TEXT, "The file to break.", is_needed=True),
    "good": Key(Form.TEXT, "Text of the file.", is_needed=True),
    "bad": Key(Form.TEXT, "The text that replaces it.", is_needed=True),
    "scope": Key(Form.TEXT, "What to break, if it is not text of the file."),
    "branch": Key(Form.TEXT, "The branch whose release applies."),
    "encoding": Key(Form.TEXT, "The encoding of `bad`: utf-8 or latin-1."),
    "also": Key(Form.TEXT_BY_NAME, "Texts to replace first, so that only this rule has a finding."),
}
OWN_FACT: Keys = {
    "attribute": Key(Form.TEXT, "The path of an attribute, with dots."),
    "of": Key(Form.TEXT, "`wrapper` or `layer`; `wrapper` if left out."),
    "binding": Key(Form.TEXT, "A binding of the file's outermost `let`."),
}
CLAIMS: Keys = {
    "summary": Key(Form.TEXT, "What the file is, for the reader."),
    "source": Key(Form.TEXT, "Where the words come from, for the reader."),
    "called": Key(
        Form.TEXTS_BY_NAME, "What each column is called: as a head, as a label, and beside a value.", is_needed=True
    ),
    "written": Key(Form.TEXTS_BY_NAME, "Other ways to write a value of a column; `{}` is the value.", is_needed=True),
    "dotted": Key(
        Form.TEXTS, "Words before digits that have a dot before the last digit, such as 9.0 for 90.", is_needed=True
    ),
    "words": Key(Form.TEXTS_BY_VALUE, "Other words for a value of a column.", is_needed=True),
    "counted": Key(Form.TEXTS_BY_NAME, "What is counted: `variants`, or the values of a column.", is_needed=True),
    "among": Key(
        Form.TEXTS_BY_VALUE,
        "Words that say of which variants: of a `kind`, or with a value of a column.",
        is_needed=True,
    ),
    "least": Key(Form.TEXTS, "Columns whose values are a minimum.", is_needed=True),
    "besides": Key(Form.TEXTS_BY_NAME, "Fields of the convention that a column may have too.", is_needed=True),
    "beside": Key(Form.TEXTS, "Columns that must be named beside it for that.", is_needed=True),
    "listed": Key(Form.TEXTS, "Tables of which a release names all rows that it has.", is_needed=True),
    "supported": Key(Form.TEXTS, "Key fields of what a release has or has not.", is_needed=True),
    "complete": Key(Form.TEXTS, "Columns whose tables and lists have every row.", is_needed=True),
    "texts": Key(
        Form.TEXTS_BY_NAME,
        "Which texts of a variant are read, and the columns to check them by.",
        is_needed=True,
    ),
    "fences": Key(
        Form.TEXTS_BY_NAME,
        "The languages of fences that are read as `examples`, `commands`, `sessions`, `data`, and for their `names`.",
        is_needed=True,
    ),
}
WORDS: Keys = {
    "summary": Key(Form.TEXT, "What the file is, for the reader."),
    "source": Key(Form.TEXT, "Where the words come from, for the reader."),
    "filler": Key(Form.TEXTS, "Words between a number and what it counts.", is_needed=True),
    "attached": Key(Form.TEXTS, "Words between what is counted and of which.", is_needed=True),
    "each": Key(Form.TEXTS, "Words for `per`.", is_needed=True),
    "rough": Key(Form.TEXTS, "Words before a number that is not exact.", is_needed=True),
    "totals": Key(Form.TEXTS, "Words for a sum.", is_needed=True),
    "numbers": Key(Form.TEXTS, "Numbers in words, from zero.", is_needed=True),
    "between": Key(Form.TEXTS, "Words between what a value is called and the value.", is_needed=True),
    "values": Key(Form.TEXTS, "Heads of columns whose values are of what the row's label says.", is_needed=True),
    "excluding": Key(
        Form.TEXTS_BY_NAME,
        "Words that leave a sentence or a part of it unchecked, by how far they reach.",
        is_needed=True,
    ),
    "joining": Key(Form.TEXTS, "Words between the items of a list.", is_needed=True),
    "articles": Key(Form.TEXTS, "Articles.", is_needed=True),
    "makers": Key(Form.TEXTS, "Words between a value and what it is called.", is_needed=True),
    "contrast": Key(Form.TEXTS, "Words with which another clause begins.", is_needed=True),
    "abbreviations": Key(Form.TEXTS, "Words whose full stop ends no sentence.", is_needed=True),
    "further": Key(Form.TEXTS, "Words that say that a list goes on.", is_needed=True),
    "tasks": Key(Form.TEXTS, "Words with which something is done to a variant.", is_needed=True),
    "repositories": Key(Form.TEXTS, "Words for what the files of a program lie in."),
    "ours": Key(Form.TEXTS, "Words with which a repository is the one of the document."),
    "pronouns": Key(Form.TEXTS, "Words for what the sentence before is about."),
    "works": Key(Form.TEXTS, "Words with which more than the minimum is right too.", is_needed=True),
    "adding": Key(Form.TEXTS, "Words between the numbers of a sum."),
    "multiplying": Key(Form.TEXTS, "Words between the numbers of a product."),
    "making": Key(Form.TEXTS, "Words before the result of a sum or a product."),
    "whole": Key(Form.TEXTS, "Words above a table or a list that has everything."),
    "existing": Key(Form.TEXTS, "Words with which a sentence says how many there are."),
    "needing": Key(Form.TEXTS, "Words for what a GPU needs."),
    "here": Key(Form.TEXTS, "Words for the release that the document lies beside.", is_needed=True),
    "elsewhere": Key(Form.TEXTS, "Words that lead to another branch.", is_needed=True),
    "stating": Key(Form.TEXTS, "Words with which a sentence says what is built here.", is_needed=True),
    "negating": Key(Form.TEXTS, "Words that say that a release does not have something.", is_needed=True),
    "verbs": Key(Form.TEXTS, "Words with which a clause has a verb of its own.", is_needed=True),
    "unfinished": Key(Form.TEXTS, "Texts of a cell that is not finished.", is_needed=True),
    "telling": Key(
        Form.TEXTS_BY_NAME, "Words in a variant's comments and messages that say what these are about.", is_needed=True
    ),
}
BY_FILE = {"convention": MAIN, "table": TABLE, "rule": {**RULE, **OPERATORS}, "claims": CLAIMS, "words": WORDS}


def needed(keys: Keys) -> list[str]:
    """The keys without which a mapping cannot be read."""
    return [name for name, key in keys.items() if key.is_needed]
