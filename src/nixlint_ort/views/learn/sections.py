"""The report of a study as sections of tables, which every format for people shows alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nixlint_ort.convention.vocabulary import FACTS
from nixlint_ort.convention.vocabulary import about as about_fact
from nixlint_ort.learn.dependence import ABSENT, Dependence
from nixlint_ort.learn.draft import Draft
from nixlint_ort.learn.finding import Finding, likes_of
from nixlint_ort.learn.oddities import find_oddities
from nixlint_ort.learn.siblings import Lack, find_lacks
from nixlint_ort.learn.slots import Comparison
from nixlint_ort.learn.study import NAME, Study
from nixlint_ort.learn.table_file import key_columns, rows_of
from nixlint_ort.learn.tables import Cell, Table
from nixlint_ort.learn.twins import Pair, Twins, find_twins
from nixlint_ort.learn.unknown import Gap, find_gaps

MOST_SHOWN = 4
"""Exceptions that a row names; the others are counted."""
_LONGEST = 90
"""Code points of a text in a cell."""


@dataclass(eq=False)
class Report:
    """A study with all that is found in it."""

    study: Study
    draft: Draft
    findings: Sequence[Finding]
    twins: Sequence[Twins]
    lacks: Sequence[Lack]
    gaps: Sequence[Gap]


class Section(NamedTuple):
    """One table of the report; without rows, its note says why."""

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def make_report(study: Study, draft: Draft) -> Report:
    """Everything that there is to report."""
    return Report(study, draft, find_oddities(study), find_twins(study), find_lacks(study), find_gaps(study, draft))


def heading(report: Report) -> str:
    """What was studied, in one line."""
    study = report.study
    kinds = ", ".join(f"{len(kind.members)} {kind.name}" for kind in study.names.kinds)
    return f"{len(study.variants)} variants of {study.names.package} ({kinds})"


def sections(report: Report) -> Iterator[Section]:
    """The sections in the order in which they are read."""
    yield _odd(report)
    yield _parts(report)
    yield _facts(report)
    yield _lines(report)
    for table in report.draft.plan.tables.all.values():
        if table.keys:
            yield _table(table)
    yield _gaps(report)
    yield _twins(report)
    yield _siblings(report)


def _odd(report: Report) -> Section:
    rows = []
    for one in report.findings:
        where = _listed([f"{report.study.label(place.number)}:{place.line}" for place in one.places])
        agree = f"{one.agree} of {one.total}" if one.total else ""
        agree += f" ({one.likes})" if one.likes else ""
        texts = map(_short, (one.line, one.actual, one.expected))
        rows.append((one.oddity.value, where, *texts, agree, one.common))
    note = (
        "A majority can be wrong, so each row shows both sides. `differs`: another word is here; `lacks`: the line is "
        "missing here; `extra`: the line is only here; `loose`: the value varies, and no part of the name explains it; "
        "`broken`: the file is not valid Nix, or cannot be read. Where several odd variants have something in common, "
        "that may be the reason; such rows come last."
    )
    return Section("What is odd", note, ("", "where", "line", "here", "most have", "agree", "in common"), tuple(rows))


def _parts(report: Report) -> Section:
    rows = []
    for part in report.study.parts:
        values = list(dict.fromkeys(value for value in part.values if value is not None))
        role = next((role for role, name in report.study.roles.items() if name == part.name), "")
        rows.append((part.name, role, str(len(values)), _listed(values, 12)))
    return Section("Parts of the names", "", ("part", "role", "values", ""), tuple(rows))


def _facts(report: Report) -> Section:
    rows = []
    for site in report.study.sites:
        told = told_by(site.dependence)
        exceptions = _exceptions(report.study, site.dependence)
        unknown = f"; unknown in {site.unknown}" if site.unknown else ""
        what = site.name if site.name in FACTS else about_fact(site.name)
        if site.comparison is None:
            rows.append((what, told, _agree(site.dependence) + unknown, exceptions))
            continue
        rows.append((what, f"its parts: {_short(site.comparison.shown())}", unknown.removeprefix("; "), ""))
        rows += [("", *slot) for slot in _slots(report.study, site.comparison)]
    return Section(
        "Values and what they depend on",
        "What each variant evaluates to. For an exception: its value, and the value of similar variants.",
        ("value", "depends on", "agree", "exceptions"),
        tuple(rows),
    )


def _lines(report: Report) -> Section:
    rows = []
    for place in report.study.places:
        for told, agree, exceptions in _slots(report.study, place.comparison):
            rows.append((_short(place.comparison.shown()), told, agree, exceptions))
    note = "Each line that varies, with `…` where it does, and what each of these depends on, from left to right."
    return Section("Lines and what varies in them", note, ("line", "depends on", "agree", "exceptions"), tuple(rows))


def _slots(study: Study, comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    for slot in comparison.slots:
        if slot.inner:
            for one in slot.inner:
                yield from _slots(study, one)
        else:
            yield told_by(slot.dependence), _agree(slot.dependence), _exceptions(study, slot.dependence)


def told_by(found: Dependence) -> str:
    """What a value depends on, in words."""
    if found.is_reasonless:
        return "nothing in the name"
    if found.is_constant:
        return "always the same"
    parts = " and ".join("the file name" if part == NAME else part for part in found.parts)
    return f"{parts} {found.notation}" if found.notation else parts


def _agree(found: Dependence) -> str:
    return f"{found.agree} of {found.total}"


def _exceptions(study: Study, found: Dependence) -> str:
    odd = [
        f"{study.label(one.number)}: {_value(one.actual)} for {_value(one.expected)}"
        + (f" ({likes})" if (likes := likes_of(study, found, one.number)) else "")
        for one in found.odd
    ]
    unclear = [f"{study.label(number)}: similar variants do not agree" for number in found.unclear]
    return _listed([*odd, *unclear])


def _value(text: str) -> str:
    return "nothing" if text == ABSENT else f"`{_short(text)}`"


def _table(table: Table) -> Section:
    keys = key_columns(table)
    only = next((one.only for one in table.columns.values() if one.only), None)
    heads = (*keys, *([f"only {only}"] if only else []), *table.columns)
    rows = []
    for guard, cells in rows_of(table):
        head = [_cell(cells[key]) for key in keys] + ([next(iter(guard.values()), "")] if only else [])
        rows.append((*head, *(_cell(cells.get(name)) for name in table.columns)))
    return Section(f"Table {table.name}", "", heads, tuple(rows))


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "?"
    return cell if isinstance(cell, str) else ", ".join(cell)


def _gaps(report: Report) -> Section:
    rows = tuple((one.table, one.row, one.column, one.why) for one in report.gaps)
    return Section("What the variants do not show", "", ("table", "row", "column", "why"), rows)


def _twins(report: Report) -> Section:
    rows = []
    for twins in report.twins:
        always = f"{len(twins.pairs)} pairs; all differ in {len(twins.always)} lines"
        rows.append((twins.part, always, "", ""))
        for kind, some in (("most differ", twins.mostly), ("few differ", twins.rarely)):
            for place, pairs in some:
                count = f"{kind} ({len(twins.pairs) - len(pairs) if kind[0] == 'm' else len(pairs)})"
                rows.append(("", count, _short(place.comparison.shown()), _pairs(report.study, pairs)))
    note = "Pairs of files whose names differ only in that part; the last column lists the pairs unlike the others."
    return Section("Twins", note, ("part", "pairs", "line", "unlike the others"), tuple(rows))


def _pairs(study: Study, pairs: Sequence[Pair]) -> str:
    return _listed([f"{study.label(one.first)} and {study.label(one.second)}" for one in pairs], 2)


def _siblings(report: Report) -> Section:
    rows = []
    for one in report.lacks:
        what = _short(one.what) if one.is_line else about_fact(one.what)
        lacking = _listed([report.study.label(number) for number in one.lacking])
        rows.append((what, one.likes or "all variants", f"{one.having} of {one.total}", lacking))
    note = "What nearly all variants of a group have."
    return Section("Siblings", note, ("what", "group", "have it", "lack it"), tuple(rows))


def _listed(texts: Sequence[str], most: int = MOST_SHOWN) -> str:
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LONGEST else f"{one_line[: _LONGEST - 1]}…"
