"""What a repository sets in its `nixlint-ort.yaml`: which rules, how severe, on which files, by which convention."""

from nixlint_ort.settings.keys import FILE_NAME, KEYS
from nixlint_ort.settings.selection import UnknownRuleError, rules_named
from nixlint_ort.settings.settings import Settings, read_settings

__all__ = ["FILE_NAME", "KEYS", "Settings", "UnknownRuleError", "read_settings", "rules_named"]
