"""A file's bytes to a document: its expression, comments and tokens, or the problems that keep it from one."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import NamedTuple

import tree_sitter

from nixlint_ort.nix.lower import lower
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.scope import undefined
from nixlint_ort.nix.syntax_errors import MAX_PROBLEMS, is_only_empty_inherits, problems_of
from nixlint_ort.nix.syntax_errors import comments as error_comments
from nixlint_ort.nix.walk import SyntaxProblem, Walk
from nixlint_ort.source import Span

MAX_FILE = 200_000
"""Bytes; real variants have about 3,000."""

SECONDS = 2.0
MAX_MEMORY = 80_000_000
"""Bytes that reading one file may add to this process, where the system tells."""
_IN_NO_TIME = 0.1
"""CPU seconds in which a file is read that is not made to be slow; until then, memory is not asked for."""

MAX_COMMAS = 1000
"""Trailing commas of one file that are looked at again, each by a search from the root."""


def _language() -> tree_sitter.Language:
    """The grammar, without the package around it where that can be: it imports what reads queries, and it has none."""
    package = find_spec("tree_sitter_nix")
    where = package.submodule_search_locations if package is not None else None
    inner = PathFinder.find_spec("tree_sitter_nix._binding", where)
    if inner is None or inner.loader is None:
        import tree_sitter_nix

        return tree_sitter.Language(tree_sitter_nix.language())
    binding = module_from_spec(inner)
    inner.loader.exec_module(binding)
    return tree_sitter.Language(binding.language())


_LANGUAGE = _language()


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
    problems: tuple[SyntaxProblem, ...]
    comments: tuple[Comment, ...] = ()
    expression: Node | None = None
    parsed: Callable[[], tree_sitter.Node | None] = field(default=lambda: None, repr=False)
    """Gives the root of tree-sitter's tree, which few ask for."""

    @cached_property
    def root(self) -> tree_sitter.Node | None:
        """The root of tree-sitter's tree; None where the file was not parsed."""
        return self.parsed()

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


def parse(data: bytes, folder: str = "", most: int = MAX_FILE) -> Document:
    """Reads a file of at most `most` bytes. Never raises: what is not Nix, or cannot be read, is in `problems`.

    Relative paths become absolute ones from `folder`, an absolute path, as in Nix; without it they stay as written.
    """
    problems = _unreadable(data, most)
    if problems:
        return Document(data, problems)
    tree = _read(data)
    if tree is None:
        message = f"nixlint-ort stops reading a file after {SECONDS:.0f} seconds or {MAX_MEMORY // 1_000_000} MB"
        return Document(data, (SyntaxProblem(Span(0, 0), message),))
    root = tree.root_node
    if root.has_error and not is_only_empty_inherits(root):
        return Document(data, problems_of(data, root, _read), _comments(data, error_comments(root)))
    problems = _unread_signs(data, root)
    if problems:
        return Document(data, problems)
    walk = Walk(data, folder)
    expression = lower(walk, root)
    comments = _comments(data, walk.comments)
    problems = (*_cut_comments(comments), *walk.problems)
    if expression is None and not problems:
        problems = (SyntaxProblem(Span(0, 0), "the file has no expression"),)
    elif expression is not None and not problems:
        problems = tuple(undefined(expression))
    if problems:
        return Document(data, tuple(sorted(problems)[:MAX_PROBLEMS]), comments, None, lambda: root)
    return Document(data, (), comments, expression, lambda: root)


_SIGNS = {b"\x0b": "a vertical tab", b"\x0c": "a form feed"}
_INSIDE_TEXT = frozenset({"comment", "string_fragment", "escape_sequence", "dollar_escape"})


def _unreadable(data: bytes, most: int) -> tuple[SyntaxProblem, ...]:
    """What can be said of the bytes alone."""
    if len(data) > most:
        return (SyntaxProblem(Span(0, 0), f"the file has more than {most:,} bytes, the most that nixlint-ort reads"),)
    if data.startswith(b"\xef\xbb\xbf"):
        return (SyntaxProblem(Span(0, 3), "the file starts with a byte order mark, which Nix refuses; remove it"),)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return (SyntaxProblem(Span(error.start, error.end), "these bytes are not UTF-8 text"),)
    return ()


def _unread_signs(data: bytes, root: tree_sitter.Node) -> tuple[SyntaxProblem, ...]:
    """White space that the grammar takes between words, and Nix in comments and strings alone."""
    for match in re.finditer(rb"[\x0b\x0c]", data):
        node = root.descendant_for_byte_range(*match.span())
        if node is None or node.type not in _INSIDE_TEXT:
            return (SyntaxProblem(Span(*match.span()), f"Nix does not treat {_SIGNS[match[0]]} as white space"),)
    return ()


def _read(data: bytes) -> tree_sitter.Tree | None:
    """The tree of a file, with its trailing commas; None if it took too long."""
    tree = tree_of(data)
    if tree is not None and tree.root_node.has_error:
        return _without_trailing_commas(data, tree) or tree
    return tree


def tree_of(data: bytes) -> tree_sitter.Tree | None:
    """tree-sitter's own tree of a file, None if it took too much."""
    parser = tree_sitter.Parser(_LANGUAGE)  # used once, since a cancelled one is spoilt
    if len(data) < 6_000:  # at its worst, tree-sitter's time grows with the square: this much is harmless
        return parser.parse(data)
    whole = memoryview(data)  # the binding never lets go of what it is given, and asks anew beyond the end of a part
    begun, before = time.process_time(), _resident()

    def is_too_much(*_: object) -> bool:
        taken = time.process_time() - begun
        return taken > SECONDS or (taken > _IN_NO_TIME and _resident() - before > MAX_MEMORY)

    try:
        return parser.parse(lambda offset, _: whole[offset:], progress_callback=is_too_much)
    except ValueError:
        return None


def _resident() -> int:
    """The bytes of memory that this process has; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


_TO_BRACE = re.compile(rb"(?:\s|#[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*\}")
_COMMA_AT_END = re.compile(rb",\s*(?:\}|#|/\*)")


def _without_trailing_commas(data: bytes, tree: tree_sitter.Tree) -> tree_sitter.Tree | None:
    """The tree with a space for each comma that ends a set pattern, which the grammar does not know.

    None if one of them ends something else: a comma elsewhere stays an error.
    """
    if _COMMA_AT_END.search(data) is None:  # no walk through a file that has none
        return None
    blanked = bytearray(data)
    commas = []
    stack = [tree.root_node]
    while stack:
        node = stack.pop()
        stack += node.children
        if node.type == "," and not node.is_missing and _TO_BRACE.match(data, node.end_byte):
            commas.append(node.start_byte)
            blanked[node.start_byte] = ord(" ")
    mended = tree_of(bytes(blanked)) if 0 < len(commas) <= MAX_COMMAS else None
    if mended is None:
        return None
    for comma in commas:
        around = mended.root_node.descendant_for_byte_range(comma, comma + 1)
        before = [child for child in around.children if child.end_byte <= comma] if around else []
        named = [child.type for child in before if child.type != "comment"]
        if around is None or around.type != "formals" or named[-1:] != ["formal"]:
            return None
    return mended


def _comments(data: bytes, nodes: list[tree_sitter.Node]) -> tuple[Comment, ...]:
    comments = []
    for node in sorted(nodes, key=lambda node: node.start_byte):
        start, end = node.byte_range
        text = data[start:end]
        if text.startswith(b"#"):
            text = text.rstrip(b"\r")
        comments.append(Comment(Span(start, start + len(text)), text.decode("utf-8", "replace")))
    return tuple(comments)


def _cut_comments(comments: tuple[Comment, ...]) -> list[SyntaxProblem]:
    """Comments that Nix ends at a lone carriage return, after which it reads code again."""
    message = "a carriage return without a line feed ends this comment for Nix; use one kind of line end"
    return [SyntaxProblem(c.span, message) for c in comments if c.text.startswith("#") and "\r" in c.text]
