"""Tells which lines of a fence show what is wrong, or what fails: nothing is claimed there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_REMARK = re.compile(r"(?:\A|\s)(?:#|//)(?P<said>.*)")
_OUTPUT = re.compile(r"\W*(?P<first>\w+)")
_SENTENCE = re.compile(r"[.!?]\s+(?=\S)")
_REPORTS = {":", "["}
"""What stands behind the word in a report, as in `a.nix:2:3: error[rule]`."""
_LEAD = 200
"""Code points of a paragraph's end in which its last sentence begins."""


def lines_shown_wrong(lines: Sequence[str], lead: str, excluding: Mapping[str, re.Pattern[str]]) -> list[bool]:
    """For each line of a fence whether it is shown as wrong.

    That says the last sentence of the paragraph that leads to it, or a comment above it or behind it, or the output
    of a command, which fails.
    """
    is_led = _says_wrong(_SENTENCE.split(lead[-_LEAD:].rstrip())[-1], excluding)
    is_wrong, is_failing = is_led, False
    found: list[bool] = []
    begun = 0
    for number, line in enumerate(lines):
        low = line.lower()
        if not low.strip():
            is_wrong, is_failing, begun = is_led, False, number + 1
        elif low.lstrip().startswith("$"):
            is_failing, begun = False, number
        elif _is_failure(low, excluding):
            is_failing = True
            found[begun:] = [True] * (number - begun)
            begun = number
        remark = _REMARK.search(low)
        said = remark["said"] if remark else ""
        if remark and not low[: remark.start()].strip():  # a comment by itself, which is of the lines below
            is_wrong = (is_wrong and not excluding["right"].search(said)) or _says_wrong(said, excluding)
        found.append(is_wrong or is_failing or _says_wrong(said, excluding) or _is_failure(said, excluding))
    return found


def _says_wrong(text: str, excluding: Mapping[str, re.Pattern[str]]) -> bool:
    return excluding["wrong"].search(text.lower()) is not None


def _is_failure(line: str, excluding: Mapping[str, re.Pattern[str]]) -> bool:
    """Whether a line begins as an error does, or with a sign of what is wrong."""
    first = _OUTPUT.match(line)
    if first is None:
        return False
    if any(line[one.end() : one.end() + 1] in _REPORTS for one in excluding["failed"].finditer(line)):
        return True
    return bool(
        excluding["failed"].fullmatch(first["first"]) or excluding["wrong"].search(line[: first.start("first")])
    )
