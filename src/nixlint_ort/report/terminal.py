"""What the formats for people share: colours, the line that names a finding, and the line that sums up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixlint_ort.finding import Finding, Place, Safety, Severity
from nixlint_ort.report.escape import visible
from nixlint_ort.report.wrapping import WrappedWord, broken, words

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result, Suppressed

BOLD, DIM, RED, GREEN, YELLOW, BLUE, CYAN = "1", "2", "31", "32", "33", "1;34", "36"
HANGING = 4
"""Blanks before the further lines of a finding that is broken to fit a terminal."""
_FORGED = re.compile(r":(?=[0-9]+:[0-9]+: (?:error|warning|info)\[)")
SEVERITY_STYLES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


class Painter:
    """Puts text in a style (an ANSI code such as `1;31`), or leaves it as it is where colour is not wanted."""

    def __init__(self, *, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, style: str) -> str:
        """The text, in the style if there is colour."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and text and style else text


def place_text(place: Place) -> str:
    """A place as `path:line:column`; in a path that itself looks like the beginning of a finding, that is escaped."""
    path = _FORGED.sub(r"\\x3a", visible(place.path))
    return f"{path}:{place.start.line}:{place.start.column}"


def headline(finding: Finding, paint: Painter, columns: int | None = None) -> str:
    """A finding in one line: where, how bad, which rule, and what is wrong; in more where it has more `columns`."""
    severity, rule = str(finding.severity), f"[{visible(finding.rule)}]"
    where = place_text(finding.place)
    head = [
        WrappedWord(f"{where}:", f"{paint(where, BOLD)}:"),
        WrappedWord(severity + rule, paint(severity, SEVERITY_STYLES[finding.severity]) + rule),
    ]
    return "\n".join(broken([*head, *words(visible(finding.message))], columns, HANGING))


def suppressed_line(suppressed: Suppressed, paint: Painter) -> str:
    """A suppressed finding in one line, with the reason if there is one."""
    finding = suppressed.finding
    reason = f" (suppressed: {visible(suppressed.reason)})" if suppressed.reason else " (suppressed)"
    return paint(
        f"{place_text(finding.place)}: {finding.severity}[{visible(finding.rule)}] {visible(finding.message)}" + reason,
        DIM,
    )


def summary_line(result: Result, paint: Painter) -> str:
    """How many files were checked, how many findings of which severity there are, and how many can be fixed."""
    parts = [f"{counted(result.files, 'file')} checked"]
    for severity, plural in ((Severity.ERROR, "errors"), (Severity.WARNING, "warnings"), (Severity.INFO, "info")):
        count = result.count(severity)
        if count:
            word = severity.value if count == 1 else plural
            parts.append(paint(f"{count} {word}", SEVERITY_STYLES[severity]))
    if not result.findings:
        parts.append(paint("no findings", GREEN))
    if result.known:
        parts.append(f"{len(result.known)} in the baseline")
    if result.suppressed:
        parts.append(f"{len(result.suppressed)} suppressed")
    fixes = [finding.fix.safety for finding in result.findings if finding.fix]
    safe, unsafe = fixes.count(Safety.SAFE), fixes.count(Safety.UNSAFE)
    hints = [f"{safe} fixable with --fix"] if safe else []
    if unsafe:
        hints.append(f"{unsafe} {'more ' if safe else 'fixable '}with --fix --unsafe-fixes")
    return "; ".join([", ".join(parts), *hints])


def counted(count: int, noun: str) -> str:
    """A number with its noun, such as `1 file` or `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
