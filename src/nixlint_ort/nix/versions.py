"""How Nix takes versions and package names apart and compares them (Nix manual, `builtins.compareVersions`)."""

from __future__ import annotations

MAX_DIGITS = 9
"""Digits that surely fit into the 32 bits that Nix gives a component; longer ones are not compared here."""


class UnsureError(Exception):
    """A number in a version is too long to be sure how Nix compares it."""


def components(version: str) -> list[str]:
    """The runs of digits and of other characters, without the dots and dashes between them."""
    found: list[str] = []
    at = 0
    while at < len(version):
        if version[at] in ".-":
            at += 1
            continue
        start = at
        digits = _is_digit(version[at])
        while at < len(version) and version[at] not in ".-" and _is_digit(version[at]) == digits:
            at += 1
        found.append(version[start:at])
    return found


def _is_digit(character: str) -> bool:
    return "0" <= character <= "9"


def _number(component: str) -> int | None:
    if not component or not _is_digit(component[0]):
        return None
    if len(component) > MAX_DIGITS:
        raise UnsureError
    return int(component)


def _before(one: str, other: str) -> bool:
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return first < second
    if (one == "" and second is not None) or (one == "pre" and other != "pre"):
        return True
    if other == "pre" or (second is None and first is not None):
        return False
    return second is not None or one < other


def compare(one: str, other: str) -> int:
    """-1 if `one` is the older version, 1 if it is the newer, 0 if neither. Raises UnsureError."""
    left, right = components(one), components(other)
    for number in range(max(len(left), len(right))):
        first = left[number] if number < len(left) else ""
        second = right[number] if number < len(right) else ""
        if _before(first, second):
            return -1
        if _before(second, first):
            return 1
    return 0
