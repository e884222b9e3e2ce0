"""Shows rules: one explained in full, or all in a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nixlint_ort.report.escape import visible, without_commands

if TYPE_CHECKING:
    from nixlint_ort.convention import Rule


def explanation(rule: Rule) -> str:
    """What a rule wants and why, with a bad and a good example."""
    parts = [
        f"{rule.id} ({rule.family})",
        rule.summary,
        rule.why,
        f"Severity: {severity(rule)}\nFix: {rule.fix or 'none'}\nApplies to: {rule.applies}",
        f"Bad, in {rule.example.variant}.nix:\n{_indented(rule.example.bad)}",
        f"Good:\n{_indented(rule.example.good)}",
    ]
    return without_commands("\n\n".join(parts) + "\n")


def severity(rule: Rule) -> str:
    """The severity of a rule, or that of each kind where they differ."""
    kinds = set(rule.severities.values())
    if len(kinds) == 1:
        return str(rule.severity)
    return ", ".join(f"{level} for {kind}" for kind, level in rule.severities.items())


def table(rules: Iterable[Rule]) -> str:
    """One line a rule: id, severity, fix and summary."""
    rows = [(rule.id, severity(rule), f"fix: {rule.fix or 'none'}", rule.summary) for rule in rules]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return without_commands(
        "".join(
            "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) + "\n"
            for row in rows
        )
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {visible(line)}".rstrip() for line in (text or "(nothing)").rstrip("\n").split("\n"))
