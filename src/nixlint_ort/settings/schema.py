"""The JSON Schema of `nixlint-ort.yaml`, for editors."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nixlint_ort.convention import find_rules, load
from nixlint_ort.finding import Severity
from nixlint_ort.settings.keys import KEYS, SettingForm

if TYPE_CHECKING:
    from nixlint_ort.convention import Rule

_BOUND = r"(~=|>=|<=|==|!=|>|<)\s*[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.\*)?\s*"
_VERSIONS = rf"^\s*{_BOUND}(,\s*{_BOUND})*$"


def schema(rules: Iterable[Rule]) -> dict[str, Any]:
    """The schema; the given rules are offered for completion, and a repository's own are admitted."""
    rules = list(rules)
    names = sorted({rule.family for rule in rules}) + sorted(rule.id for rule in rules)
    shapes = _shapes()
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "nixlint-ort.yaml",
        "description": "The settings of nixlint-ort for a repository of variants.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {key.name: {"description": key.about, **shapes[key.shape]} for key in KEYS.values()},
        "definitions": {
            "rule": {"anyOf": [{"enum": names}, {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"}]},
            "rules": {"type": "array", "items": {"$ref": "#/definitions/rule"}},
        },
    }


def _shapes() -> dict[SettingForm, dict[str, Any]]:
    text = {"type": "string", "minLength": 1}
    rules = {"$ref": "#/definitions/rules"}
    return {
        SettingForm.TEXT: text,
        SettingForm.CONVENTION: text,
        SettingForm.VERSIONS: {"type": "string", "pattern": _VERSIONS},
        SettingForm.RULES: rules,
        SettingForm.PATTERNS: {"type": "array", "items": text},
        SettingForm.SEVERITY_BY_RULE: {
            "type": "object",
            "propertyNames": {"$ref": "#/definitions/rule"},
            "additionalProperties": {"enum": [severity.value for severity in Severity]},
        },
        SettingForm.RULES_BY_PATTERN: {"type": "object", "additionalProperties": rules},
    }


def schema_text() -> str:
    """The schema with the rules that are shipped, as JSON."""
    return json.dumps(schema(load(find_rules()).rules.values()), indent=2) + "\n"
