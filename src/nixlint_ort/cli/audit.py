"""The command `audit`, which compares the convention's tables with the vendor's figures."""

from __future__ import annotations

from pathlib import Path

import click

from nixlint_ort.cli.output import write_text
from nixlint_ort.cli.parameters import convention_option
from nixlint_ort.cli.stop import note


@click.command()
@convention_option
def audit(convention_folder: Path | None) -> None:
    """Compare the tables with what NVIDIA publishes. Exits with 0 even if they differ."""
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.views.audit import audit as run

    convention = Session.open((), Options(convention_folder)).convention
    if convention.roles.vendor is None:
        note("the convention has no role `vendor`, which audit needs")
        return
    vendor = convention.table_of(convention.roles.vendor.key).path
    found = run(convention)
    write_text("".join(f"{one.path}:{one.line}:{one.column}: {one.message}\n" for one in found))
    note(f"{len(found)} {'disagreement' if len(found) == 1 else 'disagreements'} with {vendor}")
