"""How many findings each rule has, as a table for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nixlint_ort.report.escape import visible
from nixlint_ort.report.terminal import SEVERITY_STYLES, Painter, summary_line

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result


def render(result: Result, *, color: bool = False, summary: bool = True) -> str:
    """One line a rule, the most frequent first: how many findings, how many of them with a fix, severity and rule."""
    paint = Painter(color=color)
    worst = {finding.rule: finding.severity for finding in reversed(result.findings)}
    fixable = {rule: sum(one.rule == rule and one.fix is not None for one in result.findings) for rule in worst}
    width = len(str(max(len(result.findings), len(result.known))))
    ranking = sorted(result.by_rule.items(), key=lambda one: (-one[1], one[0]))
    lines = [
        f"{str(count).rjust(width)}  {paint(worst[rule], SEVERITY_STYLES[worst[rule]])}[{visible(rule)}]"
        + (f"  {fixable[rule]} fixable" if fixable[rule] else "")
        for rule, count in ranking
    ]
    known = Counter(finding.rule for finding in result.known)
    lines += [f"{str(count).rjust(width)}  in the baseline[{visible(rule)}]" for rule, count in sorted(known.items())]
    if summary:
        lines.append(summary_line(result, paint))
    return "".join(line + "\n" for line in lines)
