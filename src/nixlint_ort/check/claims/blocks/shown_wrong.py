"""Tells which lines of a fence show what is wrong, or what fails: nothing is claimed there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_REMARK = re.compile(r"(?:\A|\s)(?:#|//)(?P<said>.*)")
_OUTPUT = re.compile(r"\W*(?P<first>\w+)")
_SENTENCE = re.compile(r"[.!?]\s+(?=\S)")
_LEAD = 200
"""Code points of a paragraph's end in which its last sentence begins."""


def lines_shown_wrong(lines: Sequence[str], lead: str, excluding: Mapping[str, re.Pattern[str]]) -> list[bool]:
    """For each line of a fence whether it is shown as wrong.

    That says the last sentence of the paragraph that leads to it, or a comment above it or behind it, or the output
    of a command, which fails.
    """
    is_led = _says_wrong(_SENTENCE.split(lead[-_LEAD:].rstrip())[-1], excluding)
    is_wrong = is_led
    found: list[bool] = []
    begun = 0
    for number, line in enumerate(lines):
        low = line.lower()
        if not low.strip():
            is_wrong, begun = is_led, number + 1
            found.append(is_wrong)
            continue
        remark = _REMARK.search(low)
        is_comment = remark is not None and not low[: remark.start()].strip()
        if remark and is_comment and excluding["right"].search(remark["said"]):
            is_wrong = False
        if remark and is_comment and _says_wrong(remark["said"], excluding):
            is_wrong = True
        is_beside = remark is not None and (
            _says_wrong(remark["said"], excluding) or _is_failure(remark["said"], excluding)
        )
        found.append(is_wrong or is_beside)
        if begun < number and _is_failure(low, excluding):
            found[begun:] = [True] * (len(found) - begun)
        if low.lstrip().startswith("$"):
            begun = number
    return found


def _says_wrong(text: str, excluding: Mapping[str, re.Pattern[str]]) -> bool:
    return excluding["wrong"].search(text.lower()) is not None


def _is_failure(line: str, excluding: Mapping[str, re.Pattern[str]]) -> bool:
    """Whether a line begins as an error does, or with a sign of what is wrong."""
    first = _OUTPUT.match(line)
    if first is None:
        return False
    return bool(
        excluding["failed"].fullmatch(first["first"]) or excluding["wrong"].search(line[: first.start("first")])
    )
