"""How a text is written in a place of a Nix file, so that Nix reads exactly that text there."""

from __future__ import annotations

import re
from collections.abc import Callable

from nixlint_ort.nix.values import Form

# A part of a name may begin with a digit; what would be no name is refused when the fixed file is parsed.
_NAME = re.compile(r"[A-Za-z0-9_'-]+")
_DIGITS = re.compile(r"0|[1-9][0-9]*")


def _in_string(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "\\${").replace("\n", "\\n")


def _in_indented(text: str) -> str | None:
    return None if "\n" in text else text.replace("''", "'''").replace("${", "''${")


def _as_name(text: str) -> str | None:
    return text if _NAME.fullmatch(text) else None


def _as_number(text: str) -> str | None:
    return text if _DIGITS.fullmatch(text) else None


def _in_comment(text: str) -> str | None:
    return None if "\n" in text or "\r" in text else text


_WRITERS: dict[Form | None, Callable[[str], str | None]] = {
    Form.STRING: _in_string,
    Form.INDENTED: _in_indented,
    Form.NAME: _as_name,
    Form.NUMBER: _as_number,
    Form.COMMENT: _in_comment,
}


def written(text: str, form: Form | None) -> str | None:
    """The text as it is written in a place of that form; None where it cannot be written there."""
    writer = _WRITERS.get(form)
    return writer(text) if writer else None


def quoted(text: str) -> str:
    """The text as a `"…"` string literal."""
    return f'"{_in_string(text)}"'
