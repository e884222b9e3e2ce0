"""The words of a file's code that say another variant than its name, and what each of them makes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from nixlint_ort.check.judge import judge
from nixlint_ort.finding import Edit
from nixlint_ort.fix.choices import is_of_others
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.fix.literals import written
from nixlint_ort.fix.notations import Notations
from nixlint_ort.fix.verify import edited
from nixlint_ort.nix.syntax import Binding, HasAttribute, If, Lambda, Literal, Name, Select, Text, Variable
from nixlint_ort.nix.values import VERBATIM, Form, NixInt, NixString, Origin, Piece
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.convention.tables import FieldValue
    from nixlint_ort.nix.node import Node
    from nixlint_ort.variant.variant import Variant

MAX_READ = 400_000
"""Bytes that are read again to learn what the words of one file make wrong, in all."""
MAX_WORDS = 24
"""Words of one file that are tried."""
MAX_PLACES = 100
"""Places with words of other variants: a file with more is about many of them, and none is tried."""

Broken = frozenset[tuple[str, str]]
"""Rules that do not hold, each with the fact that it does not hold for."""


class Word(NamedTuple):
    """A word that says another variant: the edit that makes it say this one, and which rules do not hold then."""

    edit: Edit
    after: Variant
    broken: Broken

    @property
    def span(self) -> Span:
        """Where it is written."""
        return Span(self.edit.start, self.edit.end)

    def ends(self, violation: Violation) -> bool:
        """Whether nothing is wrong any more with the fact of a violation once the word is right."""
        name = violation.fact.name
        known = self.after.fact(name)
        if known.unknown is not None or (known.absent and not violation.fact.absent):
            return False
        if violation.fact.unknown is not None:
            return all(fact != name for _, fact in self.broken)
        return (violation.rule.id, name) not in self.broken


class Words(NamedTuple):
    """What is wrong in a file, its words that say another variant, and what holds once all of them are right."""

    fields: Mapping[str, FieldValue]
    notations: Notations
    broken: Broken
    each: tuple[Word, ...]

    def ending(self, violation: Violation) -> list[Word]:
        """The words each of which alone ends a violation once it is right."""
        return [one for one in self.each if one.ends(violation)]


_KNOWN: WeakKeyDictionary[Variant, Words] = WeakKeyDictionary()


def words_of(variant: Variant, fields: Mapping[str, FieldValue]) -> Words:
    """The words of a file's code by which it is another variant than its name says."""
    known = _KNOWN.get(variant)
    if known is None or known.fields != fields:
        known = _KNOWN[variant] = _read(variant, fields)
    return known


def broken_rules(variant: Variant, fields: Mapping[str, FieldValue]) -> Broken:
    """The rules that do not hold for the facts of a variant."""
    rules = tuple(variant.convention.rules.values())
    return frozenset((one.rule.id, one.fact.name) for one in judge(variant, rules, dict(fields)))


def _read(variant: Variant, fields: Mapping[str, FieldValue]) -> Words:
    notations = Notations(variant, fields)
    each: list[Word] = []
    most = min(MAX_WORDS, MAX_READ // max(len(variant.source.data), 1))
    for edit in _edits(variant, notations):
        if len(each) >= most:
            break
        after = edited(variant, apply_edits(variant.source.data, (edit,)))
        if after.judgeable:
            each.append(Word(edit, after, broken_rules(after, fields)))
    return Words(fields, notations, broken_rules(variant, fields), tuple(each))


def _edits(variant: Variant, notations: Notations) -> list[Edit]:
    """The edits that make each word say this variant, in the order of the file."""
    found: dict[Span, Edit] = {}
    for piece in _pieces(variant):
        text = notations.corrected(piece.text)
        new = written(text, piece.form) if text != piece.text else None
        if new is not None:
            span = piece.origin.span
            found[span] = Edit(variant.path, span.start, span.end, new)
            if len(found) > MAX_PLACES:
                return []
    return [edit for edit in sorted(found.values()) if not is_of_others(variant, (edit,), notations)]


def _pieces(variant: Variant) -> Iterator[Piece]:
    """What the code says by texts, numbers and names, but for the names that it gives."""
    waiting: list[Node] = [variant.document.expression] if variant.document.expression is not None else []
    seen = set()  # what is inherited from stands below each name
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Literal) and isinstance(node.value, NixString):
            yield from (piece for piece in node.value.pieces if piece.form in VERBATIM)
        elif isinstance(node, Literal) and isinstance(node.value, NixInt):
            yield Piece(str(node.value.value), node.value.origin, Form.NUMBER)
        elif isinstance(node, Text):
            yield from (part for part in node.parts if isinstance(part, Piece) and part.form in VERBATIM)
        elif isinstance(node, Select):
            names = (one.string() for one in node.path if isinstance(one, Name))
            yield from (piece for name in names for piece in name.pieces if piece.form in VERBATIM)
        elif isinstance(node, Variable):
            yield Piece(node.name, Origin(node.span), Form.NAME)
        waiting.extend(_further(node))


def _further(node: Node) -> Iterator[Node]:
    """The expressions in one, without the names that it gives, and those that it asks for or compares with."""
    if isinstance(node, Binding):
        yield node.value
    elif isinstance(node, HasAttribute):
        yield node.subject
    elif isinstance(node, If):
        yield from (node.consequence, node.alternative)
    elif isinstance(node, Lambda):
        yield from (one for one in (node.formals, node.body) if one is not None)
    else:
        yield from (one for one in node.children() if not isinstance(one, Name))
