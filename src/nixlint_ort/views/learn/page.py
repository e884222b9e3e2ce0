"""The report of a study as one page of HTML."""

from __future__ import annotations

from nixlint_ort.report.html import page, tag
from nixlint_ort.views.learn.sections import Report, Section, heading, sections


def render(report: Report) -> str:
    """The whole page; every text of the repository is escaped."""
    title = heading(report)
    return page(title, tag("h1", title), *(_section(one) for one in sections(report)))


def _section(section: Section) -> str:
    heads = tag("tr", *(tag("th", head, scope="col") for head in section.heads))
    rows = [tag("tr", *(tag("td", text) for text in row)) for row in section.rows]
    table = tag("table", tag("thead", heads), tag("tbody", *rows), class_="plain")
    content = tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=section.title)
    note = [tag("p", section.note)] if section.note else []
    return tag("section", tag("h2", section.title), *note, content if rows else tag("p", "Nothing."))
