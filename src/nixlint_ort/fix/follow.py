"""Brings a copied variant's comments and strings, which no rule knows, to its new name, as other variants have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.vocabulary import HEADER_LINES
from nixlint_ort.finding import Edit
from nixlint_ort.fix.bindings import bindings
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.nix.syntax import Name
from nixlint_ort.source import Span
from nixlint_ort.variant.normal_form import own_spans

if TYPE_CHECKING:
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.variant.variant import Variant

Place = tuple[object, ...]
"""Which text of a file one is: the bindings around it, whether it is a comment, and which of those it is."""
MAX_COMMENT = 80
"""Characters of a value that is looked for in other texts."""
_STRINGS = frozenset({"string_fragment", "indented_string_fragment"})


class Peer(NamedTuple):
    """A variant, the fields that its name implies, and its texts by their places."""

    variant: Variant
    fields: Mapping[str, str]
    texts: Mapping[Place, tuple[Span, str]]


def read_peer(variant: Variant, fields: Fields) -> Peer:
    """A variant with its texts."""
    return Peer(variant, _plain(fields), _texts(variant))


def followed(origin: Peer, peers: Sequence[Peer], target: Fields) -> bytes:
    """The bytes of a variant with each text that follows from its name as it is for the fields of another name.

    A text is what a peer of the same fields has there; where there is none, values are put in place of values, if
    that gives what most peers have.
    """
    wanted = _plain(target)
    edits = []
    for place, (span, text) in origin.texts.items():
        there = [(one.fields, one.texts[place][1]) for one in peers if place in one.texts]
        other = _as_peers_have_it(text, there, wanted)
        if other is None:
            other = _substituted(text, origin.fields, there, wanted)
        if other != text:
            edits.append(Edit(origin.variant.path, *span, other))
    return apply_edits(origin.variant.source.data, edits)


def left_over(made: Variant, origin: Peer, target: Fields) -> list[int]:
    """The lines (from 1) of a variant in which a text still has a value that belongs to the one it was copied from."""
    wanted = _plain(target)
    found = (span for span, text in _texts(made).values() if _replaced(text, origin.fields, wanted) != text)
    return sorted({made.source.position(span.start).line for span in found})


def _plain(fields: Fields) -> dict[str, str]:
    return {name: value if isinstance(value, str) else "/".join(value) for name, value in fields.items() if value}


def _texts(variant: Variant) -> dict[Place, tuple[Span, str]]:
    """The comments and the parts of strings of a file by their places, except for its facts."""
    facts = own_spans(variant) | {variant.fact(name).span for name in HEADER_LINES}
    named = sorted((one.span, one.name.text) for one in bindings(variant.document) if isinstance(one.name, Name))
    found: dict[Place, tuple[Span, str]] = {}
    counts: dict[Place, int] = {}
    for kind, span in sorted(_spans(variant), key=lambda one: one[1]):
        if any(fact.start <= span.start and span.end <= fact.end for fact in facts):
            continue
        around = (name for at, name in named if at.start <= span.start and span.end <= at.end)
        beside = _beside(variant, span, named) if kind == "comment" else ()
        where: Place = (kind, *beside, *dict.fromkeys(around))
        counts[where] = counts.get(where, 0) + 1
        found[(*where, counts[where])] = (span, variant.source.text(span))
    return found


def _beside(variant: Variant, comment: Span, named: Sequence[tuple[Span, str]]) -> tuple[str, str]:
    """The binding that a comment is behind in its line, or else the next one."""
    line = variant.source.position(comment.start).line
    ending = [(at.end, name) for at, name in named if at.end <= comment.start]
    if ending and variant.source.position(max(ending)[0]).line == line:
        return ("behind", max(ending)[1])
    return ("above", min(((at.start, name) for at, name in named if at.start >= comment.end), default=(0, ""))[1])


def _spans(variant: Variant) -> Iterator[tuple[str, Span]]:
    for comment in variant.document.comments:
        yield "comment", comment.span
    for token in variant.document.tokens:
        if token.kind in _STRINGS:
            yield "string", token.span


def _as_peers_have_it(
    text: str, there: Sequence[tuple[Mapping[str, str], str]], wanted: Mapping[str, str]
) -> str | None:
    """The text that belongs to the wanted value of a field, or of two, on which the texts of all peers depend."""
    if all(one == text for _, one in there):
        return text
    names = sorted({name for fields, _ in there for name in fields if len({f.get(name) for f, _ in there}) > 1})
    for count in (1, 2):
        for chosen in combinations(names, count):
            by_value: dict[tuple[str | None, ...], set[str]] = {}
            for fields, one in there:
                by_value.setdefault(tuple(fields.get(name) for name in chosen), set()).add(one)
            known = by_value.get(tuple(wanted.get(name) for name in chosen), set())
            repeats = len(by_value) < len(there)
            if repeats and len(known) == 1 and all(len(texts) == 1 for texts in by_value.values()):
                return next(iter(known))
    return None


def _substituted(
    text: str, own: Mapping[str, str], there: Sequence[tuple[Mapping[str, str], str]], wanted: Mapping[str, str]
) -> str:
    """The text with the wanted values in place of its own, if that gives what at least half of the peers have."""
    right = sum(_replaced(text, own, fields) == one for fields, one in there)
    return _replaced(text, own, wanted) if 2 * right >= len(there) else text


def _replaced(text: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The text with other values, the longest first; a bare number counts only behind the name of its field."""
    patterns: list[str] = []
    values: list[str] = []
    for name, value in sorted(old.items(), key=lambda one: -len(one[1])):
        if new.get(name, value) == value or len(value) > MAX_COMMENT or (value.isalpha() and len(value) < 3):
            continue
        table, _, column = name.partition(".")
        named = rf"(?i:(?<![a-z0-9])(?:{table}|{column})[ _-]?)"
        before = named if value.isdigit() else rf"(?:{named}|(?<![\w.]))"
        patterns.append(rf"(?P<_{len(values)}>{before}){re.escape(value)}(?!\w|\.\d)")
        values.append(new[name])
    if not patterns:
        return text
    return re.sub(
        "|".join(patterns), lambda match: match[match.lastgroup or 0] + values[int((match.lastgroup or "_0")[1:])], text
    )
