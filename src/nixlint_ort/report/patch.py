"""A unified diff in colour, for a terminal; without colour it is left as it is, since programs read it."""

from __future__ import annotations

from collections.abc import Iterable

from nixlint_ort.report.escape import visible, without_commands
from nixlint_ort.report.terminal import BOLD, CYAN, GREEN, RED, Painter

_STYLES = {"--- ": BOLD, "+++ ": BOLD, "diff": BOLD, "rename": BOLD, "@@": CYAN, "-": RED, "+": GREEN}


def colored(lines: Iterable[str]) -> str:
    """The lines of a diff in the colours that git gives them, with what does not print made visible."""
    paint = Painter(color=True)
    painted = (paint(visible(line.removesuffix("\n")), _style(line)) for line in lines)
    return without_commands("".join(f"{line}\n" for line in painted))


def _style(line: str) -> str:
    return next((style for start, style in _STYLES.items() if line.startswith(start)), "")
