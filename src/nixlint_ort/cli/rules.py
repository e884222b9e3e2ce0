"""The commands about rules: `explain` and `rules`."""

from __future__ import annotations

from pathlib import Path

import click

from nixlint_ort.cli.opening import load_convention, rules_option
from nixlint_ort.cli.output import Stop, write
from nixlint_ort.cli.words import OneRule


@click.command()
@click.argument("rule", type=OneRule())
@rules_option
def explain(rule: str, rules_folder: Path | None) -> None:
    """Say what a rule wants, why, and show a bad and a good example."""
    from nixlint_ort.convention.errors import did_you_mean
    from nixlint_ort.report.rules import explanation

    rules = load_convention(rules_folder, Path.cwd()).rules
    if rule not in rules:
        raise Stop(f"there is no rule {rule!r}{did_you_mean(rule, rules)}")

    write(explanation(rules[rule]))


@click.command("rules")
@rules_option
def list_rules(rules_folder: Path | None) -> None:
    """List all rules with severity and fix."""
    from nixlint_ort.report.rules import table

    write(table(load_convention(rules_folder, Path.cwd()).rules.values()))
