"""How many findings each rule has, as a table for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nixlint_ort.report.escape import visible
from nixlint_ort.report.terminal import SEVERITY_STYLES, Painter, summary_line

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result


def render(result: Result, *, color: bool = False, summary: bool = True) -> str:
    """One line for a rule and a severity, the most frequent first: how many findings, and how many with a fix."""
    paint = Painter(color=color)
    counts = Counter((finding.rule, finding.severity) for finding in result.findings)
    fixable = Counter((finding.rule, finding.severity) for finding in result.findings if finding.fix is not None)
    width = len(str(max(len(result.findings), len(result.known))))
    lines = [
        f"{str(count).rjust(width)}  {paint(severity, SEVERITY_STYLES[severity])}[{visible(rule)}]"
        + (f"  {fixable[rule, severity]} fixable" if fixable[rule, severity] else "")
        for (rule, severity), count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]
    known = Counter(finding.rule for finding in result.known)
    lines += [f"{str(count).rjust(width)}  in the baseline[{visible(rule)}]" for rule, count in sorted(known.items())]
    if summary:
        lines.append(summary_line(result, paint))
    return "".join(line + "\n" for line in lines)
