"""Shows rules: one explained in full, as text or as Markdown, or all in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from nixlint_ort.convention.example import ExampleScope
from nixlint_ort.report.escape import harmless, json_text, visible
from nixlint_ort.report.wrapping import wrapped

if TYPE_CHECKING:
    from nixlint_ort.convention import Rule

_BAD = {
    ExampleScope.TEXT: "Bad, in {variant}.nix",
    ExampleScope.EVERY: "Bad, in every variant",
    ExampleScope.NAME: "Bad, as the name of the file",
    ExampleScope.COPY: "Bad, as the name of one more file",
    ExampleScope.REMOVED: "Bad, where there is no such file",
    ExampleScope.UNTRACKED: "Bad, where git does not track the file",
    ExampleScope.COMMIT: "Bad, as the subject of a commit",
    ExampleScope.DOCUMENT: "Bad, in {variant}",
    ExampleScope.TABLE: "Bad, in {variant}",
}
_GOOD = {
    ExampleScope.REMOVED: "Good, where there is",
    ExampleScope.UNTRACKED: "Good, once it is added",
}
_NAMES = frozenset({ExampleScope.NAME, ExampleScope.COPY, ExampleScope.REMOVED, ExampleScope.UNTRACKED})


class Shown(NamedTuple):
    """One half of an example: where its text stands, the text, and the language that it is in."""

    where: str
    text: str
    language: str


def shown_example(rule: Rule) -> tuple[Shown, ...]:
    """What breaks a rule, and what does not; nothing for a rule without an example."""
    example = rule.example
    if example.scope is ExampleScope.NONE:
        return ()
    bad, good = example.bad, example.good
    language = "nix" if example.scope in (ExampleScope.TEXT, ExampleScope.EVERY) else "text"
    if example.scope in _NAMES:
        good = f"{good}.nix"
        bad = f"{bad}.nix" if bad else good
    return (
        Shown(_BAD[example.scope].format(variant=example.variant), bad, language),
        Shown(_GOOD.get(example.scope, "Good"), good, language),
    )


def explanation(rule: Rule, columns: int | None = None) -> str:
    """What a rule requires and why, with a bad and a good example; sentences are broken to fit so many columns."""
    parts = [
        f"{rule.id} ({rule.family})",
        wrapped(rule.summary, columns),
        wrapped(rule.why, columns),
        f"Severity: {severity(rule)}\nFix: {rule.fix or 'none'}\nApplies to: {', '.join(sorted(rule.applies))}",
        *(f"{shown.where}:\n{_indented(shown.text)}" for shown in shown_example(rule)),
    ]
    return harmless("\n\n".join(parts) + "\n")


def example_markdown(rule: Rule) -> str:
    """What breaks a rule and what does not, as Markdown."""
    return "\n\n".join(
        f"{shown.where}:\n\n{_fenced(shown.text or '(nothing)', shown.language)}" for shown in shown_example(rule)
    )


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
    return harmless(
        "".join(
            "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) + "\n"
            for row in rows
        )
    )


def rules_json(rules: Iterable[Rule]) -> str:
    """Rules as JSON, version 1."""
    return json_text({"version": 1, "rules": [_object(rule) for rule in rules]}, indent=2) + "\n"


def _object(rule: Rule) -> dict[str, Any]:
    shown = shown_example(rule)
    example = {"bad": shown[0].text, "good": shown[1].text, "where": shown[0].where} if shown else None
    return {
        "id": rule.id,
        "family": rule.family,
        "summary": rule.summary,
        "why": rule.why,
        "applies": sorted(rule.applies),
        "severity": {kind: str(level) for kind, level in rule.severities.items()},
        "fix": str(rule.fix) if rule.fix else None,
        "facts": list(rule.facts),
        "path": rule.path,
        "since": rule.since,
        "example": example,
    }


def _indented(text: str) -> str:
    return "\n".join(f"    {visible(line)}".rstrip() for line in (text or "(nothing)").rstrip("\n").split("\n"))


def _fenced(code: str, language: str) -> str:
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code.rstrip()}\n{fence}"
