"""What a repository promises: tables, texts and rules, read from a folder of YAML and checked before use."""

from nixlint_ort.convention.convention import Convention
from nixlint_ort.convention.errors import ConventionError
from nixlint_ort.convention.example import Example
from nixlint_ort.convention.load import find_rules, load
from nixlint_ort.convention.rule import KindName, Operator, Rule
from nixlint_ort.convention.vocabulary import FACTS

__all__ = [
    "FACTS",
    "Convention",
    "ConventionError",
    "Example",
    "KindName",
    "Operator",
    "Rule",
    "find_rules",
    "load",
]
