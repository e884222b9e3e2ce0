"""The JSON Schema of a convention's files, for editors: `convention.yaml`, what is claimed, words, tables and rules."""

from __future__ import annotations

import json
from typing import Any

from nixlint_ort.convention.build import KNOWN
from nixlint_ort.convention.example import SCOPES
from nixlint_ort.convention.keys import BY_FILE, CELLS, EXAMPLE, KIND, OPERATORS, OWN_FACT, WORDING, Form, Keys, needed
from nixlint_ort.convention.roles import ROLES, parts_of_role
from nixlint_ort.convention.vocabulary import FACTS, WORDED
from nixlint_ort.finding import Severity
from nixlint_ort.template import Shape

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""YAML has numbers where a text is meant, and a convention reads them as they are written."""
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_TEXT_OR_TEXTS: Schema = {"anyOf": [_TEXT, _TEXTS]}
_SWITCH: Schema = {"enum": [True, False, "true", "false"]}
_SEVERITY: Schema = {"enum": [severity.value for severity in Severity]}


def _by_name(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def _mapping(keys: Keys, *, complete: bool = True) -> Schema:
    properties = {name: {"description": key.about, **_FORMS[key.form]} for name, key in keys.items()}
    required = {"required": needed(keys)} if complete and needed(keys) else {}
    return {"type": "object", "additionalProperties": False, "properties": properties, **required}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


_FORMS: dict[Form, Schema] = {
    Form.TEXT: _TEXT,
    Form.TEXTS: _TEXTS,
    Form.TEXT_OR_TEXTS: _TEXT_OR_TEXTS,
    Form.TEXT_BY_NAME: _by_name(_TEXT),
    Form.TEXTS_BY_NAME: _by_name(_TEXTS),
    Form.TEXTS_BY_VALUE: _by_name(_by_name(_TEXTS)),
    Form.SWITCH: _SWITCH,
    Form.NUMBER: {"type": "integer", "minimum": 1},
    Form.ROWS: {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"only": _by_name(_TEXT), "since": _TEXT},
            "additionalProperties": _TEXT_OR_TEXTS,
        },
    },
    Form.SHAPES: _by_name({"enum": [*(shape.value for shape in Shape), KNOWN]}),
    Form.ROLES: {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            role: {
                "type": "object",
                "additionalProperties": False,
                "required": ["key"],
                "properties": dict.fromkeys(parts_of_role(role), _TEXT_OR_TEXTS),
            }
            for role in ROLES
        },
    },
    Form.KINDS: _by_name(_ref("kind")),
    Form.WORDINGS: {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            fact: {"anyOf": [_ref("wording"), {"type": "array", "items": _ref("wording")}]} for fact in WORDED
        },
    },
    Form.CELLS: {"type": "array", "items": _ref("cells")},
    Form.CELLS_BY_NAME: _by_name(_TEXT_OR_TEXTS),
    Form.FACTS: {"anyOf": [_ref("fact"), {"type": "array", "items": _ref("fact")}]},
    Form.SEVERITY: {"anyOf": [_SEVERITY, _by_name(_SEVERITY)]},
    Form.EXAMPLE: _ref("example"),
}


def schema() -> Schema:
    """The schema of any file of a convention; its `definitions` have that of each sort of file by itself."""
    example = _mapping(EXAMPLE)
    example["properties"]["scope"] = {**example["properties"]["scope"], "enum": [*SCOPES]}
    rule = _mapping(BY_FILE["rule"])
    rule["oneOf"] = [{"required": [name]} for name in OPERATORS]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A convention of nixlint-ort",
        "description": "A file of rules/: convention.yaml, claims.yaml, words.yaml, a table, or a rule.",
        "anyOf": [_ref(name) for name in BY_FILE],
        "definitions": {
            # A folder that extends another one states only what differs.
            "convention": {
                **_mapping(BY_FILE["convention"], complete=False),
                "anyOf": [{"required": needed(BY_FILE["convention"])}, {"required": ["extends"]}],
            },
            "table": {**_table(), "required": ["rows"]},
            "rule": rule,
            "claims": _mapping(BY_FILE["claims"]),
            "words": _mapping(BY_FILE["words"]),
            "kind": _mapping(KIND),
            "wording": _mapping(WORDING),
            "cells": _mapping(CELLS),
            "fact": {"anyOf": [{"enum": list(FACTS)}, _mapping(OWN_FACT)]},
            "example": example,
        },
    }


def _table() -> Schema:
    """That of a table, whose rows may all be in comments where it extends a shipped one."""
    table = _mapping(BY_FILE["table"], complete=False)
    table["properties"]["rows"] = {**table["properties"]["rows"], "type": ["array", "null"]}
    return table


def schema_text() -> str:
    """The schema as JSON."""
    return json.dumps(schema(), indent=2) + "\n"
