"""From tree-sitter's tree to the expression tree, in one walk without recursion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import tree_sitter

from nixlint_ort.nix import bindings as binding_rules
from nixlint_ort.nix.literals import Part, canonical, indented_parts, quoted_pieces
from nixlint_ort.nix.syntax import (
    Apply,
    Assert,
    AttributePath,
    AttributeSet,
    Binary,
    Binding,
    Bindings,
    Formal,
    Formals,
    HasAttribute,
    If,
    Items,
    Lambda,
    Let,
    Literal,
    Name,
    Node,
    PathText,
    SearchPath,
    Select,
    Text,
    Unary,
    Variable,
    With,
)
from nixlint_ort.nix.values import (
    Form,
    NixFloat,
    NixInt,
    NixPath,
    NixString,
    Origin,
    Piece,
)
from nixlint_ort.source import Span

LARGEST = 2**63 - 1
RESERVED = frozenset({"__sub", "__mul", "__div", "__lessThan", "__findFile", "__nixPath", "__curPos"})
"""Names that Nix's own parser puts in place of operators, so that binding them changes what operators do."""

_KEYWORDS = frozenset({"if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or"})
_FLOAT = re.compile(r"(([1-9][0-9]*\.[0-9]*)|(0?\.[0-9]+))([Ee][+-]?[0-9]+)?\Z")
_PATH = re.compile(r"(?:~|[a-zA-Z0-9._+-]*)(?:/[a-zA-Z0-9._+-]+)+\Z")
_PATH_START = re.compile(r"(?:~|[a-zA-Z0-9._+-]*)(?:/[a-zA-Z0-9._+-]+)*/?\Z")
_PATH_LATER = re.compile(r"[a-zA-Z0-9._+-]*(?:/[a-zA-Z0-9._+-]+)*/?\Z")


class Problem(NamedTuple):
    """A reason not to judge a file: something that is not Nix, or that this tool cannot read, and where."""

    span: Span
    message: str


_Open = tuple[tree_sitter.Node, Iterator[tree_sitter.Node], list[Any], list[Any]]
"""A node on the way: its children still to come, what those before became, and where it goes itself."""


class Lowering:
    """One file's walk: the expression, its comments, and what Nix would refuse."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self.comments: list[tree_sitter.Node] = []

    def lower(self, root: tree_sitter.Node) -> Node | None:
        """The expression below `root`, None if there is none."""
        top: list[Any] = []
        stack: list[_Open] = [(root, iter(root.children), [], top)]
        while stack:
            node, rest, parts, around = stack[-1]
            for child in rest:
                kind = child.type
                if child.child_count:
                    stack.append((child, iter(child.children), [], parts))
                    break
                if kind == "comment":
                    self.comments.append(child)
                else:
                    build = _LEAVES.get(kind)
                    parts.append(build(self, child) if build else child)
            else:
                stack.pop()
                around.append(_BRANCHES[node.type](self, node, parts))
        return top[0] if isinstance(top[0], Node) else None

    def refuse(self, start: int, end: int, message: str) -> None:
        """Notes a problem at bytes `start` to `end`."""
        self.problems.append(Problem(Span(start, end), message))

    def text(self, node: tree_sitter.Node) -> str:
        """The text of a tree-sitter node."""
        return self.data[node.start_byte : node.end_byte].decode()


class _Interpolation(NamedTuple):
    start: int
    end: int
    expression: Node


_Bound = tuple[AttributePath, Binding]
_Branch = Callable[[Lowering, tree_sitter.Node, list[Any]], Any]


def _source(_: Lowering, __: tree_sitter.Node, parts: list[Any]) -> Any:
    return parts[0] if parts else None


def _integer(walk: Lowering, node: tree_sitter.Node) -> Node:
    value = int(walk.text(node))
    if value > LARGEST:
        walk.refuse(node.start_byte, node.end_byte, "this number does not fit into the 64 bits that Nix gives it")
    span = Span(node.start_byte, node.end_byte)
    return Literal(*span, NixInt(value, Origin(span)))


def _float(walk: Lowering, node: tree_sitter.Node) -> Node:
    text = walk.text(node)
    if not _FLOAT.match(text):
        walk.refuse(node.start_byte, node.end_byte, f"Nix does not read {text} as one number")
    span = Span(node.start_byte, node.end_byte)
    return Literal(*span, NixFloat(float(text), Origin(span)))


def _uri(walk: Lowering, node: tree_sitter.Node) -> Node:
    span = Span(node.start_byte, node.end_byte)
    origin = Origin(span)
    return Literal(*span, NixString((Piece(walk.text(node), origin, Form.DERIVED),), origin))


def _search_path(walk: Lowering, node: tree_sitter.Node) -> Node:
    return SearchPath(node.start_byte, node.end_byte, walk.text(node)[1:-1])


def _path(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    start, end = node.start_byte, node.end_byte
    pieces: list[str | Node] = []
    at = start
    for number, part in enumerate(parts):
        first, last = (part.start, part.end) if isinstance(part, _Interpolation) else part.byte_range
        pattern = _PATH if len(parts) == 1 else _PATH_LATER if number else _PATH_START
        text = walk.data[first:last].decode()
        if first != at or not (isinstance(part, _Interpolation) or pattern.match(text)):
            walk.refuse(start, end, _path_advice(walk.data[start:end]))
            break
        pieces.append(part.expression if isinstance(part, _Interpolation) else text)
        at = last
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return Literal(start, end, NixPath(canonical(pieces[0]), Origin(Span(start, end))))
    return PathText(start, end, tuple(pieces))


def _path_advice(raw: bytes) -> str:
    if b"//" in raw:
        return "write a space on both sides of // here: without them this tool cannot tell a path from an update"
    if raw.endswith(b"/"):
        return "a path must not end in a slash"
    return "Nix does not read this as one path"


def _interpolation(_: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Any:
    return _Interpolation(node.start_byte, node.end_byte, parts[1])


def _stretches(walk: Lowering, node: tree_sitter.Node, parts: list[Any], quote: int) -> list[Any]:
    """The text between a string's quotes as runs of bytes, each with its offset, and interpolated expressions."""
    stretches: list[Any] = []
    at = node.start_byte + quote
    for part in parts:
        if isinstance(part, _Interpolation):
            if part.start > at:
                stretches.append((walk.data[at : part.start], at))
            stretches.append(part.expression)
            at = part.end
    if node.end_byte - quote > at:
        stretches.append((walk.data[at : node.end_byte - quote], at))
    return stretches


def _quoted(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
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


def _indented(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    return _string(walk, node, indented_parts(_stretches(walk, node, parts, 2)))


def _string(walk: Lowering, node: tree_sitter.Node, parts: list[Part] | None) -> Node:
    start, end = node.start_byte, node.end_byte
    if parts is None:
        walk.refuse(start, end, "this tool cannot tell where the interpolations of this string are")
        parts = []
    pieces = tuple(part for part in parts if isinstance(part, Piece))
    if len(pieces) == len(parts):
        return Literal(start, end, NixString(pieces, Origin(Span(start, end))))
    return Text(start, end, tuple(parts))


def _variable(walk: Lowering, node: tree_sitter.Node, _: list[Any]) -> Node:
    name = walk.text(node)
    if name in _KEYWORDS:
        walk.refuse(node.start_byte, node.end_byte, f"{name} is a word of the language and cannot be a name here")
    return Variable(node.start_byte, node.end_byte, name)


def _attribute(walk: Lowering, part: Any) -> Node:
    """One step of an attribute path: a Name where Nix takes it for one."""
    if isinstance(part, tree_sitter.Node):
        text = walk.text(part)
        if text in _KEYWORDS and text != "or":
            message = f"{text} is a word of the language; as an attribute it needs quotes"
            walk.refuse(part.start_byte, part.end_byte, message)
        return Name(part.start_byte, part.end_byte, text)
    node: Node = part.expression if isinstance(part, _Interpolation) else part
    if isinstance(node, Literal) and isinstance(node.value, NixString):
        return Name(node.start, node.end, node.value.text, node.value)
    return node


def _attribute_path(walk: Lowering, _: tree_sitter.Node, parts: list[Any]) -> AttributePath:
    return tuple(_attribute(walk, part) for part in parts[::2])


def _inherited_names(walk: Lowering, _: tree_sitter.Node, parts: list[Any]) -> list[Name]:
    names = []
    for part in parts:
        name = _attribute(walk, part)
        if isinstance(name, Name):
            names.append(name)
        else:
            walk.refuse(name.start, name.end, "inherit takes names only, not computed ones")
    return names


def _binding(_: Lowering, node: tree_sitter.Node, parts: list[Any]) -> list[_Bound]:
    path: AttributePath = parts[0]
    return [(path, Binding(node.start_byte, node.end_byte, path[-1], parts[2]))]


def _inherit(_: Lowering, node: tree_sitter.Node, parts: list[Any]) -> list[_Bound]:
    return [_inherited(node, name, Variable(name.start, name.end, name.text), True) for name in parts[1]]


def _inherit_from(_: Lowering, node: tree_sitter.Node, parts: list[Any]) -> list[_Bound]:
    return [_inherited(node, name, Select(name.start, name.end, parts[2], (name,), None), False) for name in parts[4]]


def _inherited(node: tree_sitter.Node, name: Name, value: Node, outside: bool) -> _Bound:
    return (name,), Binding(node.start_byte, node.end_byte, name, value, outside)


def _binding_set(walk: Lowering, _: tree_sitter.Node, parts: list[Any]) -> Bindings:
    bindings = Bindings()
    for part in parts:
        for path, binding in part:
            try:
                binding_rules.add(bindings, path, binding)
            except binding_rules.BoundTwiceError as twice:
                message = f"{twice.name} is bound a second time in the same set"
                walk.refuse(twice.node.start, twice.node.end, message)
    return bindings


def _bindings_in(walk: Lowering, parts: list[Any], scoped: bool) -> Bindings:
    """The bindings among a node's parts; `scoped` if their names can be used as variables."""
    bindings = next((part for part in parts if isinstance(part, Bindings)), None) or Bindings()
    if scoped:
        for name in RESERVED & bindings.named.keys():
            binding = bindings.named[name]
            walk.refuse(*binding.name.span, f"{name} is a name that Nix uses itself; this tool cannot follow that")
    return bindings


def _set(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    return AttributeSet(node.start_byte, node.end_byte, _bindings_in(walk, parts, False), recursive=False)


def _recursive_set(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    return AttributeSet(node.start_byte, node.end_byte, _bindings_in(walk, parts, True), recursive=True)


def _let(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    bindings = _bindings_in(walk, parts, True)
    for binding in bindings.dynamic:
        walk.refuse(*binding.name.span, "a let cannot bind a computed name")
    return Let(node.start_byte, node.end_byte, bindings, parts[-1])


def _let_set(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    span = (node.start_byte, node.end_byte)
    return Select(*span, _recursive_set(walk, node, parts), (Name(*span, "body"),), None)


def _formal(walk: Lowering, _: tree_sitter.Node, parts: list[Any]) -> Formal:
    default = parts[2] if len(parts) > 1 else None
    name = walk.text(parts[0])
    if name in _KEYWORDS or name in RESERVED:
        walk.refuse(parts[0].start_byte, parts[0].end_byte, f"{name} cannot be the name of an argument")
    return Formal(parts[0].start_byte, parts[0].end_byte, name, default)


def _formals(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Formals:
    names = tuple(part for part in parts if isinstance(part, Formal))
    seen = set()
    for formal in names:
        if formal.name in seen:
            walk.refuse(formal.start, formal.end, f"the argument {formal.name} is named twice")
        seen.add(formal.name)
    ellipsis = any(isinstance(part, tree_sitter.Node) and part.type == "ellipses" for part in parts)
    return Formals(node.start_byte, node.end_byte, names, ellipsis)


def _function(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    formals = next((part for part in parts if isinstance(part, Formals)), None)
    name = next((part for part in parts if isinstance(part, tree_sitter.Node) and part.type == "identifier"), None)
    parameter = None
    if name is not None:
        parameter = Variable(*name.byte_range, walk.text(name))
        if parameter.name in _KEYWORDS or parameter.name in RESERVED:
            walk.refuse(*name.byte_range, f"{parameter.name} cannot be the name of an argument")
        if formals and any(formal.name == parameter.name for formal in formals.names):
            walk.refuse(*name.byte_range, f"the argument {parameter.name} is named twice")
        if _URI_AHEAD.match(walk.data, name.end_byte):
            message = "write a space after this colon: without one Nix reads a web address here"
            walk.refuse(name.end_byte, name.end_byte + 1, message)
    return Lambda(node.start_byte, node.end_byte, parameter, formals, parts[-1])


_URI_AHEAD = re.compile(rb":[a-zA-Z0-9%/?:@&=+$,_.!~*'-]")


def _operation(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    left, operator, right = parts[0], parts[1].type, parts[2]
    group = _UNCHAINED.get(operator)
    if group is not None:
        for side, bare in ((left, left.start == node.start_byte), (right, right.end == node.end_byte)):
            if bare and isinstance(side, Binary) and side.operator in group:
                message = f"Nix wants parentheses here: {side.operator} and {operator} cannot follow each other"
                walk.refuse(parts[1].start_byte, parts[1].end_byte, message)
    return Binary(node.start_byte, node.end_byte, operator, left, right)


_EQUALITY = frozenset({"==", "!="})
_ORDER = frozenset({"<", "<=", ">", ">="})
_UNCHAINED = {**dict.fromkeys(_EQUALITY, _EQUALITY), **dict.fromkeys(_ORDER, _ORDER)}


def _apply(walk: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    function = parts[0]
    if isinstance(function, HasAttribute) and function.start == node.start_byte:
        walk.refuse(function.start, function.end, "Nix wants parentheses here: what follows ? is no argument")
    return Apply(node.start_byte, node.end_byte, function, parts[1])


def _plain(make: Callable[..., Node], *places: int) -> _Branch:
    """A builder that hands the parts at `places` to a node's constructor."""

    def build(_: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
        return make(node.start_byte, node.end_byte, *[parts[place] for place in places])

    return build


def _select(_: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    default = parts[4] if len(parts) > 3 else None
    return Select(node.start_byte, node.end_byte, parts[0], parts[2], default)


def _unary(_: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    return Unary(node.start_byte, node.end_byte, parts[0].type, parts[1])


def _list(_: Lowering, node: tree_sitter.Node, parts: list[Any]) -> Node:
    return Items(node.start_byte, node.end_byte, tuple(parts[1:-1]))


_LEAVES: dict[str, Callable[[Lowering, tree_sitter.Node], Node]] = {
    "integer_expression": _integer,
    "float_expression": _float,
    "uri_expression": _uri,
    "spath_expression": _search_path,
}
_BRANCHES: dict[str, _Branch] = {
    "source_code": _source,
    "variable_expression": _variable,
    "path_expression": _path,
    "hpath_expression": _path,
    "string_expression": _quoted,
    "indented_string_expression": _indented,
    "interpolation": _interpolation,
    "parenthesized_expression": lambda _, __, parts: parts[1],
    "function_expression": _function,
    "formals": _formals,
    "formal": _formal,
    "assert_expression": _plain(Assert, 1, 3),
    "with_expression": _plain(With, 1, 3),
    "let_expression": _let,
    "if_expression": _plain(If, 1, 3, 5),
    "has_attr_expression": _plain(HasAttribute, 0, 2),
    "unary_expression": _unary,
    "binary_expression": _operation,
    "apply_expression": _apply,
    "select_expression": _select,
    "attrset_expression": _set,
    "rec_attrset_expression": _recursive_set,
    "let_attrset_expression": _let_set,
    "binding_set": _binding_set,
    "binding": _binding,
    "inherit": _inherit,
    "inherit_from": _inherit_from,
    "attrpath": _attribute_path,
    "inherited_attrs": _inherited_names,
    "list_expression": _list,
}
