"""Writes the YAML of a convention: plain words where they are safe, double quotes everywhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]*")
_RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def scalar(text: str) -> str:
    """A text as one scalar that a convention's reader takes for this text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return json.dumps(text, ensure_ascii=False)


def value(cell: str | tuple[str, ...]) -> str:
    """A text, or a list in brackets."""
    return scalar(cell) if isinstance(cell, str) else f"[{', '.join(map(scalar, cell))}]"


def flow(entries: Mapping[str, str | tuple[str, ...]]) -> str:
    """A mapping on one line."""
    return f"{{{', '.join(f'{scalar(key)}: {value(cell)}' for key, cell in entries.items())}}}"


def plain_template(text: str) -> str:
    """Text in which braces stand for themselves in a template."""
    return text.replace("{", "{{").replace("}", "}}")


def plain_wording(text: str) -> str:
    """The same where brackets mean something too."""
    return plain_template(text).replace("[", "[[").replace("]", "]]")
