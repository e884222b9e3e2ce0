"""The commands about rules: `explain` and `rules`."""

from __future__ import annotations

from pathlib import Path

import click

from nixlint_ort.cli.opening import convention_options, load_convention, unknown_rule
from nixlint_ort.cli.output import write


@click.command()
@click.argument("rule")
@convention_options
def explain(rule: str, rules_folder: Path | None, branch: str | None) -> None:  # noqa: ARG001
    """Say what a rule wants, why, and show a bad and a good example."""
    rules = load_convention(rules_folder, Path.cwd()).rules
    if rule not in rules:
        unknown_rule(rule, rules)
    from nixlint_ort.report.rules import explanation

    write(explanation(rules[rule]))


@click.command("rules")
@convention_options
def list_rules(rules_folder: Path | None, branch: str | None) -> None:  # noqa: ARG001
    """List all rules with severity and fix."""
    from nixlint_ort.report.rules import table

    write(table(load_convention(rules_folder, Path.cwd()).rules.values()))
