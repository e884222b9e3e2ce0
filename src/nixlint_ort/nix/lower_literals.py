"""Numbers, strings and paths of tree-sitter's tree, as nodes of the expression tree."""

from __future__ import annotations

import re
from typing import Any

import tree_sitter

from nixlint_ort.nix.literals import Part, canonical, indented_parts, quoted_pieces
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.syntax import Literal, PathText, SearchPath, Text
from nixlint_ort.nix.values import Form, NixFloat, NixInt, NixPath, NixString, Origin, Piece
from nixlint_ort.nix.walk import Interpolation, Walk
from nixlint_ort.source import Span

MAX_INTEGER = 2**63 - 1
_FLOAT = re.compile(r"(([1-9][0-9]*\.[0-9]*)|(0?\.[0-9]+))([Ee][+-]?[0-9]+)?\Z")
_PATH = re.compile(r"(?:~|[a-zA-Z0-9._+-]*)(?:/[a-zA-Z0-9._+-]+)+\Z")
_JOINED_PATH = re.compile(rb"[a-zA-Z0-9._+-][^~]")
_PATH_START = re.compile(r"(?:~|[a-zA-Z0-9._+-]*)(?:/[a-zA-Z0-9._+-]+)*/?\Z")
_PATH_LATER = re.compile(r"[a-zA-Z0-9._+-]*(?:/[a-zA-Z0-9._+-]+)*/?\Z")


def integer(walk: Walk, node: tree_sitter.Node) -> Node:
    """An integer, which must fit into 64 bits."""
    text = walk.text(node)
    value = int(text) if len(text) <= 4000 else MAX_INTEGER + 1  # Python refuses to read more digits than 4,300
    if value > MAX_INTEGER:
        walk.refuse(node.start_byte, node.end_byte, "this number needs more than 64 bits")
    span = Span(node.start_byte, node.end_byte)
    return Literal(*span, NixInt(value, Origin(span)))


def floating(walk: Walk, node: tree_sitter.Node) -> Node:
    """A floating-point number."""
    text = walk.text(node)
    if not _FLOAT.match(text):
        walk.refuse(node.start_byte, node.end_byte, f"Nix does not read {text} as one number")
    span = Span(node.start_byte, node.end_byte)
    return Literal(*span, NixFloat(float(text), Origin(span)))


def uri(walk: Walk, node: tree_sitter.Node) -> Node:
    """A web address without quotes, which is a string."""
    span = Span(node.start_byte, node.end_byte)
    origin = Origin(span)
    return Literal(*span, NixString((Piece(walk.text(node), origin, Form.DERIVED),), origin))


def search_path(walk: Walk, node: tree_sitter.Node) -> Node:
    """`<name>`."""
    return SearchPath(node.start_byte, node.end_byte, walk.text(node)[1:-1])


def path(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    """A path, with its interpolations."""
    start, end = node.start_byte, node.end_byte
    pieces: list[str | Node] = []
    at = start
    if start and _JOINED_PATH.match(walk.data, start - 1):
        walk.refuse(start, end, "write a space before this path: without one Nix reads a longer one")
    for number, part in enumerate(parts):
        first, last = (part.start, part.end) if isinstance(part, Interpolation) else part.byte_range
        pattern = _PATH if len(parts) == 1 else _PATH_LATER if number else _PATH_START
        text = walk.data[first:last].decode()
        if first != at or not (isinstance(part, Interpolation) or pattern.match(text)):
            walk.refuse(start, end, _path_advice(walk.data[start:end]))
            break
        pieces.append(part.expression if isinstance(part, Interpolation) else text)
        at = last
    if not isinstance(parts[-1], Interpolation) and walk.data[end - 1 : end] == b"/":
        walk.refuse(start, end, _path_advice(walk.data[start:end]))
    if walk.folder and isinstance(pieces[0], str) and pieces[0].startswith("."):
        pieces[0] = f"{walk.folder}/{pieces[0]}"
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return Literal(start, end, NixPath(canonical(pieces[0]), Origin(Span(start, end))))
    return PathText(start, end, tuple(pieces))


def _path_advice(raw: bytes) -> str:
    if b"//" in raw:
        return "write a space on both sides of // here: without them nixlint-ort cannot tell a path from an update"
    if raw.endswith(b"/"):
        return "a path must not end in a slash"
    return "Nix does not read this as one path"


def interpolation(_: Walk, node: tree_sitter.Node, parts: list[Any]) -> Any:
    """`${…}` in a string, a path or an attribute path."""
    return Interpolation(node.start_byte, node.end_byte, parts[1])


def _stretches(walk: Walk, node: tree_sitter.Node, parts: list[Any], quote: int) -> list[Any]:
    """The text between a string's quotes as runs of bytes, each with its offset, and interpolated expressions."""
    stretches: list[Any] = []
    at = node.start_byte + quote
    for part in parts:
        if isinstance(part, Interpolation):
            if part.start > at:
                stretches.append((walk.data[at : part.start], at))
            stretches.append(part.expression)
            at = part.end
    if node.end_byte - quote > at:
        stretches.append((walk.data[at : node.end_byte - quote], at))
    return stretches


def quoted(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    """A `"…"` string."""
    found: list[Part] = []
    for stretch in _stretches(walk, node, parts, 1):
        if isinstance(stretch, Node):
            found.append(stretch)
            continue
        pieces = quoted_pieces(*stretch)
        if pieces is None:
            return _string(walk, node, None)
        found += pieces
    return _string(walk, node, found)


def indented(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    """A `''…''` string."""
    return _string(walk, node, indented_parts(_stretches(walk, node, parts, 2)))


def _string(walk: Walk, node: tree_sitter.Node, parts: list[Part] | None) -> Node:
    start, end = node.start_byte, node.end_byte
    if parts is None:
        walk.refuse(start, end, "nixlint-ort cannot tell where the interpolations of this string are")
        parts = []
    pieces = tuple(part for part in parts if isinstance(part, Piece))
    if len(pieces) == len(parts):
        return Literal(start, end, NixString(pieces, Origin(Span(start, end))))
    return Text(start, end, tuple(parts))
