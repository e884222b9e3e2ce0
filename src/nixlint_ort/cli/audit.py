"""The command `audit`, which holds the convention's tables against the vendor's figures."""

from __future__ import annotations

from pathlib import Path

import click

from nixlint_ort.cli.opening import load_convention, rules_option
from nixlint_ort.cli.output import note, write


@click.command()
@rules_option
def audit(rules_folder: Path | None) -> None:
    """Say where the tables disagree with what NVIDIA publishes. It informs, and never fails."""
    from nixlint_ort.check.audit import audit as run

    convention = load_convention(rules_folder, Path.cwd())
    if convention.roles.vendor is None:
        note("the convention has no role `vendor`, so there is nothing to compare its tables with")
        return
    vendor = convention.table_of(convention.roles.vendor.key).path
    found = run(convention)
    write("".join(f"{one.path}:{one.line}:{one.column}: {one.message}\n" for one in found))
    note(f"{len(found)} {'disagreement' if len(found) == 1 else 'disagreements'} with {vendor}")
