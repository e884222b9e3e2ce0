"""What a draft cannot know: cells that no variant shows, cells that hang on one variant, and parts of roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nixlint_ort.convention.roles import parts_of_role
from nixlint_ort.learn.dependence import FEWEST
from nixlint_ort.learn.draft import Draft
from nixlint_ort.learn.main_file import role_columns
from nixlint_ort.learn.plan import RELEASE_LISTS, Plan
from nixlint_ort.learn.study import Study
from nixlint_ort.learn.table_file import key_columns, rows_of
from nixlint_ort.learn.tables import RELEASE, Table

_SHOWN_PARTS = ("key", "title", "details")
"""Parts of roles that are not cells."""


class Gap(NamedTuple):
    """One thing that the variants do not show, or hardly."""

    table: str
    row: str
    column: str
    why: str


def find_gaps(study: Study, draft: Draft) -> list[Gap]:
    """Everything that somebody has to look at or fill in."""
    tables = draft.plan.tables.all.values()
    found = list(_of_names(study))
    found += [gap for table in tables for gap in _of_table(table)]
    found += _of_roles(study, draft.plan)
    for one in draft.dropped:
        found.append(Gap("", "", one.id, f"this rule is left out: {one.breaking} of {one.total} variants break it"))
    return found


def alone(study: Study) -> int:
    """How many variants have a name that hardly another one is like, so that nothing in them can be odd."""
    return sum(len(kind.members) for kind in study.names.kinds if len(kind.members) < FEWEST)


def _of_names(study: Study) -> Iterator[Gap]:
    if 2 * (few := alone(study)) > len(study.variants):
        why = f"{few} of {len(study.variants)} variants have a name of their own kind; they are compared with nothing"
        yield Gap("", "", "names", why)


def _of_table(table: Table) -> Iterator[Gap]:
    for only, cells in rows_of(table):
        row = ", ".join([*(str(cells[key]) for key in key_columns(table)), *only.values()])
        for column in table.columns.values():
            if column.name not in cells:
                yield Gap(table.name, row, column.name, "no variant shows it")
    for column in table.columns.values():
        for (key, guard), support in column.support.items():
            row = ", ".join(filter(None, (*key, guard)))
            if support.total == 1:
                yield Gap(table.name, row, column.name, "only one variant shows it")
            elif support.agree < support.total:
                yield Gap(table.name, row, column.name, f"{support.agree} of {support.total} variants agree")


def _of_roles(study: Study, plan: Plan) -> Iterator[Gap]:
    """The parts of roles that no column can be determined to be, and the branches that were not read."""
    for role in ("stack", "target", "isa", "python"):
        part = study.roles.get(role)
        if part is None:
            yield Gap("", "", role, "no part of the names has this role")
            continue
        known = role_columns(plan, role, part)
        for name in parts_of_role(role):
            if name not in _SHOWN_PARTS and name not in known:
                yield Gap(part, "", name, f"the role {role} may have this part; no column is recognized as it")
    yield Gap(RELEASE, "", "status", "the role release may have this part, but no variant shows it")
    for name in sorted(set(RELEASE_LISTS.values()) & plan.tables.all[RELEASE].columns.keys()):
        yield Gap(RELEASE, "", name, "it lists what the variants have; no variant shows what is missing")
    if len(set(study.branches)) < 2:
        yield Gap(RELEASE, "", "branch", "one branch was read; --branches reads all of them")
