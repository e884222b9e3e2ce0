"""Which statements of a script may change a variable, though nobody has followed them."""

from __future__ import annotations

import re

from nixlint_ort.variant.shell_words import LOST

_COMMAND = r"(?:\A|[;&|({!]|\b(?:if|then|else|elif|while|until|do|builtin|command|time)\s)\s*"
_SETS_ANYTHING = re.compile(
    rf"{_COMMAND}(?:(?:source|\.|eval)\s|exec\s+[^\d\s<>]|(?:declare|typeset|local)\s+(?:-\w+\s+)*-\w*n)"
)
"""Commands that run what is elsewhere, or in place of all that follows, and names for other variables."""
_SETS_NAMED = re.compile(
    rf"{_COMMAND}(?:unset|read|declare|typeset|local|readonly|readarray|mapfile|export|getopts\s+\S+|printf\s+-v)"
    r"\s+(?P<names>(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^;&|<>()\"'])*)"
)
_SETTER = re.compile(
    r"\b(?:unset|read|declare|typeset|local|readarray|mapfile|export|appendToVar|prependToVar|concatTo|eval|wait)\s"
)
"""Commands that set what they name."""
_WORD = re.compile(r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s\"'])+")
_COMPUTED = re.compile(r"[\"'\\$`{]")


def sets_anything(statement: str) -> bool:
    """Whether a statement that is not followed may change any variable whatever."""
    if LOST in statement and not re.match(r"(?:echo|printf|mkdir|ln|cp|cat|export\s+\w+=|\w+=)", statement):
        return True
    return bool(_SETS_ANYTHING.search(statement)) or any(map(_is_computed, _SETS_NAMED.finditer(statement)))


def _is_computed(call: re.Match[str]) -> bool:
    """Whether a variable that a command sets has a name that is put together, such as `CXX{FLAGS,}` or `"$name"`."""
    return any(_COMPUTED.search(word.partition("=")[0]) for word in _WORD.findall(call["names"]))


def may_set(name: str, statement: str) -> bool:
    """Whether a statement that is not followed may change one variable, and does not change any whatever."""
    if re.search(
        rf"(?<![\w$]){name}(?:\+?=|\[)|\$\{{{name}:?=|\b(?:printf\s+-v|for|select|coproc|getopts\s+\S+)\s+{name}\b",
        statement,
    ):
        return True
    mentioned = re.compile(rf"\b{name}\b")
    lines = statement.split("\n") if name in statement else ()
    return any((found := _SETTER.search(line)) and mentioned.search(line, found.end()) for line in lines)
