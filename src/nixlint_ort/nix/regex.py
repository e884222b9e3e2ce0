"""POSIX extended regular expressions as Nix reads them, where Python's engine is sure to agree."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_PATTERN = 2000
MOST_PARTS = 20
MOST_WORK = 200_000
"""About how many ways of matching may be tried: Python cannot be stopped once it searches."""

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_ESCAPED = ".[]{}()*+?|^$\\"
_ATOM = re.compile(
    r"(?P<set>\[\^?\]?(?:\[:[a-z]+:\]|[^\]\[])*\])|(?P<escape>\\.)|(?P<open>\()|(?P<close>\))"
    r"|(?P<times>[*+?]|\{[0-9]+(?:,[0-9]*)?\})|(?P<bar>\|)|(?P<plain>[^][\\(){}*+?|^$])",
    re.DOTALL,
)


class UnsureError(Exception):
    """A pattern that Python's engine might read or search otherwise than Nix."""


class _Reading:
    """A pattern as it is read from left to right."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.unbounded = 0
        self.choices = 0
        self.depth = 0
        self.before = ""

    def take(self, kind: str, text: str) -> None:
        """Takes the next atom. Raises UnsureError."""
        before = self.before
        if before in _NEVER_AFTER.get(kind, ()):
            raise UnsureError
        if kind == "times":
            if before == "close" and text != "?":
                raise UnsureError
            self.unbounded += "," in text or text in "*+"
            self.choices += text == "?"
        elif kind == "bar":
            self.choices += 1
        elif kind == "open":
            self.depth += 1
        elif kind == "close":
            self.depth -= 1
        elif kind == "escape" and text[1] not in _ESCAPED:
            raise UnsureError
        if self.depth < 0:
            raise UnsureError
        self.parts.append(_set(text) if kind == "set" else re.escape(text) if kind == "plain" and text != "." else text)
        self.before = kind


_NEVER_AFTER = {
    "times": ("", "times", "open", "bar"),
    "close": ("open", "bar"),
    "bar": ("", "open", "bar"),
}


@lru_cache(maxsize=256)
def translate(pattern: str) -> tuple[re.Pattern[bytes], int, int]:
    """The pattern for Python over bytes, how many of its parts can repeat, and how many are a choice of two.

    Raises UnsureError.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise UnsureError
    reading = _Reading()
    at = 0
    while at < len(pattern):
        match = _ATOM.match(pattern, at)
        if match is None or not match[0].isascii():
            raise UnsureError
        at = match.end()
        reading.take(match.lastgroup or "", match[0])
    if reading.depth or reading.before == "bar":
        raise UnsureError
    try:
        compiled = re.compile("".join(reading.parts).encode(), re.DOTALL)
    except (re.error, OverflowError):  # such as a range or a number of times that runs backwards
        raise UnsureError from None
    return compiled, reading.unbounded, reading.choices


def _set(text: str) -> str:
    """A bracket expression, in which POSIX knows no escapes."""
    negated = text.startswith("[^")
    body = text[2:-1] if negated else text[1:-1]
    parts = []
    for part in re.findall(r"\[:[a-z]+:\]|.", body, re.DOTALL):
        if len(part) > 1:
            if part[2:-2] not in _CLASSES:
                raise UnsureError
            parts.append(_CLASSES[part[2:-2]])
        else:
            parts.append(part if part == "-" else re.escape(part))
    inner = "".join(parts)
    if re.search(r"(?:[a-z]-[A-Z]|[A-Z]-[a-z]|[^A-Za-z0-9]-[^\]])", body.strip("-")):
        raise UnsureError
    if not body:
        raise UnsureError
    return f"[{'^' if negated else ''}{_hyphens(inner, body)}]"


def _hyphens(inner: str, body: str) -> str:
    """A hyphen at either end stands for itself; everywhere else it makes a range, as in Python."""
    if body.startswith("-"):
        inner = "\\-" + inner[1:]
    if body.endswith("-") and len(body) > 1:
        inner = inner[:-1] + "\\-"
    return inner


def full_match(pattern: str, text: bytes) -> re.Match[bytes] | None:
    """Matches the whole text. Raises UnsureError."""
    compiled, unbounded, choices = translate(pattern)
    if "|" in pattern and compiled.groups > pattern.count("|"):
        raise UnsureError
    _affordable(text, unbounded, choices)
    return compiled.fullmatch(text)


def searches(pattern: str, text: bytes) -> list[re.Match[bytes]]:
    """Every match that does not overlap an earlier one, from left to right. Raises UnsureError."""
    compiled, unbounded, choices = translate(pattern)
    if "|" in pattern or compiled.match(b""):
        raise UnsureError
    _affordable(text, unbounded + 1, choices)
    return list(compiled.finditer(text))


def _affordable(text: bytes, unbounded: int, choices: int) -> None:
    if unbounded > MOST_PARTS or choices > MOST_PARTS or (len(text) + 1) ** unbounded * 2**choices > MOST_WORK:
        raise UnsureError
