"""A file's bytes to a document: its expression, comments and tokens, or the problems that keep it from one."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import tree_sitter
import tree_sitter_nix

from nixlint_ort.nix.lower import lower
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.scope import undefined
from nixlint_ort.nix.walk import Problem, Walk
from nixlint_ort.source import Span

LARGEST_FILE = 200_000
"""Bytes; real variants have about 3,000."""

SECONDS = 2.0
LONGEST_QUOTE = 40
MOST_PROBLEMS = 20
"""Of one file: the first ones tell enough, and what compares each with all others must stay fast."""

MOST_COMMAS = 1000
"""Trailing commas of one file that are looked at again, each by a search from the root."""

_LANGUAGE = tree_sitter.Language(tree_sitter_nix.language())


class Comment(NamedTuple):
    """A comment, with its `#` or `/* */`."""

    span: Span
    text: str


class Token(NamedTuple):
    """A word, sign or run of text of the language: what is left of a file without comments and white space."""

    kind: str
    text: str
    span: Span


@dataclass(frozen=True, eq=False)
class Document:
    """One file, read: either `expression` is there, or `problems` says why not."""

    data: bytes = field(repr=False)
    problems: tuple[Problem, ...]
    comments: tuple[Comment, ...] = ()
    expression: Node | None = None
    root: tree_sitter.Node | None = field(default=None, repr=False)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The file's words, signs and runs of text, in its order."""
        tokens = []
        stack = [self.root] if self.root else []
        while stack:
            node = stack.pop()
            if node.child_count:
                stack += reversed(node.children)
            elif node.type != "comment":
                start, end = node.byte_range
                tokens.append(Token(node.type, self.data[start:end].decode(), Span(start, end)))
        return tuple(tokens)


def parse(data: bytes, folder: str = "", most: int = LARGEST_FILE) -> Document:
    """Reads a file of at most `most` bytes. Never raises: what is not Nix, or cannot be read, is in `problems`.

    Relative paths become absolute ones from `folder`, an absolute path, as in Nix; without it they stay as written.
    """
    problems = _unreadable(data, most)
    if problems:
        return Document(data, problems)
    tree = _tree(data)
    if tree is not None and tree.root_node.has_error:
        tree = _without_trailing_commas(data, tree) or tree
    if tree is None:
        message = f"this tool gives up on a file that takes more than {SECONDS:.0f} seconds to read"
        return Document(data, (Problem(Span(0, 0), message),))
    root = tree.root_node
    if root.has_error:
        problems, comments = _errors(data, root)
        return Document(data, problems[:MOST_PROBLEMS], comments)
    walk = Walk(data, folder)
    expression = lower(walk, root)
    comments = _comments(data, walk.comments)
    problems = (*_cut_comments(comments), *walk.problems)
    if expression is None and not problems:
        problems = (Problem(Span(0, 0), "the file holds no expression, so there is nothing to build"),)
    elif expression is not None and not problems:
        problems = tuple(undefined(expression))
    if problems:
        return Document(data, tuple(sorted(problems)[:MOST_PROBLEMS]), comments, None, root)
    return Document(data, (), comments, expression, root)


_UNREAD = re.compile(rb"[\x00\x0b\x0c]")
_SIGNS = {
    0x00: "a zero byte, which Nix source cannot hold",
    0x0B: "a vertical tab, which Nix does not take for white space",
    0x0C: "a form feed, which Nix does not take for white space",
}


def _unreadable(data: bytes, most: int) -> tuple[Problem, ...]:
    """What can be said of the bytes alone."""
    if len(data) > most:
        return (Problem(Span(0, 0), f"the file is larger than {most:,} bytes, the most this tool reads"),)
    if data.startswith(b"\xef\xbb\xbf"):
        return (Problem(Span(0, 3), "the file starts with a byte order mark, which Nix refuses; save it without"),)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return (Problem(Span(error.start, error.end), "these bytes are not UTF-8 text"),)
    found = _UNREAD.search(data)
    if found:
        return (Problem(Span(*found.span()), f"this is {_SIGNS[found[0][0]]}"),)
    return ()


def _tree(data: bytes) -> tree_sitter.Tree | None:
    """tree-sitter's tree, None if it took too long; a parser is used once, since a cancelled one is spoilt."""
    deadline = time.monotonic() + SECONDS
    parser = tree_sitter.Parser(_LANGUAGE)
    if len(data) < 6_000:  # at its worst, tree-sitter's time grows with the square: this much is harmless
        return parser.parse(data)
    try:
        return parser.parse(
            lambda offset, _: data[offset : offset + 4096],
            progress_callback=lambda *_: time.monotonic() > deadline,
        )
    except ValueError:
        return None


_TO_BRACE = re.compile(rb"(?:\s|#[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*\}")


def _without_trailing_commas(data: bytes, tree: tree_sitter.Tree) -> tree_sitter.Tree | None:
    """The tree with a space for each comma that ends a set pattern, which the grammar does not know.

    None unless that is all that was wrong: a comma elsewhere stays an error.
    """
    blanked = bytearray(data)
    commas = []
    stack = [tree.root_node]
    while stack:
        node = stack.pop()
        stack += node.children
        if node.type == "," and not node.is_missing and _TO_BRACE.match(data, node.end_byte):
            commas.append(node.start_byte)
            blanked[node.start_byte] = ord(" ")
    mended = _tree(bytes(blanked)) if 0 < len(commas) <= MOST_COMMAS else None
    if mended is None or mended.root_node.has_error:
        return None
    for comma in commas:
        around = mended.root_node.descendant_for_byte_range(comma, comma + 1)
        before = [child for child in around.children if child.end_byte <= comma] if around else []
        named = [child.type for child in before if child.type != "comment"]
        if around is None or around.type != "formals" or named[-1] != "formal":
            return None
    return mended


def _errors(data: bytes, root: tree_sitter.Node) -> tuple[tuple[Problem, ...], tuple[Comment, ...]]:
    """A problem for each error that holds no smaller one, and the comments around them."""
    problems: list[Problem] = []
    comments = []
    stack = [(root, False)]
    while stack:
        node, seen = stack.pop()
        if node.type == "comment":
            comments.append(node)
        elif node.is_missing and len(problems) < MOST_PROBLEMS:
            wanted = "an expression or a name" if node.is_named else f"`{node.type}`"
            problems.append(Problem(Span(*node.byte_range), f"{wanted} is missing here"))
        elif seen:
            if len(problems) < MOST_PROBLEMS and _is_new(node, problems):
                problems.append(_unexpected(data, node))
        elif node.has_error or node.is_error:
            if node.is_error:
                stack.append((node, True))
            stack += [(child, False) for child in reversed(node.children)]
    return tuple(sorted(problems)), _comments(data, comments)


def _is_new(node: tree_sitter.Node, problems: list[Problem]) -> bool:
    return not any(node.start_byte <= problem.span.start <= node.end_byte for problem in problems)


def _unexpected(data: bytes, node: tree_sitter.Node) -> Problem:
    """What to say of text that fits nowhere: its first line."""
    raw = data[node.start_byte : node.end_byte]
    raw = raw[: len(raw) - len(raw.lstrip(b"\r\n"))] + raw.lstrip(b"\r\n").split(b"\n")[0]
    text = raw.decode("utf-8", "replace").strip()
    if not text.isprintable() or not text:
        text = " ".join(f"U+{ord(character):04X}" for character in raw.decode("utf-8", "replace"))
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE] + "…"
    span = Span(node.start_byte, node.start_byte + len(raw))
    return Problem(span, f"this is not Nix: `{text}` cannot stand here")


def _comments(data: bytes, nodes: list[tree_sitter.Node]) -> tuple[Comment, ...]:
    comments = []
    for node in sorted(nodes, key=lambda node: node.start_byte):
        start, end = node.byte_range
        text = data[start:end]
        if text.startswith(b"#"):
            text = text.rstrip(b"\r")
        comments.append(Comment(Span(start, start + len(text)), text.decode("utf-8", "replace")))
    return tuple(comments)


def _cut_comments(comments: tuple[Comment, ...]) -> list[Problem]:
    """Comments that Nix ends at a lone carriage return, after which it reads code again."""
    message = "a carriage return without a line feed ends this comment for Nix; use one kind of line end"
    return [Problem(c.span, message) for c in comments if c.text.startswith("#") and "\r" in c.text]
