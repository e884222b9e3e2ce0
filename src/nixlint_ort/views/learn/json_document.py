"""The report of a study as JSON, version 1."""

from __future__ import annotations

from typing import Any

from nixlint_ort.learn.dependence import Dependence
from nixlint_ort.learn.finding import Finding
from nixlint_ort.learn.study import Study
from nixlint_ort.learn.table_file import rows_of
from nixlint_ort.report.escape import json_text
from nixlint_ort.views.learn.sections import Report


def as_json(report: Report) -> str:
    """Everything that was found; lines are numbered from 1."""
    study = report.study
    document = {
        "version": 1,
        "package": study.names.package,
        "kinds": [_kind(study, number) for number in range(len(study.names.kinds))],
        "parts": {part.name: sorted({value for value in part.values if value is not None}) for part in study.parts},
        "roles": dict(study.roles),
        "findings": [_finding(study, one) for one in report.findings],
        "values": [
            {"name": site.name, "unknown": site.unknown, **_told(study, site.dependence)} for site in study.sites
        ],
        "lines": [
            {
                "line": place.comparison.shown(),
                "variants": len(place.lines),
                "presence": _told(study, place.presence),
                "slots": [_told(study, slot.dependence) for slot in place.comparison.slots],
            }
            for place in study.places
        ],
        "tables": {
            table.name: [{"only": only, "cells": cells} for only, cells in rows_of(table)]
            for table in report.draft.plan.tables.all.values()
        },
        "not_known": [one._asdict() for one in report.gaps],
        "twins": [
            {
                "part": twins.part,
                "pairs": len(twins.pairs),
                "always": [place.comparison.shown() for place in twins.always],
                **{
                    name: [
                        {
                            "line": place.comparison.shown(),
                            "pairs": [[study.label(a), study.label(b)] for a, b in pairs],
                        }
                        for place, pairs in some
                    ]
                    for name, some in (("mostly", twins.mostly), ("rarely", twins.rarely))
                },
            }
            for twins in report.twins
        ],
        "siblings": [
            {**one._asdict(), "lacking": [study.label(number) for number in one.lacking]} for one in report.lacks
        ],
        "files": sorted(report.draft.files),
    }
    return json_text(document, indent=2) + "\n"


def _kind(study: Study, number: int) -> dict[str, Any]:
    kind = study.names.kinds[number]
    words = [{"text": word.text, "part": word.part} for word in kind.words]
    return {"name": kind.name, "words": words, "variants": [study.label(one) for one in kind.members]}


def _finding(study: Study, one: Finding) -> dict[str, Any]:
    return {
        "kind": one.oddity.value,
        "places": [{"path": study.variants[place.number].path, "line": place.line} for place in one.places],
        "line": one.line,
        "actual": one.actual,
        "expected": one.expected,
        "agree": one.agree,
        "total": one.total,
        "likes": one.likes,
        "in_common": one.common,
    }


def _told(study: Study, found: Dependence) -> dict[str, Any]:
    return {
        "depends_on": list(found.parts),
        "notation": found.notation,
        "agree": found.agree,
        "total": found.total,
        "exceptions": [
            {
                "variant": study.label(one.number),
                "actual": one.actual,
                "expected": one.expected,
                "agree": one.agree,
                "total": one.total,
            }
            for one in found.odd
        ],
        "unclear": [study.label(number) for number in found.unclear],
    }
