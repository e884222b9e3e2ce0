"""What the walk from tree-sitter's tree to the expression tree carries along."""

from __future__ import annotations

from typing import NamedTuple

import tree_sitter

from nixlint_ort.nix.node import Node
from nixlint_ort.source import Span


class SyntaxProblem(NamedTuple):
    """A reason not to judge a file: something that is not Nix, or that this tool cannot read, and where."""

    span: Span
    message: str


class Walk:
    """One file on its way: its bytes, where its relative paths start, its comments, and what Nix would refuse."""

    def __init__(self, data: bytes, folder: str = "") -> None:
        self.data = data
        self.folder = folder
        self.problems: list[SyntaxProblem] = []
        self.comments: list[tree_sitter.Node] = []
        self.words_or: set[int] = set()
        """Where `or` stands as an expression, until something makes it a variable."""

    def refuse(self, start: int, end: int, message: str) -> None:
        """Notes a problem at bytes `start` to `end`."""
        self.problems.append(SyntaxProblem(Span(start, end), message))

    def text(self, node: tree_sitter.Node) -> str:
        """The text of a tree-sitter node."""
        return self.data[node.start_byte : node.end_byte].decode()


class Interpolation(NamedTuple):
    """`${…}`: its bytes, and the expression in it."""

    start: int
    end: int
    expression: Node
