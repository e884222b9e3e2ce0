"""The manual as a site of plain pages: no script, nothing loaded from elsewhere, and no link that leads nowhere."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from nixlint_ort.report.html import Html, page, tag

STYLE = Path(__file__).with_name("site.css")
FRONT = "index.md"


class BrokenLinkError(ValueError):
    """Links of the manual that lead nowhere, each as `page: target`."""


@dataclass
class Page:
    """One page: `path` is where its Markdown is, from the manual's root."""

    path: str
    markdown: str

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The page, parsed; each heading has the anchor that code hosts give it too."""
        tokens = MarkdownIt("commonmark").enable("table").parse(self.markdown)
        for heading, inline in pairwise(tokens):
            if heading.type == "heading_open":
                heading.attrSet("id", anchor(plain(inline)))
        return tokens

    @property
    def headings(self) -> list[tuple[str, str]]:
        """The text and the anchor of each heading."""
        return [
            (plain(inline), str(heading.attrGet("id")))
            for heading, inline in pairwise(self.tokens)
            if heading.type == "heading_open"
        ]

    @property
    def title(self) -> str:
        """The first heading."""
        return self.headings[0][0]

    @property
    def links(self) -> Iterator[Token]:
        """The links, as the tokens that have their targets."""
        return (
            one
            for token in self.tokens
            for one in token.children or ()
            if one.type == "link_open" and not external(one)
        )


def build(folder: Path, site: Path) -> None:
    """Write the site anew; raises BrokenLinkError before anything is written."""
    pages = read(folder)
    if broken := [f"{path}: {target}" for path, target in broken_links(pages)]:
        raise BrokenLinkError("\n".join(broken))
    shutil.rmtree(site, ignore_errors=True)
    for one in pages.values():
        path = site / _in_the_site(one.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_html(one, pages), "utf-8")


def read(folder: Path) -> dict[str, Page]:
    """The pages of a folder, by their paths."""
    paths = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.md")))
    return {path: Page(path, (folder / path).read_text("utf-8")) for path in paths}


def broken_links(pages: Mapping[str, Page]) -> Iterator[tuple[str, str]]:
    """Each link that leads to no page or heading of the manual, and each page that no link leads to."""
    reached = {FRONT}
    for one in pages.values():
        for link in one.links:
            target, _, fragment = str(link.attrGet("href")).partition("#")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(one.path), target)) if target else one.path
            reached.add(path)
            if path not in pages or (fragment and fragment not in {anchored for _, anchored in pages[path].headings}):
                yield one.path, str(link.attrGet("href"))
    for path in sorted(set(pages) - reached):
        yield path, "no page leads here"


def as_html(one: Page, pages: Mapping[str, Page]) -> str:
    """A page with the way to all others above it."""
    renderer = MarkdownIt("commonmark").enable("table")
    renderer.add_render_rule("fence", _fence)
    renderer.add_render_rule("link_open", _link)
    body = Html(renderer.renderer.render(one.tokens, renderer.options, {}))
    style = STYLE.read_text("utf-8")
    return page(f"{one.title} · nixlint-ort", _navigation(one, pages), tag("article", body), more_style=style)


def _navigation(here: Page, pages: Mapping[str, Page]) -> Html:
    """A link to each page that the front page leads to, in its order."""
    wanted = [FRONT, *dict.fromkeys(str(link.attrGet("href")) for link in pages[FRONT].links)]
    links = [
        tag(
            "a",
            pages[path].title,
            href=posixpath.relpath(_in_the_site(path), posixpath.dirname(here.path) or "."),
            aria_current="page" if path == here.path else None,
        )
        for path in wanted
        if path in pages
    ]
    return tag("nav", *links, aria_label="Manual")


def _fence(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    """A block of code; the commands among what a terminal shows stand out."""
    code = tokens[at].content
    if tokens[at].info != "console":
        return tag("pre", tag("code", code)) + "\n"
    lines = [tag("b", line) if line.startswith("$ ") else line for line in code.splitlines(keepends=True)]
    return tag("pre", tag("code", *lines), class_="console") + "\n"


def _link(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    target = str(tokens[at].attrGet("href"))
    return f'<a href="{escape(target if external(tokens[at]) else _in_the_site(target))}">'


def _in_the_site(target: str) -> str:
    """Where a page of Markdown is found in the site; a heading in it stays."""
    return re.sub(r"\.md(?=#|$)", ".html", target)


def plain(inline: Token) -> str:
    """The text of a heading."""
    return "".join(one.content for one in inline.children or () if one.type in ("text", "code_inline"))


def anchor(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def external(link: Token) -> bool:
    """Whether a link leads out of the manual."""
    return bool(re.match(r"[a-z]+:", str(link.attrGet("href"))))
