"""Statements in which wrong values are marked, with what is found in each."""

import re
from collections.abc import Iterator

from nixlint_ort.check.claims.reading import Fault
from tests.support.documents import read, shipped_facts

_MARK = re.compile(r"⟦([^|⟧]*)\|(!?)([^|⟧]*)⟧")


def cases(marked: str) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """The text with all values right, and with each wrong one among right ones."""
    yield _MARK.sub(r"\3", marked), []
    for chosen in _MARK.finditer(marked):
        before, behind = marked[: chosen.start()], marked[chosen.end() :]
        text = _MARK.sub(r"\3", before) + chosen[1] + _MARK.sub(r"\3", behind)
        yield text, [(chosen[1], None if chosen[2] else chosen[3])]


def faults(text: str) -> list[Fault]:
    """What is wrong in a text, on the main branch."""
    return read(f"{text}\n", shipped_facts("main")).faults


def found(text: str) -> list[tuple[str, str | None]]:
    """What is wrong in a text, each with what is written in its place."""
    claims = read(f"{text}\n", shipped_facts("main"))
    return [(claims.source.text(one.span), one.replacement) for one in claims.faults]
