"""The convention that a study proposes, as the files of a folder: main file, tables and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nixlint_ort.convention import Convention
from nixlint_ort.convention.folder import MAIN
from nixlint_ort.learn.general_rules import absent_lines, pin_rules, shipped_rules, text_rules, without_rules
from nixlint_ort.learn.main_file import main_file
from nixlint_ort.learn.plan import Plan, make_plan
from nixlint_ort.learn.proof import Dropped, broken_rules
from nixlint_ort.learn.rules import part_rules, site_rules
from nixlint_ort.learn.study import Study
from nixlint_ort.learn.table_file import table_file
from nixlint_ort.template import MAX_FIELDS


class DraftError(Exception):
    """No convention can say what the variants have in common, and why, in one line."""


@dataclass(eq=False)
class Draft:
    """A proposed convention."""

    plan: Plan
    files: Mapping[str, str]
    """The texts of the files by their paths in the folder."""
    dropped: Sequence[Dropped]
    """Rules that were left out, since too many variants break them."""


def make_draft(study: Study, shipped: Convention, variants: str) -> Draft:
    """Put a convention together; `shipped` gives the rules that hold for any package, `variants` the files' pattern.

    Raises DraftError for names of more parts than a template may have fields.
    """
    for kind in study.names.kinds:
        parts = sum(word.part is not None for word in kind.words)
        if parts >= MAX_FIELDS:  # the package is a field too
            path = study.variants[kind.members[0]].path
            raise DraftError(
                f"{path}: names like this have {parts} parts that vary; learn reads at most {MAX_FIELDS - 1}"
            )
    plan = make_plan(study, variants)
    rules = [*site_rules(study, plan.tables), *part_rules(study, plan.tables), *text_rules(plan), *absent_lines(plan)]
    rules += pin_rules(plan)
    taken = {rule.path.rpartition("/")[2].removesuffix(".yaml") for rule in rules}
    rules += shipped_rules(shipped, plan, taken)
    files = {MAIN: main_file(plan)}
    files |= {f"tables/{table.file}": table_file(table) for table in plan.tables.all.values() if table.keys}
    files |= {rule.path: rule.text for rule in rules}
    dropped: list[Dropped] = []
    while broken := broken_rules(files, study.variants, study.branches):
        dropped += broken
        files = without_rules(files, {one.id for one in broken})
    return Draft(plan, files, dropped)
