"""What the operators do with their operands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nixlint_ort.nix.coercion import equal, less, text_pieces
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.stuck import SYMBOLIC, Stuck, failure, symbolic, type_error, unknown
from nixlint_ort.nix.values import (
    Form,
    Function,
    Library,
    NixAttrs,
    NixBool,
    NixFloat,
    NixInt,
    NixList,
    NixPath,
    NixString,
    Origin,
    Piece,
    Rest,
    Thunk,
    Unknown,
    Value,
    done,
    later,
)
from nixlint_ort.source import Span

Number = NixInt | NixFloat


def number(machine: Machine, thunk: Thunk, span: Span) -> Number:
    """An integer or a float. Raises Stuck for anything else."""
    value = machine.need(thunk)
    if not isinstance(value, (NixInt, NixFloat)):
        raise type_error(value, "a number", span)
    return value


def whole(value: int, span: Span) -> NixInt:
    """An integer that was worked out. Raises Stuck if it does not fit, which Nix's versions treat differently."""
    if not -(2**63) <= value < 2**63:
        raise unknown("this integer needs more than 64 bits", span)
    return NixInt(value, Origin(span))


def _arithmetic(
    integers: Callable[[int, int], int], floats: Callable[[float, float], float]
) -> Callable[[Machine, Thunk, Thunk, Span], Value]:
    def operate(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
        one, other = number(machine, left, span), number(machine, right, span)
        if isinstance(one, NixInt) and isinstance(other, NixInt):
            return whole(integers(one.value, other.value), span)
        try:
            return NixFloat(floats(float(one.value), float(other.value)), Origin(span))
        except OverflowError:
            raise unknown("this float is too large", span) from None

    return operate


def _quotient(one: int, other: int) -> int:
    quotient = abs(one) // abs(other)
    return quotient if (one < 0) == (other < 0) else -quotient


subtract = _arithmetic(lambda a, b: a - b, lambda a, b: a - b)
multiply = _arithmetic(lambda a, b: a * b, lambda a, b: a * b)
_divide = _arithmetic(_quotient, lambda a, b: a / b)
plus = _arithmetic(lambda a, b: a + b, lambda a, b: a + b)


def divide(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
    """`left / right`. Raises Stuck, also for a division by zero."""
    if number(machine, right, span).value == 0:
        number(machine, left, span)
        raise failure("this divides by zero", span)
    return _divide(machine, left, right, span)


def add(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
    """`left + right`: of numbers, strings and paths. Raises Stuck."""
    first = machine.force(left)
    if isinstance(first, (NixInt, NixFloat)):
        return plus(machine, left, right, span)
    if isinstance(first, NixPath):
        pieces = text_pieces(machine, right, span, loose=isinstance(machine.force(right), NixPath))
        rest = NixString(tuple(pieces), Origin(span))
        text = first.text + machine.text(done(rest), span)
        return replace(machine.path(text, span), origin=first.origin)
    second = machine.force(right)
    if isinstance(first, Unknown) and not isinstance(second, NixString):
        raise Stuck(first)
    return machine.concat_pieces((text_pieces(machine, side, span) for side in (left, right)), span)


def concatenate(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
    """`left ++ right`; a list that is not known becomes a stretch of the result. Raises Stuck."""
    items: list[Thunk | Rest] = []
    unknowns = []
    for side in (left, right):
        value = machine.force(side)
        if isinstance(value, SYMBOLIC):
            value = symbolic(value)
        if isinstance(value, Unknown) and value.is_value:
            unknowns.append(value)
            items.append(Rest(value))
        elif isinstance(value, NixList):
            machine.spend(len(value.items) // 8, span)
            items += value.items
        else:
            raise type_error(value, "a list", span)
    if len(unknowns) == 2:
        raise Stuck(unknowns[0])
    return NixList(tuple(items), Origin(span))


def update(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
    """`left // right`; a set that is not known leaves the result open. Raises Stuck."""
    first, second = (_open_set(machine, side, span) for side in (left, right))
    machine.spend(sum(len(side.attributes) + len(side.names) for side in (first, second)) // 2, span)
    attributes = dict(first.attributes)
    rest = second.rest or first.rest
    if second.rest is not None:
        attributes = {name: _hidden(machine, second.rest, name, span) for name in attributes}
        if first.rest is not None and not is_same_part(first.rest, second.rest):
            rest = Stuck(second.rest).unknown
    attributes.update(second.attributes)
    return NixAttrs(attributes, Origin(span), rest, {**first.names, **second.names}, (*first.empty, *second.empty))


def is_same_part(one: Unknown, other: Unknown) -> bool:
    """Whether both are the same part of nixpkgs, untouched."""
    return one.own is not None and other.own is not None and one.own.name == other.own.name


def _hidden(machine: Machine, rest: Unknown, name: str, span: Span) -> Thunk:
    """An attribute that is set, after an update by a set of which only a part is known: nixpkgs' own if it has it."""

    def compute() -> Value:
        if rest.own is None:
            raise Stuck(rest)
        key = NixString((Piece(name, Origin(span), Form.DERIVED),), Origin(span))
        found = machine.symbols.select(rest.own, key, span, optional=True)
        return found if found is not None else rest

    return later(compute)


def _open_set(machine: Machine, thunk: Thunk, span: Span) -> NixAttrs:
    value = machine.force(thunk)
    if isinstance(value, NixAttrs):
        return value
    if isinstance(value, SYMBOLIC):
        value = symbolic(value)
    if isinstance(value, Library):
        value = Unknown(f"nixlint-ort does not evaluate {value.name} as a whole", value.origin)
    if isinstance(value, Unknown) and value.is_value:
        return NixAttrs({}, value.origin, value)
    raise type_error(value, "a set", span)


def _and(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
    return NixBool(machine.boolean(left, span) and machine.boolean(right, span), Origin(span))


def _or(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
    return NixBool(machine.boolean(left, span) or machine.boolean(right, span), Origin(span))


def _implies(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
    return NixBool(not machine.boolean(left, span) or machine.boolean(right, span), Origin(span))


def _equality(wanted: bool) -> Callable[[Machine, Thunk, Thunk, Span], Value]:
    def compare(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
        one, other = machine.need(left), machine.need(right)
        # Functions are equal only if they are one object, which two operands never are.
        same = not (isinstance(one, Function) and isinstance(other, Function)) and equal(machine, one, other, span)
        return NixBool(same is wanted, Origin(span))

    return compare


def _order(swapped: bool, wanted: bool) -> Callable[[Machine, Thunk, Thunk, Span], Value]:
    def compare(machine: Machine, left: Thunk, right: Thunk, span: Span) -> Value:
        one, other = machine.need(left), machine.need(right)
        if swapped:
            one, other = other, one
        return NixBool(less(machine, one, other, span) is wanted, Origin(span))

    return compare


OPERATORS: dict[str, Callable[[Machine, Thunk, Thunk, Span], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "++": concatenate,
    "//": update,
    "&&": _and,
    "||": _or,
    "->": _implies,
    "==": _equality(True),
    "!=": _equality(False),
    "<": _order(False, True),
    ">": _order(True, True),
    ">=": _order(False, False),
    "<=": _order(True, False),
}
