"""The tables against the vendor's figures: every disagreement that is known, at its line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nixlint_ort.cli import cli
from nixlint_ort.convention.tables import read_table
from nixlint_ort.convention.yaml_tree import read_yaml
from nixlint_ort.views.audit import audit
from tests.support.linting import FIXTURES, ROOT, convention, expected


def test_what_the_conventions_own_tables_disagree_on() -> None:
    found = [(one.path, source_line(one.path, one.line), one.message.partition(",")[0]) for one in audit(convention())]
    blackwell = [
        (f"release {branch} lists CUDA 12.4 and SM{sm}")
        for branch in ("main", "ort-1.24", "ort-1.23")
        for sm in (100, 120)
    ]
    assert [one[2] for one in found] == [
        "the table lists L40S under SM90",
        *blackwell,
        "the table says driver 560 for CUDA 12.9",
    ]
    assert "only: {" not in found[0][1]
    assert '"560"' in found[-1][1]


@pytest.mark.parametrize(("gone", "left"), [("stack", {"gpus.yaml"}), ("target", {"stacks.yaml"}), ("vendor", set())])
def test_a_role_that_a_convention_does_not_have_disagrees_with_nothing(gone: str, left: set[str]) -> None:
    found = audit(convention()._replace(roles=convention().roles._replace(**{gone: None})))  # type: ignore[arg-type]
    assert {Path(one.path).name for one in found} == left


def test_every_disagreement_is_said_in_the_order_of_the_tables_at_the_cell() -> None:
    paths = (FIXTURES / "audit").glob("*.yaml")
    tables = {table.name: table for table in (read_table(read_yaml(path.name, path.read_bytes())) for path in paths)}
    found = audit(convention()._replace(tables=tables))
    now = "".join(f"{one.path}:{one.line}:{one.column}: {one.message}\n" for one in found)
    assert now == expected("audit/disagreements.txt", now)


def source_line(path: str, line: int) -> str:
    return (ROOT / path).read_text("utf-8").split("\n")[line - 1]


def test_it_informs_and_never_fails(tmp_path: Path) -> None:
    ran = CliRunner().invoke(cli, ["audit"])
    assert ran.exit_code == 0
    assert "the table lists L40S under SM90, but its compute capability is 8.9" in ran.output
    assert "rules/tables/stacks.yaml:" in ran.output


def test_a_convention_without_figures_of_the_vendor_is_held_against_nothing() -> None:
    ran = CliRunner().invoke(cli, ["audit", "--convention", str(ROOT / "tests/fixtures/pytorch/rules")])
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr == ("nixlint-ort: the convention has no role `vendor`, which audit needs\n")
