"""How the formats for people are laid out."""

from __future__ import annotations

from typing import NamedTuple


class Layout(NamedTuple):
    """What the formats for people show, and how wide."""

    summary: bool = True
    """Whether a line in the end sums up; without it, a clean run says nothing."""
    every: bool = False
    """Whether each place of a cause is named, or else the first one and how many more there are."""
    columns: int | None = None
    """Those of the terminal that lines are broken for, and source lines cut; None for lines of any length."""


WHOLE = Layout()
"""Lines of any length, and a line that sums up."""
