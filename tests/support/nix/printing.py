"""Prints an expression tree as Nix with every parenthesis written out, so that Nix can be asked if it reads the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nixlint_ort.nix.node import Node
from nixlint_ort.nix.parse import Document, parse
from nixlint_ort.nix.syntax import (
    Apply,
    Assert,
    AttributeSet,
    Binary,
    Binding,
    Bindings,
    HasAttribute,
    If,
    Items,
    Lambda,
    Let,
    Literal,
    Name,
    PathText,
    Position,
    SearchPath,
    Select,
    Text,
    Unary,
    Variable,
    With,
)
from nixlint_ort.nix.values import NixString, Piece


class TornError(Exception):
    """A set that Nix's versions put together differently has no one meaning to print."""


def quoted(text: str) -> str:
    """A text as a string literal."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("${", "\\${"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def parenthesised(document: Document, merged: bool = False) -> str:
    """The document's expression as Nix, every parenthesis written out. Raises TornError.

    `merged` is for what Nix itself has printed: it prints a string as the sum of its parts, divided as its lexer did.
    """
    if document.expression is None:
        raise ValueError("a document with problems has no expression")
    return Printer(document.data, merged).show(document.expression)


def settled(printed: str) -> str:
    """Nix's print of a file without what is chance in it: the order of names, and where its lexer divides strings."""
    # Its lexer can divide a string within a character; such bytes were read as surrogates.
    printed = re.sub('(?<=[\udc80-\udcff])" \\+ "(?=[\udc80-\udcff])', "", printed)
    # Of `./a/${b}` it prints a path that ends in a slash, which is none.
    printed = re.sub(r"(?<=[\w.+-])/ \+ ", "/. + ", printed)
    document = parse(printed.encode("utf-8", "surrogateescape"))
    return printed if document.problems else parenthesised(document, merged=True)


class Printer:
    """Prints the nodes of one file."""

    def __init__(self, data: bytes, merged: bool) -> None:
        self.data, self.merged = data, merged

    def show(self, node: Node) -> str:
        """A node as Nix."""
        return _SHOW[type(node)](node, self)

    def name(self, node: Node) -> str:
        """A step of an attribute path."""
        return quoted(node.text) if isinstance(node, Name) else f"${{{self.show(node)}}}"

    def path(self, path: tuple[Node, ...]) -> str:
        """An attribute path."""
        return ".".join(self.name(step) for step in path)

    def binding(self, binding: Binding) -> str:
        """A binding with its semicolon."""
        if binding.inherited:
            return f"inherit {self.name(binding.name)};"
        return f"{self.name(binding.name)} = {self.show(binding.value)};"

    def bindings(self, bindings: Bindings) -> str:
        """All bindings, by name."""
        named = [bindings.named[name] for name in sorted(bindings.named)]
        return " ".join(self.binding(binding) for binding in (*named, *bindings.dynamic))


def _literal(node: Literal, to: Printer) -> str:
    if isinstance(node.value, NixString):
        return quoted(node.value.text)
    return to.data[node.start : node.end].decode()


def _text(node: Text, to: Printer) -> str:
    parts: list[str] = []
    run = ""
    for part in node.parts:
        if isinstance(part, Piece):
            run += part.text
        else:
            before = quoted(run)[1:-1]
            if before.endswith("$"):  # `$${` is no interpolation
                before = before[:-1] + "\\$"
            parts += [before, f"${{{to.show(part)}}}"]
            run = ""
    return f'"{"".join(parts)}{quoted(run)[1:-1]}"'


def _path_text(node: PathText, to: Printer) -> str:
    return "".join(part if isinstance(part, str) else f"${{{to.show(part)}}}" for part in node.parts)


def _select(node: Select, to: Printer) -> str:
    default = f" or ({to.show(node.default)})" if node.default is not None else ""
    return f"(({to.show(node.subject)}).{to.path(node.path)}{default})"


def _apply(node: Apply, to: Printer) -> str:
    argument = to.show(node.argument)
    # `(or)` is no expression, though `f or` is one.
    return f"(({to.show(node.function)}) {argument if argument == 'or' else f'({argument})'})"


def _set(node: AttributeSet, to: Printer) -> str:
    if node.ambiguous_merge:
        raise TornError
    return f"({'rec ' if node.recursive else ''}{{ {to.bindings(node.bindings)} }})"


def _lambda(node: Lambda, to: Printer) -> str:
    head = node.parameter.name if node.parameter else ""
    if node.formals is not None:
        formals = [f.name + (f" ? {to.show(f.default)}" if f.default else "") for f in node.formals.names]
        pattern = "{ " + ", ".join(sorted(formals) + ["..."] * node.formals.ellipsis) + " }"
        head = f"{pattern} @ {head}" if head else pattern
    return f"({head}: {to.show(node.body)})"


def _terms(node: Node) -> list[Node]:
    """The terms of a sum that is written without parentheses."""
    if isinstance(node, Binary) and node.operator == "+":
        left = _terms(node.left) if node.left.start == node.start else [node.left]
        return [*left, node.right]
    return [node]


def _binary(node: Binary, to: Printer) -> str:
    if not (to.merged and node.operator == "+"):
        return f"(({to.show(node.left)}) {node.operator} ({to.show(node.right)}))"
    terms: list[str] = []
    run = ""
    for term in _terms(node):
        if isinstance(term, Literal) and isinstance(term.value, NixString):
            run += term.value.text
            continue
        terms += [quoted(run)] * bool(run) + [to.show(term)]
        run = ""
    terms += [quoted(run)] * (bool(run) or not terms)
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"


_SHOW: dict[type, Callable[[Any, Printer], str]] = {
    Literal: _literal,
    Text: _text,
    PathText: _path_text,
    SearchPath: lambda node, _: f"<{node.name}>",
    Position: lambda _, __: "__curPos",
    Variable: lambda node, _: node.name,
    Select: _select,
    HasAttribute: lambda node, to: f"(({to.show(node.subject)}) ? {to.path(node.path)})",
    Apply: _apply,
    Lambda: _lambda,
    Let: lambda node, to: f"(let {to.bindings(node.bindings)} in {to.show(node.body)})",
    AttributeSet: _set,
    With: lambda node, to: f"(with {to.show(node.scope)}; {to.show(node.body)})",
    Assert: lambda node, to: f"(assert {to.show(node.condition)}; {to.show(node.body)})",
    If: lambda node, to: (
        f"(if {to.show(node.condition)} then {to.show(node.consequence)} else {to.show(node.alternative)})"
    ),
    Items: lambda node, to: f"[ {' '.join(f'({to.show(item)})' for item in node.items)} ]",
    Unary: lambda node, to: f"({node.operator}({to.show(node.operand)}))",
    Binary: _binary,
}
