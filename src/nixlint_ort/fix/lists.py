"""Turns one list of texts into another, item by item, keeping the layout of the list that they are written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from nixlint_ort.finding import Edit
from nixlint_ort.fix.literals import quoted, written
from nixlint_ort.nix.values import Form, NixString
from nixlint_ort.source import Source, Span
from nixlint_ort.variant.fact import Fact, locate

_EMPTY = re.compile(rb"\[\s*\]")
_BLANK = re.compile(rb"\s+")


class _Item(NamedTuple):
    """A text of the list: `whole` is all of it as an item, `inner` the text in it, the same unless it has quotes."""

    whole: Span
    inner: Span
    form: Form

    def put(self, text: str) -> str | None:
        """Another text, written as an item like this one."""
        return quoted(text) if self.whole != self.inner else written(text, self.form)


def list_edits(source: Source, fact: Fact, wanted: Sequence[str]) -> list[Edit] | None:
    """The edits that make the items of a list the wanted ones; None where one of them is not a literal of its own."""
    items = fact.items or ()
    if not items and _EMPTY.fullmatch(source.data, *fact.span):
        return [Edit(source.path, *fact.span, f"[ {' '.join(map(quoted, wanted))} ]")]
    found = [_item(source, item) for item in items]
    places = [item for item in found if item is not None]
    if not places or len(places) != len(items):
        return None
    edits: list[Edit | None] = []
    have = [item.text for item in items]
    for operation, a, b, c, d in SequenceMatcher(None, have, wanted).get_opcodes():
        if operation == "equal":
            continue
        common = min(b - a, d - c)
        edits += [_replaced(source, places[a + index], wanted[c + index]) for index in range(common)]
        if b - a > common:
            edits += [_removed(source, places, *run) for run in _runs(source, places, a + common, b)]
        if d - c > common:
            edits.append(_added(source, places, a + common, wanted[c + common : d]))
    known = sorted(edit for edit in edits if edit is not None)
    overlap = any(one.end > other.start for one, other in pairwise(known))
    return _joined(known) if len(known) == len(edits) and not overlap else None


def _joined(edits: Sequence[Edit]) -> list[Edit]:
    """The same edits, which are in order, with those that touch each other made one."""
    joined: list[Edit] = []
    for edit in edits:
        if joined and joined[-1].end == edit.start:
            last = joined.pop()
            edit = Edit(edit.path, last.start, edit.end, last.text + edit.text)  # noqa: PLW2901  # the two as one
        joined.append(edit)
    return joined


def _item(source: Source, item: NixString) -> _Item | None:
    located = locate(item, 0, len(item.text))
    if located.form not in (Form.STRING, Form.INDENTED) or not item.text:
        return None
    start, end = located.span
    quotes = located.form is Form.STRING and source.data[start - 1 : start] == b'"' == source.data[end : end + 1]
    whole = Span(start - 1, end + 1) if quotes else located.span
    return _Item(whole, located.span, located.form)


def _replaced(source: Source, item: _Item, text: str) -> Edit | None:
    inner = written(text, item.form)
    return None if inner is None else Edit(source.path, item.inner.start, item.inner.end, inner)


def _runs(source: Source, places: Sequence[_Item], first: int, last: int) -> Iterator[tuple[int, int]]:
    """The items from `first` to before `last` in runs that have nothing but blanks between them."""
    start = first
    for at in range(first + 1, last + 1):
        if at == last or not _is_blank(source, places[at - 1].whole.end, places[at].whole.start):
            yield start, at
            start = at


def _removed(source: Source, places: Sequence[_Item], first: int, last: int) -> Edit:
    """Without the items from `first` to before `last`, and the blanks that set them off from what stays."""
    start, end = places[first].whole.start, places[last - 1].whole.end
    before = source.data[:start]
    left = before[len(before.rstrip()) :]
    right = source.data[end : len(source.data) - len(source.data[end:].lstrip())]
    opening = (b"[",) if places[first].whole != places[first].inner else (b"[", b'"', b"'", b"=")
    is_first = before.rstrip()[-1:] in opening
    if is_first or (b"\n" in left and b"\n" not in right):
        return Edit(source.path, start, end + len(right), "")
    return Edit(source.path, start - len(left), end, "")


def _added(source: Source, places: Sequence[_Item], at: int, texts: Sequence[str]) -> Edit | None:
    """With further items before the one at index `at`; None where one is there, but comes to something else."""
    near = places[max(at - 1, 0)]
    put = [near.put(text) for text in texts]
    before, behind = source.data[: near.whole.start].rstrip(), source.data[near.whole.end :].lstrip()
    known = {source.text(one.inner) for one in places} if near.whole != near.inner else {*texts}
    ends = [quoted(text).encode() for text in texts if text not in known]
    if None in put or any(before.endswith(one) or behind.startswith(one) for one in ends):
        return None
    gap = _gap(source, places)
    if at > 0:
        return Edit(source.path, near.whole.end, near.whole.end, "".join(f"{gap}{one}" for one in put))
    return Edit(source.path, near.whole.start, near.whole.start, "".join(f"{one}{gap}" for one in put))


def _gap(source: Source, places: Sequence[_Item]) -> str:
    """What is between two items of this list: blanks, perhaps with a line end."""
    for one, other in pairwise(places):
        if _is_blank(source, one.whole.end, other.whole.start):
            return source.text(Span(one.whole.end, other.whole.start))
    before = source.data[: places[0].whole.start]
    blank = before[len(before.rstrip()) :].decode()
    return blank if "\n" in blank and places[0].whole != places[0].inner else " "


def _is_blank(source: Source, start: int, end: int) -> bool:
    return _BLANK.fullmatch(source.data, start, end) is not None
