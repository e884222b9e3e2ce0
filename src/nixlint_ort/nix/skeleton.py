"""Files that differ only in comments and plain strings: the first of them is parsed, the others are put together.

A file is cut into slots, which are what stands in its comments and in its strings without escapes and interpolations,
and its skeleton, which is all else. Each slot is looked up in the tree of the first file of a skeleton. Where it is a
comment there, or the value of a string, another text without quotes, escapes and line ends leaves all around it as it
is, since words are told apart from left to right. What any other slot holds has to be the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

import tree_sitter

from nixlint_ort.nix.node import Node
from nixlint_ort.nix.parse import Comment, Document, parse, tree_of
from nixlint_ort.nix.syntax import AttributeSet, Binding, Bindings, Literal
from nixlint_ort.nix.values import Form, NixFloat, NixInt, NixPath, NixString, Origin, Piece
from nixlint_ort.source import Span, encoding_problem

MAX_BYTES = 10_000
"""Of a file; real variants have about 3,000."""
MAX_VALUES = 5_000
"""Of a skeleton; those of real variants have about 700, and one of 25,000 takes 3.5 MB."""
MAX_WAITING = 24
"""First files of a skeleton that are kept until a second one comes; one takes some 200 KB."""
MAX_WAITING_BYTES = 60_000
"""Of those files together, of which each byte may take 600."""
MAX_KNOWN = 40
"""Skeletons of which there were two files; one takes some 100 KB, in an editor as long as that is open."""

# What begins like a string or a comment is passed over as far as it goes, also where it has no end: to look for slots
# takes time in proportion to the file.
_SLOT = re.compile(
    rb"""''(?:[^']|'(?!')|''['$\\])*+(?:'')?
    |"(?P<string>[^"\\$\x00-\x08\x0b-\x1f]*+)"
    |"(?:[^"\\$]|\\[\s\S]|\$(?!\{)|\$\{[^{}"]*+(?:"[^"]*+"[^{}"]*+)*+\})*+"?
    |\#(?P<line>[^\x00-\x08\x0a-\x1f]*+)
    |/\*(?P<block>(?:[^*\x00-\x08\x0b-\x1f]|\*(?!/))*+)\*/
    |/\*(?:[^*]|\*(?!/))*+(?:\*/)?""",
    re.VERBOSE,
)


class _Slot(NamedTuple):
    """What may differ: the bytes of the text itself, and of the text with the signs around it."""

    text: Span
    whole: Span


class Skeletons:
    """The skeletons of the files that were read."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, tuple[Document, list[_Slot]]] = {}
        self._known: dict[bytes, _Skeleton | None] = {}

    def read(self, data: bytes) -> Document:
        """What `parse` gives for a file, without its folder."""
        if len(data) > MAX_BYTES or encoding_problem(data) is not None:
            return parse(data)
        slots = _slots(data)
        code = _code(data, slots)
        if code not in self._known and code in self._waiting:
            self._known[code] = _skeleton(*self._waiting.pop(code))
            if len(self._known) > MAX_KNOWN:
                del self._known[next(iter(self._known))]
        skeleton = self._known.get(code)
        found = skeleton.filled(data, slots) if skeleton is not None else None
        if found is not None:
            return found
        document = parse(data)
        if document.expression is not None and code not in self._known:
            self._waiting[code] = (document, slots)
            size = sum(len(first.data) for first, _ in self._waiting.values())
            while len(self._waiting) > MAX_WAITING or size > MAX_WAITING_BYTES:
                first, _ = self._waiting.pop(next(iter(self._waiting)))
                size -= len(first.data)
        return document


def _slots(data: bytes) -> list[_Slot]:
    slots = []
    for match in _SLOT.finditer(data):
        kind = match.lastgroup
        if kind is not None:
            slots.append(_Slot(Span(*match.span(kind)), Span(*match.span())))
    return slots


def _code(data: bytes, slots: list[_Slot]) -> bytes:
    """The skeleton's bytes; where each slot is stands a byte that UTF-8 has not."""
    parts, at = [], 0
    for text, _ in slots:
        parts.append(data[at : text.start])
        at = text.end
    parts.append(data[at:])
    return b"\xff".join(parts)


class _Skeleton:
    """What files of one skeleton have in common, as steps that make their expressions from the innermost out.

    All that steps take and give stands in one list, where they find it by its number.
    """

    def __init__(self, document: Document, slots: list[_Slot]) -> None:
        self._data, self._slots = document.data, slots
        self._numbers = {slot.whole: number for number, slot in enumerate(slots)}
        self._free: set[int] = set()
        """The slots that are comments or values."""
        self._values: list[Any] = [None] * len(slots)
        """The texts of the slots, then constants, and room for all else."""
        self._offsets: dict[int, int] = {}
        self._steps: list[tuple[int, Callable[..., Any], Callable[[list[Any]], tuple[Any, ...]]]] = []
        self._nothing = self._constant(None)
        self.is_small = True
        """Whether its steps take and give no more values than are kept; where it is not, it is not made whole."""
        self._comments = [self._comment(comment) for comment in document.comments]
        self._expression = self._made(document.expression)
        ends = [slot.text.end for slot in slots]
        self._places = [(number, offset, bisect_right(ends, offset)) for offset, number in self._offsets.items()]

    def filled(self, data: bytes, slots: list[_Slot]) -> Document | None:
        """The document of a file of this skeleton; None where another slot than a comment or a value is unlike."""
        texts = [data[slice(*slot.text)] for slot in slots]
        for number, slot in enumerate(self._slots):
            if number not in self._free and texts[number] != self._data[slice(*slot.text)]:
                return None
        values = self._values.copy()
        values[: len(texts)] = [text.decode() for text in texts]
        moves = [0, *[new.text.end - old.text.end for new, old in zip(slots, self._slots, strict=True)]]
        for number, offset, before in self._places:
            values[number] = offset + moves[before]
        for number, make, arguments in self._steps:
            values[number] = make(*arguments(values))
        comments = []
        for slot_number, start, end, text in self._comments:
            if slot_number is None:
                comments.append(Comment(Span(values[start], values[end]), text))
            else:
                whole = slots[slot_number].whole
                comments.append(Comment(whole, data[slice(*whole)].decode()))
        return Document(data, (), tuple(comments), values[self._expression], lambda: _root(data))

    def _comment(self, comment: Comment) -> tuple[int | None, int, int, str]:
        number = self._numbers.get(comment.span)
        if number is not None:
            self._free.add(number)
        return number, self._place(comment.span.start), self._place(comment.span.end), comment.text

    def _made(self, root: Node | None) -> int:
        """Where an expression is, with the steps that make it; one that stands in two others is made once."""
        made: dict[Node, int] = {}
        waiting: list[tuple[Any, bool]] = [(root, False)]
        while waiting and self.is_small:
            node, is_ready = waiting.pop()
            if node in made:
                continue
            if is_ready:
                made[node] = self._node(node, made)
                self.is_small = len(self._values) <= MAX_VALUES
            else:
                waiting.append((node, True))
                waiting += [(child, False) for child in node.children()]
        return len(self._values) - 1

    def _node(self, node: Node, made: dict[Node, int]) -> int:
        where = self._place(node.start), self._place(node.end)
        if isinstance(node, Literal):
            return self._literal(node, *where)
        kind: Any = type(node)
        code = kind.__init__.__code__
        make = _ambiguous_set if isinstance(node, AttributeSet) and node.ambiguous_merge else kind
        parts = [self._part(getattr(node, name), made) for name in code.co_varnames[3 : code.co_argcount]]
        return self._step(make, *where, *parts)

    def _literal(self, node: Literal, start: int, end: int) -> int:
        number = self._numbers.get(node.span)
        if number is not None and self._data[node.start : node.start + 1] == b'"':
            self._free.add(number)
            return self._step(_string_literal, number, start, end)
        value: Any = node.value
        if isinstance(value, NixString):
            return self._step(Literal, start, end, self._string(value))
        known = value.text if isinstance(value, NixPath) else value.value
        return self._step(_other_literal, self._constant(type(value)), self._constant(known), start, end)

    def _part(self, part: Any, made: dict[Node, int]) -> int:
        """Anything that a node has."""
        if isinstance(part, Node):
            return made[part]
        if isinstance(part, Piece):
            return self._piece(part)
        if isinstance(part, tuple) and part:
            return self._step(_together, self._nothing, *[self._part(one, made) for one in part])
        if isinstance(part, Bindings):
            names = self._constant(tuple(part.named))
            return self._step(_bindings, self._nothing, names, *[made[one] for one in part])
        return self._string(part) if isinstance(part, NixString) else self._constant(part)

    def _piece(self, piece: Piece) -> int:
        text, form = self._constant(piece.text), self._constant(piece.form)
        return self._step(_piece, text, form, *map(self._place, piece.origin.span))

    def _string(self, value: NixString) -> int:
        return self._step(_string, *map(self._place, value.origin.span), *map(self._piece, value.pieces))

    def _step(self, make: Callable[..., Any], *arguments: int) -> int:
        number = self._constant(None)
        self._steps.append((number, make, itemgetter(*arguments)))
        return number

    def _constant(self, value: Any) -> int:
        self._values.append(value)
        return len(self._values) - 1

    def _place(self, offset: int) -> int:
        if offset not in self._offsets:
            self._offsets[offset] = self._constant(None)
        return self._offsets[offset]


def _skeleton(document: Document, slots: list[_Slot]) -> _Skeleton | None:
    """The skeleton of a file; None where it is too large, or another may be parsed in another way."""
    tree = tree_of(document.data)
    if tree is None or tree.root_node.has_error:
        return None  # how errors are mended depends on the length of what is around them
    skeleton = _Skeleton(document, slots)
    return skeleton if skeleton.is_small else None


def _root(data: bytes) -> tree_sitter.Node | None:
    tree = tree_of(data)
    return tree.root_node if tree is not None else None


def _together(_: None, *parts: Any) -> tuple[Any, ...]:
    return parts


def _bindings(_: None, names: tuple[str, ...], *every: Binding) -> Bindings:
    bindings = Bindings()
    bindings.named = dict(zip(names, every, strict=False))
    bindings.dynamic = list(every[len(names) :])
    return bindings


def _ambiguous_set(start: int, end: int, bindings: Bindings, recursive: bool) -> AttributeSet:
    made = AttributeSet(start, end, bindings, recursive)
    made.ambiguous_merge = True
    return made


def _piece(text: str, form: Form, start: int, end: int) -> Piece:
    return Piece(text, Origin(Span(start, end)), form)


def _string(start: int, end: int, *pieces: Piece) -> NixString:
    return NixString(pieces, Origin(Span(start, end)))


def _string_literal(text: str, start: int, end: int) -> Literal:
    pieces = (Piece(text, Origin(Span(start + 1, end - 1)), Form.STRING),) if text else ()
    return Literal(start, end, NixString(pieces, Origin(Span(start, end))))


def _other_literal(
    kind: Callable[[Any, Origin], NixInt | NixFloat | NixPath], value: Any, start: int, end: int
) -> Literal:
    return Literal(start, end, kind(value, Origin(Span(start, end))))


SKELETONS = Skeletons()
"""Those of this process: what a file is made of depends on its bytes alone."""
