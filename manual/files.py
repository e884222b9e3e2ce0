"""Which files are generated, whole or in part, and what should stand in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from manual import DOCS, ROOT
from manual.examples import renewed
from manual.man import man_page
from manual.picture import picture
from manual.rules import index, page, predicates, readme_list
from nixlint_ort.convention import Convention, load
from nixlint_ort.views.matrix.markers import between

README = ROOT / "README.md"
RULES = DOCS / "rules"
CONVENTIONS = DOCS / "conventions.md"
MAN = ROOT / "man/nixlint-ort.1"
PICTURE = DOCS / "findings.svg"


@cache
def convention() -> Convention:
    """The convention that the manual describes."""
    return load(ROOT / "rules")


def generated() -> Mapping[Path, Callable[[], str]]:
    """What is written from the convention, or by running the tool: file by file, with what makes it."""
    rules = convention().rules
    pages = {RULES / f"{rule.id}.md": partial(page, rule) for rule in rules.values()}
    return {
        MAN: man_page,
        README: _readme,
        RULES / "index.md": partial(index, rules.values()),
        **pages,
        PICTURE: picture,
    }


def hand_written() -> Mapping[Path, Callable[[], str]]:
    """The pages that people write, with what makes the outputs in them anew."""
    return {path: partial(_renewed_page, path) for path in sorted(DOCS.glob("*.md"))}


def left_over() -> list[Path]:
    """Pages of rules that there are no more."""
    return sorted(set(RULES.iterdir()) - set(generated()))


def _readme() -> str:
    return between(README.read_text("utf-8"), "rules", readme_list(convention().rules.values()))


def _renewed_page(path: Path) -> str:
    text = renewed(path.read_text("utf-8"))
    return between(text, "predicates", predicates()) if path == CONVENTIONS else text
