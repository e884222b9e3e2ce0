"""A mention: a value of a column of the tables, where it is in a text, and how it is written there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})*", re.ASCII)


class Sort(StrEnum):
    """How sure it is that a mention is one."""

    NAMED = "named"
    BARE = "bare"
    HEADED = "headed"


@dataclass(slots=True, eq=False)
class Mention:
    """A value of a column, at code points `start` to `end` of a unit's text."""

    column: str
    value: str
    start: int
    end: int
    sort: Sort = Sort.NAMED
    form: str = "value"
    is_short: bool = False
    """Whether it is only the first part of a version, such as `1.24` or `1.24.x`."""
    is_listed: bool = False
    """Whether it follows another one of its column in a list."""
    is_outside: bool = False
    """Whether words around it say that it is not about what is here and now."""
    is_formed: bool = False
    """Whether it is a written form with letters of its own, such as `R550`."""
    cell: int = -1
    notation: str = ""

    def is_at_least(self, value: str) -> bool:
        """Whether a number is another one or a larger one, part by part; never where one of the two is no number."""
        numbers = [[int(part) for part in one.split(".")] for one in (self.value, value) if _NUMBER.fullmatch(one)]
        return len(numbers) == 2 and numbers[0] >= numbers[1]

    def rendered(self, value: str) -> str:
        """Another value of the column in this mention's notation."""
        if self.form == "inner":
            inner = re.search(r"\(([^()]*)\)\s*\Z", value)
            return inner[1] if inner else value
        if self.form == "short":
            return re.sub(r"\s*\([^()]*\)\s*\Z", "", value)
        if self.notation == "dotted":
            return f"{value[:-1]}.{value[-1]}"
        if "_" in self.notation:
            return value.replace(".", "_")
        return value.replace("_", ".") if "." in self.notation else value
