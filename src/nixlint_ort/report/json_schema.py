"""The JSON Schema of the findings document, for programs that read `--output-format json`."""

from __future__ import annotations

import json
from typing import Any

from nixlint_ort.finding import Safety, Severity
from nixlint_ort.report.json_document import VERSION

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_FROM_ZERO: Schema = {"type": "integer", "minimum": 0}
_FROM_ONE: Schema = {"type": "integer", "minimum": 1}
_VALUE: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_VALUE_OR_NULL: Schema = {"anyOf": [*_VALUE["anyOf"], {"type": "null"}]}


def schema() -> Schema:
    """The schema; a later version 1 may have more keys, so others than these are admitted."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Findings of nixlint-ort",
        "definitions": {
            "position": _object(line=_FROM_ONE, column=_FROM_ONE, offset=_FROM_ZERO),
            "range": _object(start=_ref("position"), end=_ref("position")),
            "related": _object(path=_TEXT, range=_ref("range"), message=_TEXT),
            "edit": _object(path=_TEXT, start=_FROM_ZERO, end=_FROM_ZERO, text=_TEXT),
            "fix": _object(safety=_one_of(Safety), edits=_list_of("edit"), rename=_TEXT_OR_NULL),
            "finding": _object(
                rule=_TEXT,
                severity=_one_of(Severity),
                message=_TEXT,
                url={**_TEXT_OR_NULL, "description": "The rule's page, from the root of the manual."},
                arguments={
                    "type": "object",
                    "additionalProperties": _VALUE,
                    "description": "The values that the message names, by name.",
                },
                cause={**_TEXT, "description": "Equal for findings that have one cause."},
                path=_TEXT,
                range=_ref("range"),
                expected={**_VALUE_OR_NULL, "description": "The value that the rule expects; null if there is none."},
                actual={**_VALUE_OR_NULL, "description": "The value that was found; null if there is none."},
                related=_list_of("related"),
                fix={"anyOf": [_ref("fix"), {"type": "null"}]},
            ),
            "suppressed": {"allOf": [_ref("finding"), _object(reason=_TEXT_OR_NULL)]},
        },
        "type": "object",
        "required": ["version", "summary", "findings"],
        "properties": {
            "version": {"const": VERSION},
            "summary": _object(
                files=_FROM_ZERO,
                **{one.value: _FROM_ZERO for one in Severity},
                fixable=_FROM_ZERO,
                optional=("baseline",),
            ),
            "findings": _list_of("finding"),
            "suppressed": _list_of("suppressed"),
        },
    }


def schema_text() -> str:
    """The schema as JSON."""
    return json.dumps(schema(), indent=2) + "\n"


def _object(*, optional: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(properties),
        "properties": {**properties, **dict.fromkeys(optional, _FROM_ZERO)},
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _one_of(values: type[Safety] | type[Severity]) -> Schema:
    return {"enum": [one.value for one in values]}
