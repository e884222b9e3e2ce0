"""One self-contained HTML page: no script, no network, light and dark, and every text escaped."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from nixlint_ort import __version__
from nixlint_ort.report.escape import visible, without_hash_commands
from nixlint_ort.report.snippet import snippet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nixlint_ort.finding import Finding


class Html(str):
    """Text that is HTML already; all other text is escaped where it is put into HTML."""

    __slots__ = ()


_COMMAND = re.compile(r"^([^\S\n]*)::", re.MULTILINE)
"""What CI reads as a command where a line of its log begins so."""

_SPECIAL = re.compile(r"[&<>\"']|::")

_BODY = "<!-- body -->"

VOID = frozenset({"br", "hr", "col"})


def tag(name: str, *children: str, **attributes: str | bool | None) -> Html:
    """An element; `class_` stands for `class`, `_` for `-`, and an attribute that is None or False is left out."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{text(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(*children)}</{name}>")


def element(name: str, children: Iterable[Html], **attributes: str | bool | None) -> Iterator[Html]:
    """An element in parts: its tag, each of its children, and its end."""
    end = f"</{name}>"
    yield Html(tag(name, **attributes).removesuffix(end))
    yield from children
    yield Html(end)


def join(*children: str) -> Html:
    """Several texts after one another."""
    return Html("".join(child if isinstance(child, Html) else text(child) for child in children))


def text(plain: str) -> Html:
    """Any text as HTML that shows exactly that text; characters that do not print become visible escapes."""
    if plain.isprintable() and not _SPECIAL.search(plain):
        return Html(plain)
    return Html(_COMMAND.sub(r"\1&#58;:", escape("\n".join(visible(line) for line in plain.split("\n")))))


def page(title: str, *body: str, more_style: str = "") -> str:
    """A whole page; `more_style` is CSS besides its own, which the page's policy allows, too."""
    return "".join(page_parts(title, body, more_style))


def page_parts(title: str, body: Iterable[str], more_style: str = "") -> Iterator[str]:
    """The same in parts, of which each item of the body is one; each begins with a tag."""
    folder = files(__package__)
    template = Template(folder.joinpath("page.html").read_text("utf-8"))
    style = folder.joinpath("page.css").read_text("utf-8") + more_style
    digest = b64encode(sha256(style.encode()).digest()).decode()
    whole = template.substitute(
        title=text(title),
        style=style,
        style_hash=f"sha256-{digest}",
        version=text(__version__),
        body=_BODY,
    )
    before, _, after = whole.partition(_BODY)
    yield without_hash_commands(before)
    for part in body:
        yield without_hash_commands(join(part))
    yield without_hash_commands(after)


def command(words: str) -> Html:
    """Something to type, easy to select."""
    return tag("code", words, class_="command")


def finding_item(finding: Finding, *, with_path: bool, note: str = "") -> Html:
    """A finding as an item of a list, with its source line and the span marked; `note` goes before its place."""
    place = f"line {finding.place.start.line}, column {finding.place.start.column}"
    if with_path:
        place = f"{finding.place.path}, {place}"
    shown = snippet(finding.place)
    source = Html("")
    if shown is not None:
        source = tag("pre", tag("span", f"{shown.line} ", class_="line"), *_marked(shown.text, shown.underline))
    return tag(
        "li",
        tag("p", badge(finding.severity), " ", tag("code", finding.rule), " ", finding.message),
        tag("p", note, place, class_="place"),
        source,
        class_="finding",
    )


def badge(severity: str) -> Html:
    """A severity as a label."""
    return tag("span", severity, class_=f"badge {severity}")


def _marked(line: str, underline: str) -> tuple[str, ...]:
    """The source line with what the underline is below in a mark; wide characters count two columns."""
    from nixlint_ort.report.snippet import width

    start = len(underline) - len(underline.lstrip())
    cuts = []
    for column in (start, len(underline)):
        at = min(column, len(line)) if line.isascii() else 0
        while at < len(line) and width(line[:at]) < column:
            at += 1
        cuts.append(at)
    first, last = cuts
    return (line[:first], tag("mark", line[first:last] or " "), line[last:])
