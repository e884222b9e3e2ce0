"""The commands about rules: `explain` and `rules`."""

from __future__ import annotations

from pathlib import Path

import click

from nixlint_ort.cli.output import write_text
from nixlint_ort.cli.parameters import OneRule, convention_option
from nixlint_ort.cli.stop import Stop


@click.command()
@click.argument("rule", type=OneRule())
@convention_option
def explain(rule: str, convention_folder: Path | None) -> None:
    """Say what a rule wants, why, and show a bad and a good example."""
    from nixlint_ort.convention.errors import did_you_mean
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.report.rules import explanation

    rules = Session.open((), Options(convention_folder)).convention.rules
    if rule not in rules:
        raise Stop(f"there is no rule {rule!r}{did_you_mean(rule, rules)}")

    write_text(explanation(rules[rule]))


@click.command("rules")
@convention_option
def list_rules(convention_folder: Path | None) -> None:
    """List all rules with severity and fix."""
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.report.rules import table

    write_text(table(Session.open((), Options(convention_folder)).convention.rules.values()))
