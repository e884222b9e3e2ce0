"""Gives each finding of a run the fix that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixlint_ort.check.result import Result

if TYPE_CHECKING:
    from nixlint_ort.check.run import Checked, Judgement
    from nixlint_ort.finding import Finding


def suggest(checked: Checked) -> Result:
    """The result of a run, each finding with its fix where it has one."""
    findings = tuple(map(_with_fix, checked.judgements))
    return Result(findings, checked.files, checked.notes, checked.suppressed, checked.rules)


def _with_fix(judgement: Judgement) -> Finding:
    finding, violation = judgement
    if finding.fix or not violation:
        return finding
    from nixlint_ort.fix.make import fix_of  # not where there is nothing to mend

    return finding._replace(fix=fix_of(violation))
