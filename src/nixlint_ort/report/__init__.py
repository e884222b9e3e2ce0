"""How a run's result is shown: one module for each output format, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from nixlint_ort.report.layout import WHOLE, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nixlint_ort.check.result import Result

_MODULES = {
    "full": "full",
    "concise": "concise",
    "json": "json_document",
    "json-lines": "json_lines",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "junit": "junit",
    "rdjson": "rdjson",
    "azure": "azure",
    "checkstyle": "checkstyle",
}

FORMATS = tuple(_MODULES)
"""The names of the output formats."""

FOR_PEOPLE = ("full", "concise")
"""Those that people read: they may have colour, and end with a line that sums up."""

KEEP_SUPPRESSED = ("json", "sarif")
"""Those that have a place of their own for suppressed findings, so that nobody takes one for a finding."""


def render(name: str, result: Result, *, color: bool = False, layout: Layout = WHOLE) -> str:
    """The whole report in the format of that name, as `parts` gives it."""
    return "".join(parts(name, result, color=color, layout=layout))


def parts(name: str, result: Result, *, color: bool = False, layout: Layout = WHOLE) -> Iterable[str]:
    """The report in the format of that name, ending in a newline unless it is empty, in parts that follow each other.

    Whatever the files, their names or the messages hold, the text has no lone surrogate, no control character
    but newlines (and the colour codes that `color` gives the formats for people) and nothing that a CI system
    takes for a command. `layout` is for the formats for people.
    The formats for people, `json`, `json-lines` and `sarif` show what is in `result.suppressed`. Raises KeyError for
    an unknown name.
    """
    module = import_module(f"nixlint_ort.report.{_MODULES[name]}")
    for_people = {"color": color, "layout": layout} if name in FOR_PEOPLE else {}
    made: str | Iterator[str] = module.render(result, **for_people)
    return (made,) if isinstance(made, str) else made
