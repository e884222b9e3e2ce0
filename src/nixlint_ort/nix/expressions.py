"""What each kind of expression evaluates to: one small function each, in a table."""

from __future__ import annotations

from typing import Any

from nixlint_ort.nix import operators
from nixlint_ort.nix.coercion import text_pieces
from nixlint_ort.nix.literals import canonical
from nixlint_ort.nix.machine import Machine, Step, concat_pieces, through_reference
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.selection import missing, select
from nixlint_ort.nix.stuck import Stuck, failure, type_error, unknown
from nixlint_ort.nix.syntax import (
    Apply,
    Assert,
    AttributeSet,
    Binary,
    Bindings,
    HasAttribute,
    If,
    Items,
    Lambda,
    Let,
    Literal,
    Name,
    PathText,
    SearchPath,
    Select,
    Text,
    Unary,
    Variable,
    With,
)
from nixlint_ort.nix.values import (
    SET_BY_NIXPKGS,
    Environment,
    Fetched,
    Form,
    Function,
    NixAttrs,
    NixBool,
    NixInt,
    NixList,
    NixNull,
    NixPath,
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
    pieces: list[Piece] = []
    for part in node.parts:
        if isinstance(part, Piece):
            pieces.append(part)
        else:
            pieces += text_pieces(machine, machine.thunk(part, env), part.span)
    return concat_pieces(pieces, Origin(node.span))


def _path_text(machine: Machine, node: PathText, env: Environment) -> Value:
    text = ""
    for part in node.parts:
        if isinstance(part, str):
            text += part
            continue
        string = NixString(tuple(text_pieces(machine, machine.thunk(part, env), part.span)), Origin(part.span))
        text += machine.text(done(string), part.span)
    return NixPath(canonical(text), Origin(node.span))


def _search_path(_: Machine, node: SearchPath, __: Environment) -> Value:
    origin = Origin(node.span)
    name = NixString((Piece(node.name, origin, Form.DERIVED),), origin)
    return Fetched("search path", name, None, origin)


def _variable(machine: Machine, node: Variable, env: Environment) -> Value:
    name = node.name
    scope: Environment | None = env
    while scope is not None:
        found = scope.names.get(name)
        if found is not None:
            return through_reference(machine.force(found), node.span)
        scope = scope.around
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
                return through_reference(value, node.span)
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
        found = select(machine, value, name, step.span, optional=node.default is not None)
        if found is None:
            if node.default is not None:
                return node.default, env
            raise missing(value, name, step.span)
        value = found
    return value if isinstance(value, Package) else through_reference(value, node.span)


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


def bind_arguments(machine: Machine, node: Lambda, env: Environment, argument: Thunk, span: Span) -> Environment:
    """The environment of a function's body for this argument. Raises Stuck if the argument does not fit."""
    names: dict[str, Thunk] = {}
    inner = Environment(names, env)
    if node.parameter is not None:
        names[node.parameter.name] = argument
    if node.formals is None:
        return inner
    given = machine.need(argument)
    if not isinstance(given, (NixAttrs, PackageSet)):
        raise type_error(given, "a set", span)
    for formal in node.formals.names:
        thunk = _given(machine, given, Name(formal.start, formal.end, formal.name), formal.default is not None)
        if thunk is None:
            if formal.default is None:
                raise failure(f"the argument {formal.name} is not given", span)
            thunk = machine.thunk(formal.default, inner)
        names[formal.name] = thunk
    if not node.formals.ellipsis and isinstance(given, NixAttrs):
        known = {formal.name for formal in node.formals.names}
        for name in given.attributes:
            if name not in known:
                raise failure(f"the function takes no argument {name}", span)
    return inner


def _given(machine: Machine, given: NixAttrs | PackageSet, name: Name, optional: bool) -> Thunk | None:
    if isinstance(given, NixAttrs):
        if (thunk := given.attributes.get(name.text)) is not None:
            return thunk
        return done(given.rest) if given.rest is not None else None
    machine.touched.append((given, name.span))

    def look_up() -> Value:
        found = machine.symbols.select(given, name.string(), name.span, optional)
        return found or Unknown(SET_BY_NIXPKGS, Origin(name.span))

    return Thunk(compute=look_up)


def scope(machine: Machine, bindings: Bindings, env: Environment) -> Environment:
    """The environment in which the bindings of a let or a `rec` set see each other."""
    names: dict[str, Thunk] = {}
    inner = Environment(names, env)
    for name, binding in bindings.named.items():
        names[name] = machine.thunk(binding.value, env if binding.inherited else inner)
    return inner


def _set(machine: Machine, node: AttributeSet, env: Environment) -> Value:
    if node.ambiguous_merge:
        raise unknown("Nix's versions differ in how they put together a set that is written in two places", node.span)
    bindings = node.bindings
    names = {name: binding.name.span for name, binding in bindings.named.items()}
    if node.recursive:
        if "__overrides" in names:
            raise unknown("nixlint-ort does not evaluate __overrides", node.span)
        env = scope(machine, bindings, env)
        attributes = env.names
    else:
        attributes = {name: machine.thunk(binding.value, env) for name, binding in bindings.named.items()}
    result = NixAttrs(attributes, Origin(node.span), None, names)
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
    if isinstance(key, Unknown) and not key.fails:
        result.rest = key
        return
    if not isinstance(key, NixString):
        raise type_error(key, "a string", node.span)
    if key.text in result.attributes:
        raise failure(f"{key.text} is bound a second time in the same set", node.span)
    result.attributes[key.text] = value
    result.names[key.text] = node.span


def _let(machine: Machine, node: Let, env: Environment) -> Any:
    return node.body, scope(machine, node.bindings, env)


def _with(machine: Machine, node: With, env: Environment) -> Any:
    return node.body, Environment({}, env, machine.thunk(node.scope, env))


def _assert(machine: Machine, node: Assert, env: Environment) -> Any:
    if not machine.boolean(machine.thunk(node.condition, env), node.condition.span):
        raise failure("this assertion does not hold", node.condition.span)
    return node.body, env


def _if(machine: Machine, node: If, env: Environment) -> Any:
    condition = machine.boolean(machine.thunk(node.condition, env), node.condition.span)
    return (node.consequence if condition else node.alternative), env


def _items(machine: Machine, node: Items, env: Environment) -> Value:
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
