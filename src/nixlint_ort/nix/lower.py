"""From tree-sitter's tree to the expression tree, in one walk without recursion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import tree_sitter

from nixlint_ort.nix import bindings as binding_rules
from nixlint_ort.nix import lower_literals as literal
from nixlint_ort.nix import lower_operations as operator
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.syntax import (
    Assert,
    AttributePath,
    AttributeSet,
    Binding,
    Bindings,
    Formal,
    Formals,
    HasAttribute,
    If,
    Lambda,
    Let,
    Literal,
    Name,
    Position,
    Select,
    Unary,
    Variable,
    With,
)
from nixlint_ort.nix.values import NixString
from nixlint_ort.nix.walk import Interpolation, Walk

MAX_NESTING = 1000
"""Levels of nesting; in real files there are fewer than 80."""

RESERVED = frozenset({"__sub", "__mul", "__div", "__lessThan", "__findFile", "__nixPath"})
"""Names that Nix's own parser puts in place of operators, so that binding them changes what operators do."""

_KEYWORDS = frozenset({"if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or"})

_NO_NAME = "{} is a word of the language and cannot be a name here"

_Open = tuple[tree_sitter.Node, Iterator[tree_sitter.Node], list[Any], list[Any]]
"""A node on the way: its children still to come, what those before became, and where it goes itself."""


def lower(walk: Walk, root: tree_sitter.Node) -> Node | None:
    """The expression below `root`, None if there is none."""
    top: list[Any] = []
    stack: list[_Open] = [(root, iter(root.children), [], top)]
    while stack:
        node, rest, parts, around = stack[-1]
        for child in rest:
            kind = child.type
            if child.child_count:
                if len(stack) == MAX_NESTING:
                    message = f"this is nested more than {MAX_NESTING:,} levels deep, the most nixlint-ort reads"
                    walk.refuse(*child.byte_range, message)
                    return None
                stack.append((child, iter(child.children), [], parts))
                break
            if kind == "comment":
                walk.comments.append(child)
            else:
                build = _LEAVES.get(kind)
                parts.append(build(walk, child) if build else child)
        else:
            stack.pop()
            around.append(_BRANCHES[node.type](walk, node, parts))
    for start in sorted(walk.words_or):
        walk.refuse(start, start + 2, _NO_NAME.format("or"))
    return top[0] if isinstance(top[0], Node) else None


_Bound = tuple[AttributePath, Binding]
_Branch = Callable[[Walk, tree_sitter.Node, list[Any]], Any]


def _source(_: Walk, __: tree_sitter.Node, parts: list[Any]) -> Any:
    return parts[0] if parts else None


def _variable(walk: Walk, node: tree_sitter.Node, _: list[Any]) -> Node:
    name = walk.text(node)
    if name == "__curPos":
        return Position(node.start_byte, node.end_byte)
    if name == "or":
        walk.words_or.add(node.start_byte)
    elif name in _KEYWORDS:
        walk.refuse(node.start_byte, node.end_byte, _NO_NAME.format(name))
    return Variable(node.start_byte, node.end_byte, name)


def _attribute(walk: Walk, part: Any) -> Node:
    """One step of an attribute path: a Name where Nix takes it for one."""
    if isinstance(part, tree_sitter.Node):
        text = walk.text(part)
        if text in _KEYWORDS and text != "or":
            message = f"{text} is a word of the language; as an attribute it needs quotes"
            walk.refuse(part.start_byte, part.end_byte, message)
        return Name(part.start_byte, part.end_byte, text)
    node: Node = part.expression if isinstance(part, Interpolation) else part
    if isinstance(node, Literal) and isinstance(node.value, NixString):
        return Name(node.start, node.end, node.value.text, node.value)
    return node


def _attribute_path(walk: Walk, _: tree_sitter.Node, parts: list[Any]) -> AttributePath:
    return tuple(_attribute(walk, part) for part in parts[::2])


def _inherited_names(walk: Walk, _: tree_sitter.Node, parts: list[Any]) -> list[Name]:
    names = []
    for part in parts:
        if isinstance(part, tree_sitter.Node) and part.is_missing:
            continue  # as in `inherit;`
        name = _attribute(walk, part)
        if isinstance(name, Name):
            names.append(name)
        else:
            walk.refuse(name.start, name.end, "inherit takes names only, not computed ones")
    return names


def _binding(_: Walk, node: tree_sitter.Node, parts: list[Any]) -> list[_Bound]:
    path: AttributePath = parts[0]
    return [(path, Binding(node.start_byte, node.end_byte, path[-1], parts[2]))]


def _inherit(_: Walk, node: tree_sitter.Node, parts: list[Any]) -> list[_Bound]:
    return [_inherited(node, name, Variable(name.start, name.end, name.text), True) for name in parts[1]]


def _inherit_from(_: Walk, node: tree_sitter.Node, parts: list[Any]) -> list[_Bound]:
    return [_inherited(node, name, Select(name.start, name.end, parts[2], (name,), None), False) for name in parts[4]]


def _inherited(node: tree_sitter.Node, name: Name, value: Node, outside: bool) -> _Bound:
    return (name,), Binding(node.start_byte, node.end_byte, name, value, outside)


def _binding_set(walk: Walk, _: tree_sitter.Node, parts: list[Any]) -> Bindings:
    bindings = Bindings()
    for part in parts:
        for path, binding in part:
            try:
                binding_rules.add(bindings, path, binding)
            except binding_rules.BoundTwiceError as twice:
                message = f"{twice.name} is defined twice in this set"
                walk.refuse(twice.node.start, twice.node.end, message)
    return bindings


def _bindings_in(walk: Walk, parts: list[Any], scoped: bool) -> Bindings:
    """The bindings among a node's parts; `scoped` if their names can be used as variables."""
    bindings = next((part for part in parts if isinstance(part, Bindings)), None) or Bindings()
    if scoped:
        for name in RESERVED & bindings.named.keys():
            binding = bindings.named[name]
            walk.refuse(
                *binding.name.span, f"{name} is a name that Nix uses itself; nixlint-ort does not evaluate that"
            )
    return bindings


def _set(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    return AttributeSet(node.start_byte, node.end_byte, _bindings_in(walk, parts, False), recursive=False)


def _recursive_set(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    return AttributeSet(node.start_byte, node.end_byte, _bindings_in(walk, parts, True), recursive=True)


def _let(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    bindings = _bindings_in(walk, parts, True)
    for binding in bindings.dynamic:
        walk.refuse(*binding.name.span, "a let cannot bind a computed name")
    return Let(node.start_byte, node.end_byte, bindings, parts[-1])


def _let_set(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    span = (node.start_byte, node.end_byte)
    return Select(*span, _recursive_set(walk, node, parts), (Name(*span, "body"),), None)


def _formal(walk: Walk, _: tree_sitter.Node, parts: list[Any]) -> Formal:
    default = parts[2] if len(parts) > 1 else None
    name = walk.text(parts[0])
    if name in _KEYWORDS or name in RESERVED:
        walk.refuse(parts[0].start_byte, parts[0].end_byte, f"{name} cannot be the name of an argument")
    return Formal(parts[0].start_byte, parts[0].end_byte, name, default)


def _formals(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Formals:
    names = tuple(part for part in parts if isinstance(part, Formal))
    seen = set()
    for formal in names:
        if formal.name in seen:
            walk.refuse(formal.start, formal.end, f"the argument {formal.name} is named twice")
        seen.add(formal.name)
    ellipsis = any(isinstance(part, tree_sitter.Node) and part.type == "ellipses" for part in parts)
    return Formals(node.start_byte, node.end_byte, names, ellipsis)


def _function(walk: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    formals = next((part for part in parts if isinstance(part, Formals)), None)
    name = next((part for part in parts if isinstance(part, tree_sitter.Node) and part.type == "identifier"), None)
    parameter = None
    if name is not None:
        parameter = Variable(*name.byte_range, walk.text(name))
        if parameter.name in _KEYWORDS or parameter.name in RESERVED:
            walk.refuse(*name.byte_range, f"{parameter.name} cannot be the name of an argument")
        if formals and any(formal.name == parameter.name for formal in formals.names):
            walk.refuse(*name.byte_range, f"the argument {parameter.name} is named twice")
        if _SCHEME.match(parameter.name) and _URI_AHEAD.match(walk.data, name.end_byte):
            message = "write a space after this colon: without one Nix reads a web address here"
            walk.refuse(name.end_byte, name.end_byte + 1, message)
    return Lambda(node.start_byte, node.end_byte, parameter, formals, parts[-1])


_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*\Z")
_URI_AHEAD = re.compile(rb":[a-zA-Z0-9%/?:@&=+$,_.!~*'-]")


def _plain(make: Callable[..., Node], *places: int) -> _Branch:
    """A builder that hands the parts at `places` to a node's constructor."""

    def build(_: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
        return make(node.start_byte, node.end_byte, *[parts[place] for place in places])

    return build


def _select(_: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    default = parts[4] if len(parts) > 3 else None
    return Select(node.start_byte, node.end_byte, parts[0], parts[2], default)


def _unary(_: Walk, node: tree_sitter.Node, parts: list[Any]) -> Node:
    return Unary(node.start_byte, node.end_byte, parts[0].type, parts[1])


_LEAVES: dict[str, Callable[[Walk, tree_sitter.Node], Node]] = {
    "integer_expression": literal.integer,
    "float_expression": literal.floating,
    "uri_expression": literal.uri,
    "spath_expression": literal.search_path,
}
_BRANCHES: dict[str, _Branch] = {
    "source_code": _source,
    "variable_expression": _variable,
    "path_expression": literal.path,
    "hpath_expression": literal.path,
    "string_expression": literal.quoted,
    "indented_string_expression": literal.indented,
    "interpolation": literal.interpolation,
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
    "binary_expression": operator.operation,
    "apply_expression": operator.apply,
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
    "list_expression": operator.list_,
}
