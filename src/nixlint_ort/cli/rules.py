"""The commands about rules: `explain` and `rules`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nixlint_ort.cli.output import columns_for, write, write_text
from nixlint_ort.cli.parameters import RULE, OneOf, convention_option, width_option
from nixlint_ort.cli.stop import Stop, note

if TYPE_CHECKING:
    from nixlint_ort.lint import Session

_format = click.option(
    "--output-format", type=OneOf(["text", "json"]), default="text", help="Format of the output (default text)."
)


@click.command()
@click.argument("rule", type=RULE)
@_format
@width_option
@convention_option
def explain(rule: str, output_format: str, width: int | None, convention_folder: Path | None) -> None:
    """Explain a rule or family: what it requires, why, and an example."""
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.report.rules import explanation, rules_json, table
    from nixlint_ort.settings import UnknownRuleError, rules_named

    rules = Session.open((), Options(convention_folder)).convention.rules
    try:
        found = [rules[name] for name in rules if name in rules_named(rule, rules)]
    except UnknownRuleError as error:
        raise Stop(str(error)) from None
    if output_format == "json":
        write(rules_json(found))
    elif rule in rules:
        write(explanation(rules[rule], columns_for(width, sys.stdout)))
    else:
        write(table(found))
        note("run `nixlint-ort explain RULE` for one of these rules")


@click.command("rules")
@_format
@click.option("--check", is_flag=True, help="Test each rule of the repository's own convention with its example.")
@click.option(
    "--new-since",
    metavar="VERSION",
    help="List only rules, and rows of tables, that this version of nixlint-ort did not have yet.",
)
@convention_option
def list_rules(output_format: str, check: bool, new_since: str | None, convention_folder: Path | None) -> None:
    """List all rules with their severity and fix."""
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.report.rules import rules_json, table

    session = Session.open((), Options(convention_folder))
    if check:
        _check(session)
        return
    rules = list(session.convention.rules.values())
    rows: list[str] = []
    if new_since is not None:
        rules = [rule for rule in rules if _is_newer(rule.since, new_since)]
        rows = [
            f"{row.node.path}: row {row.cells[one.key]}"
            for one in session.convention.tables.values()
            for row in one.rows
            if _is_newer(row.since, new_since)
        ]
        if not rules and not rows:
            note(f"{new_since} has every rule and every row of the tables")
    if output_format == "json":
        write(rules_json(rules))
        return
    write(table(rules))
    write_text("".join(f"{row}\n" for row in rows))


def _is_newer(since: str | None, version: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        return since is not None and Version(since) > Version(version)
    except InvalidVersion:
        raise Stop(f"{version} is not a version, such as 0.1") from None


def _check(session: Session) -> None:
    from nixlint_ort.check.predicates.registry import BASIC
    from nixlint_ort.convention.example import ExampleScope
    from nixlint_ort.views.examples import is_run, own_rules, run_examples

    own = own_rules(session)
    problems = list(run_examples(session, own))
    for one in problems:
        write(f"{one.rule.path}: {one.message}\n")
    run = sum(map(is_run, own))
    lacking = sum(rule.example.scope is ExampleScope.NONE for rule in own)
    without = f"; {lacking} have no example" if lacking else ""
    note(f"{run} of {len(own)} examples run, {len(problems)} of them wrong{without}")
    checks = {rule.check for rule in session.convention.rules.values()}
    lacking_checks = [f"`check: {name}`" for name in BASIC if name not in checks]
    if lacking_checks:
        note(f"no rule has {', '.join(lacking_checks)}; without it, files that cannot be judged give no finding")
    sys.exit(1 if problems else 0)
