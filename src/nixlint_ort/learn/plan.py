"""What a draft is written from: the study, its tables, the wordings of each kind, the pin and the versions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nixlint_ort.convention.vocabulary import HEADER_LINES
from nixlint_ort.learn.harvest import PIN
from nixlint_ort.learn.names import in_order
from nixlint_ort.learn.study import Study
from nixlint_ort.learn.tables import RELEASE, Column, Support, Tables
from nixlint_ort.learn.wording import Worded, versions, word_kind

DEFAULT_BRANCH = "main"
REVISION = "nixpkgs_rev"
DESCRIPTION = "description"
RELEASE_LISTS = {"stack": "stacks", "target": "targets"}
"""The columns of the table of releases that list what variants of a branch there are for."""
_COMMIT = re.compile(r"[0-9a-f]{40}")


class Pin(NamedTuple):
    """How the commit of nixpkgs is stated: the field that it is, and the fields of the convention for it."""

    field: str
    stated: Mapping[str, str]
    per: str | None = None
    """The field by which pins differ."""


@dataclass(eq=False)
class Plan:
    """Everything that goes into the files of a draft."""

    study: Study
    tables: Tables
    worded: Mapping[str, Mapping[str, Worded]]
    """The wordings by kind and fact."""
    pin: Pin | None
    has_version: bool
    """Whether the texts state a version, which the table of releases then has."""
    variants: str
    """The pattern of the files."""


def make_plan(study: Study, variants: str) -> Plan:
    """Propose tables and wordings; `variants` is the pattern of the files."""
    tables = Tables(study)
    texts = {name: _texts(study, name) for name in (*HEADER_LINES, DESCRIPTION)}
    version_of = versions(study, list(texts.values()))
    release = tables.release(list(dict.fromkeys(branch or DEFAULT_BRANCH for branch in study.branches)))
    for role, name in RELEASE_LISTS.items():
        if role in study.roles:
            release.columns[name] = _seen(study, study.roles[role], name)
    if version_of:
        column = Column("version", {}, {})
        for branch, version in version_of.items():
            place = ((branch or DEFAULT_BRANCH,), None)
            column.cells[place] = version
            column.support[place] = Support(*_stating(study, branch, version, texts))
        release.columns[column.name] = column
    worded: dict[str, dict[str, Worded]] = {}
    for kind in study.names.kinds:
        found = {name: word_kind(study, texts[name], kind, tables, version_of) for name in texts}
        worded[kind.name] = {name: one for name, one in found.items() if one is not None}
        if HEADER_LINES[0] not in worded[kind.name]:
            worded[kind.name].pop(HEADER_LINES[1], None)
    return Plan(study, tables, worded, _pin(study, tables), bool(version_of), variants)


def _seen(study: Study, part: str, name: str) -> Column:
    """The values of a part that there are on each branch."""
    values = next(one.values for one in study.parts if one.name == part)
    column = Column(name, {}, {}, is_list=True)
    for branch in dict.fromkeys(study.branches):
        numbers = [number for number, one in enumerate(study.branches) if one == branch and values[number] is not None]
        seen = sorted({values[number] or "" for number in numbers}, key=in_order)
        if seen:
            place = ((branch or DEFAULT_BRANCH,), None)
            column.cells[place] = tuple(seen)
            column.support[place] = Support(len(numbers), len(numbers))
    return column


def _texts(study: Study, name: str) -> list[str | None]:
    """A text of each variant: a header line as it stands, or the description."""
    if name in HEADER_LINES:
        number = HEADER_LINES.index(name) + 1
        return [_header_line(study, one, number) for one in range(len(study.variants))]
    site = next((site for site in study.sites if site.name == name), None)
    return [text or None for text in site.values] if site is not None else [None] * len(study.variants)


def _header_line(study: Study, number: int, line: int) -> str | None:
    source = study.variants[number].source
    texts = [source.line_text(at) for at in range(1, min(line, source.line_count) + 1)]
    return texts[-1] if len(texts) == line and all(text.startswith("#") for text in texts) else None


def _stating(
    study: Study, branch: str | None, version: str, texts: Mapping[str, Sequence[str | None]]
) -> tuple[int, int]:
    """How many variants of a branch state a version, of how many that have a text."""
    numbers = [number for number, one in enumerate(study.branches) if one == branch]
    having = [number for number in numbers if any(text[number] is not None for text in texts.values())]
    stating = [number for number in having if any(version in (text[number] or "") for text in texts.values())]
    return len(stating), len(having)


def _pin(study: Study, tables: Tables) -> Pin | None:
    site = next((site for site in study.sites if site.name == REVISION), None)
    if site is None or not site.dependence.rows:
        return None
    found = site.dependence
    if found.is_constant:
        commit = next(iter(found.rows.values()))
        return Pin(PIN, {PIN: commit}) if _COMMIT.fullmatch(commit) else None
    if found.is_reasonless or len(found.parts) != 1:
        return None
    name = tables.field_for(found, "pin")
    return Pin(name, {}, tables.key_field(found.parts[0])) if name is not None and name.count(RELEASE) == 0 else None
