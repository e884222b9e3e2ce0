"""What a repository promises: tables, texts and rules, read from a folder of YAML and checked before use."""

from nixlint_ort.convention.convention import Convention, find_rules, load
from nixlint_ort.convention.errors import ConventionError
from nixlint_ort.convention.rule import Example, KindName, Operator, Rule
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
