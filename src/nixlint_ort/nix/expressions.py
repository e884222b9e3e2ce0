"""What each kind of expression evaluates to: one small function each, in a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nixlint_ort.nix import operators
from nixlint_ort.nix.coercion import text_pieces
from nixlint_ort.nix.environments import bind_arguments, scope
from nixlint_ort.nix.machine import Machine, Step
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.references import through_reference
from nixlint_ort.nix.selection import missing, select, select_or
from nixlint_ort.nix.stuck import Stuck, failure, type_error, unknown
from nixlint_ort.nix.syntax import (
    Apply,
    Assert,
    AttributeSet,
    Binary,
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
from nixlint_ort.nix.values import (
    Environment,
    Fetched,
    Form,
    Function,
    NixAttrs,
    NixBool,
    NixInt,
    NixList,
    NixNull,
    NixString,
    Origin,
    Package,
    PackageSet,
    Piece,
    Thunk,
    Unknown,
    Value,
    done,
)
from nixlint_ort.source import Span


def _literal(_: Machine, node: Literal, __: Environment) -> Value:
    return node.value


def _text(machine: Machine, node: Text, env: Environment) -> Value:
    def parts() -> Iterator[Sequence[Piece]]:
        for part in node.parts:
            yield [part] if isinstance(part, Piece) else text_pieces(machine, machine.thunk(part, env), part.span)

    return machine.concat_pieces(parts(), node.span)


def _path_text(machine: Machine, node: PathText, env: Environment) -> Value:
    texts: list[str] = []
    for part in node.parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        string = NixString(tuple(text_pieces(machine, machine.thunk(part, env), part.span)), Origin(part.span))
        texts.append(machine.text(done(string), part.span))
        machine.spend_on_text(2 * len(texts[-1]), node.span)
    return machine.path("".join(texts), node.span)


def _search_path(_: Machine, node: SearchPath, __: Environment) -> Value:
    origin = Origin(node.span)
    name = NixString((Piece(node.name, origin, Form.DERIVED),), origin)
    return Fetched("search path", name, None, origin)


def _position(_: Machine, node: Position, __: Environment) -> Value:
    raise unknown("nixlint-ort does not evaluate __curPos", node.span)


def _variable(machine: Machine, node: Variable, env: Environment) -> Value:
    name = node.name
    scope: Environment | None = env
    while scope is not None:
        found = scope.names.get(name)
        if found is not None:
            machine.spend((env.depth - scope.depth) // 16, node.span)
            return through_reference(machine, machine.force(found), node.span)
        scope = scope.around
    machine.spend(env.depth // 8, node.span)
    value = machine.globals(name, node.span)
    if value is not None:
        return value
    scope = env
    while scope is not None:
        if scope.opened is not None:
            opened = machine.need(scope.opened)
            if isinstance(opened, PackageSet):
                machine.touched.append((opened, node.span))
            value = select(machine, opened, Name(node.start, node.end, name).string(), node.span)
            if value is not None:
                return through_reference(machine, value, node.span)
        scope = scope.around
    raise failure(f"{name} is not bound", node.span)


def _path_name(machine: Machine, step: Node, env: Environment) -> NixString:
    return step.string() if isinstance(step, Name) else machine.string(machine.thunk(step, env), step.span)


def _select(machine: Machine, node: Select, env: Environment) -> Any:
    value = machine.evaluate(node.subject, env)
    for step in node.path:
        if isinstance(value, PackageSet):
            machine.touched.append((value, node.subject.span))
        name = _path_name(machine, step, env)
        default = machine.thunk(node.default, env) if node.default is not None else None
        found = select_or(machine, value, name, step.span, default)
        if found is None:
            if node.default is not None:
                return node.default, env
            raise missing(value, name, step.span)
        value = found
    return value if isinstance(value, Package) else through_reference(machine, value, node.span)


def _has_attribute(machine: Machine, node: HasAttribute, env: Environment) -> Value:
    value = machine.evaluate(node.subject, env)
    for number, step in enumerate(node.path):
        name = _path_name(machine, step, env)
        if number and type(value) is Unknown:
            raise Stuck(value)
        found = select(machine, value, name, step.span, optional=True)
        if found is None:
            return NixBool(False, Origin(node.span))
        value = found
    return NixBool(True, Origin(node.span))


def _apply(machine: Machine, node: Apply, env: Environment) -> Any:
    function = machine.evaluate(node.function, env)
    argument = machine.thunk(node.argument, env)
    if type(function) is Function and function.closure is not None:
        written, around = function.closure
        return written.body, bind_arguments(machine, written, around, argument, node.span)
    return machine.call(function, argument, node.span)


def _lambda(machine: Machine, node: Lambda, env: Environment) -> Value:
    def call(argument: Thunk, span: Span) -> Value:
        return machine.evaluate(node.body, bind_arguments(machine, node, env, argument, span))

    formals = None
    if node.formals is not None:
        formals = {formal.name: formal.default is not None for formal in node.formals.names}
    return Function("", call, Origin(node.span), formals, (node, env))


def _set(machine: Machine, node: AttributeSet, env: Environment) -> Value:
    if node.ambiguous_merge:
        raise unknown("versions of Nix differ in how they merge a set that is defined in two places", node.span)
    bindings = node.bindings
    machine.spend(len(bindings.named), node.span)
    names = {name: binding.name.span for name, binding in bindings.named.items()}
    if node.recursive:
        if "__overrides" in names:
            raise unknown("nixlint-ort does not evaluate __overrides", node.span)
        env = scope(machine, bindings, env)
        attributes = env.names
    else:
        attributes = {name: machine.thunk(binding.value, env) for name, binding in bindings.named.items()}
    empty = () if names or bindings.dynamic else (node.span,)
    result = NixAttrs(attributes, Origin(node.span), None, names, empty)
    if bindings.dynamic:
        result.attributes = dict(attributes)
        for binding in bindings.dynamic:
            _bind_computed(machine, result, binding.name, machine.thunk(binding.value, env), env)
    return result


def _bind_computed(machine: Machine, result: NixAttrs, node: Node, value: Thunk, env: Environment) -> None:
    key = machine.force(machine.thunk(node, env))
    if isinstance(key, NixNull):
        return
    if isinstance(key, NixString) and key.unknown is not None:
        key = key.unknown
    if isinstance(key, Unknown) and key.is_value:
        result.rest = key
        return
    if not isinstance(key, NixString):
        raise type_error(key, "a string", node.span)
    if key.text in result.attributes:
        raise failure(f"attribute `{key.text}` is defined twice in this set", node.span)
    result.attributes[key.text] = value
    result.names[key.text] = node.span


def _let(machine: Machine, node: Let, env: Environment) -> Any:
    return node.body, scope(machine, node.bindings, env)


def _with(machine: Machine, node: With, env: Environment) -> Any:
    return node.body, machine.environment({}, env, machine.thunk(node.scope, env))


def _assert(machine: Machine, node: Assert, env: Environment) -> Any:
    if not machine.boolean(machine.thunk(node.condition, env), node.condition.span):
        raise failure("this assertion does not hold", node.condition.span)
    return node.body, env


def _if(machine: Machine, node: If, env: Environment) -> Any:
    condition = machine.boolean(machine.thunk(node.condition, env), node.condition.span)
    return (node.consequence if condition else node.alternative), env


def _items(machine: Machine, node: Items, env: Environment) -> Value:
    machine.spend(len(node.items), node.span)
    return NixList(tuple([machine.thunk(item, env) for item in node.items]), Origin(node.span))


def _unary(machine: Machine, node: Unary, env: Environment) -> Value:
    operand = machine.thunk(node.operand, env)
    if node.operator == "!":
        return NixBool(not machine.boolean(operand, node.operand.span), Origin(node.span))
    zero = done(NixInt(0, Origin(node.span)))
    return operators.subtract(machine, zero, operand, node.span)


def _binary(machine: Machine, node: Binary, env: Environment) -> Any:
    left, right = machine.thunk(node.left, env), machine.thunk(node.right, env)
    return operators.OPERATORS[node.operator](machine, left, right, node.span)


STEPS: dict[type, Step] = {
    Literal: _literal,
    Text: _text,
    PathText: _path_text,
    SearchPath: _search_path,
    Position: _position,
    Variable: _variable,
    Select: _select,
    HasAttribute: _has_attribute,
    Apply: _apply,
    Lambda: _lambda,
    AttributeSet: _set,
    Let: _let,
    With: _with,
    Assert: _assert,
    If: _if,
    Items: _items,
    Unary: _unary,
    Binary: _binary,
}
