"""Where a value came from, and how it is there."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from nixlint_ort.source import Span


class Origin(NamedTuple):
    """Where a value was written, and the references that it passed through on its way, nearest first."""

    span: Span
    through: tuple[Span, ...] = ()


class Form(Enum):
    """How a piece of text is in the file, which decides whether and how it can be edited there."""

    STRING = auto()
    """Verbatim in a `"…"` string: the piece's UTF-8 bytes are the bytes at its origin."""
    INDENTED = auto()
    """Verbatim in a `''…''` string."""
    NUMBER = auto()
    """The decimal digits of an integer literal."""
    NAME = auto()
    """An identifier, such as an attribute's name."""
    COMMENT = auto()
    """Verbatim in a comment."""
    DERIVED = auto()
    """Made from what is at its origin (an escape, a change of case): no edit of a part is possible."""
    UNKNOWN = auto()
    """Not known: `text` is empty and `Piece.unknown` says why."""


VERBATIM = frozenset({Form.STRING, Form.INDENTED, Form.NUMBER, Form.NAME, Form.COMMENT})
"""The forms whose text is, byte for byte, what is in the file."""
